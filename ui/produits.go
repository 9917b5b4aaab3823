package ui

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"

	"github.com/gorilla/mux"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/profile"
	"github.com/cct-mi/cct/search"
)

const produitsPerPage = 40

// produitDimensions are named and valued as in the API. A part is asked for by
// its two letters, and shown by the first title that they are given.
func produitDimensions(products []*content.Record) []dimension {
	parts := map[string]string{}
	for _, p := range products {
		if code := p.Produit.PartCode; parts[code] == "" {
			parts[code] = p.Produit.Part
		}
	}
	return []dimension{
		{name: "status", legend: "Statut", value: func(r *content.Record) string { return r.Produit.Status }, label: statusLabel, order: []string{"R", "A", "M", "O"}},
		{name: "licence", legend: "Licence", value: func(r *content.Record) string { return r.Produit.Licence }, label: licenceLabel, order: []string{"open", "nonopen"}},
		{name: "supported", legend: "Support de logiciel libre", value: func(r *content.Record) string { return r.Produit.Supported }, order: []string{"Oui", "Non"}},
		{name: "part", legend: "Partie", value: func(r *content.Record) string { return r.Produit.PartCode }, label: func(code string) string { return cmp.Or(withoutCode(parts[code]), code) }},
	}
}

func produitColumns() []column {
	return []column{
		{"id", "Référence", func(r *content.Record) string { return r.ID }},
		{"nom", "Composant", func(r *content.Record) string { return r.Produit.Name }},
		{"fournisseur", "Fournisseur", func(r *content.Record) string { return r.Produit.Vendor }},
		{"version", "Version", func(r *content.Record) string { return r.Produit.Version }},
		{"statut", "Statut", func(r *content.Record) string { return r.Produit.Status }},
	}
}

// partNumber is the number in the title of a product's part, 0 when it has none:
// the eight parts are spread over several pages, and shown in their own order.
func partNumber(r *content.Record) int {
	rest, ok := strings.CutPrefix(r.Produit.Part, "Partie ")
	digits := rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789"))]
	n, err := strconv.Atoi(digits)
	if !ok || err != nil {
		return 0
	}
	return n
}

type produitsPage struct {
	frame
	*list
	Sections []productSection
}

// productSection is a run of products of one chapter.
type productSection struct {
	Part, Chapter string
	Family        string // address of the chapter's page, "" for none
	Records       []*content.Record
}

func (s *Site) produits(w http.ResponseWriter, r *http.Request, lib *search.Library) error {
	all, err := lib.Catalog().Records(content.KindProduit)
	if err != nil {
		return err
	}
	l, err := readList(r, lib, content.KindProduit, "/produits", produitDimensions(all), produitColumns(), produitsPerPage)
	if err != nil {
		return err
	}
	if done, err := s.asFile(w, r, lib, l.matching, "produits"); done || err != nil {
		return err
	}
	page := produitsPage{frame: frame{Title: count(l.Total, "produit", "produits"), Menu: "/produits", Edition: lib.Catalog().Head().Name, App: l.app, Robots: len(l.Chips) == 0}, list: l}
	for _, p := range l.Records {
		part, chapter := p.Produit.Part, p.Produit.Chapter
		if l.Sorted != "" {
			part, chapter = "Tous les produits, triés", ""
		} else if l.Text != "" {
			part, chapter = "Du plus proche au plus lointain", ""
		}
		if n := len(page.Sections); n == 0 || page.Sections[n-1].Part != part || page.Sections[n-1].Chapter != chapter {
			page.Sections = append(page.Sections, productSection{Part: part, Chapter: chapter, Family: familyURL(p, chapter)})
		}
		last := &page.Sections[len(page.Sections)-1]
		last.Records = append(last.Records, p)
	}
	return s.render(w, http.StatusOK, "produits", page)
}

type produitPage struct {
	recordPage
	Licence, Change string
	Family          string // address of its family's page, "" for none
	OtherVersions   []*content.Record
}

func (s *Site) produit(w http.ResponseWriter, r *http.Request, lib *search.Library) error {
	record, err := s.record(w, r, lib, content.KindProduit, mux.Vars(r)["id"])
	if record == nil {
		return err
	}
	base, err := s.recordPage(r, lib, record, "/produits")
	if err != nil {
		return err
	}
	product := record.Produit
	p := produitPage{recordPage: base, Licence: licenceLabel(product.Licence), Change: changeLabel(product.Change)}
	p.Family = familyURL(record, product.Chapter)
	if product.PartCode != "" {
		l := list{Path: "/produits", Asked: map[string][]string{"part": {product.PartCode}}}
		p.Category = []crumb{{withoutCode(product.Part), l.url(1)}}
	}
	all, err := lib.Catalog().Records(content.KindProduit)
	if err != nil {
		return err
	}
	for _, o := range all {
		if o.ID != record.ID && strings.EqualFold(o.Produit.Name, product.Name) && product.Name != "" {
			p.OtherVersions = append(p.OtherVersions, o)
		}
	}
	return s.render(w, http.StatusOK, "produit", p)
}

// familyURL is the address of a product's family; "" where its chapter bears no
// code, or isn't shown.
func familyURL(r *content.Record, chapter string) string {
	id := profile.FamilyOf(r)
	if id == "" || chapter == "" {
		return ""
	}
	return profile.Family{ID: id}.URL()
}

func notEmpty(values ...string) (out []string) {
	for _, v := range values {
		if v = strings.TrimSpace(v); v != "" {
			out = append(out, v)
		}
	}
	return out
}
