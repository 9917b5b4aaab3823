package index

import (
	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/document"
	"github.com/blevesearch/bleve/v2/mapping"
	api "github.com/blevesearch/bleve_index_api"
	"github.com/cct-mi/cct/search/french"
)

// Document is what the index takes of a document: the words of its texts.
type Document struct {
	Label, Title, Path, Body []french.Token
}

// fieldGap is how many positions stand between the texts of the field Exact, so that
// no phrase goes across two texts.
const fieldGap = 10

// indexMapping says how each field is analysed. Nothing is stored, because the
// edition's own store has it; positions are kept where phrases and nearness need
// them.
type indexMapping struct {
	*mapping.IndexMappingImpl
	stemmer *french.Stemmer
}

func newMapping() indexMapping {
	fields := bleve.NewDocumentStaticMapping()
	for f := range Fields {
		field := bleve.NewTextFieldMapping()
		field.Analyzer = french.AnalyzerName
		if f == Exact {
			field.Analyzer = french.ExactName
		}
		field.Store, field.DocValues, field.IncludeInAll = false, false, false
		field.IncludeTermVectors = options(f).IncludeTermVectors()
		fields.AddFieldMappingsAt(f.String(), field)
	}
	m := bleve.NewIndexMapping()
	m.DefaultMapping = fields
	m.DefaultAnalyzer = french.AnalyzerName
	return indexMapping{m, &french.Stemmer{}}
}

// options are what is kept of a field.
func options(f Field) api.FieldIndexingOptions {
	if f == Label || f == Body || f == Exact {
		return api.IndexField | api.IncludeTermVectors
	}
	return api.IndexField
}

// MapDocument gives Bleve a Document. Its texts come cut into words, and each field
// takes its terms from them: cut by the analyzer of every field anew, they would be
// cut three times.
func (m indexMapping) MapDocument(to *document.Document, data any) error {
	d := data.(Document)
	for f, texts := range [Fields][][]french.Token{Label: {d.Label}, Title: {d.Title}, Path: {d.Path}, Body: {d.Body}, Exact: {d.Label, d.Title, d.Body}} {
		terms := analyzed{texts: texts}
		if Field(f) != Exact {
			terms.stemmer = m.stemmer
		}
		to.AddField(document.NewTextFieldCustom(Field(f).String(), nil, nil, options(Field(f)), terms))
	}
	return nil
}

// analyzed gives the terms of texts that are cut into words already, as the field's
// analyzer would.
type analyzed struct {
	texts   [][]french.Token
	stemmer *french.Stemmer // nil: every word as it is
}

// Analyze gives the terms of all texts, fieldGap positions between two texts. It
// gives no offsets: snippets are made from the text that the store has, and without
// offsets the index is a third smaller.
func (a analyzed) Analyze([]byte) analysis.TokenStream {
	words, size := 0, 0
	for _, text := range a.texts {
		words += len(text)
		for i := range text {
			size += len(text[i].Term)
		}
	}
	stream := make(analysis.TokenStream, 0, words)
	tokens := make([]analysis.Token, words) // a text has thousands of words: two pieces of memory for all
	terms := make([]byte, 0, size)
	position := 0
	for _, text := range a.texts {
		last := 0
		for _, word := range text {
			last = word.Position
			term := word.Term
			if a.stemmer != nil {
				if word.IsStop() {
					continue
				}
				term = a.stemmer.Stem(term)
			}
			from := len(terms)
			terms = append(terms, term...)
			token := &tokens[len(stream)]
			token.Term, token.Position = terms[from:len(terms):len(terms)], position+word.Position
			stream = append(stream, token)
		}
		position += last + fieldGap
	}
	return stream
}
