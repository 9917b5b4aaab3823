package api

import (
	"net/http"
	"reflect"
	"strings"

	"github.com/gorilla/mux"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/profile"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/ui/export"
)

// Endpoint is one address of the API, as its description and the page /api
// show it.
type Endpoint struct {
	Path    string // after Root: "/search"
	ID      string // operationId
	Summary string
	Params  []parameter
	Files   bool         // also given as files: ?format=csv and the like
	Answer  reflect.Type // of the JSON answer
	ByID    bool         // 404 for an unknown id
	handle  handler
}

// Endpoints lists the addresses, for the page that describes them.
func Endpoints() []Endpoint { return endpoints() }

var offset = parameter{Name: "offset", Doc: "Rang du premier résultat, à partir de 0.", Type: "integer", Min: 0, Max: maxOffset, Default: "0"}

func endpoints() []Endpoint {
	q := parameter{Name: "q", Doc: "La recherche : des mots, une question, un identifiant ; 512 caractères au plus.", Type: "string", Example: "sauvegarde s3"}
	limit := parameter{Name: "limit", Doc: "Nombre de résultats.", Type: "integer", Min: 1, Max: 100, Default: "10"}
	words := parameter{Name: "q", Doc: "Ne garder que ce que ces mots trouvent, le plus proche d’abord.", Type: "string", Example: "sauvegarde"}
	list := []Endpoint{
		{"/search", "search", "Chercher dans le cadre", append([]parameter{q, limit, offset,
			{Name: "type", Doc: "Nature des résultats.", Type: "string", Values: kindNames(), Many: true},
			{Name: "theme", Doc: "Thème : un des documents du cadre.", Type: "string", Many: true, Example: "cloud-native"},
			{Name: "level", Doc: "Niveau des exigences.", Type: "string", Values: levelNames(), Many: true},
			{Name: "correct", Doc: "false : chercher exactement ce qui est écrit, sans corriger l’orthographe.", Type: "boolean", Default: "true"},
			{Name: "expand", Doc: "false : ne pas chercher les synonymes ni les sigles.", Type: "boolean", Default: "true"},
			{Name: "explain", Doc: "true : dire ce qui a compté dans le score de chaque résultat.", Type: "boolean", Default: "false"},
		}, profileParams(profile.Prefix)...), false, reflect.TypeFor[SearchAnswer](), false, (*api).search},
		{"/suggest", "suggest", "Compléter une recherche en cours de frappe", []parameter{q, limit}, false, reflect.TypeFor[SuggestAnswer](), false, (*api).suggest},
	}
	whole := map[string]reflect.Type{"pages": reflect.TypeFor[Pages](), "exigences": reflect.TypeFor[Exigences](), "produits": reflect.TypeFor[Produits](),
		"termes": reflect.TypeFor[Termes](), "regles": reflect.TypeFor[Regles](), "normes": reflect.TypeFor[Normes]()}
	single := map[string]reflect.Type{"pages": reflect.TypeFor[PageAnswer](), "exigences": reflect.TypeFor[ExigenceAnswer](), "produits": reflect.TypeFor[ProduitAnswer](),
		"termes": reflect.TypeFor[TermeAnswer](), "regles": reflect.TypeFor[RegleAnswer](), "normes": reflect.TypeFor[NormeAnswer]()}
	summary := map[string][2]string{
		"pages": {"Toutes les pages", "Une page"}, "exigences": {"Toutes les exigences", "Une exigence"}, "produits": {"Tous les produits référencés", "Un produit"},
		"termes": {"Tout le glossaire", "Un terme"}, "regles": {"Toutes les règles", "Une règle"}, "normes": {"Toutes les normes citées", "Une norme"}}
	for _, c := range collections() {
		var ps []parameter
		for _, f := range c.filters {
			ps = append(ps, parameter{Name: f.name, Doc: f.doc, Type: "string", Values: f.known, Many: true})
		}
		if c.kind != content.KindSection {
			ps = append(ps, words)
		}
		if c.kind == content.KindExigence {
			ps = append(ps, profileParams(profile.Prefix)...)
		}
		list = append(list,
			Endpoint{"/" + c.name, c.name, summary[c.name][0], append(ps, formatParam(c.name)), true, whole[c.name], false, c.all},
			Endpoint{"/" + c.name + "/{id}", strings.TrimSuffix(c.name, "s"), summary[c.name][1], nil, false, single[c.name], true, c.one})
	}
	return append(list,
		Endpoint{"/applicable", "applicable", "Ce qui s’applique à une application, et pourquoi", append(profileParams(""),
			parameter{Name: "level", Doc: "Ne garder que les exigences de ces niveaux.", Type: "string", Values: levelNames(), Many: true},
			parameter{Name: "category", Doc: "Ne garder que les exigences de ces catégories.", Type: "string", Many: true},
			parameter{Name: "nature", Doc: "Ne garder que les exigences de ces natures.", Type: "string", Many: true},
			parameter{Name: "id", Doc: "Ne garder que ces exigences.", Type: "string", Many: true, Example: "EX7,EX33"},
			words, formatParam("applicable")), true, reflect.TypeFor[ApplicableAnswer](), false, (*api).applicable},
		Endpoint{"/openapi.json", "openapi", "Cette description, au format OpenAPI 3.1", nil, false, nil, false, (*api).openapi},
		Endpoint{"/", "index", "Ce que sert l’API", nil, false, reflect.TypeFor[IndexAnswer](), false, (*api).index},
		Endpoint{"", "", "", nil, false, nil, false, (*api).index})
}

// profileParams are the five questions, each name after prefix.
func profileParams(prefix string) []parameter {
	var ps []parameter
	for _, q := range profile.Questions() {
		p := parameter{Name: prefix + q.Name, Doc: q.Label, Type: "string"}
		if prefix != "" {
			p.Doc = "Se limiter aux exigences de « mon application ». " + q.Label
		}
		for _, v := range q.Values {
			p.Values = append(p.Values, v.Value)
		}
		ps = append(ps, p)
	}
	return ps
}

func formatParam(what string) parameter {
	p := parameter{Name: "format", Doc: "json, ou un fichier à télécharger.", Type: "string", Values: []string{"json"}, Default: "json"}
	formats := export.ListFormats()
	if what == "applicable" {
		formats = export.Formats()
		p.Doc = "json, ou un fichier : une ligne par exigence qui s’applique, et des colonnes pour la réponse du soumissionnaire."
	}
	for _, f := range formats {
		if f.Name != "json" {
			p.Values = append(p.Values, f.Name)
		}
	}
	return p
}

func (a *api) openapi(w http.ResponseWriter, r *http.Request, _ *search.Library, _ params) error {
	a.send(w, r, "application/json", a.spec, tag(a.spec))
	return nil
}

func (a *api) index(w http.ResponseWriter, r *http.Request, lib *search.Library, _ params) error {
	head := lib.Catalog().Head()
	v := IndexAnswer{Title: head.Title, Edition: head.Name, Version: a.o.Version, OpenAPI: content.Rebase(Root+"/openapi.json", a.base),
		Pages: head.Pages, Counts: map[string]int{}, Themes: []Theme{}, Links: []string{}}
	for _, k := range content.Kinds() {
		if k != content.KindSection {
			v.Counts[string(k)] = head.Counts[k]
		}
	}
	for _, t := range head.Themes {
		v.Themes = append(v.Themes, Theme(t))
	}
	for _, e := range endpoints() {
		if e.ID != "" {
			v.Links = append(v.Links, content.Rebase(Root+e.Path, a.base))
		}
	}
	return a.answer(w, r, v)
}

// all answers a whole collection, narrowed by its filters, as JSON or a file.
func (c collection) all(a *api, w http.ResponseWriter, r *http.Request, lib *search.Library, p params) error {
	cat := lib.Catalog()
	f, err := p.format(c.name)
	if err != nil {
		return err
	}
	shelf, err := newShelf(cat, a.base)
	if err != nil {
		return err
	}
	if c.kind == content.KindSection {
		asked := map[string][]string{}
		for _, f := range c.filters {
			allowed := f.known
			if f.name == "theme" {
				allowed = themeNames(cat)
			}
			if asked[f.name], err = p.list(f.name, allowed); err != nil {
				return err
			}
		}
		pages, err := wholePages(cat, shelf, asked)
		if err != nil {
			return err
		}
		return a.collection(w, r, c.name, cat.Head(), pages, f)
	}
	records, err := cat.Records(c.kind)
	if err != nil {
		return err
	}
	if records, err = c.narrow(records, cat, p); err != nil {
		return err
	}
	if records, err = p.words(r.Context(), lib, c.kind, records); err != nil {
		return err
	}
	return a.collection(w, r, c.name, cat.Head(), shelf.whole(c.kind, records), f)
}

// narrow keeps the records that match every filter. A value that no record has
// and that isn't known is an error that lists what there is.
func (c collection) narrow(records []*content.Record, cat *content.Catalog, p params) ([]*content.Record, error) {
	asked := make([][]string, len(c.filters))
	for i, f := range c.filters {
		if !p.Has(f.name) {
			continue
		}
		allowed := append([]string{}, f.known...)
		if f.name == "theme" {
			allowed = themeNames(cat)
		}
		for _, r := range records {
			v := f.of(r)
			if v == "" {
				v = unspecified
			}
			if !matches(append(allowed, ""), v) { // "" keeps an empty list from allowing all
				allowed = append(allowed, v)
			}
		}
		var err error
		if asked[i], err = p.list(f.name, allowed); err != nil {
			return nil, err
		}
	}
	var only map[string]bool
	if c.kind == content.KindExigence {
		var err error
		if only, err = p.only(cat); err != nil {
			return nil, err
		}
	}
	var kept []*content.Record
	for _, r := range records {
		ok := only == nil || only[r.ID]
		for i, f := range c.filters {
			ok = ok && matches(asked[i], f.of(r))
		}
		if ok {
			kept = append(kept, r)
		}
	}
	return kept, nil
}

// one answers one record, whatever the case or spelling of its id.
func (c collection) one(a *api, w http.ResponseWriter, r *http.Request, lib *search.Library, _ params) error {
	id := mux.Vars(r)["id"]
	exact, err := c.resolve(lib, id)
	if err != nil {
		return err
	}
	if exact == "" {
		return missing(c.label + " « " + clip(id) + " » n’existe pas dans l’édition " + lib.Catalog().Head().Name + " ; la liste est à " + content.Rebase(Root+"/"+c.name, a.base) + ".")
	}
	v, err := one(lib.Catalog(), c.kind, exact, a.base)
	if err != nil {
		return err
	}
	return a.answer(w, r, v)
}

func (c collection) resolve(lib *search.Library, id string) (string, error) {
	var ids []string
	if c.kind == content.KindSection {
		heads, err := lib.Catalog().Pages()
		if err != nil {
			return "", err
		}
		for _, h := range heads {
			ids = append(ids, h.ID)
		}
	} else {
		var err error
		if ids, err = lib.Catalog().IDs(c.kind); err != nil {
			return "", err
		}
	}
	folded := ""
	for _, known := range ids {
		if known == id {
			return id, nil
		}
		if folded == "" && strings.EqualFold(known, id) {
			folded = known
		}
	}
	if folded != "" {
		return folded, nil
	}
	for _, ref := range lib.Resolve(id) {
		if ref.Kind == c.kind {
			return ref.ID, nil
		}
	}
	return "", nil
}
