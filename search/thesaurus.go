package search

import (
	"cmp"
	_ "embed"
	"encoding/binary"
	"errors"
	"io/fs"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search/french"
	"github.com/cct-mi/cct/store"
)

// widening is what a word or a phrase leads to besides itself.
type widening struct {
	Text     string // as the thesaurus writes it
	Capitals bool   // holds only when the query's word is in capitals
	Far      bool   // a synonym of what a one-way group leads to
	Name     bool   // it stands for a name of the market, which the thesaurus leads away from
}

// maxWidenings bounds what one word may lead to.
const maxWidenings = 12

// longestTerm is the most words that a term of the thesaurus may have to be
// recognised in a query.
const longestTerm = 6

// writeExpansions merges the thesaurus that comes with the program, the
// folder's own and what its glossary says, into one list by term.
func writeExpansions(synonyms, glossary []content.Synonym, w *store.Writer) error {
	own, err := embeddedSynonyms()
	if err != nil {
		return err
	}
	groups := slices.Clone(own)
	if !reflect.DeepEqual(own, synonyms) { // they are one and the same in the content that comes with the program
		groups = append(groups, synonyms...)
	}
	ofNames := len(groups)                                       // the one-way groups up to here are
	more, _ := content.ParseSynonyms(strings.NewReader(english)) // a test reads it
	groups = append(groups, more...)
	groups = append(groups, glossary...)
	terms := readTerms(groups)
	if err := writeVocabulary(groups, terms, w); err != nil {
		return err
	}
	lists := map[string][]byte{}
	widenings(groups, ofNames, terms, func(key string, list []widening) { lists[key] = encodeWidenings(list) })
	p, err := packMap(lists)
	return errors.Join(err, w.PutPlain(bucketTables, listExpand, p)) // every question reads it
}

// synonymOf is what a term of the glossary says of its other names; no terms where it
// has none.
func synonymOf(t *content.Terme) (g content.Synonym) {
	if len(t.Aliases) == 0 {
		return g
	}
	for _, text := range append([]string{t.Term}, t.Aliases...) {
		g.Terms = append(g.Terms, content.SynonymTerm{Text: strings.Clone(text), Capitals: ambiguous(text)}) // not to hold the page
	}
	return g
}

// encodeWidenings writes a list as its stored form: of each its two marks, its
// length and its text.
func encodeWidenings(list []widening) []byte {
	n := 0
	for _, w := range list {
		n += 1 + binary.MaxVarintLen16 + len(w.Text)
	}
	b := make([]byte, 0, n)
	for _, w := range list {
		var marks byte
		if w.Capitals {
			marks |= 1
		}
		if w.Far {
			marks |= 2
		}
		if w.Name {
			marks |= 4
		}
		b = binary.AppendUvarint(append(b, marks), uint64(len(w.Text)))
		b = append(b, w.Text...)
	}
	return b
}

var errWidenings = errors.New("les synonymes gardés ne se lisent pas")

func decodeWidenings(b []byte) (list []widening, err error) {
	for len(b) > 0 {
		n, size := binary.Uvarint(b[1:])
		if size <= 0 || n > uint64(len(b)-1-size) {
			return nil, errWidenings
		}
		text := b[1+size:][:n]
		list = append(list, widening{string(text), b[0]&1 != 0, b[0]&2 != 0, b[0]&4 != 0})
		b = b[1+size+int(n):]
	}
	return list, nil
}

// termRead is a term of the thesaurus, cut and folded. A term stands in many
// pairs: read each time, the thesaurus would take as long as the whole index.
type termRead struct {
	keys          []string // under which a query finds it
	folded, typed string
}

func readTerms(groups []content.Synonym) map[string]*termRead {
	st := &french.Stemmer{}
	terms := map[string]*termRead{}
	for _, g := range groups {
		for _, t := range g.Terms {
			if terms[t.Text] == nil {
				tokens := french.Tokenize(t.Text)
				terms[t.Text] = &termRead{lookups(tokens, st), french.Fold(t.Text), typedKey(tokens)}
			}
		}
	}
	return terms
}

// widenings lists what each term leads to, at most maxWidenings, by key. What a
// one-way group names on its right is a notion, so its left leads to the notion's
// other names too.
func widenings(groups []content.Synonym, ofNames int, terms map[string]*termRead, take func(key string, list []widening)) {
	// place is a term of a group.
	type place struct{ group, term int }
	from := map[string][]place{} // what has a key
	for g, group := range groups {
		for t, term := range group.Terms {
			for _, key := range terms[term.Text].keys {
				from[key] = append(from[key], place{g, t})
			}
		}
	}
	var list []widening
	var seen []string
	for key, places := range from {
		list, seen = list[:0], seen[:0]
		name := !slices.ContainsFunc(places, func(p place) bool {
			g := groups[p.group]
			return !g.OneWay || g.SeeAlso || p.term > 0 || p.group >= ofNames
		})
		add := func(p place, to content.SynonymTerm, far bool) {
			if len(list) == maxWidenings {
				return
			}
			other := terms[to.Text]
			if slices.Contains(other.keys, key) || slices.Contains(seen, other.folded) {
				return
			}
			seen = append(seen, other.folded)
			list = append(list, widening{to.Text, groups[p.group].Terms[p.term].Capitals, far, name})
		}
		leads := func(p place) bool { return !groups[p.group].OneWay || p.term == 0 }
		for _, p := range places {
			for j, to := range groups[p.group].Terms {
				if leads(p) && j != p.term {
					add(p, to, groups[p.group].SeeAlso)
				}
			}
		}
		for _, p := range places {
			if !groups[p.group].OneWay || groups[p.group].SeeAlso || p.term > 0 {
				continue
			}
			for _, notion := range groups[p.group].Terms[1:] {
				for _, k := range terms[notion.Text].keys {
					for _, name := range from[k] {
						if !groups[name.group].OneWay {
							for _, to := range groups[name.group].Terms {
								add(p, to, true)
							}
						}
					}
				}
			}
		}
		if len(list) > 0 {
			take(key, list)
		}
	}
}

// english are the terms of the trade that French texts write otherwise.
//
//go:embed english.txt
var english string

// embeddedSynonyms are the thesaurus that comes with the program.
func embeddedSynonyms() ([]content.Synonym, error) {
	f, err := content.Embedded().Open("synonymes.txt")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	groups, _ := content.ParseSynonyms(f) // its faults are ingest's to report
	return groups, nil
}

// ambiguous says whether an acronym reads like a French word when it is not in
// capitals.
func ambiguous(term string) bool {
	w := french.Fold(term)
	return french.InCapitals(term) && (french.IsStopWord(w) || len(w) <= 2)
}

// termKeys are the stems of a term in order, without stop words; a compound
// counts whole and in parts.
func termKeys(tokens []french.Token, st *french.Stemmer) []string {
	var whole, parts []string
	lost := false // a part that is a stop word: the other parts alone are too little
	for _, t := range tokens {
		if french.IsStopWord(t.Term) && len(tokens) > 1 && !t.Capitals {
			lost = lost || t.Part
			continue
		}
		switch {
		case t.Joined:
			whole = append(whole, st.Stem(t.Term))
			if t.Signed() {
				parts = append(parts, t.Term)
			}
		case t.Part:
			parts = append(parts, st.Stem(t.Term))
		default:
			whole = append(whole, st.Stem(t.Term))
			parts = append(parts, st.Stem(t.Term))
		}
	}
	keys := []string{}
	for i, k := range []string{strings.Join(whole, " "), strings.Join(parts, " ")} {
		if k != "" && len(k) <= 200 && !slices.Contains(keys, k) && !(i == 1 && lost) {
			keys = append(keys, k)
		}
	}
	return keys
}

// lookups are the keys under which a query finds a term. Several words are
// looked up by their stems; one alone only whatever its inflection, for its family
// holds other notions ("fonctionnaire" and "fonction"). A word with a stop word
// before it ("sans état") is not that word: both count.
func lookups(tokens []french.Token, st *french.Stemmer) []string {
	if words, ok := tied(tokens); ok {
		return []string{tiedKey(words[:len(words)-1], wordKey(words[len(words)-1]))}
	}
	keys := termKeys(tokens, st)
	for i, k := range keys {
		if !strings.Contains(k, " ") && len(tokens) > 0 {
			keys[i] = wordKey(tokens[0].Term)
		}
	}
	return slices.Compact(keys)
}

// wordKey is the key of a single word.
func wordKey(word string) string { return french.Lemma(word) }

// tiedKey is the key of a word, given by its own, after stop words.
func tiedKey(stops []string, key string) string { return strings.Join(stops, " ") + " " + key }

// tied gives the words of a term that has stop words and one other word, the
// last.
func tied(tokens []french.Token) ([]string, bool) {
	var out []string
	for _, t := range tokens {
		if t.Joined || t.Part || t.Capitals {
			return nil, false
		}
		if n := len(out); n > 0 && !french.IsStopWord(out[n-1]) {
			return nil, false
		}
		out = append(out, t.Term)
	}
	return out, len(out) > 1 && !french.IsStopWord(out[len(out)-1])
}

// span is a run of the query's words that the thesaurus knows.
type span struct {
	from, to int // units, to excluded
	with     []widening
	tied     bool // the stop word before is of the term: "sans état"
}

// thesaurus gives what else is said for a word.
type thesaurus struct {
	store      *store.Store
	stems      *french.Stemmer
	scorer     *scorer
	expansions func() (packed, error)
	vocabulary func() (vocabulary, error) // its terms
}

func newThesaurus(l *Library) *thesaurus {
	th := &thesaurus{store: l.store, stems: l.stems, scorer: l.scorer, expansions: mapped(l.store, listExpand)}
	th.vocabulary = sync.OnceValues(th.readVocabulary)
	return th
}

// widen finds the terms of the thesaurus in a query, the longest first; spans
// do not overlap.
func (th *thesaurus) widen(units, all []french.Word) ([]span, error) {
	var spans []span
	err := th.store.Read(func() error {
		expansions, err := th.expansions()
		if err != nil {
			return err
		}
		get := expansions.get
		for i := 0; i < len(units); {
			step := 1
			for n := min(longestTerm, len(units)-i); n >= 1; n-- {
				var stems []string
				capitals := true
				for _, u := range units[i : i+n] {
					stems = append(stems, u.Stem)
					capitals = capitals && u.Capitals
				}
				key := strings.Join(stems, " ")
				if n == 1 {
					key = th.scorer.lemmas.Lemma(units[i].Term)
				}
				b, withStop := get(key), false
				if b == nil && n == 2 && th.scorer.lemmas.Acts(units[i], units[i+1]) {
					b = get(stems[1] + " " + stems[0])
				}
				if n == 1 {
					if k := withIdle(all, units[i], key); k != "" {
						if tied := get(k); tied != nil {
							key, b, withStop = k, tied, true
						}
					}
				}
				if n == 1 && b == nil {
					b = firstOf(get, french.ActionNouns(key))
				}
				if b == nil {
					continue
				}
				list, err := decodeWidenings(b)
				if err != nil {
					return wrapf(err, "lire les synonymes de « %s »", key)
				}
				list = slices.DeleteFunc(list, func(w widening) bool { return w.Capitals && !capitals })
				if len(list) == 0 {
					continue
				}
				spans = append(spans, span{i, i + n, list, withStop})
				step = n
				break
			}
			i += step
		}
		return nil
	})
	slices.SortStableFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	return spans, err
}

// firstOf is the value of the first key that has one.
func firstOf(get func(string) []byte, keys []string) []byte {
	for _, key := range keys {
		if b := get(key); b != nil {
			return b
		}
	}
	return nil
}

// withIdle is the key of a word, given by its own, with the stop word before it, "" when
// there is none.
func withIdle(all []french.Word, u french.Word, key string) string {
	i := slices.IndexFunc(all, func(o french.Word) bool { return o.Start == u.Start && o.Term == u.Term })
	if i < 1 || !all[i-1].Stop {
		return ""
	}
	return tiedKey([]string{all[i-1].Term}, key)
}

// writeVocabulary keeps the terms of the thesaurus: a misspelt word may be
// corrected to one that the content lacks ("trelo"), and what is being typed
// completed to it.
func writeVocabulary(groups []content.Synonym, terms map[string]*termRead, w *store.Writer) error {
	seen := map[string]string{}
	for _, g := range groups {
		for _, t := range g.Terms {
			key := terms[t.Text].typed
			if old, ok := seen[key]; key != "" && !t.Capitals && (!ok || len(t.Text) < len(old)) {
				seen[key] = t.Text
			}
		}
	}
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(seen)) {
		b.WriteString(key + "\t" + seen[key] + "\n")
	}
	return w.Put(bucketTables, "vocabulary", []byte(b.String()))
}

// vocabulary is the terms of the thesaurus, sorted by what is typed for them.
type vocabulary struct{ typed, spelt []string }

func (th *thesaurus) readVocabulary() (v vocabulary, err error) {
	b, err := th.store.Get(bucketTables, "vocabulary")
	for line := range strings.Lines(string(b)) {
		typed, spelt, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		v.typed, v.spelt = append(v.typed, typed), append(v.spelt, spelt)
	}
	return v, err
}

func (v vocabulary) has(typed string) bool {
	_, ok := slices.BinarySearch(v.typed, typed)
	return ok
}

// from lists the spellings of the terms that begin as typed.
func (v vocabulary) from(typed string, limit int) []string {
	lo, _ := slices.BinarySearch(v.typed, typed)
	hi := lo
	for hi < len(v.typed) && hi-lo < limit && strings.HasPrefix(v.typed[hi], typed) {
		hi++
	}
	return v.spelt[lo:hi]
}

// typedKey is a text's words as folded, compounds in one.
func typedKey(tokens []french.Token) string {
	var b []byte
	for _, t := range tokens {
		if !t.Part {
			if len(b) > 0 {
				b = append(b, ' ')
			}
			b = append(b, t.Term...)
		}
	}
	return string(b)
}

// leads says whether the thesaurus takes a term to something that the content
// holds.
func (th *thesaurus) leads(word string) (bool, error) {
	all := french.Words(word, th.stems, maxWords)
	spans, err := th.widen(french.Subject(all), all)
	if err != nil {
		return false, err
	}
	for _, sp := range spans {
		for _, w := range sp.with {
			wd, err := th.scorer.widenedOf(w.Text)
			if err != nil || len(wd.docs) > 0 {
				return true, err
			}
		}
	}
	return false, nil
}
