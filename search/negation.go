package search

import (
	"slices"
	"strings"

	"github.com/cct-mi/cct/search/french"
)

// negators stand before what is not meant; those that exclude leave it out where no
// text says so in the same words. "sans" tells of a thing by its absence: a text on
// the thing still answers.
var negators = map[string]bool{"non": true, "hors": true, "sauf": true, "hormis": true, "excepte": true, "pas": true, "sans": false}

// negatedWords is how many words a negation may bear on.
const negatedWords = 3

// negate reads what the question says is not meant: "hors cloud native" is looked for
// as it stands, and where no text has it, what is left out counts against a document.
func (b *conceptBuilder) negate() error {
	all := b.q.all
	for i, w := range all {
		excludes, ok := negators[w.Term]
		if !ok || i+1 == len(all) || w.Capitals || w.Term == "pas" && slices.ContainsFunc(all, ofSentence) {
			continue
		}
		list := []string{w.Term}
		for _, next := range all[i+1 : min(len(all), i+1+negatedWords)] {
			if next.Stop || len(next.Parts) > 0 && len(list) > 1 {
				break
			}
			if list = append(list, next.Term); len(next.Parts) > 0 {
				break
			}
		}
		if len(list) == 1 {
			continue
		}
		said, err := b.addPhrase(list)
		if err != nil {
			return err
		}
		if !said && excludes && !b.inTerm(w, all[i+1]) && b.drop(w, all[i+1]) {
			b.q.unwanted = append(b.q.unwanted, list[1])
		}
	}
	return nil
}

// ofSentence says whether a word is of a whole sentence, in which « pas » denies what is
// said (« l’offre n’est pas conforme ») and leaves no word out.
func ofSentence(w french.Word) bool {
	return w.Asks || w.Kind || w.Term == "ne" || w.Term == "est" || w.Term == "sont"
}

// addPhrase adds the longest beginning of a run of words that stands in the content, as
// one concept.
func (b *conceptBuilder) addPhrase(list []string) (bool, error) {
	for n := len(list); n > 1; n-- {
		f := &found{text: strings.Join(list[:n], " ")}
		err := b.index.together(fieldExact, list[:n], 1, func(d uint32, times int) {
			f.docs, f.tf = append(f.docs, d), append(f.tf, b.scorer.normed(fieldExact, d, times))
		})
		if err != nil {
			return false, err
		}
		if len(f.docs) > 0 && len(b.q.concepts) < maxConcepts {
			f.idf = idfOf(len(b.tables.kinds), len(f.docs))
			b.q.concepts = append(b.q.concepts, &concept{Word: french.Word{Token: french.Token{Term: f.text}, Stem: f.text}, discount: 1, shown: f.text, with: []*widened{{found: f}}})
			return true, nil
		}
	}
	return false, nil
}

// inTerm says whether a negation and the word after it are of one term of the thesaurus
// that leads somewhere: "non relationnelle".
func (b *conceptBuilder) inTerm(negator, next french.Word) bool {
	units := b.q.repaired.units
	return slices.ContainsFunc(b.spans, func(sp span) bool {
		first := units[sp.from]
		found := slices.ContainsFunc(b.byUnit[sp.from], func(c *concept) bool { return len(c.with) > 0 })
		return found && (first.Start == negator.Start && sp.to > sp.from+1 || sp.tied && first.Start == next.Start)
	})
}

// drop leaves words of the question out of what is looked for, unless nothing else is.
func (b *conceptBuilder) drop(words ...french.Word) bool {
	isOf := func(c *concept) bool {
		return slices.ContainsFunc(words, func(w french.Word) bool { return c.Start >= w.Start && c.End <= w.End && len(c.stems) > 0 })
	}
	if !slices.ContainsFunc(b.q.concepts, func(c *concept) bool { return !isOf(c) }) {
		return false
	}
	for _, c := range b.q.concepts {
		if isOf(c) {
			b.q.expanded = slices.DeleteFunc(b.q.expanded, func(e Expansion) bool { return e.Term == c.shown })
		}
	}
	b.q.concepts = slices.DeleteFunc(b.q.concepts, isOf)
	return true
}
