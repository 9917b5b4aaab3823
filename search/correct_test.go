package search

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/cct-mi/cct/search/french"
)

func TestCorrections(t *testing.T) {
	l := library(t, fstest.MapFS{
		"a.md":          {Data: []byte("# Sécurité\n\nLe mot de passe est gardé dans un coffre. L’authentification forte passe par Kubernetes et Linux.\n\nLa supervision des réseaux publie ses résultats. Une décision en mars ; le choix unique.\n")},
		"b.md":          {Data: []byte("# Suivre\n\nUn tableau kanban suit le travail. Le versionnement des sources est en place.\n")},
		"synonymes.txt": {Data: []byte("trello => kanban\ndropbox => partage de fichiers\n")},
	})
	for query, want := range map[string]string{
		"kuberntes":            "Kubernetes",
		"authentificaton":      "authentification",
		"supervisoin":          "supervision",
		"linx":                 "Linux",
		"ssupervision":         "supervision",
		"motdepasse":           "mot de passe",
		"supervision rése aux": "supervision réseaux",
		"trelo":                "trello", // only the thesaurus knows it, and it leads to kanban
		"tre llo":              "trello",
		// What is French, or a name, or too short to tell, is left as it is.
		"musique":            "",
		"Blinux":             "", // a name: no finger slips from b to l
		"Kars":               "",
		"bataille de Genève": "",
		"dropbxo":            "", // its synonyms find nothing
		"version":            "",
	} {
		if a := ask(t, l, Request{Query: query}); a.Corrected != want {
			t.Errorf("%q: corrected to %q, want %q", query, a.Corrected, want)
		}
	}
}

func TestThesaurusKeepsToTheWord(t *testing.T) {
	l := library(t, fstest.MapFS{
		"a.md":          {Data: []byte("# Agents\n\nLes agents ont un compte. Un service sans état redémarre vite. L’état du compte est connu.\n")},
		"b.md":          {Data: []byte("# Fonctions\n\nLa fonction de chaque composant est décrite. Le stockage objet garde tout.\n")},
		"synonymes.txt": {Data: []byte("fonctionnaire, agent\nsans état, stateless\nS3 => stockage objet\nminio, garage => s3\n")},
	})
	for query, want := range map[string]string{
		"fonctionnaires": "agent",
		"fonction":       "", // of its family, another thing
		"stateless":      "sans état",
		"état":           "",
		"s3":             "stockage objet",
		"3":              "",
	} {
		a := ask(t, l, Request{Query: query})
		got := ""
		if len(a.Expanded) > 0 {
			got = a.Expanded[0].With[0]
		}
		if got != want {
			t.Errorf("%q leads to %q, want %q", query, got, want)
		}
	}
	if a := ask(t, l, Request{Query: "stateless"}); a.Total != 1 {
		t.Errorf("stateless finds %v, not only what is without state", idsOf(a))
	}
}

// slipsByEar: words written as they sound are corrected.
func slipsByEar(t *testing.T, l *Library) {
	missed := []string{}
	slips := strings.Fields("otentification konteneur sovegarde ferewall arkitecture akcessibilite supervizion chifrement exijence aplication sekurite journalizasion anuaire ebergement omologation disponibilitee virtualizasion logissiel mesajerie archivaje otorisation federassion kompatibilite kubernetesse deploiement")
	for _, w := range slips {
		if a := ask(t, l, Request{Query: w}); len(a.Hits) == 0 || !a.Confident {
			missed = append(missed, w)
		}
	}
	if len(missed) > 2 {
		t.Errorf("%d of %d are missed: %q", len(missed), len(slips), missed)
	}
}

// slipsReached: names written joined or split and words misspelt in every way lead to
// what is meant.
func slipsReached(t *testing.T, l *Library) {
	asked, missed := 0, []string{}
	for _, line := range linesOf(t, "testdata/relevance/slips.txt") {
		typed, meant, _ := strings.Cut(line, " ; ")
		a := ask(t, l, Request{Query: typed})
		reached := strings.Contains(french.FoldText(a.Corrected), french.FoldText(meant))
		for _, h := range a.Hits[:min(3, len(a.Hits))] {
			reached = reached || strings.Contains(french.FoldText(h.Title), french.FoldText(meant))
		}
		if asked++; !reached || !a.Confident {
			missed = append(missed, typed)
		}
	}
	if asked < 100 || len(missed)*10 > asked {
		t.Errorf("%d of %d are missed: %q", len(missed), asked, missed)
	}
}

// frenchIsCorrectedNowhere: what the list of French forms holds stays as typed.
func frenchIsCorrectedNowhere(t *testing.T, l *Library) {
	for _, word := range strings.Fields(strings.Join(linesOf(t, "testdata/relevance/ordinary.txt"), " ")) {
		if a := ask(t, l, Request{Query: word}); a.Corrected != "" {
			t.Errorf("%s is corrected to %s", word, a.Corrected)
		}
	}
}

// linesOf reads a file of test data without its comments.
func linesOf(t *testing.T, file string) (out []string) {
	t.Helper()
	lines(t, file, func(b []byte) {
		if line := strings.TrimSpace(string(b)); line != "" && line[0] != '#' {
			out = append(out, line)
		}
	})
	return out
}

// frenchIsLeftAlone: an ordinary word that the content lacks is no slip, and a name
// that it lacks is said to be unknown.
func frenchIsLeftAlone(t *testing.T, l *Library) {
	for _, w := range strings.Fields("clavier cantine parcoursup bicyclette salaire vacances chaussette tramway fromage piscine souris casque congés voiture horaire boulanger caravane jardinage Envoy Cilium") {
		a := ask(t, l, Request{Query: w})
		if a.Corrected != "" || a.Confident || !slices.Equal(a.Unknown, []string{w}) {
			t.Errorf("%s is corrected to %q, confident %v, unknown %q", w, a.Corrected, a.Confident, a.Unknown)
		}
	}
}
