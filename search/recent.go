package search

import (
	"unicode/utf8"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search/french"
)

// recentKept bounds the documents that are kept because answers showed them lately,
// in bytes. Half of a search went into reading the same ones again.
const recentKept = 4 << 20

// shown is a document that an answer shows.
type shown struct {
	*entry
	shownTitle string
	quoted     string   // what of its text a snippet may be from
	runes      int      // of that
	beginning  markable // of its first snippetScan bytes
}

func shownOf(e *entry, title string, stems *french.Stemmer) *shown {
	quoted := e.body
	if len(quoted) > snippetMax {
		quoted = quoted[:clean(quoted, snippetMax)]
	}
	return &shown{e, title, quoted, utf8.RuneCountInString(quoted), markableIn(quoted[:snippetPart(quoted, 0)], stems)}
}

// markable is what of a text may be marked: its words that carry a subject, in order,
// and its ids.
type markable struct {
	words []word
	codes [][2]int
}

// word is a word of a text that carries a subject.
type word struct {
	start, end int
	stem       string
	sign       byte // of the stem
}

func markableIn(text string, stems *french.Stemmer) markable {
	m := markable{codes: content.Codes(text)}
	french.Each(text, func(t french.Token) {
		if !t.IsStop() {
			stem := stems.Stem(t.Term)
			m.words = append(m.words, word{t.Start, t.End, stem, signOf(stem)})
		}
	})
	return m
}

// size is what it takes in memory, in bytes, the words' stems being kept once for all.
func (m markable) size() int { return 40*len(m.words) + 16*len(m.codes) }
