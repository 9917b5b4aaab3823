package search

import (
	"fmt"
	"slices"
	"strings"
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

// TestIDsInWordsAndNumbers: however ids are typed and listed, their records come
// first, in the question's order, and nothing known is said to be unknown.
func TestIDsInWordsAndNumbers(t *testing.T) {
	l := library(t, fstest.MapFS{
		"exigences.md": {Data: []byte("# Exigences\n\n| ID | Niveau | Intitulé | Exigence | Nature | Catégorie | Autre édition |\n|---|---|---|---|---|---|---|\n" + rows("EX%d", 1, 12) + rows("SEC/AUT/%02d", 1, 3) + rows("REQ-%03d", 1, 4) + rows("EXI-ARCH-%d", 3, 5))},
		"regles.md":    {Data: []byte("# Règles\n\n### Règle 2.2.1\n\nPublier en CSV.\n\n### Règle 2.2.2\n\nNommer les domaines.\n\n### Règle 2.2.3\n\nJournaliser.\n")},
	})
	for query, want := range map[string]string{
		"EX7 et EX8": "EX7 EX8", "EX7, EX8, EX3": "EX7 EX8 EX3", "EX8 EX7": "EX8 EX7", "EX1 à EX5": "EX1 EX5 ", "EX1-EX5": "EX1 EX5 ", "EX2–4": "EX2 EX4 ",
		"exigence 7": "EX7", "exigences 7 et 8": "EX7 EX8", "EX7, 8 et 9": "EX7 EX8 EX9", "règle 2.2.1": "2.2.1", "les règles 2.2.1 et 2.2.2": "2.2.1 2.2.2", "EX007": "EX7",
		"ex 7": "EX7", "EX-7": "EX7", "EX n° 7": "", "que dit EX7 ?": "EX7", "exigence EX7 et règle 2.2.3": "EX7 2.2.3", "SEC/AUT/01": "SEC/AUT/01", "sec-aut-1": "SEC/AUT/01",
		"SEC AUT 2, SEC/AUT/03": "SEC/AUT/02 SEC/AUT/03", "REQ-001": "REQ-001", "req 1": "REQ-001", "REQ-1 à REQ-3": "REQ-001 REQ-003 ", "EXI-ARCH-4": "EXI-ARCH-4", "exi arch 4": "EXI-ARCH-4",
		"EX７": "EX7", "«EX7»": "EX7", "EX7/EX8": "EX7 EX8", "EX7;EX8": "EX7 EX8", "EX7 & EX8": "EX7 EX8", "EX7 jusqu’à EX9": "EX7 EX9 ",
	} {
		a := ask(t, l, Request{Query: query})
		got := strings.Join(idsOf(a), " ")
		if ends, ok := strings.CutSuffix(want, " "); ok { // a range: its first and last, all between in order
			first, last, _ := strings.Cut(ends, " ")
			list := idsOf(a)
			from, to := slices.Index(list, first), slices.Index(list, last)
			inside := list[max(from, 0):max(to+1, from, 0)]
			if from != 0 || to < 1 || !slices.IsSortedFunc(inside, func(a, b string) int { return strings.Compare(idKey(a), idKey(b)) }) {
				t.Errorf("%q finds %s, want %s to %s", query, got, first, last)
			}
		} else if want != "" && !strings.HasPrefix(got+" ", want+" ") {
			t.Errorf("%q finds %s, want %s", query, got, want)
		}
		if want != "" && (!a.Confident || len(a.Unknown) > 0) {
			t.Errorf("%q: confident %v, unknown %q", query, a.Confident, a.Unknown)
		}
	}
	for query, want := range map[string]string{"EX99": "EX99", "EX7 et EX99": "EX99", "REQ-099, REQ-001": "REQ-099", "exigence 99": "99", "EX 99": "EX 99"} {
		if a := ask(t, l, Request{Query: query}); !slices.Equal(a.Unknown, []string{want}) || a.Confident != strings.ContainsAny(query, ",7") {
			t.Errorf("%q: confident %v, unknown %q, want %q", query, a.Confident, a.Unknown, want)
		}
	}
}

func rows(id string, from, to int) string {
	var b strings.Builder
	for n := from; n <= to; n++ {
		fmt.Fprintf(&b, "| "+id+" | **P** | Chose %d | La chose est faite. | | | |\n", n, n)
	}
	return b.String()
}
