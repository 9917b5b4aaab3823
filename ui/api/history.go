package api

import (
	"errors"
	"net/http"
	"strings"

	"github.com/gorilla/mux"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/history"
	"github.com/cct-mi/cct/content/profile"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/ui/address"
	"github.com/cct-mi/cct/ui/export"
)

// edition gives the edition that a request asks for, lib when it asks for none.
func (p params) edition(lib *search.Library) (*search.Library, error) {
	name := strings.TrimSpace(p.Get(address.EditionParam))
	if name == "" {
		return lib, nil
	}
	other, err := lib.Editions().Library(name)
	if none := (*search.NoEditionError)(nil); errors.As(err, &none) {
		return nil, bad(address.EditionParam, "ne peut pas valoir « "+clip(name)+" » : choisissez parmi "+strings.Join(none.Held, ", ")+".")
	}
	return other, err
}

// editions answers which there are.
func (a *api) editions(w http.ResponseWriter, r *http.Request, lib *search.Library, _ params) error {
	all := lib.Editions()
	out := EditionsAnswer{Editions: []EditionHead{}}
	for _, name := range all.Names() {
		c, err := all.Catalog(name)
		if err != nil {
			return err
		}
		head := c.Head()
		e := EditionHead{ID: name, Title: head.Title, Exigences: head.Counts[content.KindExigence], Current: name == all.Current()}
		if history.IsDate(name) {
			e.Date = name
		}
		out.Editions = append(out.Editions, e)
	}
	return a.answer(w, r, out)
}

// changes answers what changed between two editions.
func (a *api) changes(w http.ResponseWriter, r *http.Request, lib *search.Library, p params) error {
	from, to := mux.Vars(r)["a"], mux.Vars(r)["b"]
	c, err := lib.Editions().Compare(from, to)
	if none := (*search.NoEditionError)(nil); errors.As(err, &none) {
		return missing("L’édition « " + clip(none.Name) + " » n’est pas là : choisissez parmi " + strings.Join(none.Held, ", ") + ".")
	}
	if err != nil {
		return err
	}
	who, err := profile.ParseNarrow(profile.Given(p.Values))
	if err != nil {
		return err
	}
	if who.Known() {
		var sides []*content.Catalog
		for _, name := range []string{from, to} {
			cat, err := lib.Editions().Catalog(name)
			if err != nil {
				return err
			}
			sides = append(sides, cat)
		}
		if c, err = export.ChangesFor(c, who, sides...); err != nil {
			return err
		}
	}
	f, err := p.format("changements")
	if err != nil {
		return err
	}
	if f != nil {
		a.file(w, r, f, export.Changes(c), "changements-"+plain(from), to)
		return nil
	}
	return a.answer(w, r, changesAnswer(c))
}

// ChangesJSON is what changed between two editions, as the API answers it.
func ChangesJSON(c *history.Comparison) ([]byte, error) { return Encode(changesAnswer(c)) }

func changesAnswer(c *history.Comparison) ChangesAnswer {
	s := c.Summary
	out := ChangesAnswer{From: c.From, To: c.To, Substantial: s.Substantial(), Records: []RecordChange{}, Pages: []PageChange{},
		Summary: ChangeCounts{s.Unchanged, s.Reworded, s.Level, s.Split, s.Merged, s.Withdrawn, s.New}}
	for _, ch := range c.Changes {
		r := RecordChange{Kind: string(ch.Kind), From: ch.From, To: ch.To, Title: ch.Record().Title, Relation: string(ch.Relation), Certainty: string(ch.Certainty), Proof: ch.Proof,
			Added: ch.Added, Removed: ch.Removed, Fields: []FieldChange{}}
		if ch.Level != nil {
			r.Level = &LevelChange{string(ch.Level.From), string(ch.Level.To)}
		}
		for _, f := range ch.Fields {
			r.Fields = append(r.Fields, FieldChange(f))
		}
		out.Records = append(out.Records, r)
	}
	for _, p := range c.Pages {
		out.Pages = append(out.Pages, PageChange{string(p.Relation), p.Source, p.Title})
	}
	return out
}
