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

// levelChoices are the counts by level as the framework calls them: a level of the
// CCT's is left out when every exigence of it has a word of the framework's own,
// unless it was asked for.
func levelChoices(f search.Facets, own []content.NamedLevel, asked []string) []search.FacetValue {
	called := map[string]int{} // exigences of each of the CCT's levels that have their own word
	for _, v := range f.OwnLevel {
		for _, l := range own {
			if l.Name == v.Value {
				called[string(l.Level)] += v.Count
			}
		}
	}
	choices := slices.Clone(f.OwnLevel)
	for _, v := range f.Level {
		if v.Count > called[v.Value] || slices.Contains(asked, v.Value) {
			choices = append(choices, v)
		}
	}
	return choices
}

// dimension is a property by which a list of records can be narrowed.
type dimension struct {
	name, legend string
	value        func(*content.Record) string // "" is shown as unknownLabel, and asked for as noLevel
	label        func(string) string          // nil: the value itself
	order        []string                     // values that come first, in this order; the others as they appear
	also         func(*content.Record) string // another value that a record is asked for by, without being shown; nil: none
	alias        string                       // another name of the parameter; "" for none
}

func (d dimension) of(r *content.Record) string {
	if v := d.value(r); v != "" {
		return v
	}
	return noLevel
}

// values are all that a record is asked for by, the one that is shown first.
func (d dimension) values(r *content.Record) []string {
	list := []string{d.of(r)}
	if d.also != nil {
		if v := d.also(r); v != "" && v != list[0] {
			list = append(list, v)
		}
	}
	return list
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
	list, err := asked.List(d.name, known)
	if err != nil || d.alias == "" {
		return list, err
	}
	others, err := asked.List(d.alias, known)
	return append(list, others...), err
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
			values := d.values(r)
			if !slices.Contains(seen[i], values[0]) {
				seen[i] = append(seen[i], values[0])
			}
			want := asked[d.name]
			if len(want) > 0 && !slices.ContainsFunc(values, func(v string) bool { return slices.Contains(want, v) }) {
				misses, missed = misses+1, i
			}
		}
		if misses == 0 {
			kept = append(kept, r)
		}
		for i, d := range dims {
			if misses == 0 || misses == 1 && missed == i {
				for _, v := range d.values(r) {
					counts[i][v]++
				}
			}
		}
	}
	for i, d := range dims {
		g := group{Name: d.name, Legend: d.legend}
		for _, v := range append(slices.Clone(d.order), slices.DeleteFunc(slices.Clone(seen[i]), func(v string) bool { return slices.Contains(d.order, v) })...) {
			on := slices.Contains(asked[d.name], v)
			if counts[i][v] > 0 && slices.Contains(seen[i], v) || on {
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
