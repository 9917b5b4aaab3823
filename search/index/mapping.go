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
}

// fieldBreak stands between the texts of the field Exact, a character that no text
// holds; fieldGap is how many positions it takes, so that no phrase goes across two
// texts.
const (
	fieldBreak = "\x1d"
	fieldGap   = 10
)

func (d Document) fields() fields {
	return fields{d.Label, d.Title, d.Path, d.Body, d.Label + fieldBreak + d.Title + fieldBreak + d.Body}
}

// indexMapping says how each field is analysed. Nothing is stored, because the
// edition's own store has it; positions are kept where phrases and nearness need
// them.
func indexMapping() mapping.IndexMapping {
	document := bleve.NewDocumentStaticMapping()
	for f := range Fields {
		field := bleve.NewTextFieldMapping()
		field.Analyzer = french.AnalyzerName
		if f == Exact {
			field.Analyzer = exactAnalyzer
		}
		field.Store, field.DocValues, field.IncludeInAll = false, false, false
		field.IncludeTermVectors = f == Label || f == Body || f == Exact
		document.AddFieldMappingsAt(f.String(), field)
	}
	m := bleve.NewIndexMapping()
	m.DefaultMapping = document
	m.DefaultAnalyzer = french.AnalyzerName
	return m
}

// exactAnalyzer is the name of the analyzer of the field Exact.
const exactAnalyzer = "cct_exact_texts"

func init() { // Bleve's way of making an analyzer known by name
	err := registry.RegisterAnalyzer(exactAnalyzer, func(_ map[string]any, cache *registry.Cache) (analysis.Analyzer, error) {
		one, err := cache.AnalyzerNamed(french.ExactName)
		return exactTexts{one}, err
	})
	if err != nil {
		panic(err) // the name is taken: the program is built wrong
	}
}

// exactTexts analyses several texts, one after the other.
type exactTexts struct{ one analysis.Analyzer }

// Analyze gives the words of all texts, fieldGap positions between two texts.
func (a exactTexts) Analyze(texts []byte) analysis.TokenStream {
	var out analysis.TokenStream
	start, position := 0, 0
	for text := range bytes.SplitSeq(texts, []byte(fieldBreak)) {
		last := 0
		for _, t := range a.one.Analyze(text) {
			last = t.Position
			t.Start, t.End, t.Position = start+t.Start, start+t.End, position+t.Position
			out = append(out, t)
		}
		start += len(text) + len(fieldBreak)
		position += last + fieldGap
	}
	return out
}
