package ui

import (
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/cct-mi/cct/content/ingest"
)

// TestFamily: whatever order the source has, what is recommended comes first and
// what is to be left last, with versions; the product and the list lead there.
func TestFamily(t *testing.T) {
	s := newSite(t, open(t, fstest.MapFS{"produits.md": {Data: []byte("# Produits\n\n## Partie 2 : Architecture - [ AT ]\n\n### Chapitre 4 : Serveurs - [ T2 ]\n\n" +
		"| Référence | Composant | Fournisseur | Version | Statut |\n|---|---|---|---|---|\n| AT-1001 | Chat | Asso | 7 | M |\n| AT-1002 | Chat | Asso | 9 | R |\n| AT-1003 | Chat | Asso | 8 | A |\n| AT-1004 | Chien | Autre | 2 | |\n" +
		"\n### Chapitre 5 : Autres - [ IN ]\n\n| Référence | Composant | Fournisseur | Version | Statut |\n|---|---|---|---|---|\n| AT-1005 | File | Asso | 3 | R |\n")}}, ingest.Options{}), Options{})
	page := get(s, "/familles/AT/T2").Body.String()
	last := 0
	for _, want := range []string{"Serveurs : 4 produits", "Recommandés", "AT-1002", "Tolérés", "AT-1003", "À quitter", "AT-1001", ">7<", "Sans statut", "AT-1004", "Autres familles", "/familles/AT/IN"} {
		at := strings.Index(strings.ReplaceAll(page, "\u00a0", " ")[last:], want)
		if at < 0 {
			t.Fatalf("%q is missing, or stands before what precedes it: %s", want, page)
		}
		last += at
	}
	for _, from := range []string{"/produits", "/produits/AT-1001"} {
		if !strings.Contains(get(s, from).Body.String(), `href="/familles/AT/T2"`) {
			t.Errorf("%s does not lead to the family", from)
		}
	}
	for _, absent := range []string{"/familles/AT/ZZ", "/familles/at/t2x"} {
		if w := get(s, absent); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", absent, w.Code)
		}
	}
}
