package search

import (
	"cmp"
	"slices"
	"strings"

	"github.com/cct-mi/cct/content"
)

// filters turn the values asked for into sets over the tables' codes; nil keeps
// all.
func (t *tables) filters(q *parsed) (types, themes, levels []bool) {
	set := func(asked []string, n int, index func(string) int) []bool {
		if len(asked) == 0 {
			return nil
		}
		s := make([]bool, n)
		for _, v := range asked {
			if i := index(v); i >= 0 {
				s[i] = true
			}
		}
		return s
	}
	types = set(q.filters.types, len(t.kindNames), func(v string) int { return slices.Index(t.kindNames, content.Kind(v)) })
	themes = set(q.filters.themes, len(t.themeNames), func(v string) int { return slices.Index(t.themeNames, v) })
	if len(q.filters.levels) > 0 {
		levels = make([]bool, len(t.levelNames))
		for i, l := range t.levelNames[1:] {
			levels[i+1] = slices.ContainsFunc(q.filters.levels, l.named)
		}
	}
	return types, themes, levels
}

// counts are the facets under way. A facet's count ignores its own filter, so
// that a second value of the same group can be added.
type counts struct{ types, themes, levels []int }

func newCounts(t *tables) *counts {
	return &counts{make([]int, len(t.kindNames)), make([]int, len(t.themeNames)), make([]int, len(t.levelNames))}
}

// add counts a document, and says whether all filters keep it.
func (c *counts) add(t *tables, d uint32, types, themes, levels []bool) bool {
	k, th, lv := t.kinds[d], t.themes[d], t.levels[d]
	okType := types == nil || types[k]
	okTheme := themes == nil || themes[th]
	okLevel := levels == nil || levels[lv]
	if okTheme && okLevel {
		c.types[k]++
	}
	if okType && okLevel {
		c.themes[th]++
	}
	if okType && okTheme {
		c.levels[lv]++
	}
	return okType && okTheme && okLevel
}

func (c *counts) facets(t *tables, own []content.NamedLevel) Facets {
	f := Facets{Type: make([]FacetValue, 0, len(c.types)), Theme: make([]FacetValue, 0, len(c.themes))}
	for i, n := range c.types {
		if n > 0 {
			f.Type = append(f.Type, FacetValue{string(t.kindNames[i]), n})
		}
	}
	for i, n := range c.themes {
		if n > 0 {
			f.Theme = append(f.Theme, FacetValue{t.themeNames[i], n})
		}
	}
	f.Level, f.OwnLevel = c.byLevel(t, own)
	most := func(a, b FacetValue) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	}
	slices.SortFunc(f.Type, most)
	slices.SortFunc(f.Theme, most)
	return f
}

// byLevel counts by the CCT's levels, and by the framework's own words in their order.
// An exigence that has its own word and none of the CCT's is not one without a level.
func (c *counts) byLevel(t *tables, own []content.NamedLevel) (levels, words []FacetValue) {
	levels = []FacetValue{}
	count := func(name string, has func(levelName) bool) FacetValue {
		v := FacetValue{Value: name}
		for i, l := range t.levelNames[1:] {
			if has(l) {
				v.Count += c.levels[i+1]
			}
		}
		return v
	}
	for _, level := range content.Levels() {
		if v := count(string(level), func(l levelName) bool { return l.Level == string(level) }); v.Count > 0 {
			levels = append(levels, v)
		}
	}
	if v := count(NoLevel, func(l levelName) bool { return l == levelName{} }); v.Count > 0 {
		levels = append(levels, v)
	}
	for _, word := range own {
		if v := count(word.Name, func(l levelName) bool { return strings.EqualFold(l.Own, word.Name) }); v.Count > 0 {
			words = append(words, v)
		}
	}
	return levels, words
}
