package ui

import (
	"slices"
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search"
)

// help is what a search without a sure answer offers beside what is nearest.
type help struct {
	Theme    *content.Theme // the nearest
	Families []chip         // of products, where the question names one that isn't referenced
	Ask      []chip         // whom to ask
}

const familiesShown = 2

// helpFor reads it from what is nearest.
func helpFor(lib *search.Library, a *search.Answer) *help {
	h := &help{}
	c := lib.Catalog()
	best := map[string]float64{}
	for _, hit := range a.Hits {
		best[hit.Theme] += hit.Score
	}
	for _, t := range c.Head().Themes {
		if best[t.ID] > 0 && (h.Theme == nil || best[t.ID] > best[h.Theme.ID]) {
			h.Theme = &t
		}
	}
	h.Families = families(c, a)
	for _, p := range []chip{{"À qui s’adresser : la gouvernance du CCT", "gouvernance"}, {"Demander un ajout ou une correction au CCT", "contribuer"}} {
		if page, err := c.Page(p.URL); err == nil {
			h.Ask = append(h.Ask, chip{p.Label, page.URL()})
		}
	}
	if len(h.Ask) == 0 {
		h.Ask = []chip{{"À propos, sources et rédacteurs du CCT", "/a-propos"}}
	}
	return h
}

// families are the chapters of the products nearest to a question that names a
// product which isn't referenced.
func families(c *content.Catalog, a *search.Answer) (out []chip) {
	if len(a.Unknown) == 0 {
		return nil
	}
	for _, hit := range a.Hits {
		if hit.Type != content.KindProduit || len(out) == familiesShown {
			continue
		}
		r, err := c.Record(hit.Type, hit.ID)
		if err != nil || r.Produit.PartCode == "" {
			continue
		}
		label := strings.Join(notEmpty(withoutCode(r.Produit.Part), withoutCode(r.Produit.Chapter)), " › ")
		to := (&list{Path: "/produits", Asked: map[string][]string{"part": {r.Produit.PartCode}}}).url(1)
		if !slices.ContainsFunc(out, func(f chip) bool { return f.Label == label }) {
			out = append(out, chip{label, to})
		}
	}
	return out
}
