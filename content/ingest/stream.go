package ingest

import (
	"context"
	"io/fs"

	"github.com/cct-mi/cct/content"
)

// Part is what a reading hands over at a time: a page, its records, and the
// assets that no page before it showed.
type Part struct {
	Page    *content.Page
	Records []*content.Record
	Assets  []content.Asset
}

// Stream reads the folder as Load does, but hands its pages over one by one, in
// reading order, rather than keeping them. emit is called by one goroutine at a
// time; its error ends the reading. The edition that is returned has neither
// pages, records nor assets.
func Stream(ctx context.Context, folder fs.FS, o Options, emit func(Part) error) (*content.Edition, error) {
	ed, err := Load(ctx, folder, o)
	if err != nil {
		return nil, err
	}
	records := ed.Records
	for i, p := range ed.Pages {
		part := Part{Page: p}
		n := 0
		for n < len(records) && records[n].PageID == p.ID {
			n++
		}
		part.Records, records = records[:n], records[n:]
		if i == 0 {
			part.Assets = ed.Assets
		}
		if err := emit(part); err != nil {
			return nil, err
		}
	}
	ed.Pages, ed.Records, ed.Assets = nil, nil, nil
	return ed, nil
}
