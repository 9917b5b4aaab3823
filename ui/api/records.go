package api

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/ui/address"
)

// collection is one of the whole collections: how its records are read and
// made into wire values, and by what they can be narrowed.
type collection struct {
	name    string // of the address and the JSON array
	kind    content.Kind
	label   string // "L’exigence", of errors
	filters []filter
	all     string       // "Toutes les exigences"
	one     string       // "Une exigence"
	answer  reflect.Type // of the collection: edition, total, records
	single  reflect.Type // of one record, with its edition
}

// item is the type of the collection's records.
func (c collection) item() reflect.Type { return c.answer.Field(2).Type.Elem() }

// filter narrows a collection by a property; known lists values that are valid
// even when no record has them.
type filter struct {
	name, doc string
	known     []string
	of        func(*content.Record) string
	has       func(r *content.Record, asked string) bool // nil: what of gives is what is asked
}

// allowed are the values that may be asked, whether or not a record has them.
func (f filter) allowed(c *content.Catalog) []string {
	switch f.name {
	case "theme":
		return search.ThemeNames(c)
	case "level":
		return search.LevelNames(c)
	}
	return f.known
}

// keeps says whether a record has one of the values asked for; none asks for all.
func (f filter) keeps(r *content.Record, asked []string) bool {
	if f.has == nil || len(asked) == 0 {
		return matches(asked, f.of(r))
	}
	return slices.ContainsFunc(asked, func(a string) bool { return f.has(r, a) })
}

// unspecified asks for records without a value.
const unspecified = search.NoLevel

func collections() []collection {
	theme := filter{name: "theme", doc: "Thème : un des documents du cadre.", of: func(r *content.Record) string { return r.Theme }}
	exigence := func(f func(*content.Exigence) string) func(*content.Record) string {
		return func(r *content.Record) string { return f(r.Exigence) }
	}
	produit := func(f func(*content.Produit) string) func(*content.Record) string {
		return func(r *content.Record) string { return f(r.Produit) }
	}
	return []collection{
		{"pages", content.KindSection, "La page", []filter{theme, {name: "state", doc: "État de la rédaction.", known: []string{"complete", "stub", "empty"}}},
			"Toutes les pages", "Une page", reflect.TypeFor[Pages](), reflect.TypeFor[PageAnswer]()},
		{"exigences", content.KindExigence, "L’exigence", []filter{theme,
			{name: "level", doc: "Niveau de l’exigence" + levelsDoc, of: (*content.Record).LevelWord, has: (*content.Record).HasLevel},
			{name: "raw_level", doc: "Niveau dans les mots du référentiel, là où ce ne sont pas ceux du CCT.", of: (*content.Record).OwnLevel},
			{name: "category", doc: "Catégorie, telle que l’écrit la source.", of: exigence(func(e *content.Exigence) string { return e.Category })},
			{name: "nature", doc: "Nature, telle que l’écrit la source.", of: exigence(func(e *content.Exigence) string { return e.Nature })}},
			"Toutes les exigences", "Une exigence", reflect.TypeFor[Exigences](), reflect.TypeFor[ExigenceAnswer]()},
		{"produits", content.KindProduit, "Le produit", []filter{theme,
			{name: "status", doc: "Statut.", known: []string{"R", "A", "M", "O"}, of: produit(func(p *content.Produit) string { return p.Status })},
			{name: "licence", doc: "Licence : libre (open) ou propriétaire (nonopen).", known: []string{"open", "nonopen"}, of: produit(func(p *content.Produit) string { return p.Licence })},
			{name: "supported", doc: "Support du logiciel libre.", known: []string{"Oui", "Non", unspecified}, of: produit(func(p *content.Produit) string { return p.Supported })},
			{name: "change", doc: "Inchangé (inc), nouveau (new) ou mis à jour (maj).", known: []string{"inc", "new", "maj"}, of: produit(func(p *content.Produit) string { return p.Change })},
			{name: "part", doc: "Partie du référentiel, par ses deux lettres.", of: produit(func(p *content.Produit) string { return p.PartCode })}},
			"Tous les produits référencés", "Un produit", reflect.TypeFor[Produits](), reflect.TypeFor[ProduitAnswer]()},
		{"termes", content.KindTerme, "Le terme", []filter{theme},
			"Tout le glossaire", "Un terme", reflect.TypeFor[Termes](), reflect.TypeFor[TermeAnswer]()},
		{"regles", content.KindRegle, "La règle", []filter{theme,
			{name: "status", doc: "RG : règle ; rc : recommandation.", known: []string{"RG", "rc", unspecified}, of: func(r *content.Record) string { return r.Regle.Status }},
			{name: "kind", doc: "Nature de la règle.", known: []string{"regle", "regle-api", "principe-api"}, of: func(r *content.Record) string { return r.Regle.Kind }}},
			"Toutes les règles", "Une règle", reflect.TypeFor[Regles](), reflect.TypeFor[RegleAnswer]()},
		{"normes", content.KindNorme, "La norme", []filter{theme},
			"Toutes les normes citées", "Une norme", reflect.TypeFor[Normes](), reflect.TypeFor[NormeAnswer]()},
	}
}

// shelf finds the pages that records stand on.
type shelf struct {
	at      address.Site
	edition string
	pages   map[string]content.PageHead
}

func newShelf(c *content.Catalog, at address.Site) (*shelf, error) {
	heads, err := c.Pages()
	if err != nil {
		return nil, err
	}
	s := &shelf{at: at, edition: c.Head().Name, pages: make(map[string]content.PageHead, len(heads))}
	for _, h := range heads {
		s.pages[h.ID] = h
	}
	return s, nil
}

func (s *shelf) ref(id string) PageRef {
	h := s.pages[id]
	return PageRef{id, h.Title, s.at.URL("/pages/" + id), h.Source}
}

func (s *shelf) record(r *content.Record) Record {
	return Record{r.ID, r.Title, s.at.URL(r.URL()), r.Theme, r.Plain(), s.at.HTML(r.HTML), r.Note, r.Wording(), Official(r.Official), s.ref(r.PageID)}
}

func (s *shelf) exigence(r *content.Record) Exigence {
	e := r.Exigence
	return Exigence{s.record(r), r.Name, string(e.Level), e.Category, e.Nature, e.RawLevel, e.Replaces}
}

func (s *shelf) produit(r *content.Record) Produit {
	p := r.Produit
	return Produit{s.record(r), p.Name, p.Vendor, p.Version, p.Status, p.Supported, p.Licence, p.Change, p.Part, p.Chapter, r.Plain()}
}

func (s *shelf) terme(r *content.Record) Terme {
	return Terme{s.record(r), r.Terme.Term, r.Plain(), some(r.Terme.Aliases)}
}

func (s *shelf) regle(r *content.Record) Regle {
	return Regle{s.record(r), r.Name, r.Regle.Status, r.Regle.Kind}
}

func (s *shelf) norme(r *content.Record) Norme { return Norme{s.record(r), r.Name} }

func (s *shelf) page(p *content.Page) Page {
	w := Page{
		Record: Record{p.ID, p.Title, s.at.URL(p.URL()), p.Theme, p.Plain(), s.at.HTML(p.HTML),
			"", p.Wording(), Official(p.Official), PageRef{p.ID, p.Title, s.at.URL(p.URL()), p.Source}},
		Description: p.Description, Source: p.Source, Restates: p.Restates, Updated: p.Updated, Words: p.Words, Headings: []Heading{}, State: string(p.State),
	}
	for _, sec := range p.Sections {
		if sec.Anchor != "" {
			w.Headings = append(w.Headings, Heading{sec.Anchor, sec.Heading, sec.Level})
		}
	}
	return w
}

// one reads one record, as a wire value with its edition.
func one(c *content.Catalog, kind content.Kind, id string, at address.Site) (any, error) {
	s, err := newShelf(c, at)
	if err != nil {
		return nil, err
	}
	if kind == content.KindSection {
		p, err := c.Page(id)
		if err != nil {
			return nil, err
		}
		return PageAnswer{s.edition, s.page(p)}, nil
	}
	r, err := c.Record(kind, id)
	if err != nil {
		return nil, err
	}
	switch kind {
	case content.KindExigence:
		return ExigenceAnswer{s.edition, s.exigence(r)}, nil
	case content.KindProduit:
		return ProduitAnswer{s.edition, s.produit(r)}, nil
	case content.KindTerme:
		return TermeAnswer{s.edition, s.terme(r)}, nil
	case content.KindRegle:
		return RegleAnswer{s.edition, s.regle(r)}, nil
	}
	return NormeAnswer{s.edition, s.norme(r)}, nil
}

func each[T any](records []*content.Record, wire func(*content.Record) T) []T {
	out := make([]T, 0, len(records))
	for _, r := range records {
		out = append(out, wire(r))
	}
	return out
}

// whole makes a collection's wire value.
func (s *shelf) whole(kind content.Kind, records []*content.Record) any {
	n := len(records)
	switch kind {
	case content.KindExigence:
		return Exigences{s.edition, n, each(records, s.exigence)}
	case content.KindProduit:
		return Produits{s.edition, n, each(records, s.produit)}
	case content.KindTerme:
		return Termes{s.edition, n, each(records, s.terme)}
	case content.KindRegle:
		return Regles{s.edition, n, each(records, s.regle)}
	}
	return Normes{s.edition, n, each(records, s.norme)}
}

// wholePages reads the pages that the filters keep.
func wholePages(c *content.Catalog, s *shelf, heads []content.PageHead, asked map[string][]string) (Pages, error) {
	w := Pages{Edition: s.edition, Pages: []Page{}}
	for _, h := range heads {
		if !matches(asked["theme"], h.Theme) || !matches(asked["state"], string(h.State)) {
			continue
		}
		p, err := c.Page(h.ID)
		if err != nil {
			return Pages{}, fmt.Errorf("lire la page %s : %w", h.ID, err)
		}
		w.Pages = append(w.Pages, s.page(p))
	}
	w.Total = len(w.Pages)
	return w, nil
}

// matches says whether a value is among those asked for; none asks for all.
func matches(asked []string, v string) bool {
	if len(asked) == 0 {
		return true
	}
	if v == "" {
		v = unspecified
	}
	for _, a := range asked {
		if strings.EqualFold(a, v) {
			return true
		}
	}
	return false
}
