package search

import (
	"errors"
	"slices"
	"strings"

	"github.com/cct-mi/cct/search/french"
)

// standing is how a document holds a word of the question.
type standing uint8

const (
	absent    standing = iota
	mentioned          // away from the question's other words, or as a verb where a noun is asked for
	meant
)

// Of a phrase of few words each must be found, lest known words that never stand
// together ("garde à vue") pass for a subject of the content.
const (
	mostNamings = 2  // labels and titles that have a word of which the content has mentions alone
	fewOf       = 50 // … and in how many documents one has it at most
	ofTwo       = 2  // words of a phrase of which none may only be mentioned
	ofThree     = 3  // … of which none may be missing
)

// holding is how the first documents hold a word.
type holding struct {
	in      []standing // by document
	unnamed bool       // the content has mentions of it, and hardly a title
}

// missed says whether the first documents leave a word of a phrase out.
func (h holding) missed(words int) bool {
	switch slices.Max(h.in) {
	case mentioned:
		return words <= ofTwo
	case absent:
		return h.unnamed && words <= ofThree
	}
	return false
}

// telling are the words of the question that tell what it asks for: a compound that the
// content writes as one counts once, and a short number only when there is nothing else.
func (r *ranking) telling() (words []*concept) {
	for _, c := range r.concepts {
		if !c.number() && !(c.Part && slices.ContainsFunc(r.concepts, c.partOf)) {
			words = append(words, c)
		}
	}
	if words == nil {
		return r.concepts
	}
	return words
}

// number says whether a concept is a number of one or two digits: beside words it tells
// little of what is asked, for many texts and ids hold it ("horaires du bus 42").
func (c *concept) number() bool {
	return len(c.Term) <= 2 && strings.Trim(c.Term, "0123456789") == ""
}

// partOf says whether a part of a compound is one of a compound that the content has.
func (c *concept) partOf(whole *concept) bool {
	return whole.Joined && whole.found && whole.Start <= c.Start && c.End <= whole.End
}

// standings says how some documents hold each of some words. Only a phrase of few nouns
// is looked at closely: a whole question, or what to do, is answered in other words.
func (r *ranking) standings(words []*concept, documents []uint32) ([]holding, error) {
	held := make([]holding, len(words))
	for i, c := range words {
		held[i].in = make([]standing, len(documents))
		bit := uint64(1) << slices.Index(r.concepts, c)
		for d, doc := range documents {
			if r.scratch.mask[doc]&bit != 0 {
				held[i].in[d] = meant
			}
		}
	}
	asks := func(w french.Word) bool { return w.Asks || w.Kind || w.Verb }
	if len(words) < 2 || len(words) >= longQuestion || strings.Contains(r.parsed.text, "?") || slices.ContainsFunc(r.parsed.all, asks) {
		return held, nil
	}
	if err := r.onlyVerb(words[0], documents, held[0].in); err != nil {
		return nil, err
	}
	doubtful := false
	for i, c := range words {
		var err error
		if held[i].unnamed, err = r.unnamed(c); err != nil {
			return nil, err
		}
		doubtful = doubtful || held[i].unnamed
	}
	if !doubtful {
		return held, nil
	}
	return held, r.apart(words, documents, held)
}

// onlyVerb marks the documents that have a question's first word, a noun ("demande de"),
// as a verb alone: « ils demandent ».
func (r *ranking) onlyVerb(c *concept, documents []uint32, in []standing) error {
	if !c.Noun || len(c.stems) == 0 {
		return nil
	}
	singular := french.Singular(c.Term)
	one, err1 := r.index.holders(fieldExact, singular, documents)
	several, err2 := r.index.holders(fieldExact, singular+"s", documents)
	for d := range in {
		if in[d] == meant && !one[d] && !several[d] {
			in[d] = mentioned
		}
	}
	return errors.Join(err1, err2)
}

// unnamed says whether the content only mentions a word: few documents have it, hardly
// one in its label or title, and the thesaurus has no other for it.
func (r *ranking) unnamed(c *concept) (bool, error) {
	if len(c.with) > 0 || len(c.stems) == 0 || strings.ContainsAny(c.Term, "0123456789") {
		return false, nil
	}
	label, err1 := r.index.count(fieldLabel, c.Stem)
	title, err2 := r.index.count(fieldTitle, c.Stem)
	body, err3 := r.index.count(fieldBody, c.Stem)
	few := uint64(len(r.tables.kinds) / fewOf)
	return label+title <= mostNamings && body <= few, errors.Join(err1, err2, err3)
}

// apart marks the documents that have an unnamed word away from the question's others.
func (r *ranking) apart(words []*concept, documents []uint32, held []holding) error {
	rising := slices.Sorted(slices.Values(documents))
	label, title, body := make([][]bool, len(words)), make([][]bool, len(words)), make([]*places, len(words))
	for i, c := range words {
		var err [3]error
		label[i], err[0] = r.index.holders(fieldLabel, c.Stem, documents)
		title[i], err[1] = r.index.holders(fieldTitle, c.Stem, documents)
		body[i], err[2] = r.index.placesIn(fieldBody, c.Stem, rising)
		if err := errors.Join(err[:]...); err != nil {
			return err
		}
	}
	for d, doc := range documents {
		named := func(i int) bool { return label[i][d] || title[i][d] }
		for i := range words {
			if !held[i].unnamed || held[i].in[d] != meant || named(i) {
				continue
			}
			beside := false
			for j := range words {
				if j != i && held[j].in[d] == meant {
					_, near := neighbours(body[i].in(doc), body[j].in(doc), 1, false)
					beside = beside || near > 0 || named(j)
				}
			}
			if !beside {
				held[i].in[d] = mentioned
			}
		}
	}
	return nil
}
