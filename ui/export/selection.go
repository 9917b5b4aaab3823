package export

import (
	"net/url"
	"slices"
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/profile"
)

// noLevelName is how filters name exigences without a level, a category or a nature.
const noLevelName = content.Unstated

// Selection is which requirements and rules an annex holds: those that bind a
// profile, narrowed by any of the filters. Level, category and nature are the
// requirements' own: with one of them, no rule is kept. The zero value holds
// them all.
type Selection struct {
	Profile    profile.Profile
	Levels     []string // "bloquant", "primordial", "important", "non-precise", or the framework's own words
	Categories []string // as the source writes them; case doesn't count, and several may stand in one, comma separated
	Natures    []string
	IDs        []string // nil: any; empty: none
}

// ParseSelection reads a selection from query parameters; a filter takes several
// values, repeated or comma separated. A value that isn't known is a
// *profile.BadAnswer, here or from Known.
func ParseSelection(v url.Values) (Selection, error) {
	p, err := profile.Parse(profile.Given(v))
	if err != nil {
		return Selection{}, err
	}
	s := Selection{Profile: p, Levels: list(v["level"]), Categories: given(v["category"]), Natures: given(v["nature"]), IDs: list(v["id"])}
	for i, l := range s.Levels {
		if contains(content.Head{}.LevelNames(), l) { // the CCT's: one way to write them
			s.Levels[i] = strings.ToLower(l)
		}
	}
	return s, nil
}

// Known is an error when a filter holds a value that no record of the edition
// has, since a file without a line would say that nothing is required.
func (s Selection) Known(c *content.Catalog) error {
	records, err := c.Records(content.KindExigence)
	if err != nil {
		return err
	}
	rules, err := c.Records(content.KindRegle)
	if err != nil {
		return err
	}
	levels := c.Head().LevelNames()
	for _, l := range s.Levels {
		if !contains(levels, l) {
			return &profile.BadAnswer{Name: "level", Value: l, Allowed: levels}
		}
	}
	for _, f := range []struct {
		name   string
		values []string
		of     func(*content.Record) string
	}{
		{"category", s.Categories, func(r *content.Record) string { return r.Exigence.Category }},
		{"nature", s.Natures, func(r *content.Record) string { return r.Exigence.Nature }},
		{"id", s.IDs, func(r *content.Record) string { return r.ID }},
	} {
		var known []string
		for _, r := range records {
			if v := named(f.of(r)); !contains(known, v) {
				known = append(known, v)
			}
		}
		if f.name == "id" {
			for _, r := range rules {
				known = append(known, r.ID)
			}
		}
		for _, v := range f.values {
			if contains(known, v) {
				continue
			}
			for _, part := range list([]string{v}) {
				if !contains(known, part) {
					return &profile.BadAnswer{Name: f.name, Value: part, Allowed: known}
				}
			}
		}
	}
	return nil
}

// named gives the word by which filters ask for what has no value.
func named(v string) string {
	if v == "" {
		return noLevelName
	}
	return v
}

// given leaves out values of nothing; a category may hold a comma, so none is
// split before it is compared.
func given(values []string) []string {
	var out []string
	for _, v := range values {
		if v = strings.TrimSpace(v); v != "" {
			out = append(out, v)
		}
	}
	return out
}

// oneOf says whether v is among what was given, whole or between two commas.
func oneOf(given []string, v string) bool {
	v = named(v)
	return contains(given, v) || contains(list(given), v)
}

// list splits the values of a parameter that takes several.
func list(values []string) []string {
	var out []string
	for _, v := range values {
		for part := range strings.SplitSeq(v, ",") {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
	}
	return out
}

func contains(all []string, v string) bool {
	for _, a := range all {
		if strings.EqualFold(a, v) {
			return true
		}
	}
	return false
}

// Among narrows a selection to some records.
func (s Selection) Among(ids []string) Selection {
	kept := []string{} // not nil, which would be any
	for _, id := range ids {
		if s.IDs == nil || contains(s.IDs, id) {
			kept = append(kept, id)
		}
	}
	s.IDs = kept
	return s
}

// Values gives the selection as the parameters that ParseSelection reads.
func (s Selection) Values() url.Values {
	v := s.Profile.Values("")
	for name, values := range map[string][]string{"level": s.Levels, "id": s.IDs} {
		if len(values) > 0 {
			v.Set(name, strings.Join(values, ","))
		}
	}
	for name, values := range map[string][]string{"category": s.Categories, "nature": s.Natures} {
		if len(values) > 0 {
			v[name] = values
		}
	}
	return v
}

// Matches says whether a requirement or rule passes the filters, whatever the
// profile.
func (s Selection) Matches(r *content.Record) bool {
	if s.IDs != nil && !contains(s.IDs, r.ID) {
		return false
	}
	if r.Exigence == nil {
		return len(s.Levels)+len(s.Categories)+len(s.Natures) == 0
	}
	return (len(s.Levels) == 0 || slices.ContainsFunc(s.Levels, r.HasLevel)) &&
		(len(s.Categories) == 0 || oneOf(s.Categories, r.Exigence.Category)) &&
		(len(s.Natures) == 0 || oneOf(s.Natures, r.Exigence.Nature))
}

// filters says the filters in French, "" for none.
func (s Selection) filters() string {
	var parts []string
	for _, f := range []struct {
		label  string
		values []string
	}{{"niveau", s.Levels}, {"catégorie", s.Categories}, {"nature", s.Natures}, {"choix", s.IDs}} {
		if len(f.values) > 0 {
			parts = append(parts, f.label+" : "+strings.Join(f.values, ", "))
		}
	}
	return strings.Join(parts, " ; ")
}
