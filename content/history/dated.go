package history

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

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

// At is what an id means in the list of a date.
func (d Dated) At(id, date string) (Use, bool) {
	for _, u := range d[id] {
		if u.Date == date {
			return u, true
		}
	}
	return Use{}, false
}

// Say tells what an id means: which date means what, where its dates differ.
func (d Dated) Say(id string) string {
	var parts []string
	for _, uses := range d.Meanings(id) {
		first, last := uses[0], uses[len(uses)-1]
		when := first.Date
		if last.Date != when {
			when += " à " + last.Date
		}
		parts = append(parts, when+" : "+first.Subject)
	}
	return strings.Join(parts, " ; ")
}

// Mention is an id of a dated list that a text cites.
type Mention struct {
	Start, End int // bytes of the text
	ID, Date   string
}

var mention = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\b(EXI-[A-Z]+-\d+(?:-\d+)?)(?:@(\d{4}-\d{2}(?:-\d{2})?))?\b`)
})

// Mentions finds the ids of dated lists that a line of text cites, with the date that
// is written after them, as in EXI-ARCH-7@2024-06-23.
func Mentions(line string) (out []Mention) {
	for _, m := range mention().FindAllStringSubmatchIndex(line, -1) {
		one := Mention{Start: m[0], End: m[1], ID: strings.ToUpper(line[m[2]:m[3]])}
		if i := strings.LastIndexByte(one.ID, '-'); strings.HasPrefix(one.ID[i+1:], "0") { // EXI-ARCH-004
			one.ID = one.ID[:i+1] + strings.TrimLeft(one.ID[i+1:], "0")
		}
		if m[4] >= 0 {
			one.Date = line[m[4]:m[5]]
		}
		out = append(out, one)
	}
	return out
}
