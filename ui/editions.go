package ui

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gorilla/mux"
	"golang.org/x/net/html"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/history"
	"github.com/cct-mi/cct/content/profile"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/ui/address"
	"github.com/cct-mi/cct/ui/export"
)

// askedEdition finds the edition that an address names, lib when it names none or the
// one that answers anyway.
func askedEdition(r *http.Request, lib *search.Library) (_ *search.Library, older string, err error) {
	name := strings.TrimSpace(r.URL.Query().Get(address.EditionParam))
	if name == "" || name == lib.Catalog().Head().Name {
		return lib, "", nil
	}
	other, err := lib.Editions().Library(name)
	if err != nil {
		return lib, "", err
	}
	return other, name, nil
}

// olderWriter answers from an edition that is not the one in service: every address
// of the page stays in it, and the page says so.
type olderWriter struct {
	http.ResponseWriter
	edition string
	current string // the same address in the edition in service, with the base path
}

func (o *olderWriter) Unwrap() http.ResponseWriter { return o.ResponseWriter }

// editionOf is the edition that what is written through w belongs to, "" for the one
// in service.
func editionOf(w http.ResponseWriter) *olderWriter {
	for {
		if o, ok := w.(*olderWriter); ok {
			return o
		}
		u, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return nil
		}
		w = u.Unwrap()
	}
}

// keep gives a page of an edition that is not in service: its links and forms lead
// within it, and a note stands first.
func (o *olderWriter) keep(page, base string) string {
	at := address.Site{Base: base, Edition: o.edition}
	within := func(tag, attribute, value string) string {
		if attribute == "href" && tag == "a" || attribute == "data-copie" || attribute == "data-propositions" {
			return at.Keep(value)
		}
		return value
	}
	return address.Rewrite(page, within, func(tag html.Token) string {
		switch {
		case tag.Data == "form" && !slices.ContainsFunc(tag.Attr, func(a html.Attribute) bool { return a.Key == "method" && strings.EqualFold(a.Val, "post") }):
			return `<input type="hidden" name="` + address.EditionParam + `" value="` + html.EscapeString(o.edition) + `">`
		case tag.Data == "main":
			return `<p class="encart ecran" role="note">Vous lisez l’édition <b>` + html.EscapeString(o.edition) + `</b>, qui n’est pas celle en vigueur. <a href="` +
				html.EscapeString(o.current) + `">Lire la même chose dans l’édition en vigueur</a></p>`
		}
		return ""
	})
}

// withoutEdition is the address of a request in the edition in service.
func (s *Site) withoutEdition(r *http.Request) string {
	q := r.URL.Query()
	q.Del(address.EditionParam)
	return (&url.URL{Path: s.base + strings.TrimPrefix(r.URL.Path, s.base), RawQuery: q.Encode()}).String()
}

type editionsPage struct {
	frame
	Editions []editionLine
	Pairs    []editionPair
}

// editionLine is one of the editions held.
type editionLine struct {
	Name      string
	Title     string
	Exigences int
	Pages     int
	Current   bool
	URL       string
}

// editionPair leads to what changed between two editions.
type editionPair struct{ From, To, URL string }

func changesURL(from, to string) string {
	return "/editions/" + url.PathEscape(from) + "/" + url.PathEscape(to)
}

// editions lists the editions held, and what may be compared.
func (s *Site) editions(w http.ResponseWriter, _ *http.Request, lib *search.Library) error {
	all := lib.Editions()
	p := editionsPage{frame: frame{Title: "Éditions", Edition: lib.Catalog().Head().Name, Robots: true}}
	for i, name := range all.Names() {
		c, err := all.Catalog(name)
		if err != nil {
			return err
		}
		head := c.Head()
		line := editionLine{Name: name, Title: head.Title, Exigences: head.Counts[content.KindExigence], Pages: head.Pages, Current: name == all.Current(), URL: "/exigences"}
		if !line.Current {
			line.URL += "?" + url.Values{address.EditionParam: {name}}.Encode()
		}
		p.Editions = append(p.Editions, line)
		for _, older := range all.Names()[i+1:] {
			p.Pairs = append(p.Pairs, editionPair{older, name, changesURL(older, name)})
		}
	}
	return s.render(w, http.StatusOK, "editions", p)
}

type changesPage struct {
	frame
	From, To    string
	Counts      []export.Count
	Substantial bool
	Typography  int
	Groups      []changeGroup
	Pages       []history.PageChange
	Formats     []export.Format
	Back        string // the comparison the other way
	Narrowed    bool   // to what binds "mon application"
}

// changeGroup is what changed alike.
type changeGroup struct {
	Title   string
	Changes []changeLine
}

// changeLine is what became of one record.
type changeLine struct {
	history.Change
	What      string // "niveau modifié, texte modifié"
	Kind      string
	Certainty string
	FromURL   string
	ToURLs    []content.Ref
}

// changes shows what changed between two editions; with a profile in the address, for
// one application.
func (s *Site) changes(w http.ResponseWriter, r *http.Request, lib *search.Library) error {
	from, to := mux.Vars(r)["a"], mux.Vars(r)["b"]
	all := lib.Editions()
	c, err := all.Compare(from, to)
	if err != nil {
		return err
	}
	app, err := scopeOf(r)
	if err != nil {
		return err
	}
	if app.Known() {
		if c, err = forApplication(all, c, app.Profile); err != nil {
			return err
		}
	}
	p := changesPage{frame: frame{Title: "Ce qui a changé de " + from + " à " + to, Edition: lib.Catalog().Head().Name, Robots: true, App: app}, From: from, To: to,
		Counts: export.Counts(c.Summary), Substantial: c.Summary.Substantial(), Typography: c.Summary.Typography, Pages: c.Pages, Formats: listFormats(), Back: changesURL(to, from), Narrowed: app.Known()}
	current := all.Current()
	addressIn := func(rec *content.Record, edition string) string {
		if edition == current {
			return rec.URL()
		}
		return address.Site{Edition: edition}.URL(rec.URL())
	}
	groups := []changeGroup{{Title: "Changements de niveau"}, {Title: "Primordiales retirées"}, {Title: "Autres retraits"}, {Title: "Scindées"}, {Title: "Fondues avec une autre"}, {Title: "Textes modifiés"}, {Title: "Nouvelles"}}
	for _, ch := range c.Changes {
		if !ch.Changed() {
			continue
		}
		line := changeLine{Change: ch, What: export.ChangeWord(ch), Kind: kindLabel(ch.Kind), Certainty: export.CertaintyWord(ch.Certainty)}
		if ch.Old != nil {
			line.FromURL = addressIn(ch.Old, from)
		}
		for i, n := range ch.New {
			line.ToURLs = append(line.ToURLs, content.Ref{ID: ch.To[i], Title: n.Name, URL: addressIn(n, to)})
		}
		g := map[history.Relation]int{history.Withdrawn: 2, history.Split: 3, history.Merged: 4, history.Reworded: 5, history.New: 6}[ch.Relation]
		switch {
		case ch.Level != nil:
			g = 0
		case ch.Relation == history.Withdrawn && ch.Old.Level() == content.Primordial:
			g = 1
		}
		groups[g].Changes = append(groups[g].Changes, line)
	}
	p.Groups = slices.DeleteFunc(groups, func(g changeGroup) bool { return len(g.Changes) == 0 })
	return s.render(w, http.StatusOK, "changements", p)
}

// forApplication keeps of a comparison what binds an application, in either edition.
func forApplication(all *search.Editions, c *history.Comparison, who profile.Profile) (*history.Comparison, error) {
	from, err := all.Catalog(c.From)
	if err != nil {
		return nil, err
	}
	to, err := all.Catalog(c.To)
	if err != nil {
		return nil, err
	}
	return export.ChangesFor(c, who, from, to)
}

// What became of a piece of text, for the template.
func pieceKept(p history.Piece) bool    { return p.Op == history.Kept }
func pieceRemoved(p history.Piece) bool { return p.Op == history.Removed }
