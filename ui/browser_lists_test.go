package ui

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const (
	ticked   = `[...document.querySelectorAll('.affiner input[type=checkbox]:checked')].map(b => b.value).join()`
	askedFor = `new URLSearchParams(location.search).getAll('type').join()`
	shown    = `[...document.querySelectorAll('.hits .genre')].map(p => p.firstChild.data.trim()).join()`
)

// TestBrowserFiltersAct: a box that is ticked answers at once, in place, says how
// many, and Back gives the page that was there, its boxes included.
func TestBrowserFiltersAct(t *testing.T) {
	ctx, address := browser(t)
	run(t, ctx, chromedp.Navigate(address+"/recherche?q=sauvegarde"), chromedp.WaitVisible(".hits"), chromedp.Evaluate[chromedp.Void](`window.here = true`))
	before := value[string](t, ctx, shown)
	run(t, ctx, chromedp.Click(`.affiner input[value=exigence]`))
	until(t, ctx, askedFor+` === 'exigence' && document.querySelector('.puces')`)
	if !value[bool](t, ctx, `window.here === true`) {
		t.Error("the page was loaded anew")
	}
	if got := value[string](t, ctx, ticked); got != "exigence" {
		t.Errorf("ticked: %q", got)
	}
	if got := value[string](t, ctx, `document.activeElement.value`); got != "exigence" {
		t.Errorf("the focus went to %q", got)
	}
	until(t, ctx, `/résultat/.test([...document.querySelectorAll('#_contenu [role=status]')].pop().textContent)`)
	if kinds := value[string](t, ctx, shown); strings.Trim(strings.ReplaceAll(kinds, "Exigence", ""), ",") != "" {
		t.Errorf("filtered to exigences: %s", kinds)
	}
	run(t, ctx, chromedp.Evaluate[chromedp.Void](`history.back()`))
	until(t, ctx, askedFor+` === '' && !document.querySelector('.puces')`)
	if got := value[string](t, ctx, ticked); got != "" {
		t.Errorf("after Back, still ticked: %q", got)
	}
	if got := value[string](t, ctx, shown); got != before {
		t.Errorf("after Back: %s, before %s", got, before)
	}

	// Ticked, then left for a record: Back agrees with the address too.
	run(t, ctx, chromedp.Click(`.affiner input[value=exigence]`))
	until(t, ctx, askedFor+` === 'exigence' && document.querySelector('.puces')`)
	run(t, ctx, chromedp.Click(`.hit h3 a`))
	until(t, ctx, `location.pathname.startsWith('/cct/exigences/')`)
	run(t, ctx, chromedp.Evaluate[chromedp.Void](`history.back()`))
	until(t, ctx, `location.pathname === '/cct/recherche' && document.querySelector('.affiner')`)
	if got := value[string](t, ctx, ticked+` + ' ' + `+askedFor); got != "exigence exigence" {
		t.Errorf("back from a record: %q", got)
	}
}

// TestBrowserProfileState: the form of the profile answers at once, and Back is true.
func TestBrowserProfileState(t *testing.T) {
	ctx, address := browser(t)
	answer := `document.querySelector('#profil input[name=type]:checked').value + ' ' + (new URLSearchParams(location.search).get('type') || '')`
	run(t, ctx, chromedp.Navigate(address+"/mon-application"), chromedp.WaitVisible("#profil"), chromedp.Click(`#profil input[name=type][value=legacy]`))
	until(t, ctx, answer+` === 'legacy legacy'`)
	run(t, ctx, chromedp.Click(`#profil input[name=type][value=cloud-native]`))
	until(t, ctx, answer+` === 'cloud-native cloud-native'`)
	heading := value[string](t, ctx, `document.querySelector('h1').textContent`)
	run(t, ctx, chromedp.Evaluate[chromedp.Void](`history.back()`))
	until(t, ctx, answer+` === 'legacy legacy'`)
	until(t, ctx, `document.querySelector('h1').textContent !== `+quoted(heading))
}

// TestBrowserListFilters: a list answers while somebody types, and sorts in place.
func TestBrowserListFilters(t *testing.T) {
	ctx, address := browser(t)
	ids := `[...document.querySelectorAll('.triee tbody th')].map(e => e.textContent.trim()).join()`
	run(t, ctx, chromedp.Navigate(address+"/exigences"), chromedp.WaitVisible("#mots"), chromedp.SendKeys("#mots", "superv"))
	until(t, ctx, ids+` === 'EX3'`)
	if got := value[string](t, ctx, `document.activeElement.id + document.activeElement.value`); got != "motssuperv" {
		t.Errorf("what is being typed: %q", got)
	}
	run(t, ctx, chromedp.Navigate(address+"/exigences"), chromedp.Click(`th:nth-child(2) .tri`))
	until(t, ctx, `document.querySelector('th:nth-child(2)').getAttribute('aria-sort') === 'ascending'`)
	run(t, ctx, chromedp.Click(`th:nth-child(2) .tri`))
	until(t, ctx, `document.querySelector('th:nth-child(2)').getAttribute('aria-sort') === 'descending'`)
	if got := value[string](t, ctx, ids); got != "EX4,EX3,EX2,EX1" {
		t.Errorf("sorted down: %s", got)
	}
	if got := value[bool](t, ctx, `document.activeElement.matches('.tri')`); !got {
		t.Error("the focus left the column's head")
	}
}

// TestBrowserSelection: records are gathered across lists and pages, and kept by
// the browser alone.
func TestBrowserSelection(t *testing.T) {
	ctx, address := browser(t)
	run(t, ctx, chromedp.Navigate(address+"/exigences"), chromedp.Click(`input[value=EX1]`), chromedp.Click(`input[value=EX3]`),
		chromedp.Navigate(address+"/produits"), chromedp.Click(`input[value="PT-1001"]`))
	until(t, ctx, `document.querySelector('[data-selection] .nombre').textContent === '3' && !document.querySelector('[data-selection]').hidden`)
	run(t, ctx, chromedp.Click(`#selection button`))
	until(t, ctx, `location.pathname === '/cct/selection' && document.querySelectorAll('tbody tr').length === 3`)
	if got := value[string](t, ctx, `new URLSearchParams(location.search).get('ids')`); got != "EX1,EX3,PT-1001" {
		t.Errorf("the address carries %q", got)
	}
	if cookies := value[string](t, ctx, `document.cookie`); cookies != "" {
		t.Errorf("a cookie: %s", cookies)
	}
	run(t, ctx, chromedp.Click(`[data-retire=EX3]`))
	until(t, ctx, `document.querySelectorAll('tbody tr').length === 2`)
	run(t, ctx, chromedp.Navigate(address+"/exigences"))
	until(t, ctx, `document.querySelector('input[value=EX1]').checked && !document.querySelector('input[value=EX3]').checked`)
	run(t, ctx, chromedp.Navigate(address+"/selection?ids=EX1"), chromedp.Click(`[data-vider]`))
	until(t, ctx, `location.search === '' && document.querySelector('[data-selection]').hidden`)
}

// TestBrowserPreview: what a link leads to is shown on pointing and on reaching
// it, stays while pointed at, and goes by Escape.
func TestBrowserPreview(t *testing.T) {
	ctx, address := browser(t)
	open := `!document.getElementById('_apercu').hidden`
	link := `document.querySelector('.prose a[href*="/exigences/"], .hit h3 a[href*="/exigences/"]')`
	run(t, ctx, chromedp.Navigate(address+"/recherche?q=sauvegarde"), chromedp.WaitVisible(".hits"), chromedp.KeyEvent(kb.Tab), chromedp.Evaluate[chromedp.Void](link+`.focus()`))
	until(t, ctx, open)
	if got := value[string](t, ctx, `document.getElementById('_apercu').textContent`); !strings.Contains(got, "EX2") {
		t.Errorf("the preview says %q", got)
	}
	if got := value[string](t, ctx, link+`.getAttribute('aria-describedby')`); got != "_apercu" {
		t.Errorf("the link is described by %q", got)
	}
	run(t, ctx, chromedp.KeyEvent(kb.Escape))
	until(t, ctx, `!(`+open+`)`)
	if got := value[bool](t, ctx, `document.activeElement === `+link); !got {
		t.Error("Escape took the focus from the link")
	}
}

// TestBrowserShortcutGivesBack: Ctrl+K keeps the place, and Escape gives it back.
func TestBrowserShortcutGivesBack(t *testing.T) {
	ctx, address := browser(t)
	run(t, ctx, chromedp.EmulateViewport(1280, 400), chromedp.Navigate(address+"/conformite"), chromedp.WaitVisible("#q"),
		chromedp.Evaluate[chromedp.Void](`window.link = [...document.querySelectorAll('main a')].pop(); link.focus(); scrollTo(0, 500)`))
	until(t, ctx, `scrollY === 500`)
	if hint := value[string](t, ctx, `getComputedStyle(document.querySelector('[data-raccourci]')).display + document.querySelector('[data-raccourci]').textContent`); strings.HasPrefix(hint, "none") || !strings.Contains(hint, "K") {
		t.Errorf("the hint: %q", hint)
	}
	run(t, ctx, chromedp.KeyEvent("k", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	until(t, ctx, `document.activeElement.id === 'q'`)
	run(t, ctx, chromedp.KeyEvent(kb.Escape))
	until(t, ctx, `document.activeElement === link && Math.abs(scrollY - 500) < 2`)
}

// TestBrowserRecent: recent searches are kept by the browser, and can be erased.
func TestBrowserRecent(t *testing.T) {
	ctx, address := browser(t)
	run(t, ctx, chromedp.Navigate(address+"/recherche?q=supervision"), chromedp.Navigate(address+"/"), chromedp.Click("#q"))
	until(t, ctx, `document.querySelector('#propositions [role=option]') && document.getElementById('propositions').textContent.includes('supervision')`)
	run(t, ctx, chromedp.KeyEvent(kb.ArrowUp), chromedp.KeyEvent(kb.Enter)) // the last of the list erases them
	until(t, ctx, `document.querySelector('.propose').hidden && localStorage.getItem('cct-recherches') === null`)
}

// TestBrowserAppearance: light, dark or the system's, kept for the next page.
func TestBrowserAppearance(t *testing.T) {
	ctx, address := browser(t)
	ground := `getComputedStyle(document.body).backgroundColor`
	run(t, ctx, command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "light"}}}),
		chromedp.Navigate(address+"/exigences"), chromedp.Click(`[name=apparence][value=sombre]`))
	until(t, ctx, ground+` === 'rgb(21, 24, 26)'`)
	run(t, ctx, chromedp.Navigate(address+"/produits"))
	until(t, ctx, ground+` === 'rgb(21, 24, 26)' && document.querySelector('[name=apparence][value=sombre]').checked`)
	run(t, ctx, command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}}), chromedp.Click(`[name=apparence][value=clair]`))
	until(t, ctx, ground+` === 'rgb(255, 255, 255)'`)
	run(t, ctx, chromedp.Click(`[name=apparence][value=""]`))
	until(t, ctx, ground+` === 'rgb(21, 24, 26)' && localStorage.getItem('cct-apparence') === null`)
}

// TestBrowserEveryCondition: forced colours show the current entry and the bars of
// a level, large text scrolls no page sideways, and what is printed says where it is.
func TestBrowserEveryCondition(t *testing.T) {
	ctx, address := browser(t)
	run(t, ctx, command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "forced-colors", Value: "active"}}}), chromedp.Navigate(address+"/exigences"))
	menu := value[[]string](t, ctx, `['.menu [aria-current]', '.menu a:not([aria-current])'].map(s => getComputedStyle(document.querySelector(s)).borderBottomColor)`)
	if menu[0] == menu[1] {
		t.Errorf("in forced colours the current entry looks like the others: %v", menu)
	}
	if bars := value[string](t, ctx, `getComputedStyle(document.querySelector('.niv'), '::before').forcedColorAdjust`); bars != "none" {
		t.Errorf("the bars of a level: %s", bars)
	}
	run(t, ctx, command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{}), chromedp.EmulateViewport(1280, 800))
	for _, p := range []string{"/", "/recherche?q=sauvegarde", "/pages/exigences-cloud-native", "/exigences", "/produits", "/glossaire", "/mon-application?type=cloud-native", "/selection?ids=EX1,PT-1001", "/comparer?ids=EX1,EX2"} {
		run(t, ctx, chromedp.Navigate(address+p), chromedp.Evaluate[chromedp.Void](`document.documentElement.style.fontSize = '200%'`))
		until(t, ctx, `document.documentElement.scrollWidth <= 1280`)
	}
	run(t, ctx, chromedp.Navigate(address+"/exigences?level=primordial"), command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}))
	if text := value[string](t, ctx, `document.body.innerText`); !strings.Contains(text, address+"/exigences?level=primordial") {
		t.Error("a printed list does not say its address")
	}
}

// TestBrowserPhone: after the form the answer is in view, and the links to copy
// are in one menu.
func TestBrowserPhone(t *testing.T) {
	ctx, address := browser(t)
	run(t, ctx, chromedp.EmulateViewport(375, 700), chromedp.Navigate(address+"/mon-application"), chromedp.WaitVisible("#profil"), chromedp.Evaluate[chromedp.Void](`document.querySelector('#profil button.bouton, #profil .bouton').click()`))
	until(t, ctx, `(r => r.top >= -5 && r.top < innerHeight / 2)(document.getElementById('reponse').getBoundingClientRect())`)
	run(t, ctx, chromedp.Navigate(address+"/pages/exigences-cloud-native"))
	if over := value[string](t, ctx, `scrollTo(0, 400), getComputedStyle(document.querySelector('.page > .cote, .gauche')).position`); over == "sticky" {
		t.Error("on a phone the contents stick over the text")
	}
	quiet := value[string](t, ctx, `[...document.querySelectorAll('.copie.ici')].filter(b => matchMedia('(hover:none)').matches && getComputedStyle(b).display !== 'none').length + ' ' + document.querySelectorAll('.copies').length`)
	if quiet != "0 1" {
		t.Errorf("copy buttons shown, menus: %s", quiet)
	}
}

func quoted(s string) string { return "`" + strings.ReplaceAll(s, "`", "\\`") + "`" }

// TestBrowserHeads: a row that is reached by its address is not under the head of
// its table, which stays in view.
func TestBrowserHeads(t *testing.T) {
	ctx, address := browser(t)
	for _, p := range []string{"/pages/exigences-cloud-native#EX4", "/glossaire#mco"} {
		run(t, ctx, chromedp.EmulateViewport(1280, 300), chromedp.Navigate(address+p), chromedp.WaitReady("tr:target"))
		until(t, ctx, `scrollY > 0`)
		places := value[[]float64](t, ctx, `[document.querySelector('thead th').getBoundingClientRect(), document.querySelector('tr:target').getBoundingClientRect()].flatMap(r => [r.top, r.bottom])`)
		if places[0] < -1 || places[2] < places[1]-1 {
			t.Errorf("%s: head from %.0f to %.0f, row from %.0f", p, places[0], places[1], places[2])
		}
	}
	if id := value[string](t, ctx, `document.querySelector('.retour a').focus(), document.activeElement.click(), location.hash`); id != "#_haut" {
		t.Errorf("the way back to the top leads to %q", id)
	}
	until(t, ctx, `scrollY === 0`)
}

// TestBrowserNoDeadButton: without the script, every button that shows sends a form.
func TestBrowserNoDeadButton(t *testing.T) {
	ctx, address := browser(t)
	run(t, ctx, command(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}))
	for _, p := range []string{"/", "/recherche?q=sauvegarde", "/pages/exigences-cloud-native", "/exigences", "/exigences/EX2", "/produits", "/glossaire", "/mon-application?type=cloud-native", "/selection?ids=EX1", "/conformite"} {
		run(t, ctx, chromedp.Navigate(address+p), chromedp.WaitReady("main"))
		dead := value[[]string](t, ctx, `[...document.querySelectorAll('button, [role=button], fieldset[data-apparence], [data-raccourci], [data-selection]')].filter(b => b.getClientRects().length && !(b.type === 'submit' && b.form)).map(b => b.outerHTML)`)
		if len(dead) > 0 {
			t.Errorf("%s: %v", p, dead)
		}
	}
}
