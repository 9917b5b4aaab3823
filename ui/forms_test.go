package ui

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// TestAccept: what the header prefers is given, by weight and then by order, and
// HTML to whoever names nothing that we have.
func TestAccept(t *testing.T) {
	s := newSite(t, little(t), Options{})
	for header, want := range map[string]string{
		"": "text/html", "*/*": "text/html", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": "text/html", "image/png": "text/html",
		"text/markdown": "text/markdown", "text/markdown, text/html, */*": "text/markdown", "text/html, text/markdown": "text/html", "text/html;q=0.5, Text/Markdown;q=0.9": "text/markdown",
		"application/json": "application/json", "application/json;q=0.2, text/html": "text/html", "text/markdown;q=0, text/html;q=0.1": "text/html",
	} {
		for _, address := range []string{"/exigences/EX2", "/exigences", "/pages/presentation", "/pages", "/regles/1167", "/glossaire"} {
			r := httptest.NewRequest(http.MethodGet, address, nil)
			r.Header.Set("Accept", header)
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			if w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), want) || !strings.Contains(strings.Join(w.Header().Values("Vary"), ","), "Accept") {
				t.Errorf("%s, Accept %q: %d %v", address, header, w.Code, w.Header())
			}
		}
	}
}

// TestAlternates: every page says where its other forms and its own address are,
// and they are there.
func TestAlternates(t *testing.T) {
	s := newSite(t, little(t), Options{BasePath: "/cct"})
	for _, address := range []string{"/cct/exigences/EX2", "/cct/pages/presentation", "/cct/produits", "/cct/glossaire"} {
		links := get(s, address).Header().Values("Link")
		want := []string{"<http://example.com" + address + `>; rel="canonical"`, "<" + address + `.md>; rel="alternate"; type="text/markdown"`, "<" + address + `.json>; rel="alternate"; type="application/json"`}
		if !slices.Equal(links, want) {
			t.Errorf("%s: %v", address, links)
		}
		for _, form := range []string{".md", ".json"} {
			w := get(s, address+form)
			if w.Code != 200 || w.Header().Get("Link") != want[0] {
				t.Errorf("%s%s: %d %v", address, form, w.Code, w.Header().Values("Link"))
			}
		}
	}
	api := get(s, "/cct/api/v1/exigences/EX2").Body.String()
	if got := get(s, "/cct/exigences/EX2.json").Body.String(); got != api {
		t.Errorf("%s\nis not the API's\n%s", got, api)
	}
}

// TestLinkedData: what a page says of itself to machines is JSON of schema.org, and
// no script.
func TestLinkedData(t *testing.T) {
	s := newSite(t, little(t), Options{})
	for address, kind := range map[string]string{"/exigences/EX1": "DefinedTerm", "/produits/PT-1001": "DefinedTerm", "/pages/presentation": "TechArticle"} {
		body := get(s, address).Body.String()
		_, rest, _ := strings.Cut(body, `<script type="application/ld+json">`)
		text, _, ok := strings.Cut(rest, "</script>")
		var v map[string]any
		if err := json.Unmarshal([]byte(text), &v); err != nil || !ok || v["@type"] != kind || v["@context"] != "https://schema.org" || v["url"] != "http://example.com"+address {
			t.Errorf("%s: %v: %s", address, err, text)
		}
	}
}
