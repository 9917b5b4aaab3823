package index

import (
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/document"
	"github.com/cct-mi/cct/search/french"
)

// Document is what the index takes of a document: its fields, analysed.
type Document [Fields]Terms

// Terms are the terms of one field, as Bleve counts them. They never change: documents
// may share them.
type Terms struct{ *document.TextField }

// Analyze does nothing, since it is done: whoever makes a document analyses it. Bleve
// would analyse one document after the other, on one core.
func (Terms) Analyze() {}

func analysed(f Field, text analysis.Analyzer) Terms {
	field := document.NewTextFieldCustom(f.String(), nil, nil, options(f), text)
	field.Analyze()
	return Terms{field}
}

// Stems are the terms of a field of stems, without stop words.
func Stems(f Field, text []french.Token, s *french.Stemmer) Terms {
	return analysed(f, words{[][]french.Token{text}, s})
}

// Words are the terms of Exact, fieldGap positions between two texts.
func Words(texts ...[]french.Token) Terms { return analysed(Exact, words{texts, nil}) }

// fieldGap is how many positions stand between the texts of the field Exact, so that
// no phrase goes across two texts.
const fieldGap = 10

// words gives the terms of texts that are cut into words already, as the field's
// analyzer would: cut by the analyzer of every field anew, a text would be cut three
// times.
type words struct {
	texts   [][]french.Token
	stemmer *french.Stemmer // nil: every word as it is
}

// Analyze gives the terms of all texts, fieldGap positions between two texts. It
// gives no offsets: snippets are made from the text that the store has, and without
// offsets the index is a third smaller.
func (w words) Analyze([]byte) analysis.TokenStream {
	count, size := 0, 0
	for _, text := range w.texts {
		count += len(text)
		for i := range text {
			size += len(text[i].Term)
		}
	}
	stream := make(analysis.TokenStream, 0, count)
	tokens := make([]analysis.Token, count) // a text has thousands of words: two pieces of memory for all
	terms := make([]byte, 0, size)
	position := 0
	for _, text := range w.texts {
		last := 0
		for _, word := range text {
			last = word.Position
			term := word.Term
			if w.stemmer != nil {
				if word.IsStop() {
					continue
				}
				term = w.stemmer.Stem(term)
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
