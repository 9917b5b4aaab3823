package api

import (
	"context"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/gorilla/mux"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/profile"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/ui/address"
	"github.com/cct-mi/cct/ui/export"
)

// Endpoint is one address of the API, as its description and the page /api
// show it.
type Endpoint struct {
	Path    string // after Root: "/search"
	ID      string // operationId
	Tag     string // the group that it is described in
	Summary string
	Doc     string // a sentence more
	Params  []parameter
	Files   bool         // also given as files: ?format=csv and the like
	Pieces  bool         // a collection: limit, offset, fields
	Answer  reflect.Type // of the JSON answer
	ByID    bool         // 404 for an unknown id
	handle  handler
}

// Takes says whether the address has a query parameter of this name.
func (e Endpoint) Takes(name string) bool {
	return slices.ContainsFunc(e.Params, func(p parameter) bool { return p.Name == name })
}

// Endpoints lists the addresses, for the page that describes them.
func Endpoints() []Endpoint { return endpoints() }

var offset = parameter{Name: "offset", Doc: "Rang du premier résultat, à partir de 0.", Type: "integer", Min: 0, Max: search.MaxOffset, Default: "0"}

// levelsDoc ends the description of a filter by level. Its values are no closed list:
// a framework may have words of its own.
var levelsDoc = " : " + strings.Join(search.LevelNames(nil), ", ") + ", ou un mot du référentiel lui-même (MUST, AA, Obligatoire), tel que le donne facets.raw_level."

func endpoints() []Endpoint {
	q := parameter{Name: "q", Doc: "La recherche : des mots, une question, un identifiant ; 512 caractères au plus. " + syntax(), Type: "string", Example: "sauvegarde s3"}
	limit := parameter{Name: "limit", Doc: "Nombre de résultats.", Type: "integer", Min: 1, Max: 100, Default: "10"}
	words := parameter{Name: "q", Doc: "Ne garder que ce que ces mots trouvent, le plus proche d’abord.", Type: "string", Example: "sauvegarde"}
	list := []Endpoint{
		{Path: "/search", ID: "search", Tag: tagSearch, Summary: "Chercher dans le cadre",
			Doc: "La même recherche que celle des pages : fautes corrigées, synonymes et sigles compris, résultats du meilleur au moins bon.",
			Params: append([]parameter{q, limit, offset,
				{Name: "type", Doc: "Nature des résultats.", Type: "string", Values: search.KindNames(), Many: true},
				{Name: "theme", Doc: "Thème : un des documents du cadre.", Type: "string", Many: true, Example: "cloud-native"},
				{Name: "level", Doc: "Niveau des exigences" + levelsDoc, Type: "string", Many: true, Example: "primordial"},
				{Name: "correct", Doc: "false : chercher exactement ce qui est écrit, sans corriger l’orthographe.", Type: "boolean", Default: "true"},
				{Name: "expand", Doc: "false : ne pas chercher les synonymes ni les sigles.", Type: "boolean", Default: "true"},
				{Name: "explain", Doc: "true : dire ce qui a compté dans le score de chaque résultat.", Type: "boolean", Default: "false"},
			}, profileParams(profile.Prefix)...), Answer: reflect.TypeFor[SearchAnswer](), handle: (*api).search},
		{Path: "/suggest", ID: "suggest", Tag: tagSearch, Summary: "Compléter une recherche en cours de frappe",
			Doc:    "Fiches, pages et recherches qui commencent comme ce qui est tapé.",
			Params: []parameter{q, limit}, Answer: reflect.TypeFor[SuggestAnswer](), handle: (*api).suggest},
	}
	for _, c := range collections() {
		var ps []parameter
		for _, f := range c.filters {
			ps = append(ps, parameter{Name: f.name, Doc: f.doc, Type: "string", Values: f.known, Many: true})
		}
		ps = append(ps, words)
		if c.kind == content.KindExigence {
			ps = append(ps, profileParams(profile.Prefix)...)
		}
		ps = append(ps, pieceParams(c.item())...)
		list = append(list,
			Endpoint{Path: "/" + c.name, ID: c.name, Tag: tagRecords, Summary: c.all, Doc: "La collection entière, ou ce qu’en gardent les filtres ; limit et offset la lisent par morceaux.",
				Params: append(ps, formatParam(c.name)), Files: true, Pieces: true, Answer: c.answer, handle: c.list},
			Endpoint{Path: "/" + c.name + "/{id}", ID: strings.TrimSuffix(c.name, "s"), Tag: tagRecords, Summary: c.one, Doc: "Par son identifiant, de quelque façon qu’il soit écrit.",
				Answer: c.single, ByID: true, handle: c.record})
	}
	list = append(list,
		Endpoint{Path: "/applicable", ID: "applicable", Tag: tagProfile, Summary: "Ce qui s’applique à une application, et pourquoi",
			Doc: "Documents, exigences, règles et familles de produits, chacun avec sa raison. Ce qui n’est pas dit de l’application n’écarte rien.",
			Params: append(profileParams(""),
				parameter{Name: "level", Doc: "Ne garder que les exigences de ces niveaux" + levelsDoc, Type: "string", Many: true},
				parameter{Name: "category", Doc: "Ne garder que les exigences de ces catégories.", Type: "string", Many: true},
				parameter{Name: "nature", Doc: "Ne garder que les exigences de ces natures.", Type: "string", Many: true},
				parameter{Name: "id", Doc: "Ne garder que ces exigences.", Type: "string", Many: true, Example: "EX7,EX33"},
				parameter{Name: "view", Doc: "resume : sans les listes d’exigences, de règles et de familles.", Type: "string", Values: []string{viewShort}},
				words, formatParam("applicable")), Files: true, Answer: reflect.TypeFor[ApplicableAnswer](), handle: (*api).applicable},
		Endpoint{Path: "/editions", ID: "editions", Tag: tagEditions, Summary: "Les éditions que tient ce service", Doc: "La plus récente d’abord ; leur nom se donne au paramètre edition des autres adresses.",
			Answer: reflect.TypeFor[EditionsAnswer](), handle: (*api).editions},
		Endpoint{Path: "/editions/{a}/{b}", ID: "changes", Tag: tagEditions, Summary: "Ce qui a changé d’une édition à une autre",
			Doc: "Exigences, règles, produits et termes : ce qu’est devenue chaque fiche, et les mots ajoutés et supprimés.", Params: append(profileParams(profile.Prefix), formatParam("changements")), Files: true, Answer: reflect.TypeFor[ChangesAnswer](), handle: (*api).changes},
		Endpoint{Path: "/openapi.json", ID: "openapi", Tag: tagService, Summary: "Cette description, au format OpenAPI 3.1", Doc: "De quoi faire un client dans le langage de son choix.", handle: (*api).openapi},
		Endpoint{Path: "", ID: "index", Tag: tagService, Summary: "Ce que sert l’API", Doc: "Édition, nombre de fiches, adresses.", Answer: reflect.TypeFor[IndexAnswer](), handle: (*api).index},
		Endpoint{Path: "/", handle: (*api).index})
	for i, e := range list {
		if e.Tag == tagSearch || e.Tag == tagRecords || e.Tag == tagProfile {
			list[i].Params = append(slices.Clip(e.Params), parameter{Name: address.EditionParam, Doc: "L’édition qui répond, par son nom (voir /editions) ; sans elle, la plus récente.", Type: "string", Example: "2025-01"})
		}
	}
	return list
}

// profileParams are the questions, each name after prefix.
func profileParams(prefix string) []parameter {
	var ps []parameter
	for _, q := range profile.Questions() {
		p := parameter{Name: prefix + q.Name, Doc: q.Label, Type: "string", Many: q.Many}
		if prefix != "" {
			p.Doc = "Se limiter aux exigences de « mon application ». " + q.Label
		}
		p.Values = q.Allowed()
		ps = append(ps, p)
	}
	return ps
}

func formatParam(what string) parameter {
	p := parameter{Name: "format", Doc: "json, ou un fichier à télécharger.", Type: "string", Values: []string{"json"}, Default: "json"}
	formats := export.ListFormats()
	if what == "applicable" {
		formats = export.Formats()
		p.Doc = "json, ou un fichier : une ligne par exigence et par règle qui s’applique, et des colonnes pour la réponse du soumissionnaire."
	}
	for _, f := range formats {
		if f.Name != "json" {
			p.Values = append(p.Values, f.Name)
		}
	}
	return p
}

func (a *api) openapi(w http.ResponseWriter, r *http.Request, _ *search.Library, _ params) error {
	spec, err := a.spec()
	if err != nil {
		return err
	}
	a.send(w, r, "application/json", spec, tag(spec))
	return nil
}

func (a *api) index(w http.ResponseWriter, r *http.Request, lib *search.Library, _ params) error {
	head := lib.Catalog().Head()
	v := IndexAnswer{Title: head.Title, Edition: head.Name, Version: a.o.Version, OpenAPI: a.at().URL(Root + "/openapi.json"),
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
			v.Links = append(v.Links, a.at().URL(Root+e.Path))
		}
	}
	return a.answer(w, r, v)
}

// list answers a collection, narrowed by its filters, as JSON or a file.
func (c collection) list(a *api, w http.ResponseWriter, r *http.Request, lib *search.Library, p params) error {
	f, err := p.format(c.name)
	if err != nil {
		return err
	}
	part, err := p.piece(c.item())
	if err != nil {
		return err
	}
	v, err := c.kept(r.Context(), lib, p, address.Of(lib, a.base))
	if err != nil {
		return err
	}
	part.neighbours(w, a.wholeAddress(c.name), p, int(reflect.ValueOf(v).Field(1).Int()))
	v = part.cut(v)
	if f != nil {
		a.file(w, r, f, tableOf(c.name, lib.Catalog().Head(), v, part.fields), c.name, lib.Catalog().Head().Name)
		return nil
	}
	if v, err = part.only(v); err != nil {
		return err
	}
	return a.answer(w, r, v)
}

// kept is the collection's wire value with the records that the filters keep.
func (c collection) kept(ctx context.Context, lib *search.Library, p params, at address.Site) (any, error) {
	cat := lib.Catalog()
	shelf, err := newShelf(cat, at)
	if err != nil {
		return nil, err
	}
	if c.kind == content.KindSection {
		return c.keptPages(ctx, lib, p, shelf)
	}
	records, err := cat.Records(c.kind)
	if err != nil {
		return nil, err
	}
	if records, err = c.narrow(records, cat, p); err != nil {
		return nil, err
	}
	if records, err = p.words(ctx, lib, c.kind, records); err != nil {
		return nil, err
	}
	return shelf.whole(c.kind, records), nil
}

// keptPages is the collection of pages.
func (c collection) keptPages(ctx context.Context, lib *search.Library, p params, shelf *shelf) (any, error) {
	cat := lib.Catalog()
	asked := map[string][]string{}
	for _, f := range c.filters {
		var err error
		if asked[f.name], err = p.read().List(f.name, f.allowed(cat)); err != nil {
			return nil, err
		}
	}
	heads, err := cat.Pages()
	if err != nil {
		return nil, err
	}
	if heads, err = p.pagesFound(ctx, lib, heads); err != nil {
		return nil, err
	}
	return wholePages(cat, shelf, heads, asked)
}

// narrow keeps the records that match every filter. A value that no record has
// and that isn't known is an error that lists what there is.
func (c collection) narrow(records []*content.Record, cat *content.Catalog, p params) ([]*content.Record, error) {
	asked := make([][]string, len(c.filters))
	for i, f := range c.filters {
		if !p.Has(f.name) {
			continue
		}
		allowed := slices.Clone(f.allowed(cat))
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
		if asked[i], err = p.read().List(f.name, allowed); err != nil {
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
			ok = ok && f.keeps(r, asked[i])
		}
		if ok {
			kept = append(kept, r)
		}
	}
	return kept, nil
}

// record answers one record, whatever the case or spelling of its id.
func (c collection) record(a *api, w http.ResponseWriter, r *http.Request, lib *search.Library, _ params) error {
	id := mux.Vars(r)["id"]
	exact, err := c.resolve(lib, id)
	if err != nil {
		return err
	}
	if exact == "" {
		return missing(c.label + " « " + clip(id) + " » n’existe pas dans l’édition " + lib.Catalog().Head().Name + " ; la liste est à " + a.at().URL(Root+"/"+c.name) + ".")
	}
	v, err := one(lib.Catalog(), c.kind, exact, address.Of(lib, a.base))
	if err != nil {
		return err
	}
	return a.answer(w, r, v)
}

// Resolve gives the exact id of what is named, however it is typed; "" when the
// edition has none of this kind. KindSection names a page.
func Resolve(lib *search.Library, kind content.Kind, id string) (string, error) {
	for _, c := range collections() {
		if c.kind == kind {
			return c.resolve(lib, id)
		}
	}
	return "", nil
}

// ResolveAll gives the exact ids of the records of some kinds that ids name, however they
// are typed, in lists and ranges; what names none stays as it is.
func ResolveAll(lib *search.Library, ids []string, kinds ...content.Kind) (exact []string) {
	for _, id := range ids {
		found := false
		for _, ref := range lib.Resolve(id) {
			if !slices.Contains(kinds, ref.Kind) {
				continue
			}
			found = true
			if !slices.Contains(exact, ref.ID) {
				exact = append(exact, ref.ID)
			}
		}
		if !found && !slices.Contains(exact, id) {
			exact = append(exact, id)
		}
	}
	return exact
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
