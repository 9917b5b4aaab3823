package ui

import (
	"net/http"
	"strings"

	"github.com/gorilla/mux"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search"
)

const reglesPerPage = 40

func regleDimensions(c *content.Catalog) []dimension {
	return []dimension{
		{name: "kind", legend: "Sorte", value: func(r *content.Record) string { return r.Regle.Kind }, label: ruleKindLabel, order: []string{"regle", "regle-api", "principe-api"}},
		{name: "status", legend: "Statut", value: func(r *content.Record) string { return r.Regle.Status }, label: statusLabel, order: []string{"RG", "rc"}},
		{name: "theme", legend: "Thème", value: func(r *content.Record) string { return r.Theme }, label: c.ThemeTitle, order: search.ThemeNames(c)},
	}
}

func regleColumns(c *content.Catalog) []column {
	return []column{
		{"nom", "Règle", func(r *content.Record) string { return r.Title }},
		{"sorte", "Sorte", func(r *content.Record) string { return ruleKindLabel(r.Regle.Kind) }},
		{"statut", "Statut", func(r *content.Record) string { return r.Regle.Status }},
		{"theme", "Thème", func(r *content.Record) string { return c.ThemeTitle(r.Theme) }},
	}
}

// wholeTitle is a record's title, whole: see wholeName.
func wholeTitle(r *content.Record) string {
	if whole := wholeName(r); strings.HasSuffix(r.Title, r.Name) {
		return strings.TrimSuffix(r.Title, r.Name) + whole
	}
	return r.Title
}

// wholeName is a record's name, whole: one that was made of a statement's beginning
// and cut takes up the statement's first sentence.
func wholeName(r *content.Record) string {
	start, cutShort := strings.CutSuffix(r.Name, "…")
	if !cutShort || !strings.HasPrefix(r.Text, start) {
		return r.Name
	}
	if end := strings.Index(r.Text[len(start):], ". "); end >= 0 {
		return r.Text[:len(start)+end+1]
	}
	return r.Text
}

type reglesPage struct {
	frame
	*list
	Sections []ruleSection
	themes   func(id string) string
}

// ThemeOf is the title of a rule's theme.
func (p reglesPage) ThemeOf(r *content.Record) string { return p.themes(r.Theme) }

// ruleSection is a run of rules of one page.
type ruleSection struct {
	Page    *content.PageHead
	Records []*content.Record
}

func (s *Site) regles(w http.ResponseWriter, r *http.Request, lib *search.Library) error {
	c := lib.Catalog()
	l, err := readList(r, lib, content.KindRegle, "/regles", regleDimensions(c), regleColumns(c), reglesPerPage)
	if err != nil {
		return err
	}
	if done, err := s.asFile(w, r, lib, l.matching, "regles"); done || err != nil {
		return err
	}
	page := reglesPage{frame: frame{Title: count(l.Total, "règle", "règles"), Menu: "/regles", Edition: c.Head().Name, App: l.app, Robots: len(l.Chips) == 0}, list: l, themes: c.ThemeTitle}
	for _, rule := range l.Records {
		n := len(page.Sections)
		if n == 0 || page.Sections[n-1].Records[0].PageID != rule.PageID && l.Text == "" && l.Sorted == "" {
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
	base, err := s.recordPage(r, lib, record, "/regles")
	if err != nil {
		return err
	}
	p := reglePage{recordPage: base, Kind: ruleKindLabel(record.Regle.Kind)}
	return s.render(w, http.StatusOK, "regle", p)
}
