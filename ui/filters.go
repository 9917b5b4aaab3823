package ui

import (
	"slices"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search"
)

// group is one filter of a list or of a search, as a set of boxes to tick.
type group struct {
	Name, Legend string
	Choices      []choice
}

type choice struct {
	Value, Label string
	Count        int
	Checked      bool
}

// facet shows the counts of a search in a fixed order. A value that is ticked
// stays, even if it gives nothing, so that it can be unticked.
func facet(name, legend string, counts []search.FacetValue, ticked, order []string, label func(string) string) group {
	g := group{Name: name, Legend: legend}
	add := func(v string) {
		n := 0
		for _, c := range counts {
			if c.Value == v {
				n = c.Count
			}
		}
		on := slices.Contains(ticked, v)
		if n > 0 || on {
			g.Choices = append(g.Choices, choice{v, label(v), n, on})
		}
	}
	for _, v := range order {
		add(v)
	}
	for _, c := range counts {
		if !slices.Contains(order, c.Value) {
			add(c.Value)
		}
	}
	return g
}

// dimension is a property by which a list of records can be narrowed.
type dimension struct {
	name, legend string
	value        func(*content.Record) string // "" is shown as unknownLabel, and asked for as noLevel
	label        func(string) string          // nil: the value itself
	order        []string                     // values that come first, in this order; the others as they appear
}

func (d dimension) of(r *content.Record) string {
	if v := d.value(r); v != "" {
		return v
	}
	return noLevel
}

// read gives the values that an address asks for, as the records or the order of the
// dimension spell them.
func (d dimension) read(asked search.Values, records []*content.Record) ([]string, error) {
	known := slices.Clone(d.order)
	for _, r := range records {
		if v := d.of(r); !slices.Contains(known, v) {
			known = append(known, v)
		}
	}
	return asked.List(d.name, known)
}

// narrow keeps the records that match every dimension asked for (any of its
// values), and counts each value among those that match the other dimensions.
func narrow(records []*content.Record, dims []dimension, asked map[string][]string) (kept []*content.Record, groups []group) {
	counts := make([]map[string]int, len(dims))
	seen := make([][]string, len(dims))
	for i := range dims {
		counts[i] = map[string]int{}
	}
	for _, r := range records {
		misses, missed := 0, 0
		for i, d := range dims {
			v := d.of(r)
			if _, known := counts[i][v]; !known {
				counts[i][v] = 0
				seen[i] = append(seen[i], v)
			}
			if want := asked[d.name]; len(want) > 0 && !slices.Contains(want, v) {
				misses, missed = misses+1, i
			}
		}
		if misses == 0 {
			kept = append(kept, r)
		}
		for i, d := range dims {
			if misses == 0 || misses == 1 && missed == i {
				counts[i][d.of(r)]++
			}
		}
	}
	for i, d := range dims {
		g := group{Name: d.name, Legend: d.legend}
		for _, v := range append(slices.Clone(d.order), slices.DeleteFunc(seen[i], func(v string) bool { return slices.Contains(d.order, v) })...) {
			on := slices.Contains(asked[d.name], v)
			if counts[i][v] > 0 || on {
				g.Choices = append(g.Choices, choice{v, d.words(v), counts[i][v], on})
			}
		}
		if len(g.Choices) > 1 || slices.ContainsFunc(g.Choices, func(c choice) bool { return c.Checked }) {
			groups = append(groups, g)
		}
	}
	return kept, groups
}

func (d dimension) words(v string) string {
	if v == noLevel {
		return unknownLabel
	}
	if d.label == nil {
		return v
	}
	return d.label(v)
}
