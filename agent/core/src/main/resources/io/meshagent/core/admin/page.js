'use strict';

/* Shows what the agent says of this program, and is told of changes while somebody looks; where it can't be told, it asks every two
   seconds. Everything that comes from outside becomes text, never markup. */

const EVERY_MILLIS = 2000;
/** Even where nothing changes something is said sooner. */
const SILENT_MILLIS = 12000;
/** After a no: others may have gone. */
const LISTEN_AGAIN_MILLIS = 30000;
const MOST_ROWS = 200;
const FIRST_FACTS = ['registration', 'services', 'channels'];
const LAST_FACTS = ['documents', 'problems', 'settings'];
const TITLES = {
  registration: 'This program in the registry',
  services: 'Services that can be called',
  channels: 'Channels of this program',
  'left out': 'Instances that get no calls',
  settings: 'Settings that are not the default',
};

const shown = new Map();
const filters = new Map();
let callHistory = null;

const isPlain = value => value === null || typeof value !== 'object';
const isEmpty = value => !isPlain(value) && Object.keys(value).length === 0;
const title = key => TITLES[key] || key[0].toUpperCase() + key.slice(1).replaceAll('-', ' ').replaceAll('_', ' ');

/** `started` and the like are milliseconds since 1970. */
function plain(key, value) {
  if (value === null || value === undefined || value === '') return '–';
  if (key === 'started' && /^\d{13}$/.test(value)) return new Date(Number(value)).toLocaleString();
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return new Date(value).toLocaleString();
  return String(value);
}

const TONES = {
  OPEN: 'bad', HALF_OPEN: 'warn', FORCED_OPEN: 'bad', CLOSED: 'good', live: 'good', draining: 'warn', drained: 'warn', held: 'warn', stale: 'warn',
  refused: 'bad', ejected: 'bad',
};

function cell(name, key, value) {
  const number = typeof value === 'number';
  const made = element(name, undefined, number ? 'number' : TONES[value]);
  made.append(isPlain(value) ? plain(key, value) : rendered(value));
  return made;
}

function table(rows, names) {
  const wide = tableOf(names, rows.slice(0, MOST_ROWS), (line, row) => {
    for (const name of names) line.append(cell('td', name, row[name] ?? ''));
  });
  if (rows.length > MOST_ROWS) wide.append(element('p', `and ${rows.length - MOST_ROWS} more: the filter finds them`, 'none'));
  return wide;
}

function keysAndValues(map) {
  const made = element('table');
  for (const [key, value] of Object.entries(map)) {
    const row = made.insertRow();
    const th = element('th', key, 'key');
    th.scope = 'row';
    row.append(th, cell('td', key, value));
  }
  const wide = element('div', undefined, 'wide');
  wide.append(made);
  return wide;
}

function rendered(value) {
  if (isPlain(value)) return element('span', plain('', value));
  if (isEmpty(value)) return element('span', 'none', 'none');
  if (!Array.isArray(value)) return keysAndValues(value);
  if (value.every(isPlain)) {
    const list = element('ul');
    value.forEach(each => list.append(element('li', plain('', each))));
    return list;
  }
  return table(value, [...new Set(value.flatMap(row => Object.keys(row)))]);
}

/** Instances with what this program sees of each, those that need a look first. */
function services(facts) {
  const made = element('div');
  if (isEmpty(facts.services)) made.append(element('p', 'The directory knows none.', 'none'));
  for (const [service, instances] of Object.entries(facts.services)) {
    const out = new Map((facts['left out'] || []).filter(row => row.service === service).map(row => [row.instance, row]));
    const rows = instances.map(each => {
      const seen = facts.seen?.[service]?.[each.instance] || {};
      const left = out.get(each.instance);
      const { instance, standing, drained, app, version, zone, weight, ...rest } = each;
      for (const key of ['agent', 'started', 'admin', 'scheme', 'draining']) delete rest[key];
      return {
        instance, standing: left ? 'ejected' : drained ? 'drained' : standing, why: left ? left.because : drained || '', app, version, zone, weight,
        'in flight': seen['in flight'] ?? '', 'latency ms': seen['latency ms'] ?? '', 'failing %': seen['failing %'] ?? '',
        ...rest, started: each.started, agent: each.agent, admin: each.admin,
      };
    });
    made.append(element('h3', `${service}: ${instances.length} ${instances.length === 1 ? 'instance' : 'instances'}`));
    const wanted = filters.get(service) || '';
    if (rows.length > 20) made.append(filter(service, wanted));
    const kept = rows.filter(row => Object.values(row).join(' ').includes(wanted));
    const columns = [...new Set(kept.flatMap(row => Object.keys(row)))].filter(key => kept.some(row => row[key] !== '' && row[key] !== undefined));
    made.append(kept.length ? table(kept, columns) : element('p', 'No instance has that in it.', 'none'));
  }
  return made;
}

function filter(service, value) {
  const input = element('input');
  input.type = 'search';
  input.value = value;
  input.placeholder = 'Filter instances';
  input.setAttribute('aria-label', `Filter instances of ${service}`);
  input.dataset.service = service;
  input.addEventListener('input', () => {
    filters.set(service, input.value);
    shown.delete('services');
    refresh(true);
  });
  return input;
}

/** The names that somebody probably meant: the same last word, or a few letters away. */
function nearNames(name, known) {
  const last = text => text.toLowerCase().split('.').pop();
  return known.filter(other => last(other) === last(name) || distance(name.toLowerCase(), other.toLowerCase()) <= Math.max(2, name.length / 4)).slice(0, 3);
}

function distance(a, b) {
  let row = [...Array(b.length + 1).keys()];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length];
}

function attention(facts) {
  const found = [];
  const add = (text, tone) => found.push([text, tone || 'bad']);
  const own = facts.registration || {};
  if (own.trouble) add(`The directory is in trouble: ${own.trouble}. Calls go to the instances known so far.`);
  if (own.desired > own.registered) add(`${own.registered} of ${own.desired} entries of this program are registered.`);
  if (facts.application.governance !== 'on') add(`governance=${facts.application.governance}: calls go where they went without the agent.`, 'warn');
  for (const row of facts.drains || []) {
    const said = `${row.since ? ` since ${plain('', row.since)}` : ''}${row.by ? ` by ${row.by}` : ''}`;
    add(`${row.is === 'this program' ? 'This program is' : `${row.instance} is`} drained${said}: it gets no new calls while another instance is left.`, 'warn');
  }
  for (const row of facts['left out'] || []) {
    add(`${row.instance} of ${row.service} gets ${row['gets calls'] === 'none' ? 'no calls' : row['gets calls']}: ${row.because}. Next probe: ${plain('', row['next probe'])}.`);
  }
  for (const [what, state] of Object.entries(facts.breakers || {})) {
    const word = isPlain(state) ? state : state.state;
    if (word && word !== 'CLOSED') add(`The circuit of ${what} is ${String(word).toLowerCase().replace('_', ' ')}.`, word === 'HALF_OPEN' ? 'warn' : 'bad');
  }
  for (const each of facts.documents || []) {
    if (each.state === 'refused') add(`Document ${each.document} is refused: ${(each.problems || []).join(' ')}`);
  }
  for (const row of facts.channels || []) {
    for (const [service, route] of Object.entries(row.services || {})) {
      if (!String(route).startsWith('no instance')) continue;
      const near = facts.services?.[service] ? [] : nearNames(service, Object.keys(facts.services || {}));
      if (near.length) add(`No instance of ${service}, which is called over the channel to ${row.target}, is registered. Did you mean ${near.join(' or ')}?`, 'warn');
      else if (facts.services?.[service]) add(`Calls of ${service} over the channel to ${row.target} find ${route}.`);
    }
  }
  for (const each of facts.problems || []) add(each, 'warn');
  const section = byId('attention').lastElementChild;
  if (found.length === 0) {
    section.replaceChildren(element('p', 'Nothing.', 'good'));
    return;
  }
  const list = element('ul');
  for (const [text, tone] of found) list.append(element('li', text, tone));
  section.replaceChildren(list);
}

function chips(facts) {
  const own = facts.registration;
  const all = [
    [`governance ${facts.application.governance}`, facts.application.governance === 'on' ? 'good' : 'warn'],
    own.desired === 0 ? ['hosts no service', ''] : [`registered ${own.registered} of ${own.desired}`, own.registered === own.desired ? 'good' : 'bad'],
    [`directory ${own.directory}`, own.trouble ? 'bad' : 'good'],
    [`registry ${own.registry}`, ''],
  ];
  byId('chips').replaceChildren(...all.map(([text, tone]) => element('li', text, tone)));
  const app = facts.application;
  byId('name').textContent = app.app || 'mesh-agent';
  document.title = `${app.app || 'mesh-agent'} – mesh-agent`;
  const known = Object.entries(app).filter(([key, value]) => !['app', 'governance'].includes(key) && value !== '');
  byId('who').textContent = known.map(([key, value]) => `${key} ${plain(key, value)}`).join(' · ');
}

const words = parts => parts.map(([text]) => text).join(', ');

function charts() {
  const target = document.querySelector('#calls .charts');
  const { seconds, intervals } = callHistory;
  for (const side of ['calls made', 'calls served']) {
    const of = callHistory[side];
    const rate = of.calls.map(n => n / seconds);
    const last = of.calls.length - 1;
    const figures = [1, 2].map(n => byId(`${side} ${n}`) || Object.assign(element('figure'), { id: `${side} ${n}` }));
    if (!of.calls.some(n => n > 0)) {
      figures.forEach(each => each.remove());
      continue;
    }
    figures.forEach(each => each.isConnected || target.append(each));
    const perSecond = n => `${+(n / seconds).toFixed(1)}/s`;
    const now = [[perSecond(of.calls[last]), 'first'], [`failed ${perSecond(of.failed[last])}`, of.failed[last] ? 'failed' : '']];
    const common = { count: intervals, minutes: Math.round(intervals * seconds / 60) };
    Charts.draw(figures[0], {
      ...common, title: title(side), now, unit: '/s', series: [{ values: rate, area: true }], failed: of.failed.map(n => n / seconds),
      described: `${title(side)} by second over the last quarter of an hour; now ${words(now)}`,
    });
    const took = [[`p50 ${of['p50 ms'][last]} ms`, 'first'], [`p99 ${of['p99 ms'][last]} ms`, 'second']];
    Charts.draw(figures[1], {
      ...common, title: `${title(side)}: time`, now: took, unit: 'ms', series: [{ values: of['p50 ms'], area: true }, { values: of['p99 ms'] }],
      described: `Time that ${side} took; now ${words(took)}`,
    });
  }
  let none = byId('no-calls');
  if (!target.children.length) target.append(Object.assign(element('p', 'None that has ended yet.', 'none'), { id: 'no-calls' }));
  else if (none && target.children.length > 1) none.remove();
}

/** What has not changed stays as it is, so that nobody loses a place, a selection or the focus. */
function show(key, value, render) {
  const text = JSON.stringify(value);
  if (shown.get(key) === text) return;
  shown.set(key, text);
  const id = `facts-${key.replaceAll(/[^a-z0-9]/gi, '-')}`;
  let section = byId(id);
  if (!section) {
    section = element('section');
    section.id = id;
    section.append(element('h2', title(key)), element('div'));
    byId('facts').append(section);
    contents();
  }
  const focused = document.activeElement?.dataset?.service;
  section.lastElementChild.replaceChildren(render(value));
  if (focused) {
    const again = [...section.querySelectorAll('input')].find(each => each.dataset.service === focused);
    if (again) { again.focus(); again.setSelectionRange(again.value.length, again.value.length); }
  }
}

function contents() {
  byId('contents').replaceChildren(...[...document.querySelectorAll('main section')].map(section => {
    const item = element('li');
    const link = element('a', section.querySelector('h2').textContent);
    link.href = `#${section.id}`;
    item.append(link);
    return item;
  }));
}

function facts(all) {
  chips(all);
  attention(all);
  const { application, seen, ...rest } = all;
  const others = Object.keys(rest).filter(key => !FIRST_FACTS.includes(key) && !LAST_FACTS.includes(key));
  for (const key of [...FIRST_FACTS, ...others, ...LAST_FACTS]) {
    if (!(key in rest)) continue;
    if (key === 'services') show(key, [rest.services, rest['left out'], seen, [...filters]], () => services(all));
    else if (shown.has(key) || !isEmpty(rest[key]) || FIRST_FACTS.includes(key)) show(key, rest[key], rendered);
  }
}

function events(all) {
  const text = JSON.stringify(all);
  if (shown.get('events') === text) return;
  shown.set('events', text);
  const target = byId('events').lastElementChild;
  target.replaceChildren(all.length ? table(all.map(({ at, level, event }) => ({ at, level, event })), ['at', 'level', 'event']) : element('p', 'None yet.', 'none'));
}

async function ask(path) {
  const reply = await fetch(path, { cache: 'no-store' });
  if (!reply.ok) {
    const why = reply.status === 400 || reply.status === 503 ? (await reply.text()).trim() : '';
    throw new Error(why || `${path.split('?')[0]} answers ${reply.status}`);
  }
  return parsed(await reply.text());
}

/** Numbers that JSON has no word for come as such. */
const parsed = text => JSON.parse(text.replaceAll(/: (NaN|-?Infinity)/g, ': null'));

let latest = null;

async function refresh(sameFacts) {
  const stale = byId('stale');
  try {
    if (!sameFacts || !latest) {
      let said;
      [latest, callHistory, said] = await Promise.all([ask('mesh'), ask('history'), ask('events')]);
      events(said.events);
      charts();
    }
    facts(latest);
    isShown();
  } catch (e) {
    stale.textContent = `The program does not answer (${e.message}); what is shown may be old.`;
    stale.hidden = false;
  }
}

function isShown() {
  byId('stale').hidden = true;
  document.body.dataset.shown = String(Date.now());
}

let source = null;
let heardAt = 0;
let listenAgainAt = 0;

/** What is done with what the program says has changed. */
const TOLD = {
  mesh: said => facts(latest = said),
  history: said => { callHistory = said; charts(); },
  events: said => events(said.events),
  beat: () => {},
};

function listen() {
  if (source || document.hidden || Date.now() < listenAgainAt || !window.EventSource) return;
  source = new EventSource('stream');
  for (const [name, take] of Object.entries(TOLD)) {
    source.addEventListener(name, event => {
      heardAt = Date.now();
      take(event.data ? parsed(event.data) : null);
      isShown();
      document.body.dataset.told = String(heardAt);
    });
  }
  source.addEventListener('error', () => {
    heardAt = 0;
    // A browser tries again by itself unless it was told no.
    if (source?.readyState === EventSource.CLOSED) {
      deafen();
      listenAgainAt = Date.now() + LISTEN_AGAIN_MILLIS;
    }
    refresh(false);
  });
}

function deafen() {
  source?.close();
  source = null;
  heardAt = 0;
}

async function again() {
  listen();
  if (!document.hidden && Date.now() - heardAt > SILENT_MILLIS) await refresh(false);
  setTimeout(again, EVERY_MILLIS);
}

contents();
again();
document.querySelector('#explain form').addEventListener('submit', explain);
document.addEventListener('visibilitychange', () => {
  if (document.hidden) deafen();
  else {
    listen();
    refresh(false);
  }
});
