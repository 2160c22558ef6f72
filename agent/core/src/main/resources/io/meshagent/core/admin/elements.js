'use strict';

/* What all pages make their parts of. Whatever comes from outside becomes text, never markup. */

const byId = id => document.getElementById(id);

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

/** A part of a picture. */
function shape(name, attributes, parent) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (parent) parent.append(made);
  return made;
}

/** A table with a head; `fill` puts the cells of one of the rows into its line. */
function tableOf(names, rows, fill) {
  const made = element('table', undefined, 'columns');
  const head = made.createTHead().insertRow();
  for (const name of names) {
    const th = element('th', name);
    th.scope = 'col';
    head.append(th);
  }
  const body = made.createTBody();
  for (const row of rows) fill(body.insertRow(), row);
  const wide = element('div', undefined, 'wide');
  wide.append(made);
  return wide;
}
