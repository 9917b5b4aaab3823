// What pages gain from a script: proposals while typing, buttons that copy, and
// Ctrl+K. Everything else works without it. No HTML is ever made from text.
'use strict';
(function () {
  // Copy buttons: the server writes them hidden, since they do nothing without us.
  var status = Array.prototype.slice.call(document.querySelectorAll('[role=status]')).pop();
  function say(text) {
    if (!status) return;
    status.textContent = '';
    setTimeout(function () { status.textContent = text; }, 50);
  }
  function absolute(address) { return new URL(address, location.href).href; }
  function copy(text, button) {
    function done(ok) {
      var said = ok ? 'Copié' : 'La copie est refusée par le navigateur';
      say(said);
      var label = button.firstChild, before = label.data;
      if (before === said) return;
      label.data = said;
      setTimeout(function () { label.data = before; }, 2000);
    }
    function byHand() { // plain HTTP on another machine has no clipboard of its own
      var area = document.createElement('textarea');
      area.value = text;
      area.className = 'vh';
      document.body.appendChild(area);
      area.select();
      var ok = false;
      try { ok = document.execCommand('copy'); } catch (e) { ok = false; }
      area.remove();
      button.focus();
      done(ok);
    }
    if (navigator.clipboard && window.isSecureContext) navigator.clipboard.writeText(text).then(function () { done(true); }, byHand);
    else byHand();
  }
  function hidden(text) {
    var span = document.createElement('span');
    span.className = 'vh';
    span.textContent = text;
    return span;
  }
  // A button for every heading and row that has an address, shown when pointed at or reached.
  document.querySelectorAll('.ancre, tr[id] > th > a[href^="#"]').forEach(function (a) {
    var button = document.createElement('button');
    button.type = 'button';
    button.className = 'copie ici';
    button.dataset.copie = a.getAttribute('href');
    button.append('Copier le lien', hidden(' vers ' + (a.className !== 'ancre' ? a.textContent : a.parentNode.firstChild.textContent.trim())));
    if (a.className !== 'ancre') a.parentNode.append(' ', button);
    else a.after(' ', button);
  });
  // On a phone a row becomes a block: each cell then says its column.
  document.querySelectorAll('.large .empile').forEach(function (table) {
    var names = Array.prototype.map.call(table.querySelectorAll('thead th'), function (th) { return th.textContent.trim(); });
    table.querySelectorAll('tbody td').forEach(function (td) {
      var name = names[td.cellIndex];
      if (name && td.textContent.trim()) td.dataset.nom = name;
    });
  });
  document.querySelectorAll('[data-copie], [data-imprimer]').forEach(function (b) { b.hidden = false; });
  document.addEventListener('click', function (e) {
    var b = e.target.closest('[data-copie], [data-imprimer]');
    if (!b) return;
    if (b.hasAttribute('data-imprimer')) { window.print(); return; }
    var what = b.dataset.copie;
    if (what === 'citation') copy(b.dataset.texte, b);
    else if (what === 'lien') copy(location.href.split('#')[0], b);
    else if (what.charAt(0) === '#') copy(location.origin + location.pathname + what, b);
    else copy(absolute(what), b);
  });

  var input = document.getElementById('q');
  if (!input) return;
  document.addEventListener('keydown', function (e) {
    if ((e.ctrlKey || e.metaKey) && !e.altKey && !e.shiftKey && e.key.toLowerCase() === 'k') {
      e.preventDefault();
      input.focus();
      input.select();
    }
  });

  // Proposals: the ARIA combobox pattern, list only, nothing chosen at first.
  var form = input.form, source = form.dataset.propositions;
  if (!source || !window.fetch) return;
  var live = form.querySelector('[role=status]');
  var box = document.createElement('div'), list = document.createElement('div'), keys = document.createElement('p');
  box.className = 'propose';
  box.hidden = true;
  list.id = 'propositions';
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', 'Propositions');
  keys.className = 'touches';
  [['↑', ' '], ['↓', ' parcourir · '], ['Entrée', ' ouvrir · '], ['Échap', ' fermer']].forEach(function (k) {
    var kbd = document.createElement('kbd');
    kbd.textContent = k[0];
    keys.append(kbd, k[1]);
  });
  box.append(list, keys);
  form.append(box);
  input.type = 'text';
  input.setAttribute('inputmode', 'search');
  input.setAttribute('role', 'combobox');
  input.setAttribute('aria-autocomplete', 'list');
  input.setAttribute('aria-expanded', 'false');
  input.setAttribute('aria-controls', 'propositions');

  var shown = [], at = -1, timer = 0, saying = 0, asked = 0, abort = null;

  function close() {
    box.hidden = true;
    at = -1;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  }
  function choose(n) {
    at = n;
    Array.prototype.forEach.call(list.children, function (o, i) {
      o.setAttribute('aria-selected', String(i === n));
      if (i === n) o.scrollIntoView({ block: 'nearest' });
    });
    if (n < 0) input.removeAttribute('aria-activedescendant');
    else input.setAttribute('aria-activedescendant', 'o' + n);
  }
  function fold(s) { return s.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase(); }
  function marked(text, typed) { // the typed words' beginnings, where words begin
    var out = document.createElement('span'), folded = fold(text), from = 0;
    if (folded.length !== text.length) { out.textContent = text; return out; }
    var words = fold(typed).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
    for (var i = 0; i < text.length; i++) {
      if (i && /[\p{L}\p{N}]/u.test(folded[i - 1])) continue;
      var best = '';
      words.forEach(function (w) { if (w.length > best.length && folded.startsWith(w, i)) best = w; });
      if (!best) continue;
      out.append(text.slice(from, i));
      var m = document.createElement('mark');
      m.textContent = text.slice(i, i + best.length);
      out.append(m);
      from = i + best.length;
      i = from - 1;
    }
    out.append(text.slice(from));
    return out;
  }
  function show(found, typed) {
    shown = found;
    list.textContent = '';
    found.forEach(function (s, i) {
      var option = document.createElement('div'), note = document.createElement('span');
      option.id = 'o' + i;
      option.setAttribute('role', 'option');
      option.setAttribute('aria-selected', 'false');
      note.textContent = s.note || 'Recherche';
      option.append(marked(s.text, typed), note);
      list.append(option);
    });
    at = -1;
    input.removeAttribute('aria-activedescendant');
    box.hidden = !found.length;
    input.setAttribute('aria-expanded', String(!!found.length));
    clearTimeout(saying);
    saying = setTimeout(function () {
      if (live) live.textContent = found.length ? found.length + (found.length > 1 ? ' propositions' : ' proposition') : 'Aucune proposition';
    }, 700);
  }
  function ask() {
    var typed = input.value.trim(), mine = ++asked;
    if (abort) abort.abort();
    if (typed.length < 2) { close(); return; }
    abort = window.AbortController ? new AbortController() : null;
    fetch(source + '?limit=8&q=' + encodeURIComponent(typed), abort ? { signal: abort.signal } : {})
      .then(function (r) { return r.ok ? r.json() : { suggestions: [] }; })
      .then(function (a) {
        if (mine === asked && document.activeElement === input) show(a.suggestions || [], typed);
      }, function () { if (mine === asked) close(); });
  }
  function open(n) {
    var s = shown[n];
    if (s.url) { location.href = s.url; return; }
    input.value = s.text;
    form.submit();
  }
  input.addEventListener('input', function () {
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
  input.addEventListener('keydown', function (e) {
    if (e.isComposing) return;
    var open_ = !box.hidden, last = shown.length - 1;
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      e.preventDefault();
      if (!open_) { ask(); return; }
      choose(e.key === 'ArrowDown' ? (at >= last ? -1 : at + 1) : (at < 0 ? last : at - 1));
    } else if (e.key === 'Enter') {
      clearTimeout(timer);
      if (open_ && at >= 0) { e.preventDefault(); open(at); }
    } else if (e.key === 'Escape') {
      clearTimeout(timer);
      asked++;
      if (open_) { e.preventDefault(); close(); } else if (input.value) { e.preventDefault(); input.value = ''; }
    } else if (e.key === 'Tab') {
      close();
    }
  });
  input.addEventListener('blur', function () { asked++; clearTimeout(timer); close(); });
  list.addEventListener('mousedown', function (e) { e.preventDefault(); });
  list.addEventListener('click', function (e) {
    var option = e.target.closest('[role=option]');
    if (option) open(+option.id.slice(1));
  });
})();
