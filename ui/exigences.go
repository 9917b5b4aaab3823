package ui

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/gorilla/mux"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/profile"
	"github.com/cct-mi/cct/search"
)

const exigencesPerPage = 100

func exigenceDimensions() []dimension {
	return []dimension{
		{"level", "Niveau", func(r *content.Record) string { return string(r.Level()) },
			func(v string) string { return levelLabel(content.Level(v)) }, search.LevelNames()},
		{"category", "Catégorie", func(r *content.Record) string { return r.Exigence.Category }, nil, nil},
		{"nature", "Nature", func(r *content.Record) string { return r.Exigence.Nature }, nil, nil},
	}
}

// dimensionsIn are those, and the framework's own words for levels where the edition
// has some.
func dimensionsIn(lib *search.Library) []dimension {
	list := exigenceDimensions()
	records, err := lib.Catalog().Records(content.KindExigence)
	if err == nil && slices.ContainsFunc(records, func(r *content.Record) bool { return r.OwnLevel() != "" }) {
		list = append(list, dimension{"raw_level", "Niveau du référentiel", (*content.Record).OwnLevel, nil, nil})
	}
	return list
}

func exigenceColumns() []column {
	return []column{
		{"id", "Identifiant", func(r *content.Record) string { return r.ID }},
		{"nom", "Exigence", func(r *content.Record) string { return r.Name }},
		{"niveau", "Niveau", func(r *content.Record) string {
			if i := slices.Index(content.Levels(), r.Level()); i >= 0 {
				return strconv.Itoa(i)
			}
			return ""
		}},
		{"categorie", "Catégorie", func(r *content.Record) string { return r.Exigence.Category }},
	}
}

type exigencesPage struct {
	frame
	*list
	Levels []levelCount
}

type levelCount struct {
	Level content.Level
	Count int
}

func (s *Site) exigences(w http.ResponseWriter, r *http.Request, lib *search.Library) error {
	l, err := readList(r, lib, content.KindExigence, "/exigences", dimensionsIn(lib), exigenceColumns(), exigencesPerPage)
	if err != nil {
		return err
	}
	if done, err := s.asFile(w, r, lib, l.matching, "exigences"); done || err != nil {
		return err
	}
	page := exigencesPage{frame: frame{Title: count(l.Total, "exigence", "exigences"), Menu: "/exigences", Edition: lib.Catalog().Head().Name, App: l.app, Robots: len(l.Chips) == 0}, list: l}
	page.Levels = levelsOf(l.matching)
	return s.render(w, http.StatusOK, "exigences", page)
}

// levelsOf counts exigences by level, the most binding first, leaving out
// levels that none has.
func levelsOf(records []*content.Record) (out []levelCount) {
	for _, level := range append(content.Levels(), content.NoLevel) {
		n := 0
		for _, r := range records {
			if r.Level() == level {
				n++
			}
		}
		if n > 0 {
			out = append(out, levelCount{level, n})
		}
	}
	return out
}

// Words says a level's count in a sentence: "30 primordiales".
func (l levelCount) Words() string {
	switch l.Level {
	case content.Bloquant:
		return count(l.Count, "bloquante", "bloquantes")
	case content.Primordial:
		return count(l.Count, "primordiale", "primordiales")
	case content.Important:
		return count(l.Count, "importante", "importantes")
	}
	return strconv.Itoa(l.Count) + " de niveau non précisé"
}

// Label heads a column of figures: "Primordiales".
func (l levelCount) Label() string {
	switch l.Level {
	case content.Bloquant:
		return "Bloquantes"
	case content.Primordial:
		return "Primordiales"
	case content.Important:
		return "Importantes"
	}
	return "Niveau non précisé"
}

type exigencePage struct {
	recordPage
	Meaning  string
	AppTypes []appType
}

// appType is one line of "S’applique à".
type appType struct {
	Label   string
	Applies bool
	Because string
}

func (s *Site) exigence(w http.ResponseWriter, r *http.Request, lib *search.Library) error {
	record, err := s.record(w, r, lib, content.KindExigence, mux.Vars(r)["id"])
	if record == nil {
		return err
	}
	base, err := s.recordPage(r, lib, record, "/exigences")
	if err != nil {
		return err
	}
	p := exigencePage{recordPage: base, Meaning: levelMeaning(record.Level())}
	if c := record.Exigence.Category; c != "" {
		l := list{Path: "/exigences", Asked: map[string][]string{"category": {c}}}
		p.Category = []crumb{{c, l.url(1)}}
	}
	if p.AppTypes, err = appliesTo(lib.Catalog(), record); err != nil {
		return err
	}
	return s.render(w, http.StatusOK, "exigence", p)
}

// appliesTo evaluates an exigence for each type of application.
func appliesTo(c *content.Catalog, record *content.Record) (out []appType, err error) {
	types := profile.Questions()[0].Values
	var profiles []profile.Profile
	for _, v := range types {
		profiles = append(profiles, profile.Profile{"type": {v.Value}})
	}
	reasons, err := profile.Reasons(record, c, profiles...)
	for i, why := range reasons {
		out = append(out, appType{types[i].Short, why.Binds(), why.Because})
	}
	return out, err
}
