package ui

import (
	"net/http"
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/profile"
	"github.com/cct-mi/cct/search"
)

type applicationPage struct {
	frame
	Verdict   *profile.Verdict
	Questions []asked
	Said      string // the profile in words, "" when nothing is known
	Applying  int    // exigences that apply
	Documents int    // documents that do
	Sure      bool   // the type is known: nothing applies by default only
	Figures   []levelCount
	Levels    []levelGroup
	Aside     []aside
	Xlsx, CSV string // addresses
	JSON      string
	Search    string // address of the exigences' list narrowed to this profile
}

// asked is a question with the answer given.
type asked struct {
	profile.Question
	Number int
	Answer string
}

// levelGroup is the exigences of one level that apply.
type levelGroup struct {
	levelCount
	Meaning    string
	Categories string // "code applicatif et image 15, modèle d’opération 9"
	All        string // address of the list
	Exigences  []*content.Record
}

// aside is exigences that do not apply, for one reason.
type aside struct {
	Because   string
	Exigences []*content.Record
}

func (s *Site) application(w http.ResponseWriter, r *http.Request, lib *search.Library) error {
	who, err := profile.Parse(profile.Given(r.URL.Query()))
	if err != nil {
		return err
	}
	v, err := profile.Evaluate(who, lib.Catalog())
	if err != nil {
		return err
	}
	p := applicationPage{frame: frame{Title: "Mon application", Menu: "/mon-application", Edition: lib.Catalog().Head().Name, Robots: !who.Known()}, Verdict: v, Sure: who.Type != ""}
	for i, q := range profile.Questions() {
		p.Questions = append(p.Questions, asked{q, i + 1, who.Answer(q.Name)})
	}
	for _, d := range v.Documents {
		if d.Applies {
			p.Documents++
		}
	}
	app := newScope(who)
	var applying []*content.Record
	for _, e := range v.Exigences {
		if e.Applies {
			applying = append(applying, e.Exigence)
			continue
		}
		if n := len(p.Aside); n == 0 || p.Aside[n-1].Because != e.Because {
			p.Aside = append(p.Aside, aside{Because: e.Because})
		}
		last := &p.Aside[len(p.Aside)-1]
		last.Exigences = append(last.Exigences, e.Exigence)
	}
	p.Applying, p.Figures = len(applying), levelsOf(applying)
	for _, f := range p.Figures {
		g := levelGroup{levelCount: f, Meaning: levelMeaning(f.Level)}
		for _, e := range applying {
			if e.Level() == f.Level {
				g.Exigences = append(g.Exigences, e)
			}
		}
		g.Categories = categories(g.Exigences)
		level := string(f.Level)
		if level == "" {
			level = noLevel
		}
		g.All = (&list{Path: "/exigences", Asked: map[string][]string{"level": {level}}, app: app}).url(1)
		p.Levels = append(p.Levels, g)
	}
	p.Search = (&list{Path: "/exigences", app: app}).url(1)
	if who.Known() {
		p.Said = who.String()
		p.App = app
		p.Title = "Mon application : " + count(p.Applying, "exigence", "exigences") + " et " + count(p.Documents, "document", "documents")
	}
	query := who.Values("")
	p.JSON = "/api/v1/applicable?" + query.Encode()
	query.Set("format", "csv")
	p.CSV = "/api/v1/applicable?" + query.Encode()
	query.Set("format", "xlsx")
	p.Xlsx = "/api/v1/applicable?" + query.Encode()
	return s.render(w, http.StatusOK, "mon-application", p)
}

// categories counts exigences by category, in the order in which they appear.
func categories(exigences []*content.Record) string {
	var names []string
	counts := map[string]int{}
	for _, e := range exigences {
		name := e.Exigence.Category
		if name == "" {
			name = "sans catégorie"
		}
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
