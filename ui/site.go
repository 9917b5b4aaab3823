// Package ui is the site: French pages over an edition, made on the server, that
// work without a script. New gives the whole handler, with the JSON API under
// /api/v1; Site.Refuse and Site.Route are for whoever wraps it (see ui/middleware).
//
// One file per page (home.go, search.go, page.go, exigences.go…) and one
// template of the same subject under templates/. A handler decides and fills a
// struct; the template prints it. Addresses in templates go through the
// function "url", which knows the base path.
package ui

import (
	"bytes"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/profile"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/ui/address"
)

// Options say what the site serves and where.
type Options struct {
	Current  func() *search.Library // the edition served; may change between requests, nil until the first is ready
	BasePath string                 // "/" or "/cct"
	Version  string                 // of the program
	Audit    *Audit                 // the operator's accessibility audit; nil: none was made
	Log      *slog.Logger           // errors that are ours; nil: nowhere
	Stop     func()                 // ends the program, by a button that only this machine's user can press; nil: no button
}

// Site answers every address but those of the middleware (/health, /ready, /metrics).
type Site struct {
	o         Options
	base      string // "" or "/cct"
	assets    map[string]*asset
	templates func() (*template.Template, error) // read when first needed
	stopToken string                             // "" when the program cannot be ended from its pages
	handler   http.Handler
}

// New reads the assets that the program carries, once, and fails if one of them is
// not sound.
func New(o Options) (*Site, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Site{o: o, base: strings.TrimSuffix(o.BasePath, "/"), stopToken: newStopToken(o)}
	var err error
	if s.assets, err = loadAssets(); err != nil {
		return nil, err
	}
	s.templates = sync.OnceValues(s.parseTemplates)
	s.handler = s.routes()
	return s, nil
}

// at is where addresses lead in the edition in service; those of another are made
// whole when its page is written.
func (s *Site) at() address.Site { return address.Site{Base: s.base} }

// whose is the framework that the site serves.
func (s *Site) whose() content.Framework {
	if lib := s.o.Current(); lib != nil {
		return lib.Catalog().Head().Framework
	}
	return content.CCT()
}

// Warm reads the templates before somebody waits for a page.
func (s *Site) Warm() error {
	_, err := s.templates()
	return err
}

// ServeHTTP answers one request.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// frame is what every page has around its own content.
type frame struct {
	Title   string // of the window, without the site's name
	Query   string // what the search box holds
	Body    string // class of the body, for pages laid out otherwise
	Menu    string // address of the menu's current place, "" for none
	Home    bool   // the page has its own search box
	Edition string
	Robots  bool // search engines may list the page
	App     scope
	Linked  map[string]any // what the page is, as JSON-LD of schema.org; nil: nothing said
}

// scope is "mon application" as it travels in addresses.
type scope struct {
	profile.Profile
	Text   string // "Cloud Native uniquement, nouvelle application"
	Fields []field
}

type field struct{ Name, Value string }

func (s scope) values() url.Values { return s.Profile.Values(profile.Prefix) }

// scopeOf reads the profile that an address carries; a *profile.BadAnswer when
// it holds what no question knows.
func scopeOf(r *http.Request) (scope, error) {
	p, err := profile.ParseNarrow(profile.Given(r.URL.Query()))
	if err != nil || !p.Known() {
		return scope{}, err
	}
	return newScope(p), nil
}

func newScope(p profile.Profile) scope {
	s := scope{Profile: p, Text: p.String()}
	for _, q := range profile.Questions() {
		if a := p.Answer(q.Name); a != "" {
			s.Fields = append(s.Fields, field{profile.Prefix + q.Name, a})
		}
	}
	return s
}

// only gives the ids of the exigences that the scope keeps, nil when it keeps all.
func (s scope) only(lib *search.Library) (map[string]bool, error) {
	if !s.Known() {
		return nil, nil
	}
	v, err := profile.Evaluate(s.Profile, lib.Catalog())
	if err != nil {
		return nil, err
	}
	return v.Only(), nil
}

// render writes a page once its template has run to the end, so that a fault in
// it gives an error page and not half of this one.
func (s *Site) render(w http.ResponseWriter, status int, name string, data any) error {
	t, err := s.templates()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, name, data); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-cache")
	}
	w.WriteHeader(status)
	page := typeset(b.Bytes())
	if o := editionOf(w); o != nil {
		page = []byte(o.keep(string(page), s.base))
	}
	_, err = w.Write(page)
	return clientLeft(err)
}
