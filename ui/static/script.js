// What pages gain from a script: proposals while typing, lists that answer at once, a selection kept across
// pages, previews, buttons that copy, Ctrl+K. Everything else works without it. No HTML is ever made from text.
'use strict';
(function () {
  var root = document.documentElement, main = document.getElementById('_contenu');
  var home = new URL(document.querySelector('.sceau').href).pathname; // "/" or "/cct/"
  function all(selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); }
  function el(name, className, text) {
    var e = document.createElement(name);
    if (className) e.className = className;
    if (text !== undefined) e.textContent = text;
    return e;
  }
  // The browser's own storage, which may be refused.
  function kept(key) {
    try { var list = JSON.parse(localStorage.getItem(key) || '[]'); return Array.isArray(list) ? list : []; } catch (e) { return []; }
  }
  function keep(key, list) {
    try { if (list.length) localStorage.setItem(key, JSON.stringify(list)); else localStorage.removeItem(key); } catch (e) { /* not kept */ }
  }
  function say(text) { // in the page's last status, which is read out
    var status = all('[role=status]', main).pop();
    if (!status) return;
    status.textContent = '';
    setTimeout(function () { status.textContent = text; }, 50);
  }

  // --- Copy buttons: the server writes them hidden, since they do nothing without us.
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
      var area = el('textarea', 'vh');
      area.value = text;
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
  document.addEventListener('click', function (e) {
    var b = e.target.closest('[data-copie], [data-imprimer]');
    if (!b) return;
    if (b.hasAttribute('data-imprimer')) { window.print(); return; }
    var what = b.dataset.copie;
    if (what === 'citation') copy(b.dataset.texte, b);
    else if (what === 'lien') copy(location.href.split('#')[0], b);
    else if (what.charAt(0) === '#') copy(location.origin + location.pathname + what, b);
    else copy(new URL(what, location.href).href, b);
  });
  function copyButton(to, name) {
    var button = el('button', 'copie ici');
    button.type = 'button';
    button.dataset.copie = to;
    button.append('Copier le lien', el('span', 'vh', ' vers ' + name));
    return button;
  }
  // A table that fits its place needs no frame to scroll in, and its heads can then follow the reader.
  function fit() {
    all('.large', main).forEach(function (frame) {
      frame.classList.remove('tient');
      frame.classList.toggle('tient', frame.scrollWidth <= frame.clientWidth);
    });
  }
  var sizes = window.ResizeObserver ? new ResizeObserver(fit) : null; // of the text too, that a reader enlarges
  if (!sizes) addEventListener('resize', fit);
  // What is added to a page's content, each time it is replaced.
  function dress() {
    fit();
    if (sizes) all('.large, .large > table', main).forEach(function (n) { sizes.observe(n); });
    // A button for every heading and row that has an address, shown when pointed at or reached…
    var targets = all('.ancre, tr[id] > th > a[href^="#"]', main).map(function (a) {
      var own = a.className === 'ancre';
      var name = (own ? a.parentNode.firstChild : a).textContent.trim();
      var button = copyButton(a.getAttribute('href'), name);
      if (own) a.after(' ', button);
      else a.parentNode.append(' ', button);
      return [button.dataset.copie, name];
    });
    all('.hit .copie', main).forEach(function (b) { targets.push([b.dataset.copie, b.querySelector('.vh').textContent.replace(' vers ', '')]); });
    all('[data-copie], [data-imprimer]', main).forEach(function (b) { b.hidden = false; });
    // … and one menu of them all where nothing can be pointed at.
    if (targets.length) {
      var menu = el('details', 'copies ecran');
      menu.append(el('summary', '', 'Copier un lien de cette page'));
      menu.addEventListener('toggle', function () {
        if (!menu.open || menu.children.length > 1) return;
        targets.forEach(function (t) {
          var b = el('button', '', t[1]);
          b.type = 'button';
          b.dataset.copie = t[0];
          menu.append(b);
        });
      });
      var prose = main.querySelector('.prose'), first = main.querySelector('.hits, .triee');
      if (prose) prose.prepend(menu);
      else if (first) first.before(menu);
    }
    all('[data-adresse]').forEach(function (p) { p.textContent = 'Adresse : ' + location.href; });
    showSelection();
    placePreview();
  }

  // --- The selection: ids, in this browser's storage and in the addresses that it makes.
  var KEY = 'cct-selection';
  function selectionAddress(ids) { return home + 'selection' + (ids.length ? '?ids=' + ids.map(encodeURIComponent).join(',') : ''); }
  function boxes() { return all('input[name=ids][type=checkbox]', main); }
  function showSelection() {
    var ids = kept(KEY), entry = document.querySelector('[data-selection]');
    boxes().forEach(function (b) { b.checked = ids.indexOf(b.value) >= 0; });
    entry.hidden = !ids.length;
    entry.firstChild.href = selectionAddress(ids);
    entry.querySelector('.nombre').textContent = ids.length;
    all('.barre', main).forEach(function (b) { b.classList.toggle('pleine', ids.length > 0); });
    all('[data-compte]', main).forEach(function (p) {
      if (!p.dataset.compte) p.dataset.compte = p.textContent;
      p.textContent = ids.length ? ids.length + (ids.length > 1 ? ' fiches choisies' : ' fiche choisie') : p.dataset.compte;
    });
    all('[data-vider]', main).forEach(function (b) { b.hidden = !ids.length; });
  }
  document.addEventListener('change', function (e) {
    var b = e.target;
    if (b.name !== 'ids' || b.type !== 'checkbox') return;
    var ids = kept(KEY).filter(function (id) { return id !== b.value; });
    if (b.checked) ids.push(b.value);
    keep(KEY, ids);
    showSelection();
    say(ids.length + (ids.length > 1 ? ' fiches choisies' : ' fiche choisie'));
  });
  document.addEventListener('click', function (e) {
    var out = e.target.closest('[data-retire], [data-vider]');
    if (!out) return;
    if (out.dataset.retire) keep(KEY, kept(KEY).filter(function (id) { return id !== out.dataset.retire; }));
    else { keep(KEY, []); location.href = selectionAddress([]); }
  });
  window.addEventListener('storage', function (e) { if (e.key === KEY) showSelection(); });

  // --- Forms that answer at once: the answer takes the page's place, the address follows.
  var asking = 0, wait = 0;
  function addressOf(form) {
    var to = new URL(form.action, location.href);
    var query = new URLSearchParams();
    new FormData(form).forEach(function (value, name) { if (value !== '') query.append(name, value); });
    to.search = query.toString();
    to.hash = '';
    return to.href;
  }
  function fetchPage(address) {
    return fetch(address, { headers: { Accept: 'text/html' } }).then(function (r) { return r.text(); }).then(function (text) {
      return new DOMParser().parseFromString(text, 'text/html');
    });
  }
  // load puts the page of an address in the place of this one's content; the focus and what is being typed stay.
  function load(address, push) {
    var mine = ++asking;
    return fetchPage(address).then(function (page) {
      var fresh = page.getElementById('_contenu');
      if (mine !== asking) return false;
      if (!fresh) { location.href = address; return false; }
      var on = document.activeElement, typed = null, find = null;
      if (on && main.contains(on)) {
        if (on.id) find = '#' + CSS.escape(on.id);
        else if (on.name) find = '[name="' + CSS.escape(on.name) + '"]' + (on.type === 'checkbox' || on.type === 'radio' ? '[value="' + CSS.escape(on.value) + '"]' : '');
        else if (on.matches('.tri')) find = 'th:nth-child(' + (on.parentNode.cellIndex + 1) + ') .tri';
        if (on.type === 'search') typed = [on.value, on.selectionStart, on.selectionEnd];
      }
      main.replaceChildren.apply(main, Array.prototype.slice.call(document.importNode(fresh, true).childNodes));
      document.title = page.title;
      if (push === 'same') history.replaceState({ cct: true }, '', address);
      else if (push) history.pushState({ cct: true }, '', address);
      var box = document.getElementById('q'), theirs = page.getElementById('q');
      if (box && theirs && document.activeElement !== box) box.value = theirs.value;
      dress();
      var back = find && main.querySelector(find);
      if (back) {
        back.focus({ preventScroll: true });
        if (typed) {
          back.value = typed[0];
          try { back.setSelectionRange(typed[1], typed[2]); } catch (e) { /* not a text */ }
        }
      }
      var title = main.querySelector('h1'), count = main.querySelector('.compte');
      say([title, count].map(function (n) { return n ? n.textContent.trim() : ''; }).filter(Boolean).join(', '));
      return true;
    }, function () { location.href = address; });
  }
  function acts(form) { return form && (form.hasAttribute('data-agit') || form.id === 'profil') && main.contains(form) && window.fetch && Element.prototype.replaceChildren; }
  document.addEventListener('change', function (e) {
    if (!acts(e.target.form) || e.target.type === 'search' || e.target.name === 'ids') return;
    clearTimeout(wait);
    load(addressOf(e.target.form), true);
  });
  document.addEventListener('input', function (e) {
    if (!acts(e.target.form) || e.target.type !== 'search') return;
    clearTimeout(wait);
    var form = e.target.form;
    wait = setTimeout(function () { load(addressOf(form), 'same'); }, 200); // one step back, not one a word
  });
  document.addEventListener('submit', function (e) {
    var form = e.target;
    if (form.id === 'selection') {
      e.preventDefault();
      var ids = kept(KEY);
      location.href = selectionAddress(ids.concat(all('input[type=hidden][name=ids]', form).map(function (i) { return i.value; }).filter(function (id) { return ids.indexOf(id) < 0; })));
      return;
    }
    if (!acts(form)) return;
    e.preventDefault();
    clearTimeout(wait);
    load(addressOf(form), addressOf(form) !== location.href).then(function (done) { // the button was pressed to see the answer
      var answer = done && (document.getElementById('reponse') || main);
      if (answer && answer.getBoundingClientRect().top > innerHeight / 2 || answer === main) answer.scrollIntoView();
    });
  });
  document.addEventListener('click', function (e) { // sorting, and filters taken off
    var a = e.target.closest('.tri, .puces a:not([href^="#"])');
    if (!a || !main.contains(a) || e.ctrlKey || e.metaKey || e.shiftKey || e.button || !window.fetch || !main.replaceChildren) return;
    e.preventDefault();
    load(a.href, true);
  });
  window.addEventListener('popstate', function () {
    if (history.state && history.state.cct || dressedAt !== location.pathname + location.search) load(location.href, false).then(function () { dressedAt = location.pathname + location.search; });
  });
  var dressedAt = location.pathname + location.search;
  if (!history.state && window.history.replaceState) history.replaceState({ cct: true }, '');
  // Back from another page, the browser may have kept what was ticked: what the server wrote is what is shown.
  window.addEventListener('pageshow', function () {
    all('form').forEach(function (f) { if (f.contains(document.activeElement) && document.activeElement.type !== 'checkbox') return; f.reset(); });
    showSelection();
  });

  // --- Previews of terms and records: on pointing or reaching, dismissed by Escape, kept while pointed at (WCAG 1.4.13).
  var preview = el('div', 'apercu ecran'), previewed = null, cache = {}, opening = 0, closing = 0;
  preview.id = '_apercu';
  preview.setAttribute('role', 'tooltip');
  preview.hidden = true;
  function previewAddress(a) {
    if (!a || a.origin !== location.origin || a.pathname.indexOf(home) !== 0) return '';
    if (a.dataset.apercu) return home + a.dataset.apercu;
    var path = a.pathname.slice(home.length), m;
    if (path === 'glossaire' && a.hash.length > 1 && location.pathname !== a.pathname) return home + 'api/v1/termes/' + a.hash.slice(1);
    if ((m = /^(exigences|produits|regles)\/([^/]+)$/.exec(path)) && location.pathname !== a.pathname) return home + 'api/v1/' + m[1] + '/' + m[2];
    return '';
  }
  function placePreview() { // in the page's main part, whose content may be replaced
    preview.hidden = true;
    main.append(preview);
  }
  function hidePreview() {
    clearTimeout(opening);
    if (previewed) previewed.removeAttribute('aria-describedby');
    previewed = null;
    preview.hidden = true;
  }
  function showPreview(a, record) {
    if (!record || !(a.matches(':hover') || document.activeElement === a)) return;
    var text = record.definition || record.text || '';
    preview.textContent = '';
    preview.append(el('b', '', record.title || ''));
    var more = [record.level && record.level.charAt(0).toUpperCase() + record.level.slice(1), record.vendor, record.version].filter(Boolean).join(' · ');
    if (more) preview.append(el('p', 'doux petit', more));
    if (text && text !== record.title) preview.append(el('p', '', text.length > 420 ? text.slice(0, 420).replace(/\s\S*$/, '') + ' …' : text));
    preview.hidden = false;
    var at = a.getBoundingClientRect(), size = preview.getBoundingClientRect();
    preview.style.left = Math.max(8, Math.min(at.left, root.clientWidth - size.width - 8)) + scrollX + 'px';
    preview.style.top = (at.bottom + size.height + 8 > innerHeight && at.top > size.height + 8 ? at.top - size.height - 4 : at.bottom + 4) + scrollY + 'px';
    previewed = a;
    a.setAttribute('aria-describedby', preview.id);
  }
  function wantPreview(a) {
    var address = previewAddress(a);
    if (!address || a.closest('.apercu, .fil')) return;
    clearTimeout(closing);
    if (previewed === a) return;
    clearTimeout(opening);
    opening = setTimeout(function () {
      hidePreview();
      if (!cache[address]) cache[address] = fetch(address).then(function (r) { return r.ok ? r.json() : null; }, function () { return null; });
      cache[address].then(function (record) { showPreview(a, record); });
    }, 350);
  }
  function leave() {
    clearTimeout(opening);
    clearTimeout(closing);
    closing = setTimeout(hidePreview, 300);
  }
  if (window.fetch) {
    document.addEventListener('mouseover', function (e) {
      if (preview.contains(e.target)) { clearTimeout(closing); return; }
      var a = e.target.closest('a[href]');
      if (a && main.contains(a)) wantPreview(a); else if (previewed || opening) leave();
    });
    document.addEventListener('focusin', function (e) { if (e.target.matches('a[href]') && main.contains(e.target) && e.target.matches(':focus-visible')) wantPreview(e.target); });
    document.addEventListener('focusout', leave);
    document.addEventListener('keydown', function (e) { if (e.key === 'Escape' && !preview.hidden) { hidePreview(); e.stopPropagation(); } }, true);
  }

  // --- Appearance: light, dark, or the system's.
  var look = document.querySelector('fieldset[data-apparence]');
  if (look) {
    look.hidden = false;
    all('input', look).forEach(function (r) { r.checked = r.value === (root.dataset.apparence || ''); });
    look.addEventListener('change', function (e) {
      root.dataset.apparence = e.target.value;
      try { if (e.target.value) localStorage.setItem('cct-apparence', e.target.value); else localStorage.removeItem('cct-apparence'); } catch (err) { /* for this page only */ }
    });
  }

  // The way back to the top follows the reader once there is a way to go.
  var top = document.querySelector('.retour');
  if (top) addEventListener('scroll', function () { top.classList.toggle('loin', scrollY > innerHeight); }, { passive: true });

  dress();

  // --- The search box.
  var input = document.getElementById('q');
  if (!input) return;
  var from = null; // what had the focus before Ctrl+K, and where the page stood
  document.addEventListener('keydown', function (e) {
    if ((e.ctrlKey || e.metaKey) && !e.altKey && !e.shiftKey && e.key.toLowerCase() === 'k') {
      e.preventDefault();
      if (document.activeElement !== input) from = { on: document.activeElement, x: scrollX, y: scrollY };
      input.focus();
      input.select();
    }
  });
  function giveBack() {
    if (!from) return;
    var place = from;
    from = null;
    if (place.on && place.on !== document.body && document.contains(place.on)) place.on.focus({ preventScroll: true });
    else input.blur();
    scrollTo(place.x, place.y);
  }
  var hint = input.form.querySelector('[data-raccourci]');
  if (hint) {
    if (/Mac|iP(hone|ad)/.test(navigator.platform)) hint.textContent = '⌘ K';
    var showHint = function () { hint.hidden = input.value !== '' || document.activeElement === input; };
    ['focus', 'blur', 'input'].forEach(function (name) { input.addEventListener(name, showHint); });
    showHint();
  }

  // Recent searches stay in this browser.
  var RECENT = 'cct-recherches';
  var asked = new URLSearchParams(location.search).get('q');
  if (location.pathname === home + 'recherche' && asked && asked.trim()) {
    keep(RECENT, [asked.trim()].concat(kept(RECENT).filter(function (t) { return t !== asked.trim(); })).slice(0, 8));
  }

  // Proposals: the ARIA combobox pattern, list only, nothing chosen at first.
  var form = input.form, source = form.dataset.propositions;
  if (!source || !window.fetch) return;
  var live = form.querySelector('[role=status]');
  var box = el('div', 'propose'), list = el('div'), keys = el('p', 'touches'), recent = el('p', 'recentes');
  box.hidden = true;
  list.id = 'propositions';
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', 'Propositions');
  [['↑', ' '], ['↓', ' parcourir · '], ['Entrée', ' ouvrir · '], ['Échap', ' fermer']].forEach(function (k) { keys.append(el('kbd', '', k[0]), k[1]); });
  recent.textContent = 'Recherches récentes, gardées par ce navigateur seul';
  box.append(list, recent, keys);
  form.append(box);
  input.type = 'text';
  input.setAttribute('inputmode', 'search');
  input.setAttribute('role', 'combobox');
  input.setAttribute('aria-autocomplete', 'list');
  input.setAttribute('aria-expanded', 'false');
  input.setAttribute('aria-controls', 'propositions');

  var shown = [], at = -1, timer = 0, saying = 0, turn = 0, abort = null;

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
    var out = el('span'), folded = fold(text), from = 0;
    if (folded.length !== text.length) { out.textContent = text; return out; }
    var words = fold(typed).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
    for (var i = 0; i < text.length; i++) {
      if (i && /[\p{L}\p{N}]/u.test(folded[i - 1])) continue;
      var best = '';
      words.forEach(function (w) { if (w.length > best.length && folded.startsWith(w, i)) best = w; });
      if (!best) continue;
      out.append(text.slice(from, i), el('mark', '', text.slice(i, i + best.length)));
      from = i + best.length;
      i = from - 1;
    }
    out.append(text.slice(from));
    return out;
  }
  function show(found, typed, old) {
    shown = found;
    list.textContent = '';
    recent.hidden = !old;
    found.forEach(function (s, i) {
      var option = el('div');
      option.id = 'o' + i;
      option.setAttribute('role', 'option');
      option.setAttribute('aria-selected', 'false');
      option.append(marked(s.text, typed), el('span', '', s.note || 'Recherche'));
      list.append(option);
    });
    at = -1;
    input.removeAttribute('aria-activedescendant');
    box.hidden = !found.length;
    input.setAttribute('aria-expanded', String(!!found.length));
    clearTimeout(saying);
    saying = setTimeout(function () {
      var what = old ? ' recherche récente' : ' proposition', many = old ? ' recherches récentes' : ' propositions';
      var n = found.length - (old ? 1 : 0);
      if (live) live.textContent = n ? n + (n > 1 ? many : what) : 'Aucune proposition';
    }, 700);
  }
  function showRecent() {
    var old = kept(RECENT).map(function (text) { return { text: text, note: 'Récente' }; });
    if (old.length) show(old.concat({ text: 'Effacer ces recherches', note: ' ', erase: true }), '', true); else close();
  }
  function ask() {
    var typed = input.value.trim(), mine = ++turn;
    if (abort) abort.abort();
    if (!typed) { showRecent(); return; }
    if (typed.length < 2) { close(); return; }
    abort = window.AbortController ? new AbortController() : null;
    fetch(source + (source.indexOf('?') < 0 ? '?' : '&') + 'limit=8&q=' + encodeURIComponent(typed), abort ? { signal: abort.signal } : {})
      .then(function (r) { return r.ok ? r.json() : { suggestions: [] }; })
      .then(function (a) {
        if (mine === turn && document.activeElement === input) show(a.suggestions || [], typed, false);
      }, function () { if (mine === turn) close(); });
  }
  function open(n) {
    var s = shown[n];
    if (s.erase) {
      keep(RECENT, []);
      close();
      clearTimeout(saying);
      if (live) live.textContent = 'Recherches effacées';
      return;
    }
    if (s.url) { location.href = s.url; return; }
    input.value = s.text;
    form.submit();
  }
  input.addEventListener('input', function () {
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
  input.addEventListener('click', function () { if (!input.value && box.hidden) showRecent(); });
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
      turn++;
      if (open_) { e.preventDefault(); close(); } else if (from) { e.preventDefault(); giveBack(); } else if (input.value) { e.preventDefault(); input.value = ''; }
    } else if (e.key === 'Tab') {
      close();
    }
  });
  input.addEventListener('blur', function () { turn++; clearTimeout(timer); close(); });
  box.addEventListener('mousedown', function (e) { e.preventDefault(); });
  list.addEventListener('click', function (e) {
    var option = e.target.closest('[role=option]');
    if (option) open(+option.id.slice(1));
  });
})();
