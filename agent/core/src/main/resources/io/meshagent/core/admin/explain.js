'use strict';

/* Has the program say why calls of a method fail, and puts the answer below the form. `ask` stands in the page's own script. */

const MOST_NAMED = 5;

/** What is to be said of calls that this program serves, a sentence each. */
function served(server) {
  const lines = server.servers.map(each => `Served on ${each['listens on'].join(', ')}: ${each.state}${each['registered as'] ? ` as ${each['registered as']}` : ''}.`);
  for (const [method, each] of Object.entries(server.calls)) {
    const refused = Object.entries(each.refused).map(([policy, count]) => `${count} by ${policy}`).join(', ');
    lines.push(`${method}: ${each.begun} calls since the start, ${each['under way']} under way, refused ${refused || 'none'}.`);
  }
  for (const each of server.decisions) lines.push(`${each.policy} ${each.says}, by ${each.setting}=${each.value} (${each.from}).`);
  return lines;
}

/** Where calls go over a channel, a sentence each. */
function ways(channel) {
  const lines = [];
  for (const way of channel.ways || []) {
    const by = way.rule ? `, by the rule ${way.rule}` : way.for === 'this call' ? '' : `, ${way.for}`;
    const to = way.instances.slice(0, MOST_NAMED).map(each => each.instance).join(', ');
    const more = way.instances.length > MOST_NAMED ? ` and ${way.instances.length - MOST_NAMED} more` : '';
    lines.push(`Over the channel to ${channel.target}${by}, calls may go to ${to || 'no instance'}${more}${way['spread by'] && to ? ` (${way['spread by']})` : ''}.`);
    for (const each of way['left out'].slice(0, MOST_NAMED)) lines.push(`Left out there: ${each.instance} ${each.because}.`);
  }
  if (channel['calls go to'] !== 'instances') {
    lines.push(`Over the channel to ${channel.target}, calls go to ${channel['calls go to']}${channel.because ? `: ${channel.because}` : ''}.`);
  }
  return lines;
}

async function explain(event) {
  event.preventDefault();
  const target = byId('explain').lastElementChild;
  const { method, headers } = event.target.elements;
  const asked = headers.value.split(/\s+/).filter(Boolean).map(each => `&header=${encodeURIComponent(each)}`).join('');
  const path = `explain?method=${encodeURIComponent(method.value.trim())}${asked}`;
  try {
    const said = await ask(path);
    const list = element('ul');
    said.causes.forEach(each => list.append(element('li', each.cause, 'bad')));
    if (!said.causes.length) list.append(element('li', `Nothing speaks against calls of ${said.method}.`, 'good'));
    said.remarks.forEach(each => list.append(element('li', each, 'warn')));
    (said.channels || []).flatMap(ways).forEach(each => list.append(element('li', each, 'said')));
    if (said.server) served(said.server).forEach(each => list.append(element('li', each, 'said')));
    const all = element('a', 'All that was looked at (JSON)');
    all.href = path;
    target.replaceChildren(list, all);
  } catch (e) {
    target.replaceChildren(element('p', e.message, 'bad'));
  }
}
