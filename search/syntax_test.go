package search

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func syntaxLibrary(t *testing.T) *Library {
	return library(t, fstest.MapFS{
		"cloud/exigences.md": {Data: []byte("---\ntitle: Exigences\n---\n\n| ID | Niveau | Intitulé | Exigence | Nature | Catégorie | Autre édition |\n|---|---|---|---|---|---|---|\n" +
			"| EX1 | **P** | Sauvegarde | La sauvegarde va sur un stockage objet S3. | | | |\n| EX2 | **I** | Restauration | La sauvegarde est restaurée chaque mois. | | | |\n" +
			"| EX3 | **P** | Chiffrement | Le chiffrement protège la sauvegarde et l’objet de stockage. | | | |\n| EX30 | **I** | Journaux | Les journaux partent au puits. | | | |\n")},
		"produits/liste.md": {Data: []byte("---\ntitle: Produits\n---\n\n## Partie 1 : Outils\n\n### Chapitre 1 : Suivi\n\n| Référence | Composant | Fournisseur | Version | Statut | Supp. LL | Licence | Évolution | Commentaires |\n|---|---|---|---|---|---|---|---|---|\n| AT-1001 | Sauveur | Libre | 1 | R | Oui | libre | inchangé | Pour sauver |\n| AT-1002 | Vieux | Libre | 1 | M | Oui | libre | inchangé | Pour quitter |\n")},
	})
}

// TestSyntax: what the help page says of a query holds.
func TestSyntax(t *testing.T) {
	l := syntaxLibrary(t)
	for query, want := range map[string]string{
		"type:exigence level:primordial":             "EX1 EX3",
		"type:exigences niveau:Primordial":           "EX1 EX3",
		"type: exigence niveau: important":           "EX2 EX30",
		"theme:cloud type:exigence":                  "EX1 EX2 EX3 EX30",
		`theme:"cloud" type:exigence -sauvegarde`:    "EX30",
		`sauvegarde type:exigence -"stockage objet"`: "EX2 EX3",
		"sauvegarde -s3 type:exigence":               "EX2 EX3",
		"sauvegarde −s3 type:exigence":               "EX2 EX3",
		"sauvegarde –s3 type:exigence":               "EX2 EX3",
		"sauvegarde NON s3 type:exigence":            "EX2 EX3",
		"-s3 type:exigence":                          "EX2 EX3 EX30",
		"id:EX2":                                     "EX2",
		"id:EX30,EX3":                                "EX3 EX30",
		"id:EX3*":                                    "EX3 EX30",
		"statut:M":                                   "AT-1002",
		"status:r":                                   "AT-1001",
		"sauvegarde ET chiffrement type:exigence":    "EX3",
		"restauration OU chiffrement type:exigence":  "EX2 EX3",
		`"stockage objet" type:exigence`:             "EX1",
		"« stockage objet » type:exigence":           "EX1",
		"EX3*":                                       "EX3 EX30",
		"restau* type:exigence":                      "EX2",
	} {
		a := ask(t, l, Request{Query: query})
		got := idsOf(a)
		slices.Sort(got)
		if s := strings.Join(got, " "); s != want || !a.Confident || len(a.Relaxed) > 0 {
			t.Errorf("%s finds %s, want %s; confident %v, relaxed %q", query, s, want, a.Confident, a.Relaxed)
		}
	}
}

// TestExclusionAlone: "-s3" alone lists what does not hold it, and the first hit never does.
func TestExclusionAlone(t *testing.T) {
	l := syntaxLibrary(t)
	for _, query := range []string{"-s3", "−s3", "-\"stockage objet\"", "NON s3"} {
		a := ask(t, l, Request{Query: query, Limit: 50})
		if a.Total < 5 || slices.Contains(idsOf(a), "EX1") {
			t.Errorf("%s finds %d, %q", query, a.Total, idsOf(a))
		}
	}
	for _, query := range []string{"mot-clé", "- s3", "2019-2020", "cloud - natif"} {
		if p := l.parse(query); len(p.not) > 0 {
			t.Errorf("%s excludes %q", query, p.not)
		}
	}
}

// TestRelaxed: what cannot be honoured is said.
func TestRelaxed(t *testing.T) {
	l := syntaxLibrary(t)
	for query, says := range map[string]string{
		`"journaux restaurés"`: "ne figure nulle part", "type:chose sauvegarde": "pas de type", "s* sauvegarde": "trop court",
		"journaux ET restauration": "à la fois", "type:exigence theme:produits": "laissé de côté", "zzz* sauvegarde": "ne commence",
	} {
		a := ask(t, l, Request{Query: query})
		if len(a.Relaxed) != 1 || !strings.Contains(a.Relaxed[0], says) {
			t.Errorf("%s: relaxed %q, want %q", query, a.Relaxed, says)
		}
	}
	if a := ask(t, l, Request{Query: "http://exemple.fr:80 sauvegarde"}); len(a.Relaxed) > 0 {
		t.Errorf("an address is no filter: %q", a.Relaxed)
	}
}

func TestForms(t *testing.T) {
	l := syntaxLibrary(t)
	for _, f := range Forms() {
		if a := ask(t, l, Request{Query: f.Example}); f.Written == "" || f.Means == "" || strings.Contains(f.Means, ":…") && a.Total == 0 {
			t.Errorf("%+v", f)
		}
	}
}

func FuzzSyntax(f *testing.F) {
	for _, form := range Forms() {
		f.Add(form.Example)
	}
	f.Add("-\"«»” \" : *** −– type:\"\" id:* ET NON")
	l := library(f, small)
	f.Fuzz(func(t *testing.T, s string) {
		p := l.parse(s)
		for _, u := range p.all {
			if u.Start < 0 || u.End > len(p.text) {
				t.Fatalf("%q: %+v in %q", s, u, p.text)
			}
		}
	})
}
