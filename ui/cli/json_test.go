package cli

import (
	"context"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/ui"
)

// getter asks the JSON API of the edition in "contenu" in the current folder.
func getter(t *testing.T) func(address string) (int, string) {
	t.Helper()
	o, err := (&config{contents: []string{"contenu"}}).openLibrary(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.Close() })
	site, err := ui.New(ui.Options{Current: func() *search.Library { return o.Library }})
	if err != nil {
		t.Fatal(err)
	}
	return func(address string) (int, string) {
		w := httptest.NewRecorder()
		site.ServeHTTP(w, httptest.NewRequest("GET", address, nil))
		return w.Code, w.Body.String()
	}
}

// TestJSONIsTheAPIs: what --json prints is the API's answer, to the letter but
// for the time it took.
func TestJSONIsTheAPIs(t *testing.T) {
	desk(t)
	get := getter(t)
	for _, c := range []struct{ command, address string }{
		{"search --json sauvegarde", "/api/v1/search?q=sauvegarde"},
		{"search --json Sauvegarde stockage S3", "/api/v1/search?q=Sauvegarde+stockage+S3"},
		{"search --format json -n 2 --offset 1 sauvegarde", "/api/v1/search?q=sauvegarde&limit=2&offset=1"},
		{"search --json --type exigence,produit --level important,primordial normes", "/api/v1/search?q=normes&type=exigence,produit&level=important,primordial"},
		{"search --json --theme cloud-native --level non-precise flux", "/api/v1/search?q=flux&theme=cloud-native&level=non-precise"},
		{"search --json --exact sauvegrade", "/api/v1/search?q=sauvegrade&correct=false&expand=false"},
		{"search --json sauvegrade mco", "/api/v1/search?q=sauvegrade+mco"},
		{"search --json --explain EX2", "/api/v1/search?q=EX2&explain=true"},
		{"search --json <b>&", "/api/v1/search?q=" + url.QueryEscape("<b>&")},
		{"search --json xylophone", "/api/v1/search?q=xylophone"},
		{"show --json EX2", "/api/v1/exigences/EX2"},
		{"show --json ex 2", "/api/v1/exigences/EX2"},
		{"show --json PT-1001", "/api/v1/produits/PT-1001"},
		{"show --json 1166", "/api/v1/regles/1166"},
		{"show --json mco", "/api/v1/termes/mco"},
		{"show --json glossaire", "/api/v1/pages/glossaire"},
		{"applicable --json", "/api/v1/applicable"},
		{"applicable --json --type cloud-native --evolution nouvelle --taille grande --perimetre interministeriel --marche oui", "/api/v1/applicable?type=cloud-native&evolution=nouvelle&taille=grande&perimetre=interministeriel&marche=oui"},
		{"export --format csv", "/api/v1/applicable?format=csv"},
		{"export --type cloud-native --marche non", "/api/v1/applicable?type=cloud-native&marche=non&format=csv"},
	} {
		r := cct(t, map[string]string{"CCT_CONTENT": "contenu"}, strings.Fields(c.command)...)
		status, want := get(c.address)
		want = strings.ReplaceAll(want, "http://example.com/", "/") // a command knows no site
		if status != 200 {
			t.Errorf("%s: %d %s", c.address, status, want)
		}
		if steady(r.stdout) != steady(want) || r.stderr != "" {
			t.Errorf("cct %s\n%s%s\nGET %s\n%s", c.command, r.stdout, r.stderr, c.address, want)
		}
	}
}

// TestRefusedByBoth: what the API answers by 400 is a wrong use of the command.
func TestRefusedByBoth(t *testing.T) {
	desk(t)
	get := getter(t)
	for name, query := range map[string]string{
		"600 characters": strings.Repeat("é", 600), "513 characters": strings.Repeat("é", 513), "not UTF-8": "sauve\xffgarde", "Latin-1": "\xe9quipement",
	} {
		r := cct(t, map[string]string{"CCT_CONTENT": "contenu"}, "search", query)
		if r.code != wrongUse || r.stdout != "" || strings.Count(r.stderr, "\n") != 1 || !strings.HasPrefix(r.stderr, "cct: ") {
			t.Errorf("%s: exit %d, %q, %q", name, r.code, r.stdout, r.stderr)
		}
		if status, body := get("/api/v1/search?q=" + url.QueryEscape(query)); status != 400 {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
	if r := cct(t, map[string]string{"CCT_CONTENT": "contenu"}, "search", strings.Repeat("é", 512)); r.code != nothing {
		t.Errorf("512 characters: exit %d, %q", r.code, r.stderr)
	}
}
