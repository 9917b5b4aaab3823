package search

import (
	"slices"
	"testing"
)

// subject gives the words of a query that count.
func subject(l *Library, query string) []string {
	var out []string
	for _, u := range l.parse(query, l.stems).units {
		out = append(out, u.word)
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
