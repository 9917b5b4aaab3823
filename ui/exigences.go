package ui

import (
	"net/http"
	"strconv"

	"github.com/gorilla/mux"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/profile"
	"github.com/cct-mi/cct/search"
)

const exigencesPerPage = 100

// exigenceDimensions takes the values of the filter by level, in their order.
func exigenceDimensions(levels []string) []dimension {
	return []dimension{
		{name: "level", legend: "Niveau", value: (*content.Record).LevelWord, label: levelLabel, order: levels,
			also: func(r *content.Record) string { return string(r.Level()) }, alias: "raw_level"},
		{name: "category", legend: "Catégorie", value: func(r *content.Record) string { return r.Exigence.Category }},
		{name: "nature", legend: "Nature", value: func(r *content.Record) string { return r.Exigence.Nature }},
	}
}

func exigenceColumns(head content.Head) []column {
	return []column{
		{"id", "Identifiant", func(r *content.Record) string { return r.ID }},
		{"nom", "Exigence", func(r *content.Record) string { return r.Name }},
		{"niveau", "Niveau", func(r *content.Record) string {
			if r.LevelWord() == "" {
				return ""
			}
			return strconv.Itoa(head.LevelRank(r.LevelWord()))
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
	Level string // as its framework calls it, "" for none
	Count int
}

func (s *Site) exigences(w http.ResponseWriter, r *http.Request, lib *search.Library) error {
	head := lib.Catalog().Head()
	l, err := readList(r, lib, content.KindExigence, "/exigences", exigenceDimensions(head.LevelNames()), exigenceColumns(head), exigencesPerPage)
	if err != nil {
		return err
	}
	if done, err := s.asFile(w, r, lib, l.matching, "exigences"); done || err != nil {
		return err
	}
	page := exigencesPage{frame: frame{Title: count(l.Total, "exigence", "exigences"), Menu: "/exigences", Edition: head.Name, App: l.app, Robots: len(l.Chips) == 0}, list: l}
	page.Levels = levelsOf(head, l.matching)
	return s.render(w, http.StatusOK, "exigences", page)
}

// levelsOf counts exigences by level, the most binding first.
func levelsOf(head content.Head, records []*content.Record) (out []levelCount) {
	counts := map[string]int{}
	for _, r := range records {
		counts[r.LevelWord()]++
	}
	for _, level := range head.LevelsOf(records) {
		out = append(out, levelCount{level, counts[level]})
	}
	return out
}

// Words says a level's count in a sentence: "30 primordiales".
func (l levelCount) Words() string {
	switch content.Level(l.Level) {
	case content.Bloquant:
		return count(l.Count, "bloquante", "bloquantes")
	case content.Primordial:
		return count(l.Count, "primordiale", "primordiales")
	case content.Important:
		return count(l.Count, "importante", "importantes")
	case content.NoLevel:
		return strconv.Itoa(l.Count) + " de niveau non précisé"
	}
	return strconv.Itoa(l.Count) + " de niveau « " + l.Level + " »"
}

// Label heads a column of figures: "Primordiales".
func (l levelCount) Label() string {
	switch content.Level(l.Level) {
	case content.Bloquant:
		return "Bloquantes"
	case content.Primordial:
		return "Primordiales"
	case content.Important:
		return "Importantes"
	case content.NoLevel:
		return "Niveau non précisé"
	}
	return l.Level
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
	p := exigencePage{recordPage: base, Meaning: levelMeaning(record.LevelWord())}
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
