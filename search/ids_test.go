package search

import (
	"slices"
	"testing"
	"testing/fstest"
)

func TestNearestIDs(t *testing.T) {
	l := library(t, fstest.MapFS{
		"exigences.md": small["cloud/exigences.md"],
		"regles.md":    {Data: []byte("# Règles\n\n### Règle 2.9\n\nPublier en CSV.\n\n### Règle 2.10\n\nNommer les domaines.\n\n### Règle 5.1\n\nJournaliser 4096 appels.\n\n| Ref | Statut | Intitulé |\n|---|---|---|\n| 1169 | RG | Chaque flux est en TLS. |\n| 1344 | RG | Un cookie de session suffit. |\n")},
	})
	for query, want := range map[string][]string{
		"EX12":       {"EX11", "EX10", "EX2"},
		"ex 3":       {"EX2", "EX1", "EX10"},
		"règle 2.11": {"2.10", "2.9", "5.1"},
		"2.9.4":      {"2.9", "2.10", "5.1"},
		"règle 1170": {"1169", "1344"},
		"9999":       {"1344", "1169"},
	} {
		a := ask(t, l, Request{Query: query})
		if a.Confident || !slices.Equal(a.Suggestions, want) {
			t.Errorf("%q: confident %v, suggests %q, want %q", query, a.Confident, a.Suggestions, want)
		}
	}
	for query, want := range map[string]string{"règle 2.9": "2.9", "1169": "1169", "EX 02": "EX2", "4096": "5.1"} {
		if a := ask(t, l, Request{Query: query}); !a.Confident || len(a.Hits) == 0 || a.Hits[0].ID != want {
			t.Errorf("%q: confident %v, finds %v, want %s", query, a.Confident, idsOf(a), want)
		}
	}
}
