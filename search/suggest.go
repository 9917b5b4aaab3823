package search

import (
	"cmp"
	"context"
	"net/url"
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
	names bool     // a product or a term
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
	add := func(it item, title string) {
		for _, t := range french.Tokenize(title) {
			if len(it.words) < 40 && (!t.Joined || t.Signed()) {
				it.words = append(it.words, t.Term)
			}
		}
		n := uint32(len(c.items))
		c.items = append(c.items, it)
		for at, w := range it.words {
			c.words = append(c.words, wordOf{w, n, uint8(at)})
		}
	}
	for rank, kind := range []content.Kind{content.KindExigence, content.KindTerme, content.KindProduit, content.KindRegle, content.KindNorme} {
		records, err := l.catalog.Records(kind)
		if err != nil {
			return nil, err
		}
		for _, r := range records {
			note := kindNotes[kind]
			switch {
			case r.Exigence != nil && r.Exigence.Level != "":
				note += ", " + string(r.Exigence.Level)
			case r.Produit != nil && r.Produit.Chapter != "":
				note += ", " + r.Produit.Chapter
			}
			it := item{ref: content.Ref{Kind: kind, ID: r.ID, Title: r.Title, URL: r.URL()}, kind: kind, note: note, rank: rank, names: kind == content.KindProduit || kind == content.KindTerme}
			title := r.Name
			if keys := idKeys(r); len(keys) > 0 {
				it.key = keys[0]
			}
			if kind == content.KindTerme {
				title = join(append([]string{r.Terme.Term}, r.Terme.Aliases...)...)
			}
			add(it, title)
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

// from is the range of words that begin like w.
func (c *completions) from(w string) []wordOf {
	lo, _ := slices.BinarySearchFunc(c.words, w, func(x wordOf, w string) int { return strings.Compare(x.word, w) })
	hi := lo
	for hi < len(c.words) && hi-lo < completionScan && strings.HasPrefix(c.words[hi].word, w) {
		hi++
	}
	return c.words[lo:hi]
}

// Suggest completes what is being typed, from two letters on: ids first, then
// titles that hold words beginning so, then queries with the last word
// completed. All that it gives opens or finds something.
func (l *Library) Suggest(ctx context.Context, text string, limit int) ([]Suggestion, error) {
	out := []Suggestion{}
	if limit <= 0 {
		limit = 8
	}
	text = strings.TrimSpace(text)
	var words []string
	for _, t := range french.Tokenize(text) {
		if !t.Joined || t.Signed() {
			words = append(words, t.Term)
		}
	}
	if len([]rune(text)) < MinSuggest || len(words) == 0 || len(words) > maxWords {
		return out, nil
	}
	c, err := l.completions()
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	put := func(s Suggestion) {
		said := french.FoldText(s.Text) + "\x00" + s.Note // pages of one name are one to a reader
		if len(out) < limit && !seen[s.URL] && !seen[said] {
			seen[s.URL], seen[said] = true, true
			out = append(out, s)
		}
	}
	putItem := func(it *item) {
		put(Suggestion{Text: it.ref.Title, Type: it.kind, ID: it.ref.ID, URL: it.ref.URL, Note: it.note})
	}
	named, err := l.named(text)
	if err != nil {
		return nil, err
	}
	entries, err := l.entries(named.documents)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		note := kindNotes[e.kind]
		if e.level != "" {
			note += ", " + e.level
		}
		put(Suggestion{Text: e.title, Type: e.kind, ID: e.id, URL: e.url, Note: note})
	}
	type match struct {
		item *item
		cost int
	}
	var matches []match
	if key := idKey(text); len(key) >= 2 && strings.ContainsAny(key, "0123456789") {
		for i := range c.items {
			it := &c.items[i]
			if strings.HasPrefix(it.key, key) {
				matches = append(matches, match{it, len(it.key)})
			}
		}
	}
	sel := c.from(words[0])
	for _, w := range words[1:] {
		if s := c.from(w); len(s) < len(sel) {
			sel = s
		}
	}
	last := -1
	ordered := slices.Clone(sel)
	slices.SortFunc(ordered, func(a, b wordOf) int { return cmp.Compare(a.item, b.item) })
	for _, w := range ordered {
		if int(w.item) == last {
			continue
		}
		last = int(w.item)
		it := &c.items[w.item]
		cost, ok := it.fits(words)
		if ok {
			matches = append(matches, match{it, 100 + cost + it.rank*3})
		}
	}
	slices.SortStableFunc(matches, func(a, b match) int {
		return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(len(a.item.ref.Title), len(b.item.ref.Title)), strings.Compare(a.item.ref.URL, b.item.ref.URL))
	})
	queries, err := l.completeQuery(text, words)
	if err != nil {
		return nil, err
	}
	notions, err := l.completeNotion(text)
	if err != nil {
		return nil, err
	}
	if len(matches)+len(queries) < limit {
		queries = append(queries, notions...)
	}
	room := limit - min(len(queries), max(2, limit/3))
	for _, m := range matches {
		if len(out) >= room {
			break
		}
		putItem(m.item)
	}
	for _, q := range queries {
		put(Suggestion{Text: q, URL: "/recherche?q=" + url.QueryEscape(q), Note: "Rechercher"})
	}
	for _, m := range matches {
		putItem(m.item)
	}
	if len(out) == 0 && len(words) > 1 { // the word under way leads nowhere: what stands before it
		if before := strings.TrimSpace(text[:strings.LastIndexAny(text, " '’-")+1]); before != "" && before != text {
			return l.Suggest(ctx, strings.TrimRight(before, "'’-"), limit)
		}
	}
	return out, ctx.Err()
}

// completeNotion lists the terms of the thesaurus that begin as typed and lead to
// something.
func (l *Library) completeNotion(text string) ([]string, error) {
	typed := typedKey(french.Tokenize(text))
	if len(typed) < 3 {
		return nil, nil
	}
	all, err := l.vocabulary()
	if err != nil {
		return nil, err
	}
	var out []string
	for _, term := range all.from(typed, 5) {
		ok, err := l.leads(term)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, term)
		}
		if len(out) == 2 {
			break
		}
	}
	return out, nil
}

// fits says whether each word begins a word of the title, and how far from an
// exact beginning it is.
func (it *item) fits(words []string) (cost int, ok bool) {
	for i, w := range words {
		at := slices.IndexFunc(it.words, func(x string) bool { return strings.HasPrefix(x, w) })
		if at < 0 {
			return 0, false
		}
		cost += min(at, 9)
		if i == 0 && at == 0 {
			cost -= 5
		}
		if it.words[at] != w {
			cost++
		}
	}
	return cost + min(len(it.words), 10)/2, true
}

// completeQuery lists queries with the last word completed, by the words of the
// content.
func (l *Library) completeQuery(text string, words []string) ([]string, error) {
	last := words[len(words)-1]
	if len(last) < MinSuggest || strings.ContainsAny(last, "+#.") || !french.EndsInWord(text) {
		return nil, nil
	}
	for _, w := range words[:len(words)-1] {
		if french.IsStopWord(w) {
			continue
		}
		if ok, err := l.known(w, l.stems.Stem(w)); err != nil || !ok {
			return nil, err
		}
	}
	list, err := l.completed(last, func(string) bool { return true })
	if err == nil && len(list) == 0 && len(last) > 4 && !french.IsEveryday(last, l.stems.Stem(last)) { // a slip: what begins nearly so
		list, err = l.completed(last[:2], func(term string) bool {
			for n := len(last) - 1; n <= len(last)+1 && n <= len(term); n++ {
				if slips(last, term[:n]) <= 1 {
					return true
				}
			}
			return false
		})
	}
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(list, func(a, b completion) int {
		return cmp.Or(cmp.Compare(b.df, a.df), strings.Compare(a.word, b.word))
	})
	// One form of each family is enough.
	var out []string
	families := map[string]bool{}
	before := strings.TrimSpace(text[:max(strings.LastIndexByte(text, ' '), 0)])
	for _, f := range list {
		st := l.stems.Stem(f.word)
		if families[st] {
			continue
		}
		families[st] = true
		word := f.word
		if len(words) > 1 && french.IsPluralDeterminer(words[len(words)-2]) { // "les sauvegardes"
			if slices.ContainsFunc(list, func(o completion) bool { return o.word == word+"s" }) {
				word += "s"
			}
		}
		out = append(out, join(before, l.spell(word)[0]))
		if len(out) == 5 {
			break
		}
	}
	return out, nil
}

// completion is a word of the content and the number of documents that hold it.
type completion struct {
	word string
	df   uint64
}

// completed lists the words of the content that begin so.
func (l *Library) completed(prefix string, keep func(string) bool) ([]completion, error) {
	terms, err := l.segments.beginning(fieldExact, prefix, 400)
	if err != nil {
		return nil, err
	}
	var list []completion
	for _, t := range terms {
		if len(t.text) > 2 && !french.IsStopWord(t.text) && !french.IsQuestionWord(t.text) && !strings.ContainsAny(t.text, "0123456789.") && keep(t.text) {
			list = append(list, completion{t.text, t.df})
		}
	}
	return list, nil
}
