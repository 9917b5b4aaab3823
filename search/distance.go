package search

import (
	"sort"
	"strings"
)

// rows of the AZERTY keyboard: a slip of the finger is likelier than another
// letter.
var keyRows = []string{"azertyuiop", "qsdfghjklm", "wxcvbn"}

// nextTo says of two keys whether they are neighbours.
var nextTo = func() (t [256][256]bool) {
	for r, row := range keyRows {
		for i := range len(row) {
			for _, other := range []int{r, r + 1} {
				if other >= len(keyRows) {
					continue
				}
				for j := max(i-1, 0); j <= i+1 && j < len(keyRows[other]); j++ {
					t[row[i]][keyRows[other][j]] = true
					t[keyRows[other][j]][row[i]] = true
				}
			}
		}
	}
	return t
}()

// distances is a table of edit distances: how far the first i letters of what was typed
// are from the first j of another word stands in row j at place i.
type distances struct {
	typed string
	rows  [][]float64
}

func distancesFrom(typed string) *distances {
	d := &distances{typed: typed}
	first := make([]float64, len(typed)+1)
	for i := range first {
		first[i] = float64(i)
	}
	d.rows = append(d.rows, first)
	return d
}

// fill computes row j of a word; those before it must stand. The distance is the
// optimal string alignment distance (Damerau, Levenshtein), where neighbouring keys,
// swapped letters and a letter doubled or not doubled cost less than 1.
func (d *distances) fill(word string, j int) {
	if len(d.rows) <= j {
		d.rows = append(d.rows, make([]float64, len(d.typed)+1))
	}
	row, above, letter := d.rows[j], d.rows[j-1], word[j-1]
	row[0] = float64(j)
	ins := 1.0
	if j > 1 && letter == word[j-2] {
		ins = .7
	}
	for i := 1; i <= len(d.typed); i++ {
		typed, del, sub := d.typed[i-1], 1.0, 0.0
		if typed != letter {
			sub = 1
			if nextTo[typed][letter] {
				sub = .8
			}
		}
		if i > 1 && typed == d.typed[i-2] {
			del = .7
		}
		best := min(above[i-1]+sub, row[i-1]+del, above[i]+ins)
		if i > 1 && j > 1 && typed == word[j-2] && d.typed[i-2] == letter && typed != letter {
			best = min(best, d.rows[j-2][i-2]+.8)
		}
		row[i] = best
	}
}

// beyond says whether no word that begins with the j letters of the last row is within
// a limit: a swap may still lead on from the row before.
func (d *distances) beyond(j int, limit float64) bool {
	for i, near := range d.rows[j] {
		if near <= limit || d.rows[j-1][i]+.8 <= limit {
			return false
		}
	}
	return true
}

// editDistance is how unlikely it is that one word was typed for another.
func editDistance(typed, meant string) float64 {
	d := distancesFrom(typed)
	for j := range len(meant) {
		d.fill(meant, j+1)
	}
	return d.rows[len(meant)][len(typed)]
}

// nearWords lists those of some words in byte order that are within a limit of what was
// typed, two letters at least; a word that begins otherwise, its first two letters
// swapped apart, must be within 1. Beginnings that lead nowhere are passed over with all
// that share them.
func nearWords(words []string, typed string, limit float64) (near []string) {
	d := distancesFrom(typed)
	known := "" // the beginning whose rows stand
	for len(words) > 0 {
		word, within := words[0], limit
		if !beginsLike(word, typed) {
			within = min(limit, 1)
		}
		j := 0
		for j < len(word) && j < len(known) && word[j] == known[j] {
			j++
		}
		lost := false
		for j < len(word) && !lost {
			j++
			d.fill(word, j)
			lost = d.beyond(j, within)
		}
		known = word[:j]
		if lost {
			words = words[beginningWith(words, known):]
			continue
		}
		if d.rows[j][len(typed)] <= within {
			near = append(near, word)
		}
		words = words[1:]
	}
	return near
}

// beginsLike says whether a word has the first letter of what was typed, or its first two
// swapped.
func beginsLike(word, typed string) bool {
	return word[0] == typed[0] || len(word) > 1 && word[0] == typed[1] && word[1] == typed[0]
}

// beginningWith counts the words at the head of a sorted list that begin like the first.
func beginningWith(words []string, beginning string) int {
	reach := 1
	for reach < len(words) && strings.HasPrefix(words[reach], beginning) {
		reach *= 2
	}
	reach = min(reach, len(words))
	return sort.Search(reach, func(i int) bool { return !strings.HasPrefix(words[i], beginning) })
}
