'use strict';

/* Draws who calls whom: callers on the left, whom they call to the right of them. Knows nodes and edges, and nothing of what they
   mean. The steps are those of Sugiyama, Tagawa and Toda (1981): edges that close a circle are turned round, nodes get layers, then an
   order in their layer by the middle of their neighbours. */
const Graph = (() => {
  const WIDTH = 190;
  const HEIGHT = 44;
  const GAP = { x: 170, y: 18 };
  const MARGIN = 16;
  const SWEEPS = 6;

  /** Where everybody calls everybody the longest way has as many layers as nodes; then several of them stand as one. */
  const MOST_LAYERS = 6;

  /** The edges without those that close a circle, and without those that lead back to where they begin. */
  function withoutCircles(ids, edges) {
    const out = new Map(ids.map(id => [id, []]));
    for (const edge of edges) if (edge.from !== edge.to) out.get(edge.from).push(edge.to);
    const state = new Map();
    const kept = [];
    for (const first of ids) {
      if (state.has(first)) continue;
      const stack = [[first, 0]];
      state.set(first, 'open');
      while (stack.length) {
        const top = stack[stack.length - 1];
        const next = out.get(top[0])[top[1]++];
        if (next === undefined) {
          state.set(top[0], 'done');
          stack.pop();
        } else if (state.get(next) === 'open') {
          continue;
        } else {
          kept.push([top[0], next]);
          if (!state.has(next)) {
            state.set(next, 'open');
            stack.push([next, 0]);
          }
        }
      }
    }
    return kept;
  }

  function layers(ids, edges) {
    const kept = withoutCircles(ids, edges);
    const waits = new Map(ids.map(id => [id, 0]));
    const out = new Map(ids.map(id => [id, []]));
    for (const [from, to] of kept) {
      waits.set(to, waits.get(to) + 1);
      out.get(from).push(to);
    }
    const layer = new Map();
    const ready = ids.filter(id => waits.get(id) === 0);
    ready.forEach(id => layer.set(id, 0));
    while (ready.length) {
      const id = ready.shift();
      for (const next of out.get(id)) {
        layer.set(next, Math.max(layer.get(next) || 0, layer.get(id) + 1));
        waits.set(next, waits.get(next) - 1);
        if (waits.get(next) === 0) ready.push(next);
      }
    }
    const rows = [];
    const last = Math.max(0, ...layer.values());
    const together = last < MOST_LAYERS ? 1 : MOST_LAYERS / (last + 1);
    for (const id of ids) (rows[Math.floor(layer.get(id) * together)] ||= []).push(id);
    return rows.filter(Boolean);
  }

  function order(rows, edges) {
    const near = new Map();
    for (const { from, to } of edges) {
      (near.get(from) || near.set(from, []).get(from)).push(to);
      (near.get(to) || near.set(to, []).get(to)).push(from);
    }
    const at = new Map();
    const place = () => rows.forEach(row => row.forEach((id, i) => at.set(id, i - row.length / 2)));
    place();
    for (let sweep = 0; sweep < SWEEPS; sweep++) {
      for (const row of sweep % 2 ? [...rows].reverse() : rows) {
        const middle = new Map(row.map(id => {
          const others = near.get(id) || [];
          return [id, others.length ? others.reduce((sum, other) => sum + at.get(other), 0) / others.length : at.get(id)];
        }));
        row.sort((a, b) => middle.get(a) - middle.get(b));
        row.forEach((id, i) => at.set(id, i - row.length / 2));
      }
    }
  }

  function shortened(text, most) {
    return text.length > most ? `${text.slice(0, most - 1)}…` : text;
  }

  /**
   * The picture. Of a node: id, name, small (a second line), described, href, classes; of an edge: from, to, width, label, tone,
   * described.
   */
  function draw(nodes, edges, labels) {
    const rows = layers(nodes.map(node => node.id), edges);
    order(rows, edges);
    const tallest = Math.max(1, ...rows.map(row => row.length));
    const width = 2 * MARGIN + rows.length * WIDTH + Math.max(0, rows.length - 1) * GAP.x;
    const height = 2 * MARGIN + tallest * (HEIGHT + GAP.y);
    const svg = shape('svg', { width, height, viewBox: `0 0 ${width} ${height}`, role: 'group', 'aria-label': `${nodes.length} nodes, ${edges.length} edges` });
    const places = new Map();
    rows.forEach((row, column) => {
      const step = height / (row.length + 1);
      row.forEach((id, i) => places.set(id, {
        x: MARGIN + column * (WIDTH + GAP.x),
        y: tallest === row.length ? MARGIN + i * (HEIGHT + GAP.y) : step * (i + 1) - HEIGHT / 2,
      }));
    });
    const behind = shape('g', {}, svg);
    const texts = shape('g', {}, svg);
    for (const edge of edges) {
      const from = places.get(edge.from);
      const to = places.get(edge.to);
      const x1 = from.x + WIDTH;
      const y1 = from.y + HEIGHT / 2;
      const x2 = to.x;
      const y2 = to.y + HEIGHT / 2;
      // What leads back, or to itself, goes round.
      const bend = x2 > x1 ? (x2 - x1) / 2 : 60;
      const lift = x2 > x1 ? 0 : HEIGHT;
      const path = shape('path', {
        class: `edge ${edge.tone}`, 'stroke-width': edge.width, d: `M${x1},${y1} C${x1 + bend},${y1 + lift} ${x2 - bend},${y2 + lift} ${x2},${y2}`,
      }, behind);
      shape('title', {}, path).textContent = edge.described;
      if (labels) {
        // Not in the middle, where those of neighbours would meet.
        const t = x2 > x1 ? 0.62 : 0.5;
        const y = (1 - t) ** 3 * y1 + 3 * (1 - t) ** 2 * t * (y1 + lift) + 3 * (1 - t) * t ** 2 * (y2 + lift) + t ** 3 * y2;
        const x = (1 - t) ** 3 * x1 + 3 * (1 - t) ** 2 * t * (x1 + bend) + 3 * (1 - t) * t ** 2 * (x2 - bend) + t ** 3 * x2;
        shape('text', { class: `label ${edge.tone}`, x, y: y - 3, 'text-anchor': 'middle' }, texts).textContent = edge.label;
      }
    }
    for (const node of nodes) {
      const { x, y } = places.get(node.id);
      const link = shape('a', { href: node.href, 'aria-label': node.described }, svg);
      link.dataset.node = node.id;
      const group = shape('g', { class: `node ${node.classes}` }, link);
      shape('title', {}, group).textContent = node.described;
      shape('rect', { x, y, width: WIDTH, height: HEIGHT, rx: 6 }, group);
      shape('text', { x: x + 10, y: y + 19 }, group).textContent = shortened(node.name, 25);
      shape('text', { x: x + 10, y: y + 35, class: 'small' }, group).textContent = shortened(node.small, 32);
    }
    return svg;
  }

  return { draw };
})();
