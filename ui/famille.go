package ui

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gorilla/mux"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/profile"
	"github.com/cct-mi/cct/search"
)

type famillePage struct {
	frame
	Family profile.Family
	Part   crumb
	Groups []familleGroup
	Others []profile.Family // of the same part
}

// familleGroup is the products of a family between which one would choose alike.
type familleGroup struct {
	ID, Title, Meaning string
	Products           []*content.Record
}

// famille shows a family's products for a choice: those recommended, then those
// that may be used, then those to leave, whatever order the source has.
func (s *Site) famille(w http.ResponseWriter, r *http.Request, lib *search.Library) error {
	families, err := profile.Families(lib.Catalog())
	if err != nil {
		return err
	}
	id := mux.Vars(r)["part"] + "/" + mux.Vars(r)["chapter"]
	i := slices.IndexFunc(families, func(f profile.Family) bool { return strings.EqualFold(f.ID, id) })
	if i < 0 {
		return notFound("Aucune famille de produits ne porte ce code.", id)
	}
	f := families[i]
	product := f.Products[0].Produit
	p := famillePage{frame: frame{Title: f.Title + " : produits", Menu: "/produits", Edition: lib.Catalog().Head().Name, Robots: true}, Family: f,
		Part: crumb{withoutCode(product.Part), (&list{Path: "/produits", Asked: map[string][]string{"part": {product.PartCode}}}).url(1)}}
	for _, o := range families {
		if o.ID != f.ID && strings.HasPrefix(o.ID, product.PartCode+"/") {
			p.Others = append(p.Others, o)
		}
	}
	for _, g := range []struct{ id, title, letters string }{
		{"recommandes", "Recommandés", "R"}, {"toleres", "Tolérés", "AO"}, {"a-quitter", "À quitter", "M"}, {"sans-statut", "Sans statut", ""},
	} {
		group := familleGroup{ID: g.id, Title: g.title}
		var meanings []string
		for _, letter := range g.letters {
			status := content.StatusNamed(string(letter))
			meanings = append(meanings, status.Letter+", sans doute « "+status.Word+" » : "+status.Meaning)
		}
		group.Meaning = strings.Join(meanings, " ; ")
		for _, product := range f.Products {
			letter := product.Produit.Status
			if letter != "" && strings.Contains(g.letters, letter) || g.letters == "" && profile.Rank(product) == 4 {
				group.Products = append(group.Products, product)
			}
		}
		if len(group.Products) > 0 {
			p.Groups = append(p.Groups, group)
		}
	}
	return s.render(w, http.StatusOK, "famille", p)
}
