package search

import (
	"math"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search/french"
	"github.com/cct-mi/cct/search/index"
	"github.com/cct-mi/cct/store"
)

// Parameters of the ranking. They were measured on French technical questions
// and on general French ones alike, and are the same for every content.
const (
	saturation      = 1.4 // k1 of BM25
	lengthPower     = .65 // how much a long text counts less: its length to this power
	titleWeight     = 2.0 // of the page's title; other fields weigh 1
	titledWeight    = .2  // bonus for a word of the page's title, however often the text has it
	lemmaWeight     = .5  // bonus for the word itself, in any inflection, among those of its family
	coverWeight     = .4  // share of the score that rests on covering the question
	orderedNear     = .35 // bonus for neighbours of the question that are neighbours in the text
	closeBy         = .2  // the same in any order, within closeWindow words
	closeWindow     = 8
	prefixWeight    = .3 // of longer words that begin like the typed one
	prefixLetters   = 5
	prefixTerms     = 8
	synonymWeight   = .6  // of what the thesaurus widens to, beside the typed word
	farWeight       = .8  // of a synonym's synonym, beside the synonym
	pageWeight      = .15 // of the page that holds the document
	pointerWeight   = .6  // of a row or a section that only leads to what says it
	unwantedWeight  = .5  // of a document that speaks of what the question leaves out
	leavingWeight   = .9  // of a product to leave: never before the one to use
	nameWeight      = .6  // bonus of a record whose name is the question, beside one whose whole label is
	properWeight    = 1.6 // of a name or a year
	kindAskedWeight = .65 // of a word that says what kind of answer is asked for: few answers hold it
	dispersal       = .5  // what a text loses by holding the question's words far apart
	closeTogether   = 20  // words within which a question's words stand together
	rerank          = 40  // documents whose word order is looked at
)

// kindWeight is what a kind of document is worth whatever its words; 1 where none is
// given. What binds comes before what explains it, and that before a plain row.
var kindWeight = map[content.Kind]float64{
	content.KindExigence: 1.35, content.KindRegle: 1.15, content.KindTerme: .9, content.KindNorme: .9, content.KindLigne: .85,
}

var (
	fieldWeight = [fields]float64{fieldLabel: 1.3, fieldTitle: titleWeight, fieldPath: 1, fieldBody: 1, fieldExact: 1}
	// powers are of the usual lengths: a search needs thousands.
	powers = sync.OnceValue(func() *[4096]float64 {
		t := new([4096]float64)
		for i := range t {
			t[i] = math.Pow(float64(i), lengthPower)
		}
		return t
	})
)

// powerOf is a length to lengthPower.
func powerOf(length int) float64 {
	if t := powers(); length < len(t) {
		return t[length]
	}
	return math.Pow(float64(length), lengthPower)
}

// concept is one thing that the query asks about, with all the terms that stand
// for it.
type concept struct {
	french.Word
	shown    string // as typed, for explanations
	stems    []string
	prefixes []string
	with     []*widened
	discount float64 // what finding it is worth for confidence: 1 as typed, less when corrected
	idf      float64
	found    bool
	akin     bool // a French word of which the content holds the family alone
	exact    bool // only as an exact word: the query has nothing but stop words
}

// proper says whether a word names one thing: it is in capitals, begins with a capital
// within the question, or is a number of three digits or more, a year most often.
func (c *concept) proper() bool {
	first, _ := utf8.DecodeRuneInString(c.shown)
	return (c.Start > 0 || c.Capitals && len(c.Term) > 1) && unicode.IsUpper(first) || len(c.Term) > 2 && strings.Trim(c.Term, "0123456789") == ""
}

// weight is what a word counts by its place in the question, whatever its rarity.
func (c *concept) weight() float64 {
	switch {
	case c.proper():
		return properWeight
	case c.Kind:
		return kindAskedWeight
	}
	return 1
}

// widened is a synonym of a query's word.
type widened struct {
	*found
	far bool
}

// found is a term of the thesaurus with the documents that hold it.
type found struct {
	text  string
	stems []string
	docs  []uint32
	tf    []float32
	idf   float64
}

// findingsKept bounds the documents that findings list, to some 2 MiB, or to 64 bytes a
// document where there are many: fewer would be worked out again for each question.
const (
	findingsKept        = 200_000
	findingsPerDocument = 8
)

// extendedKept bounds the stems whose longer ones are remembered, in bytes.
const extendedKept = 512 << 10

// scorer says what documents are worth to the words of a question.
type scorer struct {
	store     *store.Store
	index     *postings
	tables    *tables
	stems     *french.Stemmer
	lemmas    french.Lemmatizer
	scales    [fields]float64         // what a word of a field counts in a text of one word
	pageScale float64                 // the same of a page
	forms     func() (packed, error)  // dictionary form → the content's forms of it
	findings  *memo[string, *found]   // where terms of the thesaurus stand
	extended  *memo[string, []string] // a stem → those that begin with it
}

func newScorer(l *Library) *scorer {
	sc := &scorer{
		store: l.store, index: l.index, tables: l.tables, stems: l.stems, forms: mapped(l.store, listForms),
		findings:  newMemo[string, *found](max(findingsKept, findingsPerDocument*len(l.tables.kinds))),
		extended:  newMemo[string, []string](extendedKept),
		pageScale: math.Pow(l.tables.pageAverage, lengthPower),
	}
	for f := range sc.scales {
		sc.scales[f] = fieldWeight[f] * math.Pow(l.tables.average[f], lengthPower)
	}
	return sc
}

// normed gives what a word's times in a field count, against the field's length.
// BM25's 1-b+b·l/avg is a line: its slope suits rows or pages or articles of a
// code, not all three; a power bends for the short and the long alike.
func (sc *scorer) normed(f index.Field, d uint32, times int) float32 {
	return float32(sc.scales[f] * float64(times) / powerOf(int(max(sc.tables.lengths[d][f], 1))))
}

// addStem adds a stem's normalised frequencies over all fields to s.tf.
func (sc *scorer) addStem(s *scratch, stem string, weight float32, label, page bool) error {
	for f := fieldLabel; f <= fieldBody; f++ {
		err := sc.index.each(f, stem, func(d uint32, freq int) {
			if s.tf[d] == 0 {
				s.current = append(s.current, d)
			}
			s.tf[d] += weight * sc.normed(f, d, freq)
			if label && f == fieldLabel && s.label[d] < 255 {
				s.label[d]++
			}
			if label && f == fieldTitle {
				s.titled[d] = true
			}
			if page && (f == fieldBody || f == fieldLabel) {
				s.onPage(sc.tables.pages[d], freq)
			}
		})
		if err != nil {
			return err
		}
	}
	s.addPages(weight)
	return nil
}

func idfOf(n, df int) float64 {
	return math.Log(1 + (float64(n)-float64(df)+.5)/(float64(df)+.5))
}

// scoreConcept adds one concept to the documents' scores (BM25F; Zaragoza,
// Craswell, Taylor, Saria, Robertson 2004, with the synonyms' and prefixes'
// frequencies counted as the concept's own, less their weight).
func (sc *scorer) scoreConcept(s *scratch, c *concept, bit int, contributions map[uint32]float64) error {
	n := len(sc.tables.kinds)
	if !c.exact {
		for _, st := range c.stems {
			if err := sc.addStem(s, st, 1, true, true); err != nil {
				return err
			}
		}
	}
	// The bonus for the word itself.
	err := sc.eachForm(c.Term, func(d uint32, freq int) {
		if s.exact[d] == 0 {
			s.exacts = append(s.exacts, d)
		}
		s.exact[d] += float32(freq)
		if c.exact {
			if s.tf[d] == 0 {
				s.current = append(s.current, d)
			}
			s.tf[d] += float32(freq)
		}
	})
	if err != nil {
		return err
	}
	df := len(s.current)
	for _, p := range c.prefixes {
		if err := sc.addStem(s, p, prefixWeight, false, true); err != nil {
			return err
		}
	}
	if df == 0 {
		df = len(s.current)
	}
	base := idfOf(n, df)
	weight := synonymWeight
	if df == 0 {
		weight = 1 // nothing typed competes with the synonyms
		var union []uint32
		for _, w := range c.with {
			union = append(union, w.docs...)
		}
		slices.Sort(union)
		base = idfOf(n, len(slices.Compact(union)))
	}
	for _, w := range c.with {
		share := float32(weight * min(1, w.idf/base))
		if w.far {
			share *= farWeight
		}
		for i, d := range w.docs {
			if s.tf[d] == 0 {
				s.current = append(s.current, d)
			}
			s.tf[d] += share * w.tf[i]
			s.onPage(sc.tables.pages[d], 1)
		}
		s.addPages(share)
	}
	base *= c.weight()
	c.idf, c.found = base, len(s.current) > 0
	c.akin = c.found && len(s.exacts) == 0 && len(c.with) == 0 && french.IsForm(c.Term)
	exact := base // a form can be rarer than its family: "permis" among "permettre"
	if len(s.exacts) > 0 && !c.exact {
		exact = max(base, idfOf(n, len(s.exacts)))
	}
	for _, d := range s.current {
		tf := float64(s.tf[d])
		points := base * tf * (saturation + 1) / (saturation + tf)
		if s.titled[d] {
			points += titledWeight * base
		}
		if x := s.exact[d]; x > 0 {
			xtf := float64(sc.normed(fieldExact, d, int(x)))
			points += lemmaWeight * exact * xtf * (saturation + 1) / (saturation + xtf)
		}
		if s.mask[d] == 0 {
			s.touched = append(s.touched, d)
		}
		s.mask[d] |= 1 << bit
		s.score[d] += points
		s.cover[d] += float32(base)
		s.tf[d], s.titled[d] = 0, false
		if contributions != nil {
			contributions[d] = points
		}
	}
	for _, d := range s.exacts {
		s.exact[d] = 0
	}
	for _, p := range s.pages {
		tf := float64(s.pageTF[p]) * sc.pageScale / powerOf(int(max(sc.tables.pageLengths[p], 1)))
		s.pageScore[p] += float32(base * tf * (saturation + 1) / (saturation + tf))
		s.pageTF[p] = 0
	}
	s.current, s.exacts, s.pages = s.current[:0], s.exacts[:0], s.pages[:0]
	return nil
}

// widenedOf finds the documents that hold a synonym; a phrase must stand in
// order, with little between its words.
func (sc *scorer) widenedOf(text string) (*found, error) {
	if w, ok := sc.findings.get(text); ok {
		return w, nil
	}
	w, err := sc.find(text)
	if err == nil {
		sc.findings.keep(text, w, len(w.docs)+8)
	}
	return w, err
}

func (sc *scorer) find(text string) (*found, error) {
	w, st := &found{text: text}, sc.stems
	tokens := french.Tokenize(text)
	if words, ok := tied(tokens); ok {
		w.stems = []string{st.Stem(words[len(words)-1])}
		err := sc.index.together(fieldExact, words, 1, func(d uint32, times int) {
			w.docs, w.tf = append(w.docs, d), append(w.tf, sc.normed(fieldBody, d, times))
		})
		w.idf = idfOf(len(sc.tables.kinds), len(w.docs))
		return w, err
	}
	keys := termKeys(tokens, st)
	if len(keys) == 0 {
		return w, nil
	}
	for _, key := range keys { // a compound: the whole if the content writes it so, else its parts
		w.stems = strings.Fields(key)
		var err error
		if len(w.stems) == 1 {
			if w.docs, w.tf, err = sc.termDocs(w.stems[0]); err == nil && len(tokens) == 1 {
				err = sc.dropOrigin(w, tokens[0].Term)
			}
		} else {
			w.docs, w.tf, err = sc.phraseDocs(w.stems)
		}
		if err != nil {
			return w, err
		}
		if len(w.docs) > 0 {
			break
		}
	}
	w.idf = idfOf(len(sc.tables.kinds), len(w.docs))
	return w, nil
}

// tally adds up what a word counts in the documents that hold it.
type tally struct {
	at   map[uint32]int
	docs []uint32
	tf   []float32
}

func (t *tally) add(doc uint32, tf float32) {
	i, ok := t.at[doc]
	if !ok {
		i = len(t.docs)
		t.at[doc] = i
		t.docs, t.tf = append(t.docs, doc), append(t.tf, 0)
	}
	t.tf[i] += tf
}

func (sc *scorer) termDocs(stem string) ([]uint32, []float32, error) {
	t := tally{at: map[uint32]int{}}
	for f := fieldLabel; f <= fieldBody; f++ {
		if err := sc.index.each(f, stem, func(d uint32, freq int) { t.add(d, sc.normed(f, d, freq)) }); err != nil {
			return nil, nil, err
		}
	}
	return t.docs, t.tf, nil
}

// dropOrigin takes out of what the thesaurus found by a noun the documents that only
// have what it is made from and that names another thing: backups that an application
// orchestrates are no orchestrator, nor is a portable computer portability. A question's
// own words keep the whole family.
func (sc *scorer) dropOrigin(w *found, word string) error {
	origin := french.Origin(sc.lemmas.Lemma(word))
	if origin == "" || sc.stems.Stem(origin) != w.stems[0] {
		return nil
	}
	others := map[uint32]int{} // times that a document has the family, without the origin
	for _, f := range []index.Field{fieldLabel, fieldTitle, fieldBody} {
		if err := sc.index.each(f, w.stems[0], func(d uint32, times int) { others[d] += times }); err != nil {
			return err
		}
	}
	if err := sc.eachForm(origin, func(d uint32, times int) { others[d] -= times }); err != nil {
		return err
	}
	kept := 0
	for i, d := range w.docs {
		if times, ok := others[d]; !ok || times > 0 {
			w.docs[kept], w.tf[kept] = d, w.tf[i]
			kept++
		}
	}
	if kept > 0 {
		w.docs, w.tf = w.docs[:kept], w.tf[:kept]
	}
	return nil
}

// phraseGap is how many words, stop words mostly, may stand between two words
// of a synonym.
const phraseGap = 3

func (sc *scorer) phraseDocs(stems []string) ([]uint32, []float32, error) {
	t := tally{at: map[uint32]int{}}
	for _, f := range []index.Field{fieldLabel, fieldBody} {
		if err := sc.index.together(f, stems, phraseGap, func(d uint32, times int) { t.add(d, sc.normed(f, d, times)) }); err != nil {
			return nil, nil, err
		}
	}
	return t.docs, t.tf, nil
}

// longer lists the stems of the text that begin with a stem.
func (sc *scorer) longer(stem string) ([]string, error) {
	if len(stem) < prefixLetters || !correctable(stem) {
		return nil, nil
	}
	if out, ok := sc.extended.get(stem); ok {
		return out, nil
	}
	list, err := sc.index.beginning(fieldBody, stem, prefixTerms+1)
	if err != nil {
		return nil, err
	}
	var out []string
	size := 100 + len(stem)
	for _, t := range list {
		if t.text != stem && len(out) < prefixTerms {
			out = append(out, t.text)
			size += 16 + len(t.text)
		}
	}
	sc.extended.keep(strings.Clone(stem), out, size)
	return out, nil
}
