package ui

import (
	_ "embed" // for the statement
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search"
)

// statement is how the program stands against each requirement that binds a
// program of its kind: kept as data, since the tests it names must exist.
//
//go:embed conformite.json
var statement []byte

// conformity is one requirement and how the program meets it.
type conformity struct {
	ID    string   `json:"id"`    // of an exigence, or of an API rule
	State string   `json:"state"` // see conformityStates
	How   string   `json:"how"`   // in French, a sentence or two
	Tests []string `json:"tests"` // "package TestName": they prove it at every change
	Files []string `json:"files"` // of the repository
	Links []string `json:"links"` // addresses of this site
}

// conformityStates are the verdicts, from the best, with their words.
var conformityStates = [...][2]string{
	{"oui", "Respectée"}, {"partie", "En partie"}, {"non", "Non respectée"}, {"exploitant", "Selon l’exploitant"}, {"objet", "Sans objet"},
}

// Word is the verdict as readers see it.
func (c conformity) Word() string {
	for _, s := range conformityStates {
		if s[0] == c.State {
			return s[1]
		}
	}
	return ""
}

func parseConformity(data []byte) ([]conformity, error) {
	var all []conformity
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, fmt.Errorf("lire conformite.json : %w", err)
	}
	for _, c := range all {
		if c.ID == "" || c.How == "" || c.Word() == "" {
			return nil, fmt.Errorf("conformite.json : l’entrée « %s » n’a pas d’identifiant, d’explication ou de verdict connu", c.ID)
		}
	}
	return all, nil
}

// conformities are read when the page is first asked for: no start waits for them.
var conformities = sync.OnceValues(func() ([]conformity, error) { return parseConformity(statement) })

type conformityPage struct {
	frame
	Counts []stateCount
	Groups []conformityGroup
}

type stateCount struct {
	Word  string
	Count int
}

type conformityGroup struct {
	Title   string
	Entries []conformityEntry
}

// conformityEntry is a requirement with its words, where the edition has it.
type conformityEntry struct {
	conformity
	Name string
	URL  string // "" when the edition served does not hold it
}

func (s *Site) conformity(w http.ResponseWriter, r *http.Request, lib *search.Library) error {
	all, err := conformities()
	if err != nil {
		return err
	}
	c := lib.Catalog()
	p := conformityPage{frame: frame{Title: "Ce service face au CCT", Edition: c.Head().Name, Robots: true}}
	for _, state := range conformityStates {
		n := 0
		for _, e := range all {
			if e.State == state[0] {
				n++
			}
		}
		p.Counts = append(p.Counts, stateCount{state[1], n})
	}
	exigences, rules := conformityGroup{Title: "Exigences Cloud Native"}, conformityGroup{Title: "Règles de la doctrine API"}
	for _, e := range all {
		kind, group := content.KindRegle, &rules
		if strings.HasPrefix(e.ID, "EX") {
			kind, group = content.KindExigence, &exigences
		}
		entry := conformityEntry{conformity: e}
		record, err := c.Record(kind, e.ID)
		switch {
		case err == nil:
			entry.Name, entry.URL = record.Name, record.URL()
		case !isMissing(err):
			return err
		}
		group.Entries = append(group.Entries, entry)
	}
	p.Groups = slices.DeleteFunc([]conformityGroup{exigences, rules}, func(g conformityGroup) bool { return len(g.Entries) == 0 })
	return s.render(w, http.StatusOK, "conformite", p)
}
