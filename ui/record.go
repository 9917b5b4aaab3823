package ui

import (
	"errors"
	"net/http"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/ui/address"
	"github.com/cct-mi/cct/ui/middleware"
)

func isMissing(err error) bool { return errors.Is(err, content.ErrNotFound) }

// recordPage is what the page of any record shows beside its own fields.
type recordPage struct {
	frame
	Record         *content.Record
	Name           string // the title without the id
	Page           *content.PageHead
	Category       []crumb
	Previous, Next *content.Record
	Related        []relatedGroup
	CitedBy        []content.Ref
	Cites          []content.Ref
	Citation       string
	FindAll        string // address of the search for the id itself
}

// Elsewhere is empty: a record's own page carries no selection.
func (recordPage) Elsewhere() []string { return nil }

type crumb struct{ Title, URL string }

// relatedGroup is nearest things of one kind.
type relatedGroup struct {
	Title string
	Hits  []hit
}

const maxRelated = 8

// recordPage gathers them.
func (s *Site) recordPage(asked *http.Request, lib *search.Library, r *content.Record, menu string) (recordPage, error) {
	c := lib.Catalog()
	p := recordPage{frame: frame{Title: r.Title, Menu: menu, Edition: c.Head().Name, Robots: true, Linked: s.term(asked, c, r)}, Record: r, Name: r.Name,
		CitedBy: unique(r.Backlinks, r), Cites: unique(r.Links, r)}
	if p.Name == "" {
		p.Name = r.Title
	}
	p.Citation = citation(r, c.Head(), address.Of(lib, middleware.Origin(asked)+s.base))
	var err error
	if p.Previous, p.Next, err = neighbours(c, r.Kind, r.ID); err != nil {
		return p, err
	}
	if p.Page, err = pageHead(c, r.PageID); err != nil {
		return p, err
	}
	related, err := lib.Related(asked.Context(), r.Kind, r.ID, maxRelated)
	if err != nil {
		return p, err
	}
	p.Related = byKind(s.hits(lib, related, ""))
	p.FindAll = question{text: r.ID, noDirect: true}.url()
	return p, nil
}

// byKind parts related things by kind, in the order in which kinds are shown.
func byKind(hits []hit) (out []relatedGroup) {
	for _, k := range content.Kinds() {
		g := relatedGroup{Title: kindLabels(k) + " proches"}
		for _, h := range hits {
			if h.Type == k {
				g.Hits = append(g.Hits, h)
			}
		}
		if len(g.Hits) > 0 {
			out = append(out, g)
		}
	}
	return out
}

// unique drops repeats, and links of a record to itself.
func unique(refs []content.Ref, self *content.Record) (out []content.Ref) {
	seen := map[string]bool{}
	if self != nil {
		seen[self.URL()], seen[self.PageURL()] = true, true
	}
	for _, r := range refs {
		if !seen[r.URL] {
			seen[r.URL] = true
			out = append(out, r)
		}
	}
	return out
}

func pageHead(c *content.Catalog, id string) (*content.PageHead, error) {
	pages, err := c.Pages()
	if err != nil {
		return nil, err
	}
	for i := range pages {
		if pages[i].ID == id {
			return &pages[i], nil
		}
	}
	return nil, nil
}
