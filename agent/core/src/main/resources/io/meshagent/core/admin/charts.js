'use strict';

/** Pictures of numbers over time. Nothing here knows what the numbers mean. */
const Charts = (() => {
  const HEIGHT = 100;

  /** The next of 1, 2, 5, 10, 20 … that is not below. */
  function roundUp(value) {
    if (!(value > 0)) return 1;
    const unit = 10 ** Math.floor(Math.log10(value));
    return [1, 2, 5, 10].map(step => step * unit).find(step => step >= value * 0.9999);
  }

  function points(values, width, most) {
    return values.map((value, i) => `${width - values.length + i + 0.5},${HEIGHT - value / most * HEIGHT}`);
  }

  /**
   * One figure. The series are arrays of numbers with the same time between them, which end now;
   * `area` fills the first, `failed` is drawn as bars from the ground, `now` is a list of [text, class].
   */
  function draw(figure, { title, now, series, failed, unit, count, minutes, described }) {
    const most = roundUp(Math.max(0, ...series.flatMap(each => each.values)));
    const svg = shape('svg', {
      viewBox: `0 0 ${count} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': described,
    });
    shape('line', { x1: 0, x2: count, y1: HEIGHT / 2, y2: HEIGHT / 2, class: 'grid' }, svg);
    series.forEach((each, i) => {
      const line = points(each.values, count, most);
      if (line.length === 0) return;
      if (each.area) {
        const left = count - line.length + 0.5;
        shape('polygon', { class: 'area', points: `${left},${HEIGHT} ${line.join(' ')} ${count - 0.5},${HEIGHT}` }, svg);
      }
      shape('polyline', { class: i === 0 ? 'first' : 'second', points: line.join(' ') }, svg);
    });
    (failed || []).forEach((value, i) => {
      if (value > 0) {
        const height = Math.max(2, value / most * HEIGHT);
        shape('rect', { class: 'failed', x: count - failed.length + i, y: HEIGHT - height, width: 1, height }, svg);
      }
    });
    const caption = document.createElement('figcaption');
    const name = document.createElement('b');
    name.textContent = title;
    const value = document.createElement('span');
    for (const [text, className] of now) {
      const part = document.createElement('span');
      part.textContent = text;
      part.className = className;
      value.append(part);
    }
    caption.append(name, value);
    const axis = document.createElement('div');
    axis.className = 'axis';
    for (const text of [`${minutes} min ago`, `top: ${most} ${unit}`, 'now']) {
      const part = document.createElement('span');
      part.textContent = text;
      axis.append(part);
    }
    figure.replaceChildren(caption, svg, axis);
  }

  return { draw };
})();
