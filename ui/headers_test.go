package ui

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// TestSecurityHeaders: every answer, errors included, bears the whole table,
// and no cookie.
func TestSecurityHeaders(t *testing.T) {
	want := map[string]string{
		"X-Content-Type-Options":       "nosniff",
		"X-Frame-Options":              "DENY",
		"Referrer-Policy":              "no-referrer",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
	}
	s := newSite(t, little(t), Options{})
	for _, address := range append(everyKindOfPage, "/nulle-part", "/recherche?q=%ff", "/static/absent.css", "/robots.txt", "/opensearch.xml", "/favicon.ico", "/exigences/ex2",
		"/api/v1/search?q=sauvegarde", "/api/v1/rien", s.assets["style.css"].url(), s.assets["script.js"].url()) {
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodOptions} {
			w := httptest.NewRecorder()
			s.ServeHTTP(w, httptest.NewRequest(method, address, nil))
			for name, value := range want {
				if got := w.Header().Get(name); got != value {
					t.Errorf("%s %s: %s: %q, want %q", method, address, name, got, value)
				}
			}
			policy := w.Header().Get("Content-Security-Policy")
			if !strings.HasPrefix(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") || strings.Contains(policy, "unsafe") {
				t.Errorf("%s %s: policy %q", method, address, policy)
			}
			if w.Header().Get("Permissions-Policy") == "" || w.Header().Get("Set-Cookie") != "" {
				t.Errorf("%s %s: %v", method, address, w.Header())
			}
			if method == http.MethodPost && (w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD, OPTIONS") {
				t.Errorf("POST %s: %d, Allow %q", address, w.Code, w.Header().Get("Allow"))
			}
			if method == http.MethodOptions && (w.Code != http.StatusNoContent || w.Header().Get("Allow") != "GET, HEAD, OPTIONS") {
				t.Errorf("OPTIONS %s: %d, Allow %q", address, w.Code, w.Header().Get("Allow"))
			}
		}
	}
}

func (a *asset) url() string { return "/static/" + a.name }

var pictureAddress = regexp.MustCompile(`src="(/fichiers/[^"]+)"`)

// TestPictures: an image of the content is served with its type, for ever, and
// in a sandbox.
func TestPictures(t *testing.T) {
	s := newSite(t, little(t), Options{})
	found := pictureAddress.FindStringSubmatch(get(s, "/pages/presentation").Body.String())
	if found == nil {
		t.Fatal("the page shows no picture")
	}
	w := get(s, found[1])
	h := w.Header()
	if w.Code != http.StatusOK || h.Get("Content-Type") != "image/svg+xml" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") ||
		!strings.Contains(h.Get("Cache-Control"), "immutable") || h.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%d %v", w.Code, h)
	}
	if w := get(s, "/fichiers/absent.svg"); w.Code != http.StatusNotFound {
		t.Errorf("an absent picture: %d", w.Code)
	}
}

// TestAssets: hashed, immutable, compressed ahead of time, conditional.
func TestAssets(t *testing.T) {
	s := newSite(t, little(t), Options{})
	for _, name := range []string{"style.css", "apparence.js", "script.js", "icone.svg"} {
		a := s.assets[name]
		if a == nil {
			t.Fatalf("%s is not there", name)
		}
		plain := get(s, a.url())
		if plain.Code != http.StatusOK || plain.Body.String() != string(a.body) || !strings.Contains(plain.Header().Get("Cache-Control"), "immutable") || plain.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s: %d %v", name, plain.Code, plain.Header())
		}
		r := httptest.NewRequest(http.MethodGet, a.url(), nil)
		r.Header.Set("Accept-Encoding", "br, gzip")
		zipped := httptest.NewRecorder()
		s.ServeHTTP(zipped, r)
		if a.zipped() != nil {
			z, err := gzip.NewReader(zipped.Body)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if body, err := io.ReadAll(z); err != nil || string(body) != string(a.body) {
				t.Errorf("%s: unzipped %d bytes, %v", name, len(body), err)
			}
		}
		r.Header.Set("Accept-Encoding", "gzip;q=0")
		refused := httptest.NewRecorder()
		s.ServeHTTP(refused, r)
		if refused.Header().Get("Content-Encoding") != "" {
			t.Errorf("%s: compressed for a client that refuses it", name)
		}
		r.Header.Set("If-None-Match", plain.Header().Get("ETag"))
		again := httptest.NewRecorder()
		s.ServeHTTP(again, r)
		if again.Code != http.StatusNotModified || again.Body.Len() > 0 {
			t.Errorf("%s: %d for a client that has it", name, again.Code)
		}
	}
}

// everyKindOfPage is one address of each template, in the little edition.
var everyKindOfPage = []string{"/", "/recherche", "/recherche?q=sauvegarde", "/recherche?q=sauvgarde", "/recherche?q=sauvegarde&type=exigence&app-type=cloud-native", "/recherche?q=xqzwv",
	"/pages", "/pages/presentation", "/pages/presentation?q=sauvegarde", "/pages/exigences-cloud-native", "/pages/ent", "/pages/vide", "/exigences", "/exigences?level=primordial", "/exigences/EX2", "/exigences/EX4",
	"/produits", "/produits/PT-1002", "/regles", "/regles/1166", "/regles/1.1", "/glossaire", "/mon-application", "/mon-application?type=cloud-native&evolution=nouvelle&marche=oui", "/mon-application?type=legacy",
	"/selection", "/selection?ids=EX1,PT-1001", "/comparer?ids=EX1,EX2", "/exigences?tri=nom", "/glossaire?q=a", "/produits?tri=nom&ordre=desc",
	"/accessibilite", "/a-propos", "/conformite", "/api"}

// Budgets of the look: bytes before compression.
const (
	sheetBudget = 22 << 10 // with what printing needs
	pageBudget  = 56 << 10 // with its sheet
)

// TestBudget holds the sheet, and the pages whose length is ours, to their budget.
func TestBudget(t *testing.T) {
	s := newSite(t, little(t), Options{})
	sheet := len(s.assets["style.css"].body)
	if sheet > sheetBudget {
		t.Errorf("the style sheet takes %d bytes, %d at most", sheet, sheetBudget)
	}
	for _, address := range everyKindOfPage {
		if address == "/conformite" {
			continue // every exigence and its proofs on one page, which is meant to be read and printed whole
		}
		if n := get(s, address).Body.Len() + sheet; n > pageBudget {
			t.Errorf("%s takes %d bytes with its sheet, %d at most", address, n, pageBudget)
		}
	}
	first := 0 // a first visit, compressed: page, sheet, scripts, icon
	for _, name := range []string{"style.css", "apparence.js", "script.js", "icone.svg"} {
		first += len(s.assets[name].zipped())
	}
	if first += get(s, "/mon-application").Body.Len(); first > 60<<10 {
		t.Errorf("a first visit takes %d bytes", first)
	}
}
