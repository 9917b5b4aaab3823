// Package search answers questions about an edition: French analysis, ranking,
// facets, snippets, suggestions.
package search

import (
	"context"
	"errors"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/store"
)

// Version names the form of what Build writes; it is part of the store's
// stamp, so that a program with another analysis or layout rebuilds.
const Version = "1"

// Library is an edition opened for reading: its pages and records, and the
// index over them. It may be used by several goroutines at once.
type Library struct {
	catalog *content.Catalog
}

// Build writes the edition and its index to w.
func Build(ctx context.Context, ed *content.Edition, w *store.Writer) error {
	return errors.New("not built yet")
}

// Open opens what Build wrote. tempDirs are folders to try, in order, for the
// index's files; when none can be written, the index is built in memory.
func Open(ctx context.Context, st *store.Store, tempDirs ...string) (*Library, error) {
	return nil, errors.New("not built yet")
}

// Catalog gives the edition's pages and records.
func (l *Library) Catalog() *content.Catalog { return l.catalog }

// Search answers one question. It fails only when ctx ends or the store is damaged.
func (l *Library) Search(ctx context.Context, r Request) (*Answer, error) {
	return nil, errors.New("not built yet")
}

// Suggest completes what is being typed, from two letters on.
func (l *Library) Suggest(ctx context.Context, text string, limit int) ([]Suggestion, error) {
	return nil, errors.New("not built yet")
}

// Related lists the records and sections nearest in subject to a record.
func (l *Library) Related(ctx context.Context, kind content.Kind, id string, limit int) ([]Hit, error) {
	return nil, errors.New("not built yet")
}

// Resolve finds the record that an id names however it is typed ("ex 29",
// "EX-29", "at1368", "règle 2.2.1"); nil when there is none.
func (l *Library) Resolve(id string) []content.Ref { return nil }

// MarkHTML puts <mark> around the words of HTML made by ingest that match the query.
func (l *Library) MarkHTML(html, query string) string { return html }

// Close frees the index and its temporary files.
func (l *Library) Close() error { return nil }
