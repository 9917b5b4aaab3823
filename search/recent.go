package search

import (
	"github.com/cct-mi/cct/search/french"
)

// recentKept bounds the documents that are kept because answers showed them lately,
// in bytes. Half of a search went into reading the same ones again.
const recentKept = 4 << 20

// shown is a document that an answer shows.
type shown struct {
	*entry
	shownTitle string
	beginning  []word // the words of its text's first snippetScan bytes
}

// word is a word of a text that carries a subject.
type word struct {
	start, end int
	stem       string
}

// wordsOf gives the words of a text that carry a subject, in order.
func wordsOf(text string, stems *french.Stemmer) []word {
	var words []word
	french.Each(text, func(t french.Token) {
		if !t.IsStop() {
			words = append(words, word{t.Start, t.End, stems.Stem(t.Term)})
		}
	})
	return words
}

// wordBytes is what a word takes in memory, its stem being kept once for all.
const wordBytes = 32
