package search

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/cct-mi/cct/search/french"
)

// Suggest completes what is being typed, the likeliest first: records and pages whose
// title it begins, then words, terms and pairs of words that the content holds. It
// never makes up a phrase.
func (l *Library) Suggest(ctx context.Context, text string, limit int) ([]Suggestion, error) {
	if limit <= 0 {
		limit = 8
	}
	c, err := l.completions()
	if err != nil {
		return nil, err
	}
	s := &suggester{Library: l, completions: c, text: strings.TrimSpace(text), limit: limit, out: []Suggestion{}, seen: map[string]bool{}}
	s.words = words(s.text)
	if utf8.RuneCountInString(s.text) < MinSuggest || len(s.words) == 0 || len(s.words) > maxWords {
		return s.out, nil
	}
	for _, propose := range []func() error{s.named, s.titles, s.before} {
		if err := propose(); err != nil {
			return nil, err
		}
	}
	return s.out, ctx.Err()
}

// suggester completes one text.
type suggester struct {
	*Library
	completions *completions
	text        string
	words       []string // folded
	limit       int
	out         []Suggestion
	seen        map[string]bool // addresses and titles
}

func (s *suggester) put(g Suggestion) {
	said := french.FoldText(g.Text) + "\x00" + g.Note // pages of one name are one to a reader
	if len(s.out) < s.limit && !s.seen[g.URL] && !s.seen[said] {
		s.seen[g.URL], s.seen[said] = true, true
		s.out = append(s.out, g)
	}
}

// named proposes the records that the text names by their ids.
func (s *suggester) named() error {
	n, err := s.Library.ids.named(s.text)
	if err != nil {
		return err
	}
	entries, err := s.documents.entries(n.documents)
	for _, e := range entries {
		note := kindNotes[e.kind]
		if e.level != "" {
			note += ", " + e.level
		}
		s.put(Suggestion{Text: e.title, Type: e.kind, ID: e.id, URL: e.url, Note: note})
	}
	return err
}

// titles proposes records and pages by their titles, and leaves room for queries.
func (s *suggester) titles() error {
	matches, err := s.matching(s.words)
	if err != nil {
		return err
	}
	completed, err := s.lastWords()
	if err != nil {
		return err
	}
	if len(matches) == 0 { // a slip: the titles that hold what was meant
		for _, w := range completed {
			more, err := s.matching(append(slices.Clone(s.words[:len(s.words)-1]), w))
			if err != nil {
				return err
			}
			matches = append(matches, more...)
		}
	}
	queries, err := s.queries(completed)
	if err != nil {
		return err
	}
	if notions, err := s.notions(); err != nil {
		return err
	} else if len(matches)+len(queries) < s.limit {
		queries = append(queries, notions...)
	}
	room := s.limit - min(len(queries), max(2, s.limit/3))
	if err := s.putItems(matches[:min(len(matches), max(room-len(s.out), 0))]); err != nil {
		return err
	}
	for _, q := range queries {
		s.put(Suggestion{Text: q, URL: "/recherche?q=" + url.QueryEscape(q), Note: "Rechercher"})
	}
	return s.putItems(matches)
}

// putItems proposes items of the completions, as far as there is room.
func (s *suggester) putItems(items []uint32) error {
	return s.store.Read(func() error {
		for _, n := range items {
			if len(s.out) == s.limit {
				break
			}
			s.put(s.completions.suggestion(n, s.catalog.ThemeTitle))
		}
		return nil
	})
}

// matching lists the items whose titles hold all words, the last perhaps unfinished, and
// those whose ids begin as typed; the nearest first.
func (s *suggester) matching(words []string) (items []uint32, err error) {
	err = s.store.Read(func() error {
		items = s.completions.matching(s.text, words)
		return nil
	})
	return items, err
}

func (c *completions) matching(text string, words []string) []uint32 {
	type match struct {
		item, place uint32
		cost, title int // length of the title
	}
	var matches []match
	if key := idKey(text); len(key) >= 2 && strings.ContainsAny(key, "0123456789") {
		for i := range c.items.size() {
			if own := string(c.items.key(i)); strings.HasPrefix(own, key) {
				title, place := c.titleAndPlace(uint32(i))
				matches = append(matches, match{uint32(i), place, len(own), len(c.titles.key(int(title)))})
			}
		}
	}
	typed := make([]begun, len(words))
	var candidates []uint32
	for i, w := range words {
		typed[i] = c.begun(w)
		if led := c.leads(typed[i]); i == 0 || len(led) < len(candidates) {
			candidates = led
		}
	}
	slices.Sort(candidates)
	for _, n := range slices.Compact(candidates) {
		title, place := c.titleAndPlace(n)
		if cost, ok := c.fits(title, typed); ok {
			matches = append(matches, match{n, place, 100 + cost, len(c.titles.key(int(title)))})
		}
	}
	slices.SortStableFunc(matches, func(a, b match) int {
		return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(a.title, b.title), cmp.Compare(a.place, b.place))
	})
	items := make([]uint32, len(matches))
	for i, m := range matches {
		items[i] = m.item
	}
	return items
}

// before proposes what the words before an unfinished one that leads nowhere complete
// to.
func (s *suggester) before() error {
	if len(s.out) > 0 || len(s.words) < 2 {
		return nil
	}
	text := strings.TrimRight(strings.TrimSpace(s.text[:strings.LastIndexAny(s.text, " '’-")+1]), "'’-")
	if text == "" || text == s.text {
		return nil
	}
	s.text, s.words = text, words(text)
	if last := s.words; len(last) == 0 || asksOnly(last[len(last)-1]) {
		return nil
	}
	return s.titles()
}

func asksOnly(word string) bool { return french.IsStopWord(word) || french.IsQuestionWord(word) }

// notionsTried bounds the terms of the thesaurus that are weighed for what is typed.
const notionsTried = 6

// notions lists the terms of the thesaurus that begin as typed, or else as what the
// question is about, and lead to something; those that most documents hold come first.
func (s *suggester) notions() ([]string, error) {
	tokens := french.Tokenize(s.text)
	all, err := s.thesaurus.vocabulary()
	if err != nil {
		return nil, err
	}
	terms := slices.Clone(all.from(typedKey(tokens), notionsTried))
	for len(terms) == 0 && len(tokens) > 1 && asksOnly(tokens[0].Term) {
		tokens = tokens[1:]
		terms = slices.Clone(all.from(typedKey(tokens), notionsTried))
	}
	if len(typedKey(tokens)) < 3 {
		return nil, nil
	}
	held := map[string]int{}
	for _, term := range terms {
		found, err := s.scorer.widenedOf(term)
		if err != nil {
			return nil, err
		}
		held[term] = len(found.docs)
	}
	slices.SortStableFunc(terms, func(a, b string) int { return cmp.Compare(held[b], held[a]) })
	var out []string
	for _, term := range terms {
		ok, err := s.thesaurus.leads(term)
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

const (
	completedWords = 40 // words of the content that are looked at for an unfinished one
	proposedWords  = 5
)

// lastWords lists the words of the content that the unfinished last word completes to,
// those that most documents hold first; by a slip when none begins so.
func (s *suggester) lastWords() ([]string, error) {
	last := s.words[len(s.words)-1]
	if len(last) < MinSuggest || strings.ContainsAny(last, "+#.") || !french.EndsInWord(s.text) || len(s.words) > 1 && asksOnly(last) {
		return nil, nil
	}
	list, err := s.completed(last, func(string) bool { return true })
	if err == nil && len(list) == 0 && len(last) > 4 && !french.IsEveryday(last, s.stems.Stem(last)) {
		list, err = s.completed(last[:2], func(term string) bool {
			for n := len(last) - 1; n <= len(last)+1 && n <= len(term); n++ {
				if editDistance(last, term[:n]) <= 1 {
					return true
				}
			}
			return false
		})
	}
	slices.SortStableFunc(list, func(a, b completion) int {
		return cmp.Or(cmp.Compare(b.df, a.df), strings.Compare(a.word, b.word))
	})
	var out []string
	for _, c := range list[:min(len(list), completedWords)] {
		out = append(out, c.word)
	}
	return out, err
}

// queries lists what is typed with its last word completed, as far as the content holds
// it so: the words before must stand before it somewhere. Words that only ask are left
// out.
func (s *suggester) queries(completed []string) ([]string, error) {
	lead := s.words[:len(s.words)-1]
	for len(lead) > 0 && asksOnly(lead[0]) {
		lead = lead[1:]
	}
	lead = lead[max(0, len(lead)-3):]
	before := ""
	if len(lead) > 0 {
		before = strings.TrimSpace(s.text[:max(strings.LastIndexByte(s.text, ' '), 0)])
	}
	var out []string
	families := map[string]bool{}
	for _, word := range completed {
		stem := s.stems.Stem(word)
		spelt := s.lexicon.spell(word)[0]
		if families[stem] || strings.ContainsAny(spelt, "./@_:") { // an address is no word
			continue
		}
		if len(lead) > 0 {
			docs, err := s.scorer.withPhrase(append(slices.Clone(lead), word))
			if err != nil {
				return nil, err
			}
			if len(docs) == 0 {
				continue
			}
		}
		families[stem] = true // one form of each family is enough
		if len(s.words) > 1 && french.IsPluralDeterminer(s.words[len(s.words)-2]) && slices.Contains(completed, word+"s") {
			spelt = s.lexicon.spell(word + "s")[0] // "les sauvegardes"
		}
		if out = append(out, join(before, spelt)); len(out) == proposedWords {
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
	terms, err := l.index.beginning(fieldExact, prefix, 400)
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
