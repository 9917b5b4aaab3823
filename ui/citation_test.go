package ui

import (
	"strings"
	"testing"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/ui/address"
)

// TestCitation: words stand in quotation marks unless they are ours; ours are said to
// be, and lead to the official row; products are told in a sentence.
func TestCitation(t *testing.T) {
	row := content.Official{Source: "a.md", Line: 7, URL: "https://depot.exemple.fr/a.md?plain=1#L7"}
	withWords := row
	withWords.Text = "Les mots\nofficiels."
	requirement := func(restated bool, o content.Official) *content.Record {
		return &content.Record{Kind: content.KindExigence, ID: "EX9", Title: "EX9 — Titre", Text: "Nos mots", Restated: restated, Official: o, Exigence: &content.Exigence{Level: content.Important}}
	}
	for name, c := range map[string]struct {
		record *content.Record
		want   string
	}{
		"ours":              {requirement(true, row), "CCT, édition 2025-01, EX9 (important), reformulé : Nos mots. Texte officiel : " + row.URL + " Fiche : http://cct.exemple.fr/cct/exigences/EX9"},
		"official words":    {requirement(true, withWords), "CCT, édition 2025-01, EX9 (important) : « Les mots officiels. » Texte officiel : " + row.URL + " Fiche : http://cct.exemple.fr/cct/exigences/EX9"},
		"the official text": {requirement(false, content.Official{}), "CCT, édition 2025-01, EX9 (important) : « Nos mots » Fiche : http://cct.exemple.fr/cct/exigences/EX9"},
		"product": {&content.Record{Kind: content.KindProduit, ID: "AT-1", Text: "à éviter", Restated: true, Official: row, Produit: &content.Produit{Name: "CentOS", Version: "6", Vendor: "CentOS", Status: "M"}},
			"CCT, édition 2025-01. Le produit AT-1 est CentOS, version 6, de CentOS, au statut M (maintenu). Commentaire, reformulé : à éviter. Texte officiel : " + row.URL + " Fiche : http://cct.exemple.fr/cct/produits/AT-1"},
		"rule": {&content.Record{Kind: content.KindRegle, ID: "1166", Title: "Règle 1166 — TLS", Text: "TLS partout.", Restated: true, Official: row, Regle: &content.Regle{Status: "RG"}},
			"CCT, édition 2025-01, règle 1166 (RG), reformulé : TLS partout. Texte officiel : " + row.URL + " Fiche : http://cct.exemple.fr/cct/regles/1166"},
	} {
		if got := citation(c.record, content.Head{Name: "2025-01"}, address.Site{Base: "http://cct.exemple.fr/cct"}); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
		if strings.Contains(c.want, content.WordsRestated) && strings.Contains(c.want, "«") {
			t.Errorf("%s: our words in quotation marks", name)
		}
	}
}
