package history

import (
	"slices"
	"strconv"
	"strings"

	"github.com/cct-mi/cct/content"
)

// DatedFile is the table of ids that dated lists give out, at the root of a
// content folder: what each meant, and when.
const DatedFile = "identifiants-dates.csv"

// Use is what an id stands for in one dated list.
type Use struct {
	Date    string
	Line    int // of the list's file
	Level   content.Level
	Subject string // in a few words, ours
}

// Dated gives the uses of each id, the oldest first.
type Dated map[string][]Use

var datedColumns = []string{"id", "date", "line", "level", "subject"}

// ParseDated reads the table of dated ids: semicolons, the header first, # begins a
// remark. Faulty rows are left out, and named.
func ParseDated(file string, data []byte) (Dated, []content.Problem) {
	out := Dated{}
	problems := table(file, data, datedColumns, func(cells []string) string {
		at, err := strconv.Atoi(cells[2])
		if err != nil || cells[0] == "" || !IsDate(cells[1]) {
			return "la ligne doit donner un identifiant, une date et un numéro de ligne"
		}
		out[cells[0]] = append(out[cells[0]], Use{Date: cells[1], Line: at, Level: content.Level(cells[3]), Subject: cells[4]})
		return ""
	})
	for _, uses := range out {
		slices.SortStableFunc(uses, func(a, b Use) int { return strings.Compare(a.Date, b.Date) })
	}
	return out, problems
}

// Ambiguous says whether lists of different dates use the id for different things.
func (d Dated) Ambiguous(id string) bool {
	uses := d[id]
	for _, u := range uses {
		if u.Subject != uses[0].Subject {
			return true
		}
	}
	return false
}

// Meanings parts an id's uses by what they mean, the oldest first.
func (d Dated) Meanings(id string) (out [][]Use) {
	for _, u := range d[id] {
		if n := len(out); n > 0 && out[n-1][0].Subject == u.Subject {
			out[n-1] = append(out[n-1], u)
			continue
		}
		out = append(out, []Use{u})
	}
	return out
}
