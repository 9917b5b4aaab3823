package ui

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gorilla/mux"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/ui/address"
	"github.com/cct-mi/cct/ui/api"
	"github.com/cct-mi/cct/ui/markdown"
	"github.com/cct-mi/cct/ui/middleware"
)

// form is a way to read the same thing: HTML, or what .md and .json after an
// address, or the header Accept, ask for.
type form string

const (
	asHTML     form = ""
	asMarkdown form = "md"
	asJSON     form = "json"
)

var mediaTypes = map[string]form{"text/html": asHTML, "application/xhtml+xml": asHTML, "text/markdown": asMarkdown, "text/x-markdown": asMarkdown, "application/json": asJSON}

// accepted is the form that the header Accept prefers: of those that it names,
// the one with the greatest weight, the first of equals. What names none, as
// "*/*" does, gets HTML.
func accepted(header string) form {
	best, weight := asHTML, 0.0
	for part := range strings.SplitSeq(header, ",") {
		name, parameters, _ := strings.Cut(part, ";")
		f, known := mediaTypes[strings.ToLower(strings.TrimSpace(name))]
		if !known {
			continue
		}
		q := 1.0
		for p := range strings.SplitSeq(parameters, ";") {
			if v, ok := strings.CutPrefix(strings.TrimSpace(p), "q="); ok {
				if n, err := strconv.ParseFloat(v, 64); err == nil {
					q = n
				}
			}
		}
		if q > weight {
			best, weight = f, q
		}
	}
	return best
}

// Variant says what of a request beside its address changes the answer, for
// whoever keeps answers.
func (s *Site) Variant(r *http.Request) string { return string(accepted(r.Header.Get("Accept"))) }

// readable is what has its Markdown and JSON beside its page.
type readable struct {
	path       string // "/exigences"
	kind       content.Kind
	collection string // of the API
	title      string
}

func readables() []readable {
	return []readable{
		{"/pages", content.KindSection, "pages", "Toutes les pages"},
		{"/exigences", content.KindExigence, "exigences", "Toutes les exigences"},
		{"/produits", content.KindProduit, "produits", "Tous les produits référencés"},
		{"/regles", content.KindRegle, "regles", "Toutes les règles"},
		{"/glossaire", content.KindTerme, "termes", "Glossaire"},
	}
}

// mountForms routes the addresses in .md and .json, and those of the pages for
// which Accept may ask another form.
func (s *Site) mountForms(m *mux.Router, json http.Handler) {
	for _, of := range readables() {
		for _, path := range []string{of.path, of.path + "/{id}"} {
			m.Path(path + ".md").HandlerFunc(s.handle(s.document(of)))
			m.Path(path + ".json").HandlerFunc(s.object(of, json))
			for _, f := range []form{asMarkdown, asJSON} {
				route := m.Path(path).MatcherFunc(func(r *http.Request, _ *mux.RouteMatch) bool { return accepted(r.Header.Get("Accept")) == f })
				if f == asMarkdown {
					route.HandlerFunc(s.handle(s.document(of)))
				} else {
					route.HandlerFunc(s.object(of, json))
				}
			}
		}
	}
	m.Path("/llms.txt").HandlerFunc(s.handle(s.llms))
	m.Path("/sitemap.xml").HandlerFunc(s.handle(s.sitemap))
}

// alternates tells in the header Link where the other forms stand, and which
// address is the page's own.
func (s *Site) alternates(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := r.URL.Path
		stem := strings.TrimSuffix(strings.TrimSuffix(path, ".md"), ".json")
		for _, of := range readables() {
			if stem != of.path && !strings.HasPrefix(stem, of.path+"/") {
				continue
			}
			at := (&url.URL{Path: s.at().URL(stem)}).EscapedPath()
			w.Header().Add("Link", "<"+middleware.Origin(r)+at+`>; rel="canonical"`)
			if stem == path {
				w.Header().Add("Vary", "Accept")
				w.Header().Add("Link", "<"+at+`.md>; rel="alternate"; type="text/markdown"`)
				w.Header().Add("Link", "<"+at+`.json>; rel="alternate"; type="application/json"`)
			}
		}
		next.ServeHTTP(w, r)
	})
}

// document answers a page, a record or a collection as Markdown.
func (s *Site) document(of readable) handler {
	return func(w http.ResponseWriter, r *http.Request, lib *search.Library) error {
		c := lib.Catalog()
		id, one := mux.Vars(r)["id"]
		var text string
		var err error
		switch {
		case one:
			exact, err := api.Resolve(lib, of.kind, id)
			if err != nil {
				return err
			}
			if exact == "" {
				return notFound("Cette édition ne contient pas « "+cut(strings.ToValidUTF8(id, "?"), 40)+" » parmi : "+strings.ToLower(of.title)+".", id)
			}
			if text, err = markdown.Named(c, content.Ref{Kind: of.kind, ID: exact}, address.Of(lib, s.base)); err != nil {
				return err
			}
		case of.kind == content.KindSection:
			text, err = markdown.Index(c, address.Of(lib, s.base))
		default:
			var records []*content.Record
			records, err = c.Records(of.kind)
			text = markdown.Collection(c, of.title, records, address.Of(lib, s.base))
		}
		if err != nil {
			return err
		}
		return send(w, "text/markdown; charset=utf-8", text)
	}
}

func send(w http.ResponseWriter, mediaType, text string) error {
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Cache-Control", "no-cache")
	_, err := w.Write([]byte(text))
	return clientLeft(err)
}

// object answers a page, a record or a collection as the API does, of which
// every parameter that it knows is taken, and others are ignored, as pages do.
func (s *Site) object(of readable, json http.Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		to := r.Clone(r.Context())
		path := "/" + of.collection
		query := url.Values{}
		if id, one := mux.Vars(r)["id"]; one {
			to.URL.Path = api.Root + path + "/" + id
			path += "/{id}"
		} else {
			to.URL.Path = api.Root + path
		}
		for _, e := range api.Endpoints() {
			if e.Path != path {
				continue
			}
			for name, values := range r.URL.Query() {
				if e.Takes(name) && name != "format" {
					query[name] = values
				}
			}
		}
		to.URL.RawQuery, to.URL.RawPath = query.Encode(), ""
		json.ServeHTTP(w, to)
	}
}

// llms is the file by which assistants find what there is to read (llmstxt.org).
func (s *Site) llms(w http.ResponseWriter, _ *http.Request, lib *search.Library) error {
	text, err := markdown.Index(lib.Catalog(), address.Of(lib, s.base))
	if err != nil {
		return err
	}
	return send(w, "text/plain; charset=utf-8", text)
}

type sitemapURL struct {
	Loc string `xml:"loc"`
}

// sitemap lists every page and record that search engines may list
// (sitemaps.org).
func (s *Site) sitemap(w http.ResponseWriter, r *http.Request, lib *search.Library) error {
	c := lib.Catalog()
	origin := middleware.Origin(r)
	var list []sitemapURL
	add := func(path string) {
		list = append(list, sitemapURL{origin + (&url.URL{Path: s.at().URL(path)}).EscapedPath()})
	}
	for _, path := range []string{"/", "/pages", "/exigences", "/produits", "/regles", "/glossaire", "/mon-application", "/accessibilite", "/a-propos", "/conformite", "/api"} {
		add(path)
	}
	pages, err := c.Pages()
	if err != nil {
		return err
	}
	for _, p := range pages {
		add("/pages/" + p.ID)
	}
	for _, kind := range []content.Kind{content.KindExigence, content.KindProduit, content.KindRegle} {
		ids, err := c.IDs(kind)
		if err != nil {
			return err
		}
		for _, id := range ids {
			add((&content.Record{Kind: kind, ID: id}).URL())
		}
	}
	b, err := xml.Marshal(struct {
		XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		URLs    []sitemapURL `xml:"url"`
	}{URLs: list})
	if err != nil {
		return fmt.Errorf("écrire le plan du site : %w", err)
	}
	return send(w, "application/xml; charset=utf-8", xml.Header+string(b)+"\n")
}

// article is what a page is, in the words of schema.org, for search engines and
// assistants.
func (s *Site) article(r *http.Request, c *content.Catalog, p *content.Page) map[string]any {
	v := map[string]any{"@context": "https://schema.org", "@type": "TechArticle", "inLanguage": "fr", "headline": p.Title, "isAccessibleForFree": true,
		"url": s.absolute(r, p.URL()), "isPartOf": s.framework(r, c)}
	switch f := c.Head().Framework; {
	case !f.Foreign():
		v["license"] = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
	case f.Licence != "":
		v["license"] = f.Licence
	}
	if p.Description != "" {
		v["description"] = p.Description
	}
	if p.Updated != "" {
		v["dateModified"] = p.Updated
	}
	return v
}

// term is what a record is, in the same words: something named, in a set.
func (s *Site) term(r *http.Request, c *content.Catalog, record *content.Record) map[string]any {
	return map[string]any{"@context": "https://schema.org", "@type": "DefinedTerm", "inLanguage": "fr", "name": record.Title, "termCode": record.ID,
		"description": record.Plain(), "url": s.absolute(r, record.URL()), "inDefinedTermSet": s.framework(r, c)}
}

func (s *Site) framework(r *http.Request, c *content.Catalog) map[string]any {
	return map[string]any{"@type": "DefinedTermSet", "name": c.Head().Title, "version": c.Head().Name, "url": s.absolute(r, "/")}
}

func (s *Site) absolute(r *http.Request, path string) string {
	return middleware.Origin(r) + s.at().URL(path)
}
