package index

import (
	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/document"
	"github.com/blevesearch/bleve/v2/mapping"
	api "github.com/blevesearch/bleve_index_api"
	"github.com/cct-mi/cct/search/french"
)

// indexMapping says how each field is analysed. Nothing is stored, because the
// edition's own store has it; positions are kept where phrases and nearness need
// them.
type indexMapping struct{ *mapping.IndexMappingImpl }

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
	return indexMapping{m}
}

// options are what is kept of a field.
func options(f Field) api.FieldIndexingOptions {
	if f == Label || f == Body || f == Exact {
		return api.IndexField | api.IncludeTermVectors
	}
	return api.IndexField
}

// MapDocument gives Bleve a Document.
func (m indexMapping) MapDocument(to *document.Document, data any) error {
	for _, field := range data.(Document) {
		to.AddField(field)
	}
	return nil
}
