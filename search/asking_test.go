package search

import (
	"context"
	"slices"
	"testing"
	"testing/fstest"
)

// subject gives the words of a query that count.
func subject(l *Library, query string) []string {
	var out []string
	for _, u := range l.parse(query).units {
		out = append(out, u.Term)
	}
	return out
}

func TestWordsThatOnlyAsk(t *testing.T) {
	l := library(t, small)
	for query, want := range map[string][]string{
		"Bonjour, je voudrais savoir comment sauvegarder mes données s’il vous plaît": {"sauvegarder", "donnees"},
		"est-ce que quelqu’un peut m’expliquer la supervision, merci d’avance":        {"supervision"},
		"pourriez-vous me dire qui livre l’application ?":                             {"livre", "application"},
		"équivalent de trello":                          {"trello"},
		"trello alternative":                            {"trello"},
		"une demande d’aide":                            {"demande", "aide"}, // asked of nobody: a subject
		"l’avance sur salaire":                          {"avance", "salaire"},
		"à partir de quel âge est-ce que je peux voter": {"age", "voter"},
		"que se passe-t-il en cas de panne":             {"panne"},
		"à quoi sert la supervision":                    {"supervision"},
		"un cas d’usage":                                {"cas", "usage"},
		"partir en voyage":                              {"partir", "voyage"},
		"bonjour":                                       {"bonjour"},
		"QUI FAIT LES SAUVEGARDES DU RÉSEAU":            {"sauvegardes", "reseau"},
		"SI":                                            {"si"},
		"MCO SI":                                        {"mco", "si"},
	} {
		if got := subject(l, query); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", query, got, want)
		}
	}
}

func TestACompoundOfKnownWordsCountsByThem(t *testing.T) {
	l := library(t, fstest.MapFS{
		"a.md": {Data: []byte("---\ntitle: Épargner\n---\n\nL’assurance vie est un placement. La chaîne CI/CD livre.\n")},
		"b.md": {Data: []byte("---\ntitle: Léguer\n---\n\nUne assurance-vie se lègue. Le wi-fi est gratuit.\n")},
	})
	for query, want := range map[string][]string{
		"assurance-vie": {"assurance", "vie"},
		"CI/CD":         {"cicd", "ci", "cd"},
		"wi-fi":         {"wifi", "wi", "fi"},
	} {
		q, err := l.understand(context.Background(), Request{Query: query})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range q.concepts {
			got = append(got, c.Term)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", query, got, want)
		}
	}
}

func TestKindThatIsAskedFor(t *testing.T) {
	l := library(t, small)
	for query, want := range map[string]string{
		"quel outil pour sauvegarder":            "outil",
		"dans quelles conditions sauvegarder":    "conditions",
		"quel est le coût d’une sauvegarde":      "cout",
		"quelle était la durée des sauvegardes":  "duree",
		"combien de temps garder la sauvegarde":  "temps",
		"le temps de la sauvegarde":              "",
		"où est la sauvegarde":                   "",
		"la sauvegarde est chiffrée":             "",
		"à quel moment faut-il sauvegarder":      "moment",
		"je ne sais quel jour est la sauvegarde": "jour",
	} {
		got := ""
		for _, w := range l.parse(query).units {
			if w.Kind {
				got += w.Term
			}
		}
		if got != want {
			t.Errorf("%q asks for %q, want %q", query, got, want)
		}
	}
}

func TestATurnMeansANoun(t *testing.T) {
	l := library(t, fstest.MapFS{
		"a.md": {Data: []byte("# Vie\n\nUn jeton a une durée limitée.\n")},
		"b.md": {Data: []byte("# Course\n\nUn jeton se vérifie en peu de temps.\n")},
	})
	for query, want := range map[string][]string{
		"combien de temps vit un jeton": {"a", "b"},
		"le temps d’un jeton":           {"b", "a"},
	} {
		if got := idsOf(ask(t, l, Request{Query: query})); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", query, got, want)
		}
	}
	if got := idsOf(ask(t, l, Request{Query: "combien de temps vit un jeton", NoExpand: true})); got[0] != "b" {
		t.Errorf("only these words: %q", got)
	}
}
