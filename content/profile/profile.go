// Package profile tells which documents and requirements bind an application,
// and why.
//
// Parse reads the five answers that describe an application (Questions says
// which, in French, for forms and help), Evaluate applies the rules to them.
// The rules are data: rules.go holds them, each with its reason and the page
// that it comes from. What is unknown drops nothing: a document or requirement
// is set aside only when an answer says so.
package profile

import (
	"fmt"
	"net/url"

	"github.com/cct-mi/cct/content"
)

// Profile describes an application; "" is an unknown answer, and drops nothing.
type Profile struct {
	Type, Evolution, Taille, Perimetre, Marche string
}

// Verdict is what a profile is bound by; every part says why.
type Verdict struct {
	Profile     Profile
	Documents   []Document // always the five
	Exigences   []Applies  // every exigence of the edition, in reading order
	Approval    Approval
	Phases      []Phase
	Obligations []Obligation
}

// Document is one of the five documents of the framework.
type Document struct {
	ID, Title, URL string
	Applies        bool
	Because        string
	Source         string // site-relative address of the page that the rule comes from
}

// Applies is the verdict on one exigence.
type Applies struct {
	Exigence *content.Record
	Applies  bool
	Because  string
}

// Approval is who must agree: "go-comite", "autonomie" or "inconnu".
type Approval struct{ Decision, Title, Because, Source string }

// Phase is a step of an application's life, and what the framework asks in it.
type Phase struct {
	ID, Title, Does string
	UsesCCT         bool
}

// Obligation is something to do that a public contract or a scope entails.
type Obligation struct{ ID, Title, Because, Source string }

// Known says whether any of the five questions is answered.
func (p Profile) Known() bool { return p != Profile{} }

// Answer gives the answer to a question by its name, "" for another name.
func (p Profile) Answer(name string) string {
	if a := p.field(name); a != nil {
		return *a
	}
	return ""
}

func (p *Profile) field(name string) *string {
	switch name {
	case "type":
		return &p.Type
	case "evolution":
		return &p.Evolution
	case "taille":
		return &p.Taille
	case "perimetre":
		return &p.Perimetre
	case "marche":
		return &p.Marche
	}
	return nil
}

// Values gives the answers as query parameters, each name after prefix ("" for
// /mon-application, Prefix for searches and lists).
func (p Profile) Values(prefix string) url.Values {
	v := url.Values{}
	for _, q := range Questions() {
		if a := p.Answer(q.Name); a != "" {
			v.Set(prefix+q.Name, a)
		}
	}
	return v
}

// String says the profile in French, for a title or a cover sheet: "Cloud
// Native uniquement, nouvelle application".
func (p Profile) String() string {
	s := ""
	for _, q := range Questions() {
		for _, v := range q.Values {
			if v.Value == p.Answer(q.Name) {
				if s != "" {
					s += ", "
				}
				s += v.Short
			}
		}
	}
	if s == "" {
		return "profil non précisé"
	}
	return s
}

// Only gives the ids of the exigences that apply, as search.Request wants them.
func (v *Verdict) Only() map[string]bool {
	only := make(map[string]bool, len(v.Exigences))
	for _, a := range v.Exigences {
		if a.Applies {
			only[a.Exigence.ID] = true
		}
	}
	return only
}

// Evaluate applies the rules to a profile and the exigences of an edition. It
// fails when the catalog cannot be read.
func Evaluate(p Profile, c *content.Catalog) (*Verdict, error) {
	pages, err := c.Pages()
	if err != nil {
		return nil, fmt.Errorf("évaluer le profil : %w", err)
	}
	exigences, err := c.Records(content.KindExigence)
	if err != nil {
		return nil, fmt.Errorf("évaluer le profil : %w", err)
	}
	at := func(files []string) string {
		for _, f := range files {
			for _, page := range pages {
				if page.Source == f {
					return "/pages/" + page.ID
				}
			}
		}
		return ""
	}
	v := &Verdict{Profile: p, Approval: approvalOf(p, at), Phases: phases(), Obligations: obligationsOf(p, at)}
	byTheme := map[string]Document{}
	for _, d := range documents() {
		applies, because := d.verdict(p)
		doc := Document{ID: d.id, Title: d.title, URL: at(d.pages), Applies: applies, Because: because, Source: at(pageMatrix)}
		v.Documents = append(v.Documents, doc)
		byTheme[d.id] = doc
	}
	v.Exigences = make([]Applies, 0, len(exigences))
	for _, e := range exigences {
		a := Applies{Exigence: e, Applies: true, Because: "Cette exigence ne relève d’aucun des cinq documents : elle reste retenue."}
		if d, ok := byTheme[e.Theme]; ok {
			a.Applies, a.Because = d.Applies, exigenceReason(p, d)
		}
		v.Exigences = append(v.Exigences, a)
	}
	return v, nil
}
