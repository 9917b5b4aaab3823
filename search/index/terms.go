package index

import (
	"github.com/blevesearch/bleve/v2/document"
	api "github.com/blevesearch/bleve_index_api"
	"github.com/cct-mi/cct/search/french"
)

// Document is what the index takes of a document: the terms of each field.
type Document [Fields]Terms

// Terms are those of one field. They never change: documents may share them.
type Terms struct {
	words       int
	frequencies api.TokenFrequencies
}

// fieldGap is how many positions stand between the texts of the field Exact, so that
// no phrase goes across two texts.
const fieldGap = 10

// Stems are the terms of a field of stems, without stop words.
func Stems(f Field, text []french.Token, s *french.Stemmer) Terms {
	list := make([]term, 0, len(text))
	for _, word := range text {
		if !word.IsStop() {
			list = append(list, term{s.Stem(word.Term), word.Position})
		}
	}
	return termsOf(f, list)
}

// Words are the terms of Exact, fieldGap positions between two texts.
func Words(texts ...[]french.Token) Terms {
	words := 0
	for _, text := range texts {
		words += len(text)
	}
	list, before := make([]term, 0, words), 0
	for _, text := range texts {
		last := 0
		for _, word := range text {
			last = word.Position
			list = append(list, term{word.Term, before + last})
		}
		before += last + fieldGap
	}
	return termsOf(Exact, list)
}

// term is a term and where it stands.
type term struct {
	text     string
	position int
}

// termsOf counts terms as Bleve does those of its analyzers: cut by the analyzer of
// every field anew, a text would be cut three times. It gives no offsets: snippets
// are made from the text that the store has, and without offsets the index is a third
// smaller.
func termsOf(f Field, list []term) Terms {
	all := make(api.TokenFrequencies, len(list))
	frequencies := make([]api.TokenFreq, len(list)) // a text has thousands of words: three pieces of memory for all
	var locations []api.TokenLocation
	var places []*api.TokenLocation
	if options(f).IncludeTermVectors() {
		locations, places = make([]api.TokenLocation, len(list)), make([]*api.TokenLocation, len(list))
	}
	for i, t := range list {
		of := all[t.text]
		if of == nil {
			of = &frequencies[len(all)]
			all[t.text] = of
			if places != nil {
				of.Locations = places[i : i : i+1]
			}
		}
		of.SetFrequency(of.Frequency() + 1)
		if places != nil {
			locations[i].Position = t.position
			of.Locations = append(of.Locations, &locations[i])
		}
	}
	return Terms{len(list), all}
}

// field is a field whose terms are known already. Bleve would otherwise cut one
// document after the other, on one core.
type field struct {
	*document.TextField
	terms Terms
}

// Analyze does nothing; it is Bleve that calls it.
func (field) Analyze() {}

// AnalyzedLength is how many words the field has.
func (f field) AnalyzedLength() int { return f.terms.words }

// AnalyzedTokenFrequencies are its terms, with their positions.
func (f field) AnalyzedTokenFrequencies() api.TokenFrequencies { return f.terms.frequencies }
