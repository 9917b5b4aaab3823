package search

import (
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

// shown reads the documents of an answer.
func (l *Library) shown(list []uint32) ([]*shown, error) {
	out := make([]*shown, len(list))
	var missing []uint32
	for i, n := range list {
		d, ok := l.recent.get(n)
		if !ok {
			missing = append(missing, n)
		}
		out[i] = d
	}
	entries, err := l.entries(missing)
	if err != nil {
		return nil, err
	}
	for i, n := range list {
		if out[i] == nil {
			e := entries[0]
			entries = entries[1:]
			out[i] = &shown{e, l.titleOf(e), wordsOf(e.body[:snippetPart(e.body, 0)], l.stems)}
			l.recent.keep(n, out[i], 500+len(e.body)+wordBytes*len(out[i].beginning))
		}
	}
	return out, nil
}

// titleOf is a document's title in an answer. Several rows of a table may begin alike:
// theirs says as much as tells them apart.
func (l *Library) titleOf(e *entry) string {
	if e.kind == content.KindLigne {
		if row, err := l.catalog.Record(e.kind, e.id); err == nil {
			title, _ := l.catalog.RowTitle(row)
			return title
		}
	}
	return e.title
}
