'use strict';

/* Documents: the list, and an editor that shows what would change. Whoever has the token writes. */
const Documents = (() => {
  const by = id => document.getElementById(id);
  let token = sessionStorage.getItem('mesh-token') || '';
  let unlocked = false;
  let written = () => {};

  /** What is edited: its text in etcd and the revision of that; 0 for a new one. `older` leads to earlier ones. */
  let open = null;

  /** Lines of both: [sign, line] each; the longest common part is found by the usual table. */
  function difference(before, after) {
    const a = before.split('\n');
    const b = after.split('\n');
    if (a.length * b.length > 1e6) return [['-', `${a.length} lines`], ['+', `${b.length} lines`]];
    const same = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
    for (let i = a.length - 1; i >= 0; i--) {
      for (let j = b.length - 1; j >= 0; j--) same[i][j] = a[i] === b[j] ? same[i + 1][j + 1] + 1 : Math.max(same[i + 1][j], same[i][j + 1]);
    }
    const lines = [];
    let i = 0;
    let j = 0;
    while (i < a.length || j < b.length) {
      if (i < a.length && j < b.length && a[i] === b[j]) lines.push([' ', a[i++], j++]);
      else if (j >= b.length || (i < a.length && same[i + 1][j] >= same[i][j + 1])) lines.push(['-', a[i++]]);
      else lines.push(['+', b[j++]]);
    }
    return lines;
  }

  function showDifference() {
    const text = by('text').value;
    if (text === open.text) {
      by('difference').textContent = 'Nothing.';
      return;
    }
    const classes = { '+': 'plus', '-': 'minus', ' ': '' };
    by('difference').replaceChildren(...difference(open.text, text).map(([sign, line]) => element('span', `${sign} ${line}`, classes[sign])));
  }

  async function post(path, body) {
    const reply = await fetch(path, { method: 'POST', headers: { 'Mesh-Token': token, 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
    const text = await reply.text();
    const json = reply.headers.get('Content-Type').startsWith('application/json') ? JSON.parse(text) : null;
    return { ok: reply.ok, status: reply.status, json, text: text.trim() };
  }

  function say(text, className) {
    by('said').textContent = text;
    by('said').className = className || '';
  }

  function buttons() {
    by('write').disabled = !unlocked || Boolean(open?.tooLong);
    by('delete').disabled = !unlocked || !open?.revision;
    by('earlier').disabled = !open?.older;
    by('lock-state').textContent = unlocked ? 'Unlocked: documents can be written.' : 'Read-only.';
  }

  function problems(list) {
    by('problems').replaceChildren(...(list.length ? list.map(each => element('p', each, 'bad')) : [element('p', 'No mistake.', 'good')]));
  }

  async function check(share) {
    const mine = open;
    const reply = await post('check', { document: by('document-name').value, text: by('text').value, share: share || '' });
    if (!reply.ok) {
      say(reply.text, 'bad');
      return false;
    }
    if (open !== mine) return false;
    if (share) by('text').value = reply.json.text;
    problems(reply.json.problems);
    showDifference();
    return reply.json.problems.length === 0;
  }

  function edit(name, text, revision) {
    open = { name, text, revision, older: revision };
    by('editor').hidden = false;
    by('editor-title').textContent = revision ? `${name} (revision ${revision})` : 'A new document';
    by('document-name').value = name;
    by('document-name').readOnly = revision !== 0;
    by('text').value = text;
    by('problems').replaceChildren();
    by('share').value = /^\s*apply-to\.percent\s*[=:]\s*([\d.]+)/m.exec(text)?.[1] ?? '';
    say('');
    showDifference();
    buttons();
    by(revision ? 'text' : 'document-name').focus();
  }

  async function read(name) {
    try {
      const found = await ask(`document?name=${encodeURIComponent(name)}`);
      edit(name, found.text ?? '', found.revision);
      open.tooLong = found.text === null;
      buttons();
      if (open.tooLong) say('It is longer than 64 KiB, the most that is read.', 'bad');
    } catch (e) {
      say(e.message, 'bad');
    }
  }

  /** The text before, to be looked at and perhaps written again. */
  async function earlier() {
    const mine = open;
    try {
      const found = await ask(`document?name=${encodeURIComponent(open.name)}&before=${open.older}`);
      if (open !== mine) return;
      open.older = found.revision;
      if (!found.revision) {
        say('There was none before: here it began.', 'warn');
        buttons();
        return;
      }
      by('text').value = found.text ?? '';
      say(`This is revision ${found.revision}; to go back to it, write it.`);
      showDifference();
    } catch (e) {
      say(e.message, 'warn');
    }
    buttons();
  }

  async function write(event) {
    event.preventDefault();
    const name = by('document-name').value;
    const text = by('text').value;
    const mine = open;
    const reply = await post('write', { document: name, text, revision: open.revision });
    if (open !== mine) {
      written();
      return;
    }
    if (reply.ok) {
      edit(name, text, reply.json.revision);
      problems([]);
      say(`Written as revision ${reply.json.revision}; the list says which programs run it.`, 'good');
    } else if (reply.json) {
      problems(reply.json.problems);
      say('It was not written.', 'bad');
    } else {
      say(reply.text, 'bad');
    }
    written();
  }

  async function remove() {
    if (!by('delete').dataset.sure) {
      by('delete').dataset.sure = 'yes';
      by('delete').textContent = 'Delete, really';
      return;
    }
    sure();
    const mine = open;
    const reply = await post('delete', { document: open.name, revision: open.revision });
    if (open !== mine) {
      written();
      return;
    }
    if (reply.ok) {
      const { name, text } = open;
      edit(name, '', 0);
      by('text').value = text;
      showDifference();
      say('It is deleted. Its text is still here.', 'good');
    } else {
      say(reply.text, 'bad');
    }
    written();
  }

  function sure() {
    delete by('delete').dataset.sure;
    by('delete').textContent = 'Delete';
  }

  async function unlock(event) {
    event?.preventDefault();
    if (event) token = by('token').value.trim();
    const reply = await post('unlock', {});
    unlocked = reply.ok;
    if (reply.ok) sessionStorage.setItem('mesh-token', token);
    else sessionStorage.removeItem('mesh-token');
    by('token').value = '';
    buttons();
    if (!reply.ok) by('lock-state').textContent = reply.text;
  }

  function list(all) {
    show('documents', all, by('document-list'), () => {
      const add = element('button', 'New document');
      add.type = 'button';
      add.addEventListener('click', () => edit('', '', 0));
      const bar = element('p', undefined, 'bar');
      bar.append(add);
      if (!all.rows.length) return [element('p', 'There are none.', 'none'), bar];
      const rows = all.rows.map(row => {
        const name = element('button', row.document);
        name.type = 'button';
        name.addEventListener('click', () => read(row.document));
        return [name, row.revision, Object.entries(row.for).map(([key, value]) => `${key.replace('apply-to.', '')} ${value}`), row['in force'], row['not for'], row['not read yet'],
          row.refused ? element('span', String(row.refused), 'bad') : 0, row.problems.length ? element('span', row.problems.join(' '), 'bad') : ''];
      });
      return [table(['document', 'revision', 'for', 'in force in', 'not for', 'not read yet by', 'refused by', 'because'], rows), bar];
    });
  }

  by('lock').addEventListener('submit', unlock);
  by('text').addEventListener('input', showDifference);
  by('check').addEventListener('click', () => check());
  by('set-share').addEventListener('click', () => check(by('share').value.trim()));
  by('earlier').addEventListener('click', earlier);
  by('editor').addEventListener('submit', write);
  by('delete').addEventListener('click', remove);
  by('delete').addEventListener('blur', sure);
  by('close').addEventListener('click', () => { by('editor').hidden = true; });
  if (token) unlock();

  return {
    list,
    tokenIn: file => { by('token').placeholder = `from ${file}`; },
    onWritten: then => { written = then; },
  };
})();
