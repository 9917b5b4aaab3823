package ui

import (
	"context"
	"html"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/cct-mi/cct/content/ingest"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/store"
)

// dated builds a site over several editions, each a list of requirements.
func dated(t *testing.T, names []string, rows map[string]string) http.Handler {
	t.Helper()
	ctx := context.Background()
	st, _, err := store.Open(ctx, store.Options{Build: func(ctx context.Context, w *store.Writer) error {
		for _, name := range names {
			ed, err := ingest.Load(ctx, fstest.MapFS{"exigences.md": {Data: []byte("# Exigences\n\n| ID | Type | Exigence |\n|---|---|---|\n" + rows[name])}}, ingest.Options{Edition: name})
			if err != nil {
				return err
			}
			if err := search.Build(ctx, ed, w.Space(name)); err != nil {
				return err
			}
		}
		return search.WriteEditions(w, names)
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	all, err := search.OpenEditions(st, "")
	if err != nil {
		t.Fatal(err)
	}
	lib, err := all.Library(all.Current())
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(Options{Current: func() *search.Library { return lib }, BasePath: "/cct"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEditionsPages(t *testing.T) {
	h := dated(t, []string{"2025-06", "2025-01", "2024-02"}, map[string]string{
		"2024-02": "| EX1 | P | Les sauvegardes partent chaque nuit vers un autre site. |\n| EX2 | I | Les journaux portent la date exacte. |\n| EX3 | P | Les secrets restent hors du code. |\n",
		"2025-01": "| EX1 | P | Les sauvegardes partent chaque semaine vers un autre site. |\n| EX2 | P | Les journaux portent la date exacte. |\n",
		"2025-06": "| EX1 | P | Les sauvegardes partent chaque semaine, vers un autre site. |\n| EX2 | P | Les journaux portent la date exacte. |\n",
	})
	ask := func(address string) (*httptest.ResponseRecorder, string) {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", address, nil))
		return w, strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(w.Body.String())
	}
	in := func(body string, parts ...string) {
		t.Helper()
		at := 0
		for _, p := range parts {
			i := strings.Index(body[at:], p)
			if i < 0 {
				t.Errorf("the page does not say %q there", p)
				continue
			}
			at += i
		}
	}
	_, body := ask("/cct/editions")
	in(body, `<a href="/cct/exigences">2025-06</a> <b>en vigueur</b>`, `<a href="/cct/exigences?edition=2024-02">2024-02</a>`, `href="/cct/editions/2024-02/2025-06"`)

	_, body = ask("/cct/editions/2024-02/2025-01")
	in(body, "En chiffres", "Changements de niveau", "EX2", "Primordiales retirées", "EX3", "Textes modifiés", "EX1",
		`<del><span class="vh">[supprimé : </span>nuit`, `<ins><span class="vh">[ajouté : </span>semaine`, "<b>Supprimé</b> : nuit", "<b>Ajouté</b> : semaine")
	_, body = ask("/cct/editions/2025-01/2025-06")
	in(body, "Aucun changement de fond")

	_, body = ask("/cct/exigences/EX1?edition=2024-02")
	in(body, `name="edition" value="2024-02"`, `l’édition <b>2024-02</b>`, `href="/cct/exigences/EX1"`, "chaque nuit", `href="/cct/exigences/EX2?edition=2024-02"`)
	if _, body = ask("/cct/exigences/EX1"); strings.Contains(body, "nuit") || strings.Contains(body, "edition=") {
		t.Error("the newest edition does not answer by default, alone")
	}
	if w, _ := ask("/cct/recherche?q=EX3&edition=2024-02"); w.Header().Get("Location") != "/cct/exigences/EX3?edition=2024-02" {
		t.Errorf("an id leads to %q", w.Header().Get("Location"))
	}
	if w, _ := ask("/cct/exigences/EX3@2024-02"); w.Header().Get("Location") != "/cct/exigences/EX3?edition=2024-02" {
		t.Errorf("a dated id leads to %q", w.Header().Get("Location"))
	}
	if w, body := ask("/cct/exigences/EXI-ARCH-7"); w.Code != http.StatusNotFound || !strings.Contains(body, "2024-06-23 : certificats racines") {
		t.Errorf("an id of the living list: %d", w.Code)
	}
	for _, address := range []string{"/cct/exigences?edition=1999-01", "/cct/editions/2024-02/1999-01"} {
		if w, body := ask(address); w.Code != http.StatusNotFound || !strings.Contains(body, "1999-01") || !strings.Contains(body, "2025-06, 2025-01, 2024-02") {
			t.Errorf("%s: %d", address, w.Code)
		}
	}
	if w, body := ask("/cct/api/v1/search?q=nuit&edition=2024-02"); w.Code != http.StatusOK || !strings.Contains(body, `"edition":"2024-02"`) {
		t.Errorf("the API: %d %s", w.Code, body)
	}
}

// TestOlderEditionsKeep: what an older edition answers, page, JSON, Markdown or file,
// leads to itself, never to the edition in service.
func TestOlderEditionsKeep(t *testing.T) {
	h := dated(t, []string{"2025-01", "2024-02"}, map[string]string{
		"2024-02": "| EX1 | P | Les sauvegardes partent chaque nuit, voir [EX2](#ex2). |\n| EX2 | I | Les journaux portent la date exacte. |\n",
		"2025-01": "| EX1 | P | Les sauvegardes partent chaque semaine, voir [EX2](#ex2). |\n",
	})
	asked := 0
	for _, address := range []string{"/api/v1/search?q=sauvegardes", "/api/v1/search?q=EX2", "/api/v1/suggest?q=EX", "/api/v1/exigences", "/api/v1/exigences/EX1", "/api/v1/pages",
		"/api/v1/pages/exigences", "/api/v1/applicable?type=cloud-native", "/api/v1/exigences?format=csv", "/api/v1/applicable?format=csv&type=cloud-native", "/exigences?format=csv",
		"/exigences.md", "/exigences/EX1.md", "/pages/exigences.md", "/exigences/EX1", "/exigences", "/recherche?q=journaux", "/mon-application?type=cloud-native"} {
		sign := "?"
		if strings.Contains(address, "?") {
			sign = "&"
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", "/cct"+address+sign+"edition=2024-02", nil))
		body := html.UnescapeString(w.Body.String())
		if w.Code != http.StatusOK {
			t.Errorf("%s: %d\n%s", address, w.Code, body)
			continue
		}
		for _, found := range regexp.MustCompile(`(?:action=")?/cct/(?:(?:api/v1/)?(?:exigences|pages|applicable|search)|recherche|mon-application)[^"'<>)\s;,\\]*`).FindAllString(body, -1) {
			if strings.HasPrefix(found, "action") {
				continue // a form sends the edition in a field of its own
			}
			asked++
			if !strings.Contains(found, "edition=2024-02") && !strings.Contains(body, `href="`+found+`">Lire la même chose dans l’édition en vigueur`) {
				t.Errorf("%s leads to %s, of the edition in service", address, found)
			}
		}
	}
	if asked < 50 {
		t.Errorf("only %d addresses were looked at", asked)
	}
}
