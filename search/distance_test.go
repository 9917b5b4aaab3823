package search

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestNearWords: walking a list by its common beginnings finds what comparing each word
// does.
func TestNearWords(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	letters := "aeilrst" // few, so that words are near one another
	word := func() string {
		b := make([]byte, 3+r.IntN(8))
		for i := range b {
			b[i] = letters[r.IntN(len(letters))]
		}
		return string(b)
	}
	var words []string
	for range 3000 {
		words = append(words, word())
	}
	slices.Sort(words)
	words = slices.Compact(words)
	found := 0
	for range 300 {
		typed := word()
		for _, limit := range []float64{1, 2} {
			var want []string
			for _, w := range words {
				within := limit
				if !beginsLike(w, typed) {
					within = 1
				}
				if editDistance(typed, w) <= within {
					want = append(want, w)
				}
			}
			if got := nearWords(words, typed, limit); !slices.Equal(got, want) {
				t.Fatalf("%s within %v: %v, want %v", typed, limit, got, want)
			}
			found += len(want)
		}
	}
	if found < 1000 {
		t.Errorf("only %d near words: the list is too sparse to tell", found)
	}
}

// TestEditDistance: what people do by mistake costs less than a full edit.
func TestEditDistance(t *testing.T) {
	for _, c := range []struct {
		typed, meant string
		want         float64
	}{
		{"reseau", "reseau", 0}, {"resaeu", "reseau", .8}, {"resseau", "reseau", .7}, {"reseau", "resseau", .7}, {"rezeau", "reseau", .8},
		{"rekeau", "reseau", 1}, {"reeau", "reseau", 1}, {"resteau", "reseau", 1}, {"", "ab", 2}, {"ab", "", 2},
	} {
		if got := editDistance(c.typed, c.meant); got < c.want-1e-9 || got > c.want+1e-9 {
			t.Errorf("%q for %q: %v, want %v", c.typed, c.meant, got, c.want)
		}
	}
}
