'use strict';

/* Shows what etcd says of the whole mesh, and asks again every two seconds while somebody looks; the console answers with one number
   where nothing has changed. Everything that comes from outside becomes text, never markup. */

const EVERY_MILLIS = 2000;
const MOST_DRAWN = 40;
const MOST_LABELS = 40;
const MOST_EDGE_ROWS = 100;
const MOST_APPLICATIONS = 100;

const shown = new Map();
let overview = null;

const number = n => (n >= 100 ? Math.round(n) : +n.toPrecision(2)).toLocaleString('en');
const share = edge => (edge.rate > 0 ? 100 * edge.failed / edge.rate : 0);
const tone = edge => (share(edge) >= 5 ? 'bad' : share(edge) >= 0.5 ? 'warn' : '');
const failing = edge => `${number(share(edge))} % failed`;
const described = edge => `${number(edge.rate)} calls a second, ${failing(edge)}, p50 ${number(edge.p50)} ms, p99 ${number(edge.p99)} ms`;
const focusOf = () => {
  const found = /^#focus=(.*)$/.exec(location.hash);
  try {
    return found ? decodeURIComponent(found[1]) : null;
  } catch {
    // Typed by hand.
    return null;
  }
};

/** A table; a cell is a text, a number, a list of texts or an element. */
function table(names, rows) {
  return tableOf(names, rows, (line, row) => {
    for (const value of row) {
      const cell = line.insertCell();
      if (typeof value === 'number') cell.className = 'number';
      if (value instanceof Node) cell.append(value);
      else if (Array.isArray(value)) value.forEach(each => cell.append(element('div', each)));
      else cell.textContent = value === null || value === undefined || value === '' ? '–' : String(value);
    }
  });
}

function toned(text, className) {
  return className ? element('span', text, className) : text;
}

function linkTo(node) {
  const link = element('a', node.name || '(no name)');
  link.href = `#focus=${encodeURIComponent(node.id)}`;
  return link;
}

/** What has not changed stays as it is, so that nobody loses a place, a selection or the focus. */
function show(key, value, target, render) {
  const text = JSON.stringify(value);
  if (shown.get(key) === text) return;
  shown.set(key, text);
  const focused = document.activeElement?.closest?.('[data-node]')?.dataset?.node;
  target.replaceChildren(...[render()].flat());
  if (focused) [...target.querySelectorAll('[data-node]')].find(each => each.dataset.node === focused)?.focus();
}

/* What is drawn: all of it if it is little; else groups of applications with the same first word, and around what somebody looks for. */

function cluster(name) {
  return /^[^-._/]+/.exec(name)?.[0] ?? name;
}

function clustered(all, nodes) {
  const size = new Map();
  nodes.forEach(node => size.set(cluster(node.name), (size.get(cluster(node.name)) || 0) + 1));
  const inside = node => size.get(cluster(node.name)) > 1;
  const place = new Map(nodes.map(node => [node.id, inside(node) ? `cluster:${cluster(node.name)}` : node.id]));
  const made = new Map();
  for (const node of nodes) {
    const id = place.get(node.id);
    if (!inside(node)) {
      made.set(id, node);
      continue;
    }
    const of = made.get(id) || { id, name: `${cluster(node.name)}…`, kind: 'cluster', count: 0, instances: 0, bad: 0, services: [], versions: {} };
    of.count++;
    of.instances += node.instances;
    of.bad += node.bad;
    made.set(id, of);
  }
  const edges = new Map();
  for (const edge of all.edges) {
    if (!place.has(edge.from) || !place.has(edge.to)) continue;
    const [from, to] = [place.get(edge.from), place.get(edge.to)];
    const key = `${from}\n${to}`;
    const of = edges.get(key) || { from, to, rate: 0, failed: 0, weighed: 0, p99: 0, worst: null };
    of.rate += edge.rate;
    of.failed += edge.failed;
    of.weighed += edge.rate * edge.p50;
    of.p50 = of.rate ? of.weighed / of.rate : 0;
    of.p99 = Math.max(of.p99, edge.p99);
    edges.set(key, of);
  }
  return { nodes: [...made.values()], edges: [...edges.values()] };
}

function around(all, chosen) {
  const near = new Set(chosen);
  for (const edge of all.edges) {
    if (chosen.has(edge.from)) near.add(edge.to);
    if (chosen.has(edge.to)) near.add(edge.from);
  }
  return {
    nodes: all.nodes.filter(node => near.has(node.id)),
    edges: all.edges.filter(edge => near.has(edge.from) && near.has(edge.to) && (chosen.has(edge.from) || chosen.has(edge.to))),
  };
}

function wanted(all) {
  const text = byId('search').value.trim().toLowerCase();
  const focus = focusOf();
  if (focus?.startsWith('cluster:')) {
    const members = new Set(all.nodes.filter(node => cluster(node.name) === focus.slice(8)).map(node => node.id));
    return { ...around(all, members), what: `applications that begin with ${focus.slice(8)}, and their neighbours`, chosen: members };
  }
  if (focus) {
    const chosen = new Set([focus]);
    return { ...around(all, chosen), what: `${all.nodes.find(node => node.id === focus)?.name ?? focus} and its neighbours`, chosen };
  }
  if (text) {
    const has = node => node.name.toLowerCase().includes(text) || node.services.some(service => service.toLowerCase().includes(text));
    const found = new Set(all.nodes.filter(has).slice(0, MOST_DRAWN).map(node => node.id));
    return { ...around(all, found), what: `what has “${text}” in it, and its neighbours`, chosen: found };
  }
  const mode = byId('shown').value;
  if (mode === 'failing') {
    const edges = all.edges.filter(edge => tone(edge));
    const ids = new Set(edges.flatMap(edge => [edge.from, edge.to]));
    return { nodes: all.nodes.filter(node => ids.has(node.id) || node.bad > 0), edges, what: 'calls that fail, and instances that are left out', chosen: new Set() };
  }
  if (mode === 'all' || all.nodes.length <= MOST_DRAWN) return { ...all, what: 'all', chosen: new Set() };
  return { ...clustered(all, all.nodes), what: 'applications with the same first word together; choose one to see it alone', chosen: new Set() };
}

function node(of, chosen) {
  const versions = Object.entries(of.versions).filter(([version]) => version).map(([version, count]) => `${version}: ${count}`);
  const parts = [];
  if (of.kind === 'cluster') parts.push(`${of.count} applications`);
  if (of.kind === 'unregistered') parts.push('not registered');
  if (of.instances) parts.push(`${of.instances} ${of.instances === 1 ? 'instance' : 'instances'}`);
  if (!parts.length) parts.push('hosts nothing');
  if (of.bad) parts.push(`${of.bad} left out`);
  // There is room for some 30 letters: how many there are of each version says how many there are.
  const small = versions.length > 1 ? [versions.join(', '), ...parts.slice(1)] : parts;
  const all = versions.length > 1 ? [...parts, versions.join(', ')] : parts;
  const classes = [of.kind, of.bad ? 'ill' : '', chosen.has(of.id) ? 'chosen' : ''].filter(Boolean).join(' ');
  return { id: of.id, name: of.name || '(no name)', small: small.join(' · '), classes, href: `#focus=${encodeURIComponent(of.id)}`, described: `${of.name}: ${all.join(', ')}` };
}

function picture(all) {
  const part = wanted(all);
  const names = new Map(all.nodes.map(each => [each.id, each.name]));
  const most = Math.max(1, ...part.edges.map(edge => edge.rate));
  const edges = part.edges.map(edge => ({
    from: edge.from, to: edge.to, tone: tone(edge), width: 1 + 4 * Math.log1p(edge.rate) / Math.log1p(most),
    label: `${number(edge.rate)}/s${share(edge) >= 0.05 ? ` · ${number(share(edge))} %` : ''} · ${number(edge.p99)} ms`,
    described: `${names.get(edge.from) ?? edge.from} calls ${names.get(edge.to) ?? edge.to}: ${described(edge)}`,
  }));
  byId('whole').hidden = !focusOf();
  byId('drawn').textContent = all.edges.length || !all.nodes.length ? `Drawn: ${part.what} (${part.nodes.length} of ${all.nodes.length}).`
    : all.publishing ? 'Nobody calls anybody just now.'
    : 'No program says whom it calls: set console.publish=15s, in a document for all of them or at their start.';
  show('picture', [part, part.what], byId('picture'), () => part.nodes.length ? Graph.draw(part.nodes.map(each => node(each, part.chosen)), edges, edges.length <= MOST_LABELS) : element('p', 'Nothing.', 'none'));
  edgeTable(all, part);
}

function edgeTable(all, part) {
  const known = new Map([...all.nodes, ...part.nodes].map(each => [each.id, each]));
  const rows = part.edges.filter(edge => known.has(edge.from) && known.has(edge.to)).sort((a, b) => b.failed - a.failed || b.rate - a.rate);
  show('edges', rows, byId('edges'), () => {
    if (!rows.length) return [];
    const cells = rows.slice(0, MOST_EDGE_ROWS).map(edge => [
      linkTo(known.get(edge.from)), linkTo(known.get(edge.to)), number(edge.rate), toned(`${number(share(edge))} %`, tone(edge)), number(edge.p50), number(edge.p99),
      edge.callers ?? '', (edge.methods ?? []).slice(0, 3).map(each => `${each.service}/${each.method}: ${number(each.rate)}/s${each.failed ? `, ${failing(each)}` : ''}`),
    ]);
    const made = [table(['from', 'to', 'calls/s', 'failed', 'p50 ms', 'p99 ms', 'programs', 'most called'], cells)];
    if (rows.length > cells.length) made.push(element('p', `and ${rows.length - cells.length} more, which fail or call less`, 'none'));
    return made;
  });
}

function chips(all) {
  const every = [
    [`${all.nodes.filter(each => each.kind === 'app').length} applications`, ''], [`${all.services} services`, ''], [`${all.instances} instances`, ''],
    [`${all.bad} left out`, all.bad ? 'bad' : 'good'], [`${all.publishing} programs say how their calls go`, ''],
    [all.troubles.length ? 'etcd in trouble' : all.listed ? 'etcd answers' : 'not listed yet', all.troubles.length ? 'bad' : all.listed ? 'good' : 'warn'],
  ];
  show('chips', every, byId('chips'), () => every.map(([text, className]) => element('li', text, className)));
}

function attention(all) {
  const found = all.troubles.map(each => [`etcd: ${each}. What is shown may be old.`, 'bad']);
  const names = new Map(all.nodes.map(each => [each.id, each.name]));
  for (const each of all.nodes.filter(one => one.bad)) found.push([`${each.bad} of ${each.instances} instances of ${each.name} get no calls from some programs.`, 'bad']);
  for (const each of all.edges.filter(one => tone(one) === 'bad').sort((a, b) => b.failed - a.failed).slice(0, 10)) {
    found.push([`${names.get(each.from)} calls ${names.get(each.to)}: ${described(each)}.`, 'bad']);
  }
  for (const each of all.drained.slice(0, 10)) found.push([`${each}.`, 'warn']);
  if (all.drained.length > 10) found.push([`${all.drained.length - 10} more are drained.`, 'warn']);
  if (all.refusing) found.push([`${all.refusing} ${all.refusing === 1 ? 'program refuses' : 'programs refuse'} a document.`, 'bad']);
  show('attention', found, byId('attention').lastElementChild, () => {
    if (!found.length) return element('p', 'Nothing.', 'good');
    const list = element('ul');
    found.slice(0, 20).forEach(([text, className]) => list.append(element('li', text, className)));
    return list;
  });
}

function applications(all) {
  const text = byId('search').value.trim().toLowerCase();
  const focus = focusOf();
  const found = all.nodes.filter(each => (focus && !focus.startsWith('cluster:') ? each.id === focus : `${each.name} ${each.services.join(' ')}`.toLowerCase().includes(text)));
  found.sort((a, b) => b.bad - a.bad);
  show('applications', found, byId('applications').lastElementChild, () => {
    if (!found.length) return element('p', 'None.', 'none');
    const rows = found.slice(0, MOST_APPLICATIONS).map(each => [
      linkTo(each), each.kind === 'app' ? 'application' : each.kind === 'unregistered' ? 'a service that nobody registers' : 'a service of several', each.instances,
      toned(String(each.bad), each.bad ? 'bad' : ''), each.draining, Object.entries(each.versions).map(([version, count]) => `${version || '(none)'}: ${count}`), each.services,
    ]);
    const made = [table(['name', 'kind', 'instances', 'left out', 'draining', 'versions', 'services'], rows)];
    if (found.length > rows.length) made.push(element('p', `and ${found.length - rows.length} more: the search finds them`, 'none'));
    return made;
  });
}

const date = millis => (/^\d{13}$/.test(millis) ? new Date(Number(millis)).toLocaleString() : millis);

function rowsOf(key, answer, columns, cell) {
  const target = byId(key).lastElementChild;
  show(key, answer, target, () => {
    if (!answer.rows.length) return element('p', answer.all ? 'None has that in it.' : 'None.', 'none');
    const used = columns.filter(column => answer.rows.some(row => [row[column]].flat().some(value => value !== '' && value !== undefined)));
    const made = [table(used, answer.rows.map(row => used.map(column => cell(column, row[column]))))];
    if (answer.found > answer.rows.length) made.push(element('p', `and ${answer.found - answer.rows.length} more: the filter finds them`, 'none'));
    return made;
  });
}

async function ask(path) {
  const reply = await fetch(path, { cache: 'no-store' });
  if (!reply.ok) throw new Error(`${path.split('?')[0]}: ${(await reply.text()).trim()}`);
  return reply.json();
}

async function tables() {
  const focus = focusOf();
  const of = focus && !focus.startsWith('cluster:') ? focus.slice(focus.indexOf(':') + 1) : '';
  const query = (id, more) => `?wanted=${encodeURIComponent(byId(id).value.trim())}${more}`;
  const [instances, programs, documents] = await Promise.all([
    ask(`instances${query('find-instances', `&of=${encodeURIComponent(of)}`)}`), ask(`programs${query('find-programs', '')}`), ask('documents'),
  ]);
  const standing = { live: 'good', draining: 'warn', drained: 'warn', 'left out': 'bad' };
  rowsOf('instances', instances, ['instance', 'standing', 'why', 'app', 'version', 'zone', 'weight', 'services', 'started', 'agent', 'admin'],
    (column, value) => (column === 'standing' ? toned(value, standing[value]) : column === 'started' ? date(value) : value));
  rowsOf('programs', programs, ['app', 'version', 'zone', 'refuses', 'documents in force', 'says how its calls go', 'agent', 'admin', 'id'],
    (column, value) => (column === 'refuses' && value.length ? toned(value.join(' '), 'bad') : value));
  Documents.list(documents);
}

function draw() {
  if (!overview) return;
  chips(overview);
  attention(overview);
  picture(overview);
  applications(overview);
}

let asking = null;

/** Once more if it was wanted while it ran. */
function refresh(force) {
  if (asking) {
    asking.again ||= force;
    return asking.done;
  }
  asking = { again: false };
  asking.done = look(force).finally(() => {
    const { again } = asking;
    asking = null;
    if (again) refresh(true);
  });
  return asking.done;
}

async function look(force) {
  const stale = byId('stale');
  try {
    const next = await ask(`overview?since=${force ? 0 : overview?.revision ?? 0}`);
    if (next.nodes) {
      overview = next;
      draw();
      await tables();
    }
    stale.hidden = true;
    document.body.dataset.shown = String(Date.now());
    document.body.dataset.revision = String(overview?.revision ?? 0);
  } catch (e) {
    stale.textContent = `The console does not answer (${e.message}); what is shown may be old.`;
    stale.hidden = false;
  }
}

async function again() {
  if (!document.hidden) await refresh(false);
  setTimeout(again, EVERY_MILLIS);
}

for (const id of ['search', 'shown']) byId(id).addEventListener('input', draw);
byId('search').addEventListener('input', () => { if (focusOf()) history.replaceState(null, '', '#calls'); draw(); });
byId('whole').addEventListener('click', () => { location.hash = '#calls'; });
for (const id of ['find-instances', 'find-programs']) byId(id).addEventListener('input', () => refresh(true));
window.addEventListener('hashchange', () => {
  draw();
  refresh(true);
  if (focusOf()) byId('calls').scrollIntoView();
});
document.addEventListener('visibilitychange', () => document.hidden || refresh(false));
ask('about').then(about => { byId('who').textContent = `etcd ${about.etcd}`; Documents.tokenIn(about['token file']); }, () => {});
Documents.onWritten(() => refresh(true));
again();
