package ui

import (
	"net/http"

	"github.com/gorilla/mux"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/ui/middleware"
)

const reglesPerPage = 40

func regleDimensions(c *content.Catalog) []dimension {
	return []dimension{
		{"kind", "Sorte", func(r *content.Record) string { return r.Regle.Kind }, ruleKindLabel, []string{"regle", "regle-api", "principe-api"}},
		{"status", "Statut", func(r *content.Record) string { return r.Regle.Status }, statusLabel, []string{"RG", "rc"}},
		{"theme", "Thème", func(r *content.Record) string { return r.Theme }, c.ThemeTitle, search.ThemeNames(c)},
	}
}

type reglesPage struct {
	frame
	*list
	Sections []ruleSection
}

// ruleSection is a run of rules of one page.
type ruleSection struct {
	Page    *content.PageHead
	Records []*content.Record
}

func (s *Site) regles(w http.ResponseWriter, r *http.Request, lib *search.Library) error {
	c := lib.Catalog()
	l, err := readList(r, lib, content.KindRegle, "/regles", regleDimensions(c), reglesPerPage)
	if err != nil {
		return err
	}
	page := reglesPage{frame: frame{Title: count(l.Total, "règle", "règles"), Menu: "/regles", Edition: c.Head().Name, App: l.app, Robots: len(l.Chips) == 0}, list: l}
	for _, rule := range l.Records {
		n := len(page.Sections)
		if n == 0 || page.Sections[n-1].Records[0].PageID != rule.PageID && l.Text == "" {
			head, err := pageHead(c, rule.PageID)
			if err != nil {
				return err
			}
			page.Sections = append(page.Sections, ruleSection{Page: head})
			n++
		}
		page.Sections[n-1].Records = append(page.Sections[n-1].Records, rule)
	}
	return s.render(w, http.StatusOK, "regles", page)
}

type reglePage struct {
	recordPage
	Kind string
}

func (s *Site) regle(w http.ResponseWriter, r *http.Request, lib *search.Library) error {
	record, err := s.record(w, r, lib, content.KindRegle, mux.Vars(r)["id"])
	if record == nil {
		return err
	}
	base, err := s.recordPage(r.Context(), lib, record, "/regles")
	if err != nil {
		return err
	}
	p := reglePage{recordPage: base, Kind: ruleKindLabel(record.Regle.Kind)}
	p.Citation = citation(record.Title, record.Text, p.Edition, middleware.Origin(r)+content.Rebase(record.URL(), s.base))
	return s.render(w, http.StatusOK, "regle", p)
}
