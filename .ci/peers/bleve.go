package main

import (
	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/lang/fr"
)

// plainBleve is Bleve with its French analyser and nothing of ours.
type plainBleve struct{}

func (plainBleve) build(path string, rows func(func(row) error) error) error {
	m := bleve.NewIndexMapping()
	m.DefaultAnalyzer = fr.AnalyzerName
	x, err := bleve.New(path, m)
	if err != nil {
		return err
	}
	defer x.Close()
	batch := x.NewBatch()
	err = rows(func(r row) error {
		if err := batch.Index(r.ID, r); err != nil {
			return err
		}
		if batch.Size() < 1000 {
			return nil
		}
		err := x.Batch(batch)
		batch.Reset()
		return err
	})
	if err != nil {
		return err
	}
	return x.Batch(batch)
}

func (plainBleve) open(path string) (func(string) error, error) {
	x, err := bleve.OpenUsing(path, map[string]any{"read_only": true})
	if err != nil {
		return nil, err
	}
	return func(question string) error {
		r := bleve.NewSearchRequestOptions(bleve.NewMatchQuery(question), 10, 0, false)
		r.Highlight = bleve.NewHighlight()
		r.Fields = []string{"Title"}
		_, err := x.Search(r)
		return err
	}, nil
}
