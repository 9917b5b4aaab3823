package search

import (
	"sync"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search/french"
	"github.com/cct-mi/cct/search/index"
	"github.com/cct-mi/cct/store"
)

// documents reads what the index finds: a heading's text or a record each.
type documents struct {
	catalog  *content.Catalog
	store    *store.Store
	tables   *tables
	stems    *french.Stemmer
	recent   *memo[uint32, *shown]
	statuses func() (map[uint32]string, error) // of products and rules
}

func newDocuments(l *Library) *documents {
	ds := &documents{catalog: l.catalog, store: l.store, tables: l.tables, stems: l.stems, recent: newMemo[uint32, *shown](recentKept)}
	ds.statuses = sync.OnceValues(ds.readStatuses)
	return ds
}

// indexInMemory makes the index anew from the documents.
func (ds *documents) indexInMemory() (*index.Index, error) {
	analyzer := newAnalyzer(ds.stems)
	return index.InMemory(func(add func(index.Document) error) error {
		for n := range ds.tables.kinds {
			e, err := ds.entry(uint32(n))
			if err != nil {
				return err
			}
			d, _ := analyzer.analyse(e)
			if err := add(d); err != nil {
				return err
			}
		}
		return nil
	})
}

// entry reads one document.
func (ds *documents) entry(n uint32) (*entry, error) {
	list, err := ds.entries([]uint32{n})
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// entries reads several documents in one go.
func (ds *documents) entries(list []uint32) ([]*entry, error) {
	out := make([]*entry, len(list))
	blocks := map[string]packed{}
	for i, n := range list {
		came := int(ds.tables.came[n])
		key := blockKey(came / entriesInBlock)
		if blocks[key] == nil {
			b, err := ds.store.Get(bucketEntries, key)
			if err != nil {
				return nil, err
			}
			blocks[key] = b
		}
		err := ds.store.Read(func() (err error) { // a block that makes no sense panics
			out[i], err = decodeEntry(blocks[key].value(came % entriesInBlock))
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// shown reads the documents of an answer.
func (ds *documents) shown(list []uint32) ([]*shown, error) {
	out := make([]*shown, len(list))
	var missing []uint32
	for i, n := range list {
		d, ok := ds.recent.get(n)
		if !ok {
			missing = append(missing, n)
		}
		out[i] = d
	}
	entries, err := ds.entries(missing)
	if err != nil {
		return nil, err
	}
	for i, n := range list {
		if out[i] == nil {
			e := entries[0]
			entries = entries[1:]
			out[i] = shownOf(e, ds.titleOf(e), ds.stems)
			ds.recent.keep(n, out[i], 500+len(e.body)+out[i].beginning.size())
		}
	}
	return out, nil
}

// titleOf is a document's title in an answer. Several rows of a table may begin alike:
// theirs says as much as tells them apart.
func (ds *documents) titleOf(e *entry) string {
	if e.kind == content.KindLigne {
		if row, err := ds.catalog.Record(e.kind, e.id); err == nil {
			title, _ := ds.catalog.RowTitle(row)
			return title
		}
	}
	return e.title
}

// refs are the records that documents are.
func (ds *documents) refs(documents []uint32) ([]content.Ref, error) {
	entries, err := ds.entries(documents)
	if err != nil {
		return nil, err
	}
	var out []content.Ref
	for _, e := range entries {
		out = append(out, content.Ref{Kind: e.kind, ID: e.id, Title: e.title, URL: e.url})
	}
	return out, nil
}

// readStatuses lists the status of every document that has one.
func (ds *documents) readStatuses() (map[uint32]string, error) {
	of := map[uint32]string{}
	for d := range ds.tables.kinds {
		switch ds.tables.kindNames[ds.tables.kinds[d]] {
		case content.KindProduit, content.KindRegle:
			e, err := ds.entry(uint32(d))
			if err != nil {
				return nil, err
			}
			if e.status != "" {
				of[uint32(d)] = e.status
			}
		}
	}
	return of, nil
}
