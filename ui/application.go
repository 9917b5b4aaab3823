package ui

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/profile"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/ui/export"
)

type applicationPage struct {
	frame
	Since     []content.Ref // what changed for the application since other editions
	Verdict   *profile.Verdict
	Counts    profile.Counts
	First     []asked
	More      []asked
	Said      string // the profile in words, "" when nothing is known
	Verb      string // "s’appliquent", "peuvent s’appliquer", or both
	Figures   []levelCount
	Whom      []whom
	Levels    []levelGroup
	Rules     []ruleGroup
	Families  []profile.Family // those that stay
	Aside     []aside
	Downloads []download
	JSON      string
	Search    string // address of the exigences' list narrowed to this profile
}

// asked is a question with the answer given.
type asked struct {
	profile.Question
	Number  int
	Answers []string
	Changes int // what an answer can still change
	Open    bool
}

// Checked says whether a value is among the answers.
func (a asked) Checked(value string) bool { return slices.Contains(a.Answers, value) }

// whom counts the requirements that one kind of reader has to meet.
type whom struct {
	Label string
	Count int
}

// levelGroup is the exigences of one level that stay.
type levelGroup struct {
	levelCount
	Meaning    string
	Categories string // "code applicatif et image 15, modèle d’opération 9"
	All        string // address of the list
	Exigences  []profile.Bound
}

// ruleGroup is the rules of one kind that stay.
type ruleGroup struct {
	Title string
	Rules []profile.Bound
}

// aside is what does not apply, for one reason.
type aside struct {
	Because string
	Names   []named
}

// named is a link to a record or a family.
type named struct{ Name, URL string }

// download is a link to the verdict as a file.
type download struct{ Label, URL string }

func (s *Site) application(w http.ResponseWriter, r *http.Request, lib *search.Library) error {
	who, err := profile.Parse(profile.Given(r.URL.Query()))
	if err != nil {
		return err
	}
	v, err := profile.Evaluate(who, lib.Catalog())
	if err != nil {
		return err
	}
	changes, err := profile.Undecided(who, lib.Catalog())
	if err != nil {
		return err
	}
	p := applicationPage{frame: frame{Title: "Mon application", Menu: "/mon-application", Edition: lib.Catalog().Head().Name, Robots: !who.Known()},
		Verdict: v, Counts: v.Counts(), Verb: verb(v)}
	for i, q := range profile.Questions() {
		a := asked{Question: q, Number: i + 1, Answers: who[q.Name], Changes: changes[q.Name]}
		a.Open = len(a.Answers) > 0 || who.Known() && a.Changes > 0
		if q.First {
			p.First = append(p.First, a)
		} else {
			p.More = append(p.More, a)
		}
	}
	app := newScope(who)
	p.exigences(lib.Catalog().Head(), v, app)
	p.rules(v)
	p.families(v)
	p.Search = (&list{Path: "/exigences", app: app}).url(1)
	if who.Known() {
		p.Said = who.String()
		p.App = app
		p.Title = "Mon application : " + count(p.Counts.Exigences, "exigence", "exigences") + ", " + count(p.Counts.Regles, "règle", "règles") + " et " + count(p.Counts.Documents, "document", "documents")
	}
	if all := lib.Editions(); who.Known() {
		for _, name := range all.Names() {
			if name != p.Edition {
				u := url.URL{Path: changesURL(name, p.Edition), RawQuery: app.values().Encode()}
				p.Since = append(p.Since, content.Ref{ID: name, URL: u.String()})
			}
		}
	}
	p.JSON = applicableURL(who, "")
	if p.Counts.Exigences+p.Counts.Regles > 0 {
		for _, f := range export.Formats() {
			if f.Name != "json" && f.Name != "tsv" { // one is linked as the API's own, the other is a script's
				p.Downloads = append(p.Downloads, download{f.Label, applicableURL(who, f.Name)})
			}
		}
	}
	return s.render(w, http.StatusOK, "mon-application", &p)
}

func applicableURL(who profile.Profile, format string) string {
	query := who.Values("")
	if format != "" {
		query.Set("format", format)
	}
	u := url.URL{Path: "/api/v1/applicable", RawQuery: query.Encode()}
	return u.String()
}

// verb says what is said of the lists together: what no answer decides only may
// apply.
func verb(v *profile.Verdict) string {
	is := map[profile.Outcome]bool{}
	for _, b := range slices.Concat(v.Exigences, v.Regles) {
		is[b.Outcome] = true
	}
	for _, d := range v.Documents {
		is[d.Outcome] = true
	}
	switch {
	case !is[profile.MayApply]:
		return "s’appliquent"
	case !is[profile.Applies]:
		return "peuvent s’appliquer"
	}
	return "s’appliquent ou peuvent s’appliquer"
}

// exigences fills in the requirements: by level, by whom they address, and
// those set aside.
func (p *applicationPage) exigences(head content.Head, v *profile.Verdict, app scope) {
	var kept []*content.Record
	addressed := map[string]int{}
	for _, b := range v.Exigences {
		if !b.Binds() {
			p.drop(b.Because, named{b.Record.ID, b.Record.URL()})
			continue
		}
		kept = append(kept, b.Record)
		for _, code := range b.Addressee {
			addressed[code]++
		}
	}
	for _, a := range profile.Addressees() {
		if n := addressed[a[0]]; n > 0 {
			p.Whom = append(p.Whom, whom{a[1], n})
		}
	}
	p.Figures = levelsOf(head, kept)
	for _, f := range p.Figures {
		g := levelGroup{levelCount: f, Meaning: levelMeaning(f.Level)}
		var records []*content.Record
		for _, b := range v.Exigences {
			if b.Binds() && b.Record.LevelWord() == f.Level {
				g.Exigences = append(g.Exigences, b)
				records = append(records, b.Record)
			}
		}
		g.Categories = categories(records)
		g.All = (&list{Path: "/exigences", Asked: map[string][]string{"level": {cmp.Or(f.Level, noLevel)}}, app: app}).url(1)
		p.Levels = append(p.Levels, g)
	}
}

// rules fills in the rules: those with a status, then the doctrine of API.
func (p *applicationPage) rules(v *profile.Verdict) {
	groups := []ruleGroup{{Title: "Règles d’architecture et de sécurité"}, {Title: "Principes d’API"}, {Title: "Règles d’API"}}
	for _, b := range v.Regles {
		if !b.Binds() {
			p.drop(b.Because, named{b.Record.ID, b.Record.URL()})
			continue
		}
		i := map[string]int{"principe-api": 1, "regle-api": 2}[b.Record.Regle.Kind]
		groups[i].Rules = append(groups[i].Rules, b)
	}
	p.Rules = slices.DeleteFunc(groups, func(g ruleGroup) bool { return len(g.Rules) == 0 })
}

func (p *applicationPage) families(v *profile.Verdict) {
	for _, f := range v.Families {
		if f.Binds() {
			p.Families = append(p.Families, f)
		} else {
			p.drop(f.Because, named{f.Title, f.URL()})
		}
	}
}

// drop lists what is set aside under its reason.
func (p *applicationPage) drop(because string, what named) {
	i := slices.IndexFunc(p.Aside, func(a aside) bool { return a.Because == because })
	if i < 0 {
		i = len(p.Aside)
		p.Aside = append(p.Aside, aside{Because: because})
	}
	p.Aside[i].Names = append(p.Aside[i].Names, what)
}

// Dropped counts what is set aside.
func (p *applicationPage) Dropped() (n int) {
	for _, a := range p.Aside {
		n += len(a.Names)
	}
	return n
}

// Whose says to whom a requirement is addressed, "" when the table doesn't tell.
func (p *applicationPage) Whose(b profile.Bound) string {
	var words []string
	for _, code := range b.Addressee {
		words = append(words, profile.AddresseeLabel(code))
	}
	return strings.Join(words, ", ")
}

// categories counts exigences by category, in the order in which they appear.
func categories(exigences []*content.Record) string {
	var names []string
	counts := map[string]int{}
	for _, e := range exigences {
		name := cmp.Or(e.Exigence.Category, "sans catégorie")
		if counts[name] == 0 {
			names = append(names, name)
		}
		counts[name]++
	}
	for i, name := range names {
		names[i] = name + " " + number(counts[name])
	}
	return strings.Join(names, ", ")
}
