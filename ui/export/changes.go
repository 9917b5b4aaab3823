package export

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/history"
	"github.com/cct-mi/cct/content/profile"
)

// NoChange is what is said of two editions that differ in typography and pages alone.
const NoChange = "aucun changement de fond"

// Changes makes a table of what changed between two editions: counts on the cover, a
// line for each record that changed, level changes first.
func Changes(c *history.Comparison) *Table {
	t := &Table{
		Title: "Ce qui a changé de l’édition " + c.From + " à l’édition " + c.To,
		Name:  "changements",
		Facts: []Fact{{Key: "from", Label: "De l’édition", Value: c.From}, {Key: "to", Label: "À l’édition", Value: c.To}},
		Columns: []Column{
			{Key: "what", Title: "Changement", Width: 16}, {Key: "kind", Title: "Nature", Width: 10},
			{Key: "from", Title: "Avant", Width: 22}, {Key: "to", Title: "Après", Width: 22}, {Key: "title", Title: "Intitulé", Width: 40},
			{Key: "level_from", Title: "Niveau avant", Width: 12}, {Key: "level_to", Title: "Niveau après", Width: 12},
			{Key: "removed", Title: "Mots supprimés", Width: 50}, {Key: "added", Title: "Mots ajoutés", Width: 50},
			{Key: "certainty", Title: "Certitude", Width: 10}, {Key: "proof", Title: "Preuve", Width: 40},
		},
	}
	if !c.Summary.Substantial() {
		t.Facts = append(t.Facts, Fact{Key: "verdict", Label: "Verdict", Value: NoChange})
	}
	for _, n := range Counts(c.Summary) {
		t.Facts = append(t.Facts, Fact{Key: n.Key, Label: n.Label, Value: fmt.Sprint(n.Count)})
	}
	if n := c.Summary.Typography; n > 0 {
		t.Facts = append(t.Facts, Fact{Key: "typography", Label: "Retouches de typographie, mêmes mots", Value: fmt.Sprint(n)})
	}
	if len(c.Pages) > 0 {
		pages := Part{Key: "pages", Title: "Pages"}
		for _, p := range c.Pages {
			pages.Facts = append(pages.Facts, Fact{Key: p.Source, Label: strings.ToUpper(pageWord(p.Relation)[:1]) + pageWord(p.Relation)[1:], Value: p.Title + " (" + p.Source + ")"})
		}
		t.Parts = append(t.Parts, pages)
	}
	t.Rows = func(yield func([]string) bool) {
		for _, ch := range c.Changes {
			if !ch.Changed() {
				continue
			}
			from, to := "", ""
			if ch.Level != nil {
				from, to = levelWord(ch.Level.From), levelWord(ch.Level.To)
			}
			removed, added := append([]string{}, ch.Removed...), append([]string{}, ch.Added...)
			for _, f := range ch.Fields {
				removed, added = append(removed, f.Name+" : "+f.From), append(added, f.Name+" : "+f.To)
			}
			if !yield([]string{ChangeWord(ch), string(ch.Kind), ch.From, strings.Join(ch.To, ", "), ch.Record().Name, from, to,
				strings.Join(removed, " … "), strings.Join(added, " … "), CertaintyWord(ch.Certainty), ch.Proof}) {
				return
			}
		}
	}
	return t
}

// ChangesFor keeps of a comparison the requirements and rules that bind an
// application in either edition. catalogs are those whose records it compares.
func ChangesFor(c *history.Comparison, who profile.Profile, catalogs ...*content.Catalog) (*history.Comparison, error) {
	binds := map[*content.Record]bool{}
	for _, cat := range catalogs {
		v, err := profile.Evaluate(who, cat)
		if err != nil {
			return nil, err
		}
		for _, b := range slices.Concat(v.Exigences, v.Regles) {
			if b.Binds() {
				binds[b.Record] = true
			}
		}
	}
	return c.Narrow(func(r *content.Record) bool { return binds[r] }), nil
}

// Count is one figure of a comparison.
type Count struct {
	Key   string
	Label string
	Count int
}

// Counts names the figures of a comparison, in the order in which they are read.
func Counts(s history.Summary) []Count {
	return []Count{{"unchanged", "Sans changement", s.Unchanged}, {"reworded", "Texte modifié", s.Reworded}, {"level", "Niveau modifié", s.Level}, {"split", "Scindées", s.Split},
		{"merged", "Fondues avec une autre", s.Merged}, {"withdrawn", "Retirées", s.Withdrawn}, {"new", "Nouvelles", s.New}}
}

// ChangeWord says in French what became of a record.
func ChangeWord(ch history.Change) string {
	word := map[history.Relation]string{history.Identical: "sans changement", history.Reworded: "texte modifié", history.Split: "scindée", history.Merged: "fondue avec une autre", history.Withdrawn: "retirée", history.New: "nouvelle"}[ch.Relation]
	switch {
	case ch.Level == nil:
		return word
	case ch.Relation == history.Identical:
		return "niveau modifié"
	}
	return "niveau modifié, " + word
}

func pageWord(r history.Relation) string {
	switch r {
	case history.New:
		return "nouvelle"
	case history.Withdrawn:
		return "retirée"
	}
	return "modifiée"
}

// CertaintyWord says in French how sure a link is.
func CertaintyWord(c history.Certainty) string {
	return map[history.Certainty]string{history.Sure: "sûr", history.Probable: "probable", history.Partial: "en partie"}[c]
}

func levelWord(l content.Level) string {
	if l == content.NoLevel {
		return "non précisé"
	}
	return string(l)
}
