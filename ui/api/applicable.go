package api

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/profile"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/ui/address"
	"github.com/cct-mi/cct/ui/export"
	"github.com/cct-mi/cct/ui/middleware"
)

// viewShort leaves the lists out of the verdict.
const viewShort = "resume"

func (a *api) applicable(w http.ResponseWriter, r *http.Request, lib *search.Library, p params) error {
	s, err := export.ParseSelection(p.Values)
	if err != nil {
		return err
	}
	f, err := p.format("applicable")
	if err != nil {
		return err
	}
	view, err := p.read().List("view", []string{viewShort})
	if err != nil {
		return err
	}
	cat := lib.Catalog()
	s.IDs = ResolveAll(lib, s.IDs, content.KindExigence, content.KindRegle)
	if err := s.Known(cat); err != nil {
		return err
	}
	if strings.TrimSpace(p.Get("q")) != "" {
		if s, err = p.among(r.Context(), lib, s); err != nil {
			return err
		}
	}
	if f != nil {
		t, err := export.Matrix(cat, s, address.Of(lib, middleware.Origin(r)+a.base), a.now())
		var empty *export.EmptyError
		if errors.As(err, &empty) {
			return &refusal{http.StatusBadRequest, "", capital(empty.Error())}
		}
		if err != nil {
			return err
		}
		a.file(w, r, f, t, "exigences-applicables", cat.Head().Name)
		return nil
	}
	v, err := profile.Evaluate(s.Profile, cat)
	if err != nil {
		return err
	}
	return a.answer(w, r, applicableAnswer(v, s, cat.Head().Name, address.Of(lib, a.base), len(view) > 0))
}

// among narrows a selection to what the parameter "q" finds.
func (p params) among(ctx context.Context, lib *search.Library, s export.Selection) (export.Selection, error) {
	ids := []string{}
	for _, kind := range []content.Kind{content.KindExigence, content.KindRegle} {
		all, err := lib.Catalog().Records(kind)
		if err != nil {
			return s, err
		}
		found, err := p.words(ctx, lib, kind, all)
		if err != nil {
			return s, err
		}
		for _, r := range found {
			ids = append(ids, r.ID)
		}
	}
	return s.Among(ids), nil
}

// ApplicableJSON is the answer of /applicable for a selection; short leaves the
// lists out.
func ApplicableJSON(c *content.Catalog, s export.Selection, at address.Site, short bool) ([]byte, error) {
	if err := s.Known(c); err != nil {
		return nil, err
	}
	v, err := profile.Evaluate(s.Profile, c)
	if err != nil {
		return nil, err
	}
	return Encode(applicableAnswer(v, s, c.Head().Name, at, short))
}

func applicableAnswer(v *profile.Verdict, s export.Selection, edition string, at address.Site, short bool) *ApplicableAnswer {
	w := &ApplicableAnswer{
		Edition: edition, Profile: profileAnswer(v.Profile), Said: v.Profile.String(), Summary: Summary(v.Counts()),
		Documents: make([]Document, 0, len(v.Documents)),
		Approval:  Approval{v.Approval.Decision, v.Approval.Title, v.Approval.Because, at.URL(v.Approval.Source)},
		Phases:    make([]Phase, 0, len(v.Phases)),
		Approvals: duties(v.Approvals, at), Obligations: duties(v.Obligations, at),
	}
	for _, d := range v.Documents {
		w.Documents = append(w.Documents, Document{d.ID, d.Title, at.URL(d.URL), d.Outcome != profile.Dropped, string(d.Outcome), d.Because, at.URL(d.Source)})
	}
	for _, p := range v.Phases {
		w.Phases = append(w.Phases, Phase(p))
	}
	if short {
		return w
	}
	w.Exigences, w.Regles, w.Families = make([]Applies, 0, len(v.Exigences)), make([]RuleBinds, 0, len(v.Regles)), make([]Family, 0, len(v.Families))
	for _, b := range v.Exigences {
		if r := b.Record; s.Matches(r) {
			w.Exigences = append(w.Exigences, Applies{r.ID, r.Title, string(r.Level()), r.OwnLevel(), at.URL(r.URL()), verdictOf(b.Reason)})
		}
	}
	for _, b := range v.Regles {
		if r := b.Record; s.Matches(r) {
			w.Regles = append(w.Regles, RuleBinds{r.ID, r.Title, r.Regle.Status, r.Regle.Kind, at.URL(r.URL()), verdictOf(b.Reason)})
		}
	}
	for _, f := range v.Families {
		w.Families = append(w.Families, Family{f.ID, f.Title, at.URL(f.URL()), len(f.Products), f.Recommended, verdictOf(f.Reason)})
	}
	return w
}

func verdictOf(r profile.Reason) Verdict {
	return Verdict{r.Binds(), string(r.Outcome), r.Because, r.Source, r.Certainty, some(r.Addressee)}
}

func duties(list []profile.Duty, at address.Site) []Obligation {
	out := make([]Obligation, 0, len(list))
	for _, d := range list {
		out = append(out, Obligation{d.ID, d.Title, d.Because, at.URL(d.Source), string(d.Outcome)})
	}
	return out
}

func profileAnswer(p profile.Profile) Profile {
	return Profile{p.Answer("type"), p.Answer("evolution"), p.Answer("taille"), p.Answer("perimetre"), p.Answer("marche"),
		p["realisation"], p["utilisateurs"], p["interface"], p["api"], p["donnees"], p["echanges"]}
}
