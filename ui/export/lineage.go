package export

import (
	"net/url"
	"strings"

	"github.com/cct-mi/cct/content/history"
)

// Ancestor is what a record was, or became, in another edition.
type Ancestor struct {
	ID, Edition, Relation string
	Later                 bool // it came after
}

// address names it: no address of a site serves every edition.
func (a Ancestor) address() string {
	return "urn:cct:" + url.PathEscape(strings.ToLower(a.Edition)) + ":" + url.PathEscape(strings.ToLower(a.ID))
}

// rel is the link's relation, of those that IANA registers.
func (a Ancestor) rel() string {
	if a.Later {
		return "successor-version"
	}
	return "predecessor-version"
}

// lineage finds, by id, what the records of an edition were and became, as the
// lineage table says.
func lineage(edition string, has func(id string) bool) map[string][]Ancestor {
	out := map[string][]Ancestor{}
	for _, r := range history.Embedded().Rows {
		was, from := history.SplitDated(r.Old)
		is, to := history.SplitDated(r.New)
		if to == "" {
			to = r.Date
		}
		switch {
		case r.Old != "" && r.New != "" && to != edition && (from == "" || from == edition) && has(was):
			out[was] = append(out[was], Ancestor{is, to, string(r.Relation), true})
		case r.Old != "" && r.New != "" && to == edition && has(is):
			out[is] = append(out[is], Ancestor{was, from, string(r.Relation), false})
		}
	}
	return out
}
