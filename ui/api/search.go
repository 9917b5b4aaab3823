package api

import (
	"bytes"
	"context"
	"net/http"
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/profile"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/ui/address"
	"github.com/cct-mi/cct/ui/middleware"
)

func (a *api) search(w http.ResponseWriter, r *http.Request, lib *search.Library, p params) error {
	req, err := p.request(lib.Catalog())
	if err != nil {
		return err
	}
	found, err := lib.Search(r.Context(), req)
	if err != nil {
		return err
	}
	middleware.Searched(r.Context(), req.Query, found.Confident && found.Total > 0)
	body, err := SearchJSON(found, address.Of(lib, a.base))
	if err != nil {
		return err
	}
	a.send(w, r, "application/json", body, tag(timeless(body)...))
	return nil
}

// timeless leaves the duration out of an answer: the same question gets the
// same ETag. A quote inside a string is escaped, so the mark is the key itself.
func timeless(body []byte) [][]byte {
	before, rest, ok := bytes.Cut(body, []byte(`,"took_ms":`))
	if !ok {
		return [][]byte{body}
	}
	_, after, _ := bytes.Cut(rest, []byte(","))
	return [][]byte{before, after}
}

// request reads a search's parameters.
func (p params) request(c *content.Catalog) (req search.Request, err error) {
	if req, err = search.ParseRequest(p.read(), c); err != nil {
		return req, err
	}
	req.Only, err = p.only(c)
	return req, err
}

// listHits bounds the records that the words of a list keep.
const listHits = 1000

// Matching keeps the records, all of one kind, that words find, the best first,
// for lists that are narrowed by words: none, and sure false, when nothing
// really matches.
func Matching(ctx context.Context, lib *search.Library, kind content.Kind, words string, records []*content.Record) (kept []*content.Record, sure bool, err error) {
	a, err := lib.Search(ctx, search.Request{Query: words, Types: []string{string(kind)}, Limit: listHits})
	if err != nil {
		return nil, false, err
	}
	middleware.Searched(ctx, words, a.Confident && a.Total > 0)
	if !a.Confident {
		return nil, false, nil
	}
	byID := make(map[string]*content.Record, len(records))
	for _, r := range records {
		byID[r.ID] = r
	}
	for _, h := range a.Hits {
		if r := byID[h.ID]; r != nil {
			kept = append(kept, r)
		}
	}
	return kept, true, nil
}

// words keeps the records that the parameter "q" finds: all when it is not given.
func (p params) words(ctx context.Context, lib *search.Library, kind content.Kind, records []*content.Record) ([]*content.Record, error) {
	q, err := p.read().Text("q")
	if err != nil || strings.TrimSpace(q) == "" {
		return records, err
	}
	records, _, err = Matching(ctx, lib, kind, q, records)
	return records, err
}

// pagesFound keeps the pages that hold what the parameter "q" finds, the best
// first: all when it is not given.
func (p params) pagesFound(ctx context.Context, lib *search.Library, heads []content.PageHead) ([]content.PageHead, error) {
	q, err := p.read().Text("q")
	if err != nil || strings.TrimSpace(q) == "" {
		return heads, err
	}
	found, err := lib.Search(ctx, search.Request{Query: q, Limit: listHits})
	if err != nil || !found.Confident {
		return nil, err
	}
	byID := make(map[string]content.PageHead, len(heads))
	for _, h := range heads {
		byID[h.ID] = h
	}
	var kept []content.PageHead
	for _, h := range found.Hits {
		if head, ok := byID[h.Page.ID]; ok {
			kept = append(kept, head)
			delete(byID, h.Page.ID)
		}
	}
	return kept, nil
}

// only gives the ids of the exigences of "mon application"; nil when nothing is
// said of it.
func (p params) only(c *content.Catalog) (map[string]bool, error) {
	who, err := profile.ParseNarrow(profile.Given(p.Values))
	if err != nil || !who.Known() {
		return nil, err
	}
	v, err := profile.Evaluate(who, c)
	if err != nil {
		return nil, err
	}
	return v.Only(), nil
}

func (a *api) suggest(w http.ResponseWriter, r *http.Request, lib *search.Library, p params) error {
	q, err := p.read().Text("q")
	if err != nil {
		return err
	}
	limit, err := p.read().Number("limit", 1, 100, 10)
	if err != nil {
		return err
	}
	list, err := lib.Suggest(r.Context(), q, limit)
	if err != nil {
		return err
	}
	return a.answer(w, r, suggestAnswer(q, lib.Catalog().Head().Name, list, address.Of(lib, a.base)))
}
