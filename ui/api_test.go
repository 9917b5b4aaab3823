package ui

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/cct-mi/cct/search"
)

// TestProgrammingPage: the page names every address and the programs say where
// this very server is.
func TestProgrammingPage(t *testing.T) {
	lib := little(t)
	s, err := New(Options{Current: func() *search.Library { return lib }, BasePath: "/cct"})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://cct.exemple.fr/cct/api", nil))
	if w.Code != http.StatusOK {
		t.Fatal(w.Code, w.Body)
	}
	page := w.Body.String()
	for _, want := range []string{"http://cct.exemple.fr/cct/api/v1/search", "/applicable", "PowerShell", "urlopen", "app-perimetre", `href="/cct/api/v1/openapi.json"`} {
		if !strings.Contains(page, want) {
			t.Errorf("%q isn't on the page", want)
		}
	}
}
