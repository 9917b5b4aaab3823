package search

import (
	"cmp"
	"slices"
)

// nearness is the bonus of a document for having the question's neighbours as
// neighbours (sequential dependence; Metzler, Croft 2005, with saturated
// counts).
func (sc *scorer) nearness(concepts []*concept, docs []uint32, s *scratch, bonus []float64) error {
	if len(concepts) < 2 {
		return nil
	}
	held, err := sc.placesOf(concepts, docs, s)
	if err != nil {
		return err
	}
	gaps, eitherWay := make([]int, len(concepts)-1), make([]bool, len(concepts)-1) // from each concept to the next
	for ci := range gaps {
		a, b := concepts[ci], concepts[ci+1]
		gaps[ci] = a.gap(b)
		if eitherWay[ci] = sc.lemmas.Acts(a.Word, b.Word); eitherWay[ci] {
			gaps[ci] = max(gaps[ci], objectGap)
		}
	}
	label, body := make([][]uint32, len(concepts)), make([][]uint32, len(concepts))
	var occurrences []occurrence
	for i, d := range docs {
		occurrences = occurrences[:0]
		for ci, h := range held {
			label[ci], body[ci] = nil, nil
			if s.mask[d]&(1<<ci) == 0 {
				continue
			}
			label[ci], body[ci] = positionsIn(h.label, d), positionsIn(h.body, d)
			for _, p := range body[ci] {
				occurrences = append(occurrences, occurrence{p, ci})
			}
		}
		bonus[i] -= dispersal * scattered(concepts, occurrences)
		for ci, gap := range gaps {
			next, near := neighbours(label[ci], label[ci+1], gap, eitherWay[ci])
			n, m := neighbours(body[ci], body[ci+1], gap, eitherWay[ci])
			ordered, unordered := float64(next+n), float64(near+m)
			idf := (concepts[ci].idf + concepts[ci+1].idf) / 2
			bonus[i] += orderedNear*idf*ordered*(saturation+1)/(saturation+ordered) + closeBy*idf*unordered*(saturation+1)/(saturation+unordered)
		}
	}
	return nil
}

// placesOfConcept are where the stems of a concept stand, one after the other.
type placesOfConcept struct{ label, body []*places }

// placesOf reads where the concepts stand in the documents that hold them.
func (sc *scorer) placesOf(concepts []*concept, docs []uint32, s *scratch) ([]placesOfConcept, error) {
	rising := slices.Clone(docs)
	slices.Sort(rising)
	out := make([]placesOfConcept, len(concepts))
	for i, c := range concepts {
		holders := make([]uint32, 0, len(rising))
		for _, d := range rising {
			if s.mask[d]&(1<<i) != 0 {
				holders = append(holders, d)
			}
		}
		for _, st := range c.stems {
			label, err := sc.index.placesIn(fieldLabel, st, holders)
			if err != nil {
				return nil, err
			}
			body, err := sc.index.placesIn(fieldBody, st, holders)
			if err != nil {
				return nil, err
			}
			out[i].label, out[i].body = append(out[i].label, label), append(out[i].body, body)
		}
	}
	return out, nil
}

// positionsIn gives where stems stand in a document, in rising order.
func positionsIn(stems []*places, doc uint32) (all []uint32) {
	for _, p := range stems {
		switch at := p.in(doc); {
		case len(all) == 0:
			all = at
		case len(at) > 0:
			all = slices.Concat(all, at)
			slices.Sort(all)
		}
	}
	return all
}

// neighbours counts the positions of a word that have another word close by, in any
// order, and of these those that have it within gap after them, or before too.
func neighbours(a, b []uint32, gap int, eitherWay bool) (next, near int) {
	if len(b) == 0 {
		return 0, 0
	}
	for _, p := range a {
		k, _ := slices.BinarySearch(b, p-min(p, closeWindow))
		follows, beside := false, false
		for ; k < len(b) && b[k] <= p+closeWindow; k++ {
			beside = beside || b[k] != p
			follows = follows || b[k] > p && b[k] <= p+uint32(gap) || eitherWay && b[k] < p && p <= b[k]+uint32(gap)
		}
		if beside {
			near++
		}
		if follows {
			next++
		}
	}
	return next, near
}

// occurrence is a word of the question in a text.
type occurrence struct {
	at      uint32
	concept int
}

// scattered is how much of what a text holds of the question, in idf, lies outside
// its best twenty words: a long text that has the words here and there answers less than
// one that has them together. list is where it holds them, concept by concept.
func scattered(concepts []*concept, list []occurrence) float64 {
	held := 0.0
	for i, o := range list {
		if i == 0 || o.concept != list[i-1].concept {
			held += concepts[o.concept].idf
		}
	}
	slices.SortFunc(list, func(a, b occurrence) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.concept, b.concept))
	})
	times := make([]int, len(concepts))
	first, within, best := 0, 0.0, 0.0
	for _, o := range list {
		if times[o.concept]++; times[o.concept] == 1 {
			within += concepts[o.concept].idf
		}
		for ; list[first].at+closeTogether < o.at; first++ {
			if times[list[first].concept]--; times[list[first].concept] == 0 {
				within -= concepts[list[first].concept].idf
			}
		}
		best = max(best, within)
	}
	return held - best
}

// objectGap is how far apart a verb and its object may stand, a determiner between.
const objectGap = 3

// gap is how far apart two words of the query may stand in a text and still
// follow each other: one word more than in the query.
func (c *concept) gap(next *concept) int { return max(next.Position-c.Position, 1) + 1 }
