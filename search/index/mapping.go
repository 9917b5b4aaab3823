package index

import (
	"bytes"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/registry"
	"github.com/cct-mi/cct/search/french"
)

// Document is what the index takes of a document.
type Document struct {
	Label, Title, Path, Body string
}

// fields are a document's as the mapping names them.
type fields struct {
	Label string `json:"label"`
	Title string `json:"title"`
	Path  string `json:"path"`
	Body  string `json:"body"`
	Exact string `json:"exact"`
	Lemma string `json:"lemma"`
}

// fieldBreak stands between the texts of the fields Exact and Lemma, a character that no text
// holds; fieldGap is how many positions it takes, so that no phrase goes across two
// texts.
const (
	fieldBreak = "\x1d"
	fieldGap   = 10
)

func (d Document) fields() fields {
	texts := d.Label + fieldBreak + d.Title + fieldBreak + d.Body
	return fields{d.Label, d.Title, d.Path, d.Body, texts, texts}
}

// indexMapping says how each field is analysed. Nothing is stored, because the
// edition's own store has it; positions are kept where phrases and nearness need
// them.
func indexMapping() mapping.IndexMapping {
	document := bleve.NewDocumentStaticMapping()
	for f := range Fields {
		field := bleve.NewTextFieldMapping()
		field.Analyzer = stemAnalyzer
		switch f {
		case Exact:
			field.Analyzer = exactAnalyzer
		case Lemma:
			field.Analyzer = lemmaAnalyzer
		}
		field.Store, field.DocValues, field.IncludeInAll = false, false, false
		field.IncludeTermVectors = f == Label || f == Body || f == Exact
		document.AddFieldMappingsAt(f.String(), field)
	}
	m := bleve.NewIndexMapping()
	m.DefaultMapping = document
	m.DefaultAnalyzer = stemAnalyzer
	return m
}

// Names of the analyzers of the fields: those of package french, over several texts.
const (
	stemAnalyzer  = "cct_stem_texts"
	exactAnalyzer = "cct_exact_texts"
	lemmaAnalyzer = "cct_lemma_texts"
)

func init() { // Bleve's way of making an analyzer known by name
	for name, one := range map[string]string{stemAnalyzer: french.AnalyzerName, exactAnalyzer: french.ExactName, lemmaAnalyzer: french.LemmaName} {
		err := registry.RegisterAnalyzer(name, func(_ map[string]any, cache *registry.Cache) (analysis.Analyzer, error) {
			a, err := cache.AnalyzerNamed(one)
			return severalTexts{a}, err
		})
		if err != nil {
			panic(err) // the name is taken: the program is built wrong
		}
	}
}

// severalTexts analyses several texts, one after the other.
type severalTexts struct{ one analysis.Analyzer }

// Analyze gives the words of all texts, fieldGap positions between two texts. It
// gives no offsets: snippets are made from the text that the store has, and without
// offsets the index is a third smaller.
func (a severalTexts) Analyze(texts []byte) analysis.TokenStream {
	var out analysis.TokenStream
	position := 0
	for text := range bytes.SplitSeq(texts, []byte(fieldBreak)) {
		last, words := 0, a.one.Analyze(text)
		for _, t := range words {
			last = t.Position
			t.Start, t.End, t.Position = 0, 0, position+t.Position
		}
		if out == nil {
			out = words
		} else {
			out = append(out, words...)
		}
		position += last + fieldGap
	}
	return out
}
