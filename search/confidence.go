package search

import (
	"slices"
	"strings"
)

// Thresholds of confidence. They were chosen on the judged sets for tuning alone.
const (
	doubt        = .36 // below it nothing answers a question
	doubtLong    = .18 // … a long one, of which some words always miss
	doubtUnknown = .50 // … a short one with words that the edition does not hold
	akinShare    = .35 // what a word counts of which the content has the family alone: "feuillage" is no "feuille"
	longQuestion = 5   // words
	mostUnknown  = .5  // of a long question
)

// figures are what tells an answer that is sure from one that is only nearest. All are
// shares of the question, its words weighed by how rare they are.
type figures struct {
	cover   float64 // what the best document has; a corrected word counts less the more it was changed
	others  float64 // what the second and third have
	unknown float64 // what no document has
	match   float64 // the best score against what a full match would give, at most 1
}

func (r *ranking) figures(list []candidate) (f figures) {
	telling := func(c *concept) bool { return !c.number() }
	if !slices.ContainsFunc(r.concepts, telling) {
		telling = func(*concept) bool { return true }
	}
	mass := 0.0
	for _, c := range r.concepts {
		if telling(c) {
			mass += c.idf
		}
	}
	covered := func(d uint32) (share float64) {
		for i, c := range r.concepts {
			if telling(c) && r.scratch.mask[d]&(1<<i) != 0 {
				weight := c.idf * c.discount
				if c.akin {
					weight *= akinShare
				}
				share += weight / mass
			}
		}
		return share
	}
	for _, c := range r.concepts {
		if telling(c) && !c.found && !c.Kind { // a text that answers how long may not say « durée »
			f.unknown += c.idf / mass
		}
	}
	f.cover, f.match = covered(list[0].doc), min(1, list[0].score/r.mass)
	f.others = f.cover
	if next := list[1:min(3, len(list))]; len(next) > 0 {
		f.others = 0
		for _, c := range next {
			f.others += covered(c.doc) / float64(len(next))
		}
	}
	return f
}

// number says whether a concept is a number of one or two digits: beside words it tells
// little of what is asked, for many texts and ids hold it ("horaires du bus 42").
func (c *concept) number() bool {
	return len(c.Term) <= 2 && strings.Trim(c.Term, "0123456789") == ""
}

// sure is the one rule of confidence: what the best document has of the question, times
// how strong the match is. A short question with a word that nothing holds needs more,
// and the next documents must agree: "subvention association sportive" has one that
// speaks of an association, and nothing on the rest.
func (r *ranking) sure(list []candidate) bool {
	if r.mass == 0 {
		return false
	}
	f := r.figures(list)
	short := len(r.concepts) < longQuestion
	switch {
	case f.unknown > 0 && (short || f.unknown > mostUnknown):
		return (2*f.cover+f.others)/3*f.match >= doubtUnknown
	case short:
		return f.cover*f.match >= doubt
	}
	return f.cover*f.match >= doubtLong
}
