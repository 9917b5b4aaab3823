package profile

import (
	"strings"

	"github.com/cct-mi/cct/content"
)

// Undecided counts, for each question left without an answer, the requirements,
// rules and families whose verdict its answer can still change.
func Undecided(p Profile, c *content.Catalog) (map[string]int, error) {
	pages, err := c.Pages()
	if err != nil {
		return nil, err
	}
	table, err := tableOf(c, pages)
	if err != nil {
		return nil, err
	}
	open := map[string]int{}
	for id, one := range table {
		if id != one.ID {
			continue // the same line under the official folder's id
		}
		for name := range unsettled(p, one) {
			open[name]++
		}
	}
	return open, nil
}

// unsettled names the questions that could change a line's verdict.
func unsettled(p Profile, one line) map[string]bool {
	names := map[string]bool{}
	add := func(text string) {
		c, err := parseCondition(text)
		if err != nil || c.holds(p) != unknown {
			return
		}
		for _, part := range c.clauses(p, unknown) {
			names[part.question.Name] = true
		}
	}
	when, err := parseCondition(one.When)
	if err != nil || when.holds(p) == no {
		return names
	}
	add(one.When)
	switch {
	case one.Certainty == confirmWord:
		add(one.Settled)
	case strings.HasPrefix(one.Certainty, confirmIf):
		add(strings.TrimPrefix(one.Certainty, confirmIf))
	}
	return names
}
