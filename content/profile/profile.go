// Package profile tells which documents and requirements bind an application,
// and why.
package profile

import "github.com/cct-mi/cct/content"

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

// Parse reads the five answers by name; an unknown name or value is an error
// that names it and lists the values.
func Parse(get func(name string) string) (Profile, error) { return Profile{}, nil }

// Evaluate applies the rules to a profile.
func Evaluate(p Profile, c *content.Catalog) (*Verdict, error) { return nil, nil }
