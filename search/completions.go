package search

import (
	"cmp"
	"slices"
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search/french"
)

// MinSuggest is how many characters completion needs.
const MinSuggest = 2

// completions are the titles that typing may lead to, found by the words that
// they hold.
type completions struct {
	items []item
	words []wordOf // sorted by word
}

type item struct {
	ref   content.Ref
	kind  content.Kind
	note  string
	key   string   // of the id
	words []string // folded, of the title
	rank  int      // kinds that people look for come first
}

type wordOf struct {
	word string
	item uint32
	at   uint8 // place in the title
}

// completionScan bounds the titles that one keystroke looks at.
const completionScan = 3000

// kindNotes name a kind to a reader.
var kindNotes = map[content.Kind]string{
	content.KindExigence: "Exigence", content.KindProduit: "Produit", content.KindTerme: "Terme", content.KindRegle: "Règle", content.KindNorme: "Norme", content.KindSection: "Page",
}

func (l *Library) learnCompletions() (*completions, error) {
	c := &completions{}
	known := map[string]string{} // few words and notes serve many titles: each is kept once
	once := func(text string) string {
		if old, ok := known[text]; ok {
			return old
		}
		known[text] = text
		return text
	}
	add := func(it item, title string) {
		it.note = once(it.note)
		for _, w := range titleWords(title) {
			it.words = append(it.words, once(w))
		}
		n := uint32(len(c.items))
		c.items = append(c.items, it)
		for at, w := range it.words {
			c.words = append(c.words, wordOf{w, n, uint8(at)})
		}
	}
	for rank, kind := range []content.Kind{content.KindExigence, content.KindTerme, content.KindProduit, content.KindRegle, content.KindNorme} {
		err := l.catalog.EachRecord(kind, func(r *content.Record) {
			note := kindNotes[kind]
			switch {
			case r.LevelWord() != "":
				note += ", " + r.LevelWord()
			case r.Produit != nil && r.Produit.Chapter != "":
				note += ", " + r.Produit.Chapter
			}
			it := item{ref: content.Ref{Kind: kind, ID: r.ID, Title: r.Title, URL: r.URL()}, kind: kind, note: note, rank: rank}
			if keys := idKeys(r); len(keys) > 0 {
				it.key = keys[0]
			}
			add(it, calledBy(r))
		})
		if err != nil {
			return nil, err
		}
	}
	pages, err := l.catalog.Pages()
	if err != nil {
		return nil, err
	}
	for _, p := range pages {
		note := kindNotes[content.KindSection]
		if t := l.catalog.ThemeTitle(p.Theme); t != "" {
			note += ", " + t
		}
		add(item{ref: content.Ref{Kind: content.KindSection, ID: p.ID, Title: p.Title, URL: "/pages/" + p.ID}, kind: content.KindSection, note: note, rank: 1}, p.Title)
	}
	slices.SortFunc(c.words, func(a, b wordOf) int {
		return cmp.Or(strings.Compare(a.word, b.word), cmp.Compare(a.item, b.item), cmp.Compare(a.at, b.at))
	})
	return c, nil
}

// titleWords are the words of a title as folded, compounds by their parts.
func titleWords(title string) (words []string) {
	for _, t := range french.Tokenize(title) {
		if len(words) < 40 && (!t.Joined || t.Signed()) {
			words = append(words, t.Term)
		}
	}
	return words
}

// calledBy is what people call a record by: its name, or a term and its other names.
func calledBy(r *content.Record) string {
	if r.Kind == content.KindTerme {
		return join(append([]string{r.Terme.Term}, r.Terme.Aliases...)...)
	}
	return r.Name
}

// from is the range of words that begin like w.
func (c *completions) from(w string) []wordOf {
	lo, _ := slices.BinarySearchFunc(c.words, w, func(x wordOf, w string) int { return strings.Compare(x.word, w) })
	hi := lo
	for hi < len(c.words) && hi-lo < completionScan && strings.HasPrefix(c.words[hi].word, w) {
		hi++
	}
	return c.words[lo:hi]
}
