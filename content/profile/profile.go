// Package profile tells what binds an application, and why: documents,
// requirements, rules and families of products.
//
// Parse reads the answers that describe an application (Questions says which,
// in French, for forms and help), Evaluate applies the conditions to them. The
// conditions are data: a table of the content folder (TableFile) that an
// editor can change, and that Check judges. The matrix of
// documents, agreements and obligations is in rules.go.
//
// What is unknown drops nothing: a record is set aside only when an answer
// excludes it and the source's own words carry that.
package profile

import (
	"net/url"
	"slices"
	"strings"

	"github.com/cct-mi/cct/content"
)

// Profile holds the answers that describe an application, by the name of their
// question; what is absent is unknown, and drops nothing. The zero value knows
// nothing, and can be read.
type Profile map[string][]string

// Known says whether any question is answered.
func (p Profile) Known() bool { return len(p) > 0 }

// Answer gives the answer to a question by its name, several values separated
// by commas; "" for none.
func (p Profile) Answer(name string) string { return strings.Join(p[name], ",") }

// Has says whether an answer to a question is one of the values.
func (p Profile) Has(name string, values ...string) bool {
	return slices.ContainsFunc(p[name], func(a string) bool { return slices.Contains(values, a) })
}

// Values gives the answers as query parameters, each name after prefix ("" for
// /mon-application, Prefix for searches and lists).
func (p Profile) Values(prefix string) url.Values {
	v := url.Values{}
	for name := range p {
		v.Set(prefix+name, p.Answer(name))
	}
	return v
}

// String says the profile in French, for a title or a cover sheet: "Cloud
// Native uniquement, nouvelle application".
func (p Profile) String() string {
	var said []string
	for _, q := range Questions() {
		for _, a := range p[q.Name] {
			said = append(said, q.Short(a))
		}
	}
	if len(said) == 0 {
		return "profil non précisé"
	}
	return strings.Join(said, ", ")
}

// Outcome is what is said of one thing.
type Outcome string

const (
	Applies  Outcome = "s-applique"        // an answer says so
	MayApply Outcome = "peut-s-appliquer"  // no answer says otherwise
	Dropped  Outcome = "ne-s-applique-pas" // an answer excludes it
)

// Label is the outcome in a sentence.
func (o Outcome) Label() string {
	switch o {
	case Applies:
		return "S’applique"
	case MayApply:
		return "Peut s’appliquer"
	}
	return "Ne s’applique pas"
}

// Certainty of a condition.
const (
	Certain   = "certain"
	ToConfirm = "a-confirmer" // somebody has to judge; it drops nothing
)

// Verdict is what a profile is bound by; every part says why.
type Verdict struct {
	Profile     Profile
	Documents   []Document // always the five
	Exigences   []Bound    // every exigence of the edition, in reading order
	Regles      []Bound    // every rule and principle
	Families    []Family   // every family of products
	Approval    Approval
	Approvals   []Duty // that the rules ask of others
	Phases      []Phase
	Obligations []Duty
}

// Document is one of the five documents of the framework.
type Document struct {
	ID, Title, URL string
	Outcome        Outcome
	Because        string
	Source         string // site-relative address of the page that the rule comes from
}

// Reason is why something binds, or doesn't.
type Reason struct {
	Outcome   Outcome
	Because   string
	Source    string // file and line of the official text, "" when the table doesn't tell
	Certainty string
	Addressee []string // codes; none: the table doesn't tell. Never nil
}

// Binds says whether the thing stays: it applies, or may.
func (r Reason) Binds() bool { return r.Outcome != Dropped }

// Bound is the verdict on one exigence or rule.
type Bound struct {
	Record *content.Record
	Reason
}

// Family is the verdict on one family of products.
type Family struct {
	ID          string // "AT/T2": the part's letters, then the chapter's
	Title       string
	Products    []*content.Record // in the order of use: recommended first
	Recommended int
	Reason
}

// URL is the family's site-relative address.
func (f Family) URL() string { return "/familles/" + f.ID }

// Approval is who must agree: "go-comite", "autonomie" or "inconnu".
type Approval struct{ Decision, Title, Because, Source string }

// Phase is a step of an application's life, and what the framework asks in it.
type Phase struct {
	ID, Title, Does string
	UsesCCT         bool
}

// Duty is something to do or to ask for. Source is the site-relative address of
// the page that says so.
type Duty struct {
	ID, Title, Because, Source string
	Outcome                    Outcome
}

// Counts is the verdict in figures.
type Counts struct {
	Documents, Exigences, Regles, Families int
	Dropped                                int // exigences and rules that don't apply
}

// Counts counts what stays.
func (v *Verdict) Counts() Counts {
	var c Counts
	for _, d := range v.Documents {
		if d.Outcome != Dropped {
			c.Documents++
		}
	}
	for _, b := range v.Exigences {
		if b.Binds() {
			c.Exigences++
		}
	}
	for _, b := range v.Regles {
		if b.Binds() {
			c.Regles++
		}
	}
	for _, f := range v.Families {
		if f.Binds() {
			c.Families++
		}
	}
	c.Dropped = len(v.Exigences) + len(v.Regles) - c.Exigences - c.Regles
	return c
}

// Only gives the ids of the exigences that stay, as search.Request wants them.
func (v *Verdict) Only() map[string]bool {
	only := make(map[string]bool, len(v.Exigences))
	for _, b := range v.Exigences {
		if b.Binds() {
			only[b.Record.ID] = true
		}
	}
	return only
}

// Set is what is set aside for one reason: ids of requirements, rules and
// families.
type Set struct {
	Because string
	IDs     []string
}

// SetAside gathers by reason what does not apply.
func (v *Verdict) SetAside() []Set {
	var sets []Set
	add := func(why Reason, id string) {
		if why.Binds() {
			return
		}
		i := slices.IndexFunc(sets, func(s Set) bool { return s.Because == why.Because })
		if i < 0 {
			i = len(sets)
			sets = append(sets, Set{Because: why.Because})
		}
		sets[i].IDs = append(sets[i].IDs, id)
	}
	for _, b := range slices.Concat(v.Exigences, v.Regles) {
		add(b.Reason, b.Record.ID)
	}
	for _, f := range v.Families {
		add(f.Reason, f.ID)
	}
	return sets
}

// Addressees are those that a requirement can be addressed to: the code of the
// API, and the table's word, which people read too.
func Addressees() [][2]string {
	return [][2]string{
		{"candidat", "candidat"},
		{"direction-application", "direction d’application"},
		{"operateur-cicd", "opérateur CI/CD"},
		{"acheteur", "acheteur"},
		{"exploitant", "exploitant"},
	}
}

// AddresseeLabel is the word for a code.
func AddresseeLabel(code string) string {
	for _, a := range Addressees() {
		if a[0] == code {
			return a[1]
		}
	}
	return code
}
