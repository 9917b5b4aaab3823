package ui

import (
	"context"
	"slices"
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/profile"
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
func helpFor(ctx context.Context, lib *search.Library, a *search.Answer) (*help, error) {
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
	var err error
	if h.Families, err = families(ctx, lib, a); err != nil {
		return nil, err
	}
	if c.Head().Framework.Foreign() {
		return h, nil
	}
	for _, p := range []chip{{"À qui s’adresser : la gouvernance du CCT", "gouvernance"}, {"Demander un ajout ou une correction au CCT", "contribuer"}} {
		if page, err := c.Page(p.URL); err == nil {
			h.Ask = append(h.Ask, chip{p.Label, page.URL()})
		}
	}
	if len(h.Ask) == 0 {
		h.Ask = []chip{{"À propos, sources et rédacteurs du CCT", "/a-propos"}}
	}
	return h, nil
}

// families are where to look instead of a product that isn't referenced: the part
// that an unknown reference names by its letters, or the chapters of the products
// nearest to a name that the edition doesn't hold.
func families(ctx context.Context, lib *search.Library, a *search.Answer) (out []chip, err error) {
	c := lib.Catalog()
	add := func(label, to string) {
		if len(out) < familiesShown && !slices.ContainsFunc(out, func(f chip) bool { return f.Label == label }) {
			out = append(out, chip{label, to})
		}
	}
	missing, err := missingNames(ctx, lib, a)
	if err != nil || len(missing) == 0 {
		return nil, err
	}
	named := false // by something else than a reference
	for _, name := range missing {
		letters, number, isReference := strings.Cut(strings.ToUpper(name), "-")
		if !isReference && !isCode(strings.ToUpper(name)) {
			named = true
		}
		if !isReference || number == "" {
			continue
		}
		products, err := c.Records(content.KindProduit)
		if err != nil {
			return nil, err
		}
		for _, r := range products {
			if r.Produit.PartCode == letters {
				add(withoutCode(r.Produit.Part), (&list{Path: "/produits", Asked: map[string][]string{"part": {letters}}}).url(1))
				break
			}
		}
	}
	if !named {
		return out, nil
	}
	known, err := profile.Families(c)
	if err != nil {
		return nil, err
	}
	for _, hit := range a.Hits {
		if hit.Type != content.KindProduit {
			continue
		}
		i := slices.IndexFunc(known, func(f profile.Family) bool {
			return slices.ContainsFunc(f.Products, func(r *content.Record) bool { return r.ID == hit.ID })
		})
		if i >= 0 {
			add(known[i].Title, known[i].URL())
		}
	}
	return out, nil
}

// missingNames are the names of a question that the edition doesn't hold: those that
// the search didn't know, and those that only the thesaurus knows, which leads from a
// product to its kind.
func missingNames(ctx context.Context, lib *search.Library, a *search.Answer) ([]string, error) {
	missing := slices.Clone(a.Unknown)
	if len(a.Hits) == 0 || a.Hits[0].Type != content.KindProduit {
		return missing, nil
	}
	for _, e := range a.Expanded {
		alone, err := lib.Search(ctx, search.Request{Query: e.Term, Limit: 1, NoCorrect: true, NoExpand: true})
		if err != nil {
			return nil, err
		}
		if alone.Total == 0 && !slices.Contains(missing, e.Term) {
			missing = append(missing, e.Term)
		}
	}
	return missing, nil
}
