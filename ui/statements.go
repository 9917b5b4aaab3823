package ui

import (
	"net/http"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search"
)

type accessibilityPage struct {
	frame
	Audit *Audit
}

func (s *Site) accessibility(w http.ResponseWriter, r *http.Request, lib *search.Library) error {
	return s.render(w, http.StatusOK, "accessibilite", accessibilityPage{
		frame: frame{Title: "Accessibilité : " + s.o.Audit.AccessState(), Edition: lib.Catalog().Head().Name, Robots: true}, Audit: s.o.Audit})
}

type aboutPage struct {
	frame
	Head     content.Head
	Page     *content.Page // what the edition says of itself, nil when it doesn't
	Statuses []content.Status
}

func (s *Site) about(w http.ResponseWriter, r *http.Request, lib *search.Library) error {
	head := lib.Catalog().Head()
	p := aboutPage{frame: frame{Title: "À propos et sources", Edition: head.Name, Robots: true}, Head: head, Statuses: append(content.ProductStatuses(), content.RuleStatuses()...)}
	page, err := lib.Catalog().Page("a-propos")
	if err != nil && !isMissing(err) {
		return err
	}
	p.Page = page
	return s.render(w, http.StatusOK, "a-propos", p)
}
