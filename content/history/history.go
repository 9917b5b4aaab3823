// Package history follows records from one edition of the framework to another:
// which became which (ParseLineage reads what a person confirmed, Propose finds
// the rest in the texts), and what changed on the way (Compare).
//
// An id is a key within one edition. Between two it may be none: the dated lists
// of the Cloud Native requirements give the same id to different things. Such an
// id is written with its date, EXI-ARCH-7@2024-06-23.
package history

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/cct-mi/cct/content"
)

// Edition is what is compared: an edition's name, records and pages.
type Edition struct {
	Name    string
	Records []*content.Record // in reading order
	Pages   []content.PageHead
}

// compared are the kinds whose records have a life from edition to edition. Norms and
// rows of other tables have no id of their own, and are part of their page.
func compared() []content.Kind {
	return []content.Kind{content.KindExigence, content.KindRegle, content.KindProduit, content.KindTerme}
}

// framed says whether a record is the framework's: ours may tell of more, such as
// acronyms that no official row explains.
func framed(r *content.Record) bool { return !r.Restated || r.Official.URL != "" }

// Of takes an edition that has just been read.
func Of(e *content.Edition) *Edition {
	out := &Edition{Name: e.Name}
	for _, r := range e.Records {
		if slices.Contains(compared(), r.Kind) && framed(r) {
			out.Records = append(out.Records, r)
		}
	}
	for _, p := range e.Pages {
		out.Pages = append(out.Pages, content.HeadOf(p))
	}
	return out
}

// From takes an edition out of the store.
func From(c *content.Catalog) (*Edition, error) {
	out := &Edition{Name: c.Head().Name}
	for _, kind := range compared() {
		list, err := c.Records(kind)
		if err != nil {
			return nil, err
		}
		for _, r := range list {
			if framed(r) {
				out.Records = append(out.Records, r)
			}
		}
	}
	var err error
	out.Pages, err = c.Pages()
	return out, err
}

var datePattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?$`) })

// IsDate says whether a name is a date: 2025-01 or 2024-06-23.
func IsDate(name string) bool { return datePattern().MatchString(name) }

// Newest orders names of editions, the newest first; those that are no dates come
// last, in the order of letters.
func Newest(a, b string) int {
	switch {
	case IsDate(a) != IsDate(b):
		if IsDate(a) {
			return -1
		}
		return 1
	case IsDate(a):
		return strings.Compare(b, a)
	}
	return strings.Compare(a, b)
}

// SplitDated parts EXI-ARCH-7@2024-06-23 into the id and the date; the date is ""
// for an id without one.
func SplitDated(s string) (id, date string) {
	id, date, _ = strings.Cut(strings.TrimSpace(s), "@")
	return strings.TrimSpace(id), strings.TrimSpace(date)
}

// family is what numbered ids have in common: "EXI-ARCH", "EX", "AT".
func family(id string) string {
	return strings.TrimRight(strings.TrimRight(id, "0123456789"), "-.")
}
