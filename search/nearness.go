package search

import (
	"cmp"
	"slices"

	"github.com/cct-mi/cct/search/index"
)

// nearness is the bonus of a document for having the question's neighbours as
// neighbours (sequential dependence; Metzler, Croft 2005, with saturated
// counts).
func (sc *scorer) nearness(concepts []*concept, docs []uint32, s *scratch, bonus []float64) error {
	if len(concepts) < 2 {
		return nil
	}
	order := make([]int, len(docs))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(docs[a], docs[b]) })
	positions := make([][]uint64, 2*len(concepts)*len(docs))
	var all []uint64 // that they are parts of
	place := func(field index.Field, concept, doc int) int {
		k := (concept*len(docs) + doc) * 2
		if field == fieldBody {
			k++
		}
		return k
	}
	wanted, at := make([]uint32, 0, len(docs)), make([]int, 0, len(docs))
	for ci, c := range concepts {
		wanted, at = wanted[:0], at[:0]
		for _, i := range order {
			if s.mask[docs[i]]&(1<<ci) != 0 {
				wanted, at = append(wanted, docs[i]), append(at, i)
			}
		}
		for _, st := range c.stems {
			for _, f := range []index.Field{fieldLabel, fieldBody} {
				err := sc.index.positions(f, st, wanted, func(n int, found []uint64) {
					k := place(f, ci, at[n])
					all = append(append(all, positions[k]...), found...)
					positions[k] = all[len(all)-len(positions[k])-len(found):]
				})
				if err != nil {
					return err
				}
			}
		}
	}
	var occurrences []occurrence
	for i := range docs {
		occurrences = occurrences[:0]
		for ci := range concepts {
			for _, p := range positions[place(fieldBody, ci, i)] {
				occurrences = append(occurrences, occurrence{p, ci})
			}
		}
		bonus[i] -= dispersal * scattered(concepts, occurrences)
		for ci := 0; ci+1 < len(concepts); ci++ {
			a, b := concepts[ci], concepts[ci+1]
			ordered, unordered := 0.0, 0.0
			for _, f := range []index.Field{fieldLabel, fieldBody} {
				pa, pb := positions[place(f, ci, i)], positions[place(f, ci+1, i)]
				if len(pa) == 0 || len(pb) == 0 {
					continue
				}
				slices.Sort(pb)
				for _, p := range pa {
					lo := uint64(0)
					if p > closeWindow {
						lo = p - closeWindow
					}
					k, _ := slices.BinarySearch(pb, lo)
					near, next := false, false
					for ; k < len(pb) && pb[k] <= p+closeWindow; k++ {
						if pb[k] != p {
							near = true
						}
						if pb[k] > p && pb[k] <= p+uint64(a.gap(b)) {
							next = true
						}
					}
					if near {
						unordered++
					}
					if next {
						ordered++
					}
				}
			}
			idf := (a.idf + b.idf) / 2
			bonus[i] += orderedNear*idf*ordered*(saturation+1)/(saturation+ordered) + closeBy*idf*unordered*(saturation+1)/(saturation+unordered)
		}
	}
	return nil
}

// occurrence is a word of the question in a text.
type occurrence struct {
	at      uint64
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

// gap is how far apart two words of the query may stand in a text and still
// follow each other: one word more than in the query.
func (c *concept) gap(next *concept) int { return max(next.Position-c.Position, 1) + 1 }
