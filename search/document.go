package search

import (
	"slices"
	"strings"

	index "github.com/blevesearch/bleve_index_api"
	"github.com/cct-mi/cct/search/french"
)

// lengths are the numbers of tokens of a document's fields.
type lengths [fields]uint16

func clamp(n int) uint16 { return uint16(min(n, 1<<16-1)) }

// posted is a term of a field: how often it stands there, and from where on its
// places are listed.
type posted struct {
	term        string
	times, from uint32
}

// field is a field of a document, analysed. A segment asks twice for its terms in
// a form of many small parts; that form is made when asked, in memory that the
// next document uses again.
type field struct {
	number int
	terms  []posted
	places []uint32 // nil for a field whose words' places don't matter
	length int
	form   *forms
}

// positioned says whether a field's words keep their places, for phrases and
// nearness.
func positioned(f int) bool { return f == fieldBody || f == fieldLabel || f == fieldExact }

func (f *field) Name() string            { return fieldNames[f.number] }
func (*field) Value() []byte             { return nil }
func (*field) ArrayPositions() []uint64  { return nil }
func (*field) EncodedFieldType() byte    { return 't' }
func (*field) Analyze()                  {}
func (f *field) AnalyzedLength() int     { return f.length }
func (*field) NumPlainTextBytes() uint64 { return 0 }
func (f *field) Options() (o index.FieldIndexingOptions) {
	if positioned(f.number) {
		o = index.IncludeTermVectors
	}
	return o | index.IndexField
}

// AnalyzedTokenFrequencies gives the terms; they are the caller's until it asks
// for the same field of another document.
func (f *field) AnalyzedTokenFrequencies() index.TokenFrequencies {
	return f.form.of(f)
}

// forms is the memory of the fields of one segment under construction.
type forms [fields]struct {
	terms     index.TokenFrequencies
	counts    []index.TokenFreq
	locations []index.TokenLocation
	pointers  []*index.TokenLocation
}

// keptTerms is the size up to which a document's map is used again: to empty a
// larger one takes longer than to make a small one.
const keptTerms = 2000

func (m *forms) of(f *field) index.TokenFrequencies {
	k := &m[f.number]
	if k.terms == nil || len(k.terms) > keptTerms {
		k.terms = make(index.TokenFrequencies, len(f.terms))
	} else {
		clear(k.terms)
	}
	if cap(k.counts) < len(f.terms) {
		k.counts = make([]index.TokenFreq, 2*len(f.terms))
	}
	if cap(k.locations) < len(f.places) {
		k.locations = make([]index.TokenLocation, 2*len(f.places))
		k.pointers = make([]*index.TokenLocation, len(k.locations))
		for i := range k.locations {
			k.pointers[i] = &k.locations[i]
		}
	}
	for i, at := range f.places {
		k.locations[i].Position = int(at)
	}
	for i, t := range f.terms {
		c := &k.counts[i]
		*c = index.TokenFreq{}
		c.SetFrequency(int(t.times))
		if f.places != nil {
			c.Locations = k.pointers[t.from : t.from+t.times]
		}
		k.terms[t.term] = c
	}
	return k.terms
}

// document is an analysed entry as a segment takes it. Its number there is its
// place in the list.
type document []index.Field

func (document) ID() string                                 { return "" }
func (document) Size() int                                  { return 0 }
func (document) VisitComposite(index.CompositeFieldVisitor) {}
func (document) HasComposite() bool                         { return false }
func (document) NumPlainTextBytes() uint64                  { return 0 }
func (document) AddIDField()                                {}
func (document) StoredFieldsBytes() uint64                  { return 0 }
func (document) Indexed() bool                              { return true }
func (d document) VisitFields(visit index.FieldVisitor) {
	for _, f := range d {
		visit(f)
	}
}

// key is the field that every document of a segment must have; ours are known by
// their place, so it is empty.
type key struct{ field }

func (*key) Name() string                                     { return "_id" }
func (*key) Options() index.FieldIndexingOptions              { return index.StoreField }
func (*key) AnalyzedTokenFrequencies() index.TokenFrequencies { return nil }

// analyser turns entries into documents, one after the other.
type analyser struct {
	stems    french.Stemmer
	surfaces surfaces
	forms    *[len(halves)]forms
	key      key

	words  [fields][]word
	seen   map[string]int32
	counts []posted
}

func newAnalyser(forms *[len(halves)]forms) *analyser {
	return &analyser{surfaces: surfaces{}, forms: forms, seen: map[string]int32{}}
}

// word is a term of a field with its position.
type word struct {
	term string
	at   uint32
}

// analyse gives the documents of an entry, one for each half of the index, and
// the lengths of its fields.
func (a *analyser) analyse(e *entry) (documents [len(halves)]index.Document, l lengths) {
	texts := [4]string{e.label, e.pageTitle, strings.Join(below(e), "\n"), e.body}
	exact := 0
	for f := range a.words {
		a.words[f] = a.words[f][:0]
	}
	for f, text := range texts {
		last, length := 0, 0
		tokens := french.Tokenize(text)
		if f == fieldLabel || f == fieldBody {
			a.surfaces.add(text, tokens)
		}
		for _, t := range tokens {
			if f != fieldPath { // the path is no exact text of the document
				a.words[fieldExact] = append(a.words[fieldExact], word{t.Term, uint32(exact + t.Position)})
			}
			last = t.Position
			if t.IsStop() {
				continue
			}
			if !t.Joined || t.Signed() {
				length++
			}
			a.words[f] = append(a.words[f], word{a.stems.Stem(t.Term), uint32(t.Position)})
		}
		exact += last + 10 // no phrase goes across two fields
		l[f] = clamp(length)
	}
	l[fieldExact] = clamp(len(a.words[fieldExact]))
	for h, half := range halves {
		d := append(make(document, 0, 1+len(half.fields)), &a.key)
		for _, f := range half.fields {
			if len(a.words[f]) > 0 {
				d = append(d, a.field(f, &a.forms[h]))
			}
		}
		documents[h] = d
	}
	return documents, l
}

// field groups the words of a field by term.
func (a *analyser) field(number int, form *forms) *field {
	list := a.words[number]
	a.counts = a.counts[:0]
	clear(a.seen)
	for _, w := range list {
		i, ok := a.seen[w.term]
		if !ok {
			i = int32(len(a.counts))
			a.seen[w.term] = i
			a.counts = append(a.counts, posted{term: w.term})
		}
		a.counts[i].times++
	}
	f := &field{number: number, terms: slices.Clone(a.counts), length: len(list), form: form}
	if !positioned(number) {
		return f
	}
	f.places = make([]uint32, len(list))
	next := uint32(0)
	for i := range f.terms {
		f.terms[i].from = next
		a.counts[i].from = next
		next += f.terms[i].times
	}
	for _, w := range list {
		c := &a.counts[a.seen[w.term]]
		f.places[c.from] = w.at
		c.from++
	}
	return f
}

// below is the path without the page's title, which is a field of its own.
func below(e *entry) []string {
	if len(e.path) > 0 && e.path[0] == e.pageTitle {
		return e.path[1:]
	}
	return e.path
}
