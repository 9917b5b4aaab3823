package ui

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/cct-mi/cct/ui/middleware"
)

// chromium finds a browser, or skips the test where there is none (in CI, fails).
func chromium(t testing.TB) string {
	t.Helper()
	for _, name := range []string{os.Getenv("CCT_CHROMIUM"), "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			return path
		}
	}
	missing(t, "no Chromium on this machine: the browser tests need one")
	return ""
}

func missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(what)
	}
	t.Skip(what)
}

// long skips what takes a browser a minute or so, unless .ci/run asks for it.
func long(t testing.TB) {
	t.Helper()
	if os.Getenv("CCT_BROWSERS") == "" {
		t.Skip("long: set CCT_BROWSERS=1, as .ci/run does")
	}
}

// browser opens a window on the little site, as a reader has it: behind the middleware.
func browser(t *testing.T) (ctx context.Context, address string) {
	t.Helper()
	path := chromium(t)
	site := newSite(t, little(t), Options{BasePath: "/cct"})
	server := httptest.NewServer(Secure(middleware.New(site, middleware.Options{BasePath: "/cct", Loopback: true, Refuse: site.Refuse, Route: site.Route})))
	t.Cleanup(server.Close)
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("blink-settings", "primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4")) // a mouse, which a browser without a screen has not
	allocated, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, closeWindow := chromedp.NewContext(allocated)
	t.Cleanup(closeWindow)
	ctx, stopWaiting := context.WithTimeout(ctx, 8*time.Minute)
	t.Cleanup(stopWaiting)
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1366, 768)); err != nil { // starts the browser, which lives as long as this context
		t.Fatal(err)
	}
	return ctx, server.URL + "/cct"
}

// patience is how long a few steps of a reader may take, on a loaded machine.
const patience = 3 * time.Minute

func run(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// value evaluates an expression of the page.
func value[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// command sends a command of the browser's protocol whose answer says nothing.
func command[P, R any](c cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, c, params)
		return err
	})
}

// until waits for an expression of the page to become true.
func until(t *testing.T, ctx context.Context, expression string) {
	t.Helper()
	var err error
	for range 150 {
		var ok bool
		if ok, err = chromedp.Run(ctx, chromedp.Evaluate[bool]("!!("+expression+")")); ok {
			return
		}
		time.Sleep(100 * time.Millisecond) // an error may come of a page that is just leaving
	}
	t.Fatalf("never came true: %s (%v)", expression, err)
}

// TestBrowserProposals types in the box of the home page as a reader does.
func TestBrowserProposals(t *testing.T) {
	ctx, address := browser(t)
	expanded := `document.getElementById('q').getAttribute('aria-expanded')`
	active := `document.getElementById('q').getAttribute('aria-activedescendant')`

	run(t, ctx, chromedp.Navigate(address+"/"), chromedp.WaitVisible("#q"))
	if role := value[string](t, ctx, `document.getElementById('q').getAttribute('role')`); role != "combobox" {
		t.Fatalf("the box has role %q", role)
	}
	run(t, ctx, chromedp.SendKeys("#q", "sauv"))
	until(t, ctx, `document.querySelectorAll('#propositions [role=option]').length > 0`)
	if value[string](t, ctx, expanded) != "true" {
		t.Error("the list is open and not said to be")
	}
	if got := value[any](t, ctx, active); got != nil {
		t.Errorf("%v is chosen before any arrow", got)
	}
	if n := value[int](t, ctx, `document.querySelectorAll('#propositions mark').length`); n == 0 {
		t.Error("what was typed is not marked in the proposals")
	}
	until(t, ctx, `/^\d+ proposition/.test(document.querySelector('form [role=status]').textContent)`)

	run(t, ctx, chromedp.SendKeys("#q", kb.ArrowDown))
	if got := value[string](t, ctx, active); got != "o0" {
		t.Errorf("down arrow chooses %q", got)
	}
	if value[int](t, ctx, `document.querySelectorAll('#propositions [aria-selected=true]').length`) != 1 {
		t.Error("one proposal must be selected")
	}
	run(t, ctx, chromedp.SendKeys("#q", kb.ArrowUp))
	if got := value[any](t, ctx, active); got != nil {
		t.Errorf("up from the first leaves %v chosen", got)
	}
	run(t, ctx, chromedp.SendKeys("#q", kb.Escape))
	if value[string](t, ctx, expanded) != "false" || value[string](t, ctx, `document.getElementById('q').value`) != "sauv" {
		t.Error("Escape must close the list and keep the text")
	}
	run(t, ctx, chromedp.SendKeys("#q", kb.Escape))
	if got := value[string](t, ctx, `document.getElementById('q').value`); got != "" {
		t.Errorf("a second Escape leaves %q", got)
	}

	run(t, ctx, chromedp.SendKeys("#q", "EX2"))
	until(t, ctx, `document.querySelector('#propositions .id, #propositions [role=option]') && document.getElementById('propositions').textContent.includes('EX2')`)
	run(t, ctx, chromedp.SendKeys("#q", kb.ArrowDown), chromedp.SendKeys("#q", kb.Enter))
	until(t, ctx, `location.pathname === '/cct/exigences/EX2'`)

	run(t, ctx, chromedp.Navigate(address+"/"), chromedp.SendKeys("#q", "supervision"), chromedp.SendKeys("#q", kb.Enter))
	until(t, ctx, `location.pathname === '/cct/recherche' && new URLSearchParams(location.search).get('q') === 'supervision'`)
	run(t, ctx, chromedp.Click(".hit h3 a"))
	until(t, ctx, `location.pathname === '/cct/exigences/EX3'`)
}

// TestBrowserShortcut: Ctrl+K goes to the box; single letters do nothing.
func TestBrowserShortcut(t *testing.T) {
	ctx, address := browser(t)
	run(t, ctx, chromedp.Navigate(address+"/exigences"), chromedp.WaitVisible("#q"))
	if id := value[string](t, ctx, `document.activeElement.id`); id != "" {
		t.Errorf("a new page takes the focus to %q", id)
	}
	for _, key := range []string{"/", "k", "s"} {
		run(t, ctx, chromedp.KeyEvent(key))
	}
	if id := value[string](t, ctx, `document.activeElement.id`); id == "q" {
		t.Error("a single letter moves the focus")
	}
	run(t, ctx, chromedp.KeyEvent("k", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	if id := value[string](t, ctx, `document.activeElement.id`); id != "q" {
		t.Errorf("Ctrl+K goes to %q", id)
	}
}

// TestBrowserCopy: buttons are shown by the script, copy, and say so.
func TestBrowserCopy(t *testing.T) {
	ctx, address := browser(t)
	run(t, ctx, chromedp.Navigate(address+"/exigences/EX2"), chromedp.WaitVisible(`[data-copie=citation]`),
		chromedp.Evaluate[chromedp.Void](`navigator.clipboard.writeText = s => { window.copied = s; return Promise.resolve(); }`),
		chromedp.Click(`[data-copie=citation]`))
	until(t, ctx, `[...document.querySelectorAll('[role=status]')].some(s => s.textContent === 'Copié')`)
	if got := value[string](t, ctx, `window.copied`); !strings.Contains(got, "EX2 (important)") || !strings.Contains(got, address+"/exigences/EX2") || !strings.Contains(got, "2031-07") {
		t.Errorf("copied %q", got)
	}
	run(t, ctx, chromedp.Navigate(address+"/pages/exigences-cloud-native"), chromedp.WaitReady(`#EX2 .copie`),
		chromedp.Evaluate[chromedp.Void](`navigator.clipboard.writeText = s => { window.copied = s; return Promise.resolve(); }; document.querySelector('#EX2 .copie').click()`))
	if got := value[string](t, ctx, `window.copied`); got != address+"/pages/exigences-cloud-native#EX2" {
		t.Errorf("copied %q", got)
	}
	rows := value[[]int](t, ctx, `[document.querySelectorAll('tbody tr').length, document.querySelectorAll('tbody tr .copie').length]`)
	if rows[0] != rows[1] {
		t.Errorf("%d rows, %d copy buttons", rows[0], rows[1])
	}
}

// TestBrowserWithoutScript goes from the home page to a record, filters and the
// profile without the script, which the browser is not given.
func TestBrowserWithoutScript(t *testing.T) {
	ctx, address := browser(t)
	run(t, ctx, command(network.Enable, network.EnableParams{}), command(network.SetBlockedURLs, network.SetBlockedURLsParams{URLPatterns: []*network.BlockPattern{{URLPattern: "http://*:*/*.js", Block: true}}}), chromedp.Navigate(address+"/"), chromedp.SendKeys("#q", "sauvegarde\r"), chromedp.WaitVisible(".hits"))
	here := func(want string) {
		t.Helper()
		var got string
		for range 50 {
			var err error
			if got, err = chromedp.Run(ctx, chromedp.Location()); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(got, want) {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
		t.Fatalf("at %s, want %s", got, want)
	}
	here("/recherche?q=sauvegarde")
	buttons, err := chromedp.Run(ctx, chromedp.AttributesAll(".copie"))
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range buttons {
		if _, hidden := b["hidden"]; !hidden {
			t.Error("a copy button shows without the script that serves it")
		}
	}
	run(t, ctx, chromedp.Click(`.affiner input[value=exigence]`), chromedp.Click(`.affiner button`))
	here("type=exigence")
	run(t, ctx, chromedp.Click(`.hit h3 a`))
	here("/exigences/EX2")
	run(t, ctx, chromedp.Navigate(address+"/mon-application"))
	run(t, ctx, chromedp.Click(`#profil input[name=type][value=legacy]`))
	run(t, ctx, chromedp.Click(`#profil button`))
	here("type=legacy")
	run(t, ctx, chromedp.WaitVisible(chromedp.CSS(`#reponse`)))
}

// TestBrowserNarrow: at 320 pixels nothing scrolls sideways, and targets are
// large enough for a finger.
func TestBrowserNarrow(t *testing.T) {
	long(t)
	ctx, address := browser(t)
	for _, width := range []int64{320, 390, 700, 1100} {
		run(t, ctx, chromedp.EmulateViewport(width, 800))
		for _, p := range everyKindOfPage {
			run(t, ctx, chromedp.Navigate(address+p), chromedp.WaitReady("main"))
			if wide := value[int64](t, ctx, `document.documentElement.scrollWidth`); wide > width {
				t.Errorf("%s is %d pixels wide at %d", p, wide, width)
			}
		}
	}
}

// TestBrowserPrint: the printout of a profile is the annex: no form, no menu,
// the statement of each requirement.
func TestBrowserPrint(t *testing.T) {
	ctx, address := browser(t)
	run(t, ctx, chromedp.Navigate(address+"/mon-application?type=cloud-native&evolution=nouvelle"), command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}))
	hidden := value[[]string](t, ctx, `['.tete', '#profil', '.pied ul', '.actions', '.evitement'].filter(s => getComputedStyle(document.querySelector(s)).display !== 'none')`)
	if len(hidden) > 0 {
		t.Errorf("printed: %v", hidden)
	}
	text := value[string](t, ctx, `document.querySelector('#reponse').innerText`)
	for _, want := range []string{"édition 2031-07", "la supervision relève", "Comité d’architecture"} {
		if !strings.Contains(spaced(text), want) {
			t.Errorf("the printout lacks %q", want)
		}
	}
	pdf, err := chromedp.Run(ctx, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
	if err != nil {
		t.Fatal(err)
	}
	if len(pdf) < 1000 || !strings.HasPrefix(string(pdf), "%PDF") {
		t.Errorf("%d bytes of PDF", len(pdf))
	}
	// What fits on one sheet takes one: a title alone on the first was seen.
	for _, p := range []string{"/exigences/EX1", "/produits/PT-1001", "/pages/cloud-native"} {
		run(t, ctx, chromedp.Navigate(address+p))
		pdf, err := chromedp.Run(ctx, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(pdf), "/Type /Page\n"); n != 1 {
			t.Errorf("%s prints on %d pages", p, n)
		}
	}
}

// TestBrowserNothingElsewhere: no page asks another host for anything, breaks
// its own policy, or logs an error.
func TestBrowserNothingElsewhere(t *testing.T) {
	long(t)
	ctx, address := browser(t)
	for _, p := range everyKindOfPage {
		run(t, ctx, chromedp.Navigate(address+p), chromedp.WaitReady("main"))
		asked := value[[]string](t, ctx, `performance.getEntriesByType('resource').map(e => e.name)`)
		if len(asked) > 5 { // with the page itself: six requests at most
			t.Errorf("%s asks %d things: %v", p, len(asked), asked)
		}
		for _, a := range asked {
			if !strings.HasPrefix(a, address) {
				t.Errorf("%s asks %s", p, a)
			}
		}
	}
}

// violation is what axe-core reports, as far as a message needs it.
type violation struct {
	ID, Impact, Help string
	Nodes            []struct {
		Target  []any
		Summary string `json:"failureSummary"`
	}
}

// TestBrowserAccessible runs axe-core over every kind of page, wide and narrow,
// light and dark.
func TestBrowserAccessible(t *testing.T) {
	long(t)
	path := os.Getenv("CCT_AXE")
	if path == "" {
		path = "testdata/node_modules/axe-core/axe.min.js"
	}
	axe, err := os.ReadFile(path)
	if err != nil {
		missing(t, "axe-core is not there (npm install --prefix ui/testdata axe-core, or CCT_AXE): "+err.Error())
	}
	ctx, address := browser(t)
	run(t, ctx, command(page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true})) // axe-core is put in from outside
	check := func(t *testing.T, what string) {
		t.Helper()
		out, err := chromedp.Run(ctx, chromedp.Evaluate[string](string(axe)+`;axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}).then(r => JSON.stringify(r.violations))`, chromedp.EvalAwaitPromise))
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		var found []violation
		if err := json.Unmarshal([]byte(out), &found); err != nil {
			t.Fatal(err)
		}
		for _, v := range found {
			t.Errorf("%s: %s (%s): %s", what, v.ID, v.Impact, v.Help)
			for _, n := range v.Nodes[:min(3, len(v.Nodes))] {
				t.Logf("   %v: %s", n.Target, n.Summary)
			}
		}
	}
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{1280, 375} {
			run(t, ctx, chromedp.EmulateViewport(width, 800),
				command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}))
			for _, p := range append(everyKindOfPage, "/nulle-part") {
				run(t, ctx, chromedp.Navigate(address+p), chromedp.WaitReady("main"))
				check(t, fmt.Sprint(p, ", ", width, " px, ", scheme))
			}
			run(t, ctx, chromedp.Navigate(address+"/"), chromedp.SendKeys("#q", "sauv"))
			until(t, ctx, `document.querySelectorAll('#propositions [role=option]').length > 0`)
			run(t, ctx, chromedp.SendKeys("#q", kb.ArrowDown))
			check(t, fmt.Sprint("proposals, ", width, " px, ", scheme))
			run(t, ctx, chromedp.Navigate(address+"/recherche?q=sauvegarde"), chromedp.WaitVisible(".hits"), chromedp.Evaluate[chromedp.Void](`document.querySelector('input[name=ids]').click(); document.querySelectorAll('details').forEach(d => d.open = true)`),
				chromedp.KeyEvent(kb.Tab), chromedp.Evaluate[chromedp.Void](`document.querySelector('.hit h3 a[href*="/exigences/"]').focus()`))
			until(t, ctx, `!document.getElementById('_apercu').hidden && document.querySelector('.barre.pleine')`)
			check(t, fmt.Sprint("a preview, a selection, the menus, ", width, " px, ", scheme))
			run(t, ctx, chromedp.Evaluate[chromedp.Void](`document.querySelector('.affiner input[value=exigence]').click()`))
			until(t, ctx, askedFor+` === 'exigence' && document.querySelector('.puces')`)
			check(t, fmt.Sprint("results replaced in place, ", width, " px, ", scheme))
			run(t, ctx, chromedp.Evaluate[chromedp.Void](`localStorage.clear()`))
		}
	}
}

var _ http.Handler = (*Site)(nil)
