package ui

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/cct-mi/cct/content/ingest"
)

// TestIDsOfOtherFrameworksHaveAddresses: ids with slashes and blanks are found by their
// own address, escaped or not, and however they are typed.
func TestIDsOfOtherFrameworksHaveAddresses(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Exigences\n\n| ID | Niveau | Intitulé | Exigence | Nature | Catégorie | Autre édition |\n|---|---|---|---|---|---|---|\n")
	ids := []string{"SEC/AUT/01", "RGAA 1.1", "REQ-001", "12.3.4", "EXI-ARCH-4", "EX7"}
	for _, id := range ids {
		fmt.Fprintf(&b, "| %s | **P** | Chose | La chose %s est faite. | | | |\n", id, id)
	}
	lib := open(t, fstest.MapFS{"exigences.md": {Data: []byte(b.String())}}, ingest.Options{})
	for _, base := range []string{"", "/cct"} {
		s := newSite(t, lib, Options{BasePath: base})
		for _, id := range ids {
			address := base + "/exigences/" + url.PathEscape(id)
			if w := get(s, address); w.Code != 200 || !strings.Contains(w.Body.String(), id) {
				t.Errorf("%s: %d", address, w.Code)
			}
			if w := get(s, base+"/exigences/"+url.PathEscape(strings.ToLower(id))); id != strings.ToLower(id) && (w.Code != 301 || w.Header().Get("Location") != address) {
				t.Errorf("%s in small letters: %d %s, want %s", id, w.Code, w.Header().Get("Location"), address)
			}
			if w := get(s, base+"/api/v1/exigences/"+url.PathEscape(id)); w.Code != 200 || !strings.Contains(w.Body.String(), `"url":"`+address+`"`) {
				t.Errorf("%s in the API: %d %.300s", id, w.Code, w.Body)
			}
			if w := get(s, base+"/recherche?q="+url.QueryEscape(id)); w.Code != 302 || w.Header().Get("Location") != address {
				t.Errorf("%s searched: %d %s", id, w.Code, w.Header().Get("Location"))
			}
		}
	}
	w := get(newSite(t, lib, Options{}), "/api/v1/applicable?id="+url.QueryEscape("sec-aut-1,req 1"))
	if body := w.Body.String(); w.Code != 200 || !strings.Contains(body, `"SEC/AUT/01"`) || !strings.Contains(body, `"REQ-001"`) || strings.Contains(body, `"EX7"`) {
		t.Errorf("ids of an export: %d %.300s", w.Code, body)
	}
}
