package content

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	titleShown = 120 // characters of a cell in a title
	rowsAlike  = 100 // rows with the same first cell that are looked at
)

// RowTitle names a row of a table by its key columns, as many as it takes to tell it
// from the rows that begin alike and to say more than a number: "Petite application ·
// évolution majeure". keys is how many they are.
func (c *Catalog) RowTitle(r *Record) (title string, keys int) {
	return rowTitle(r, c.rowsLike(r))
}

// rowsLike are the rows of a row's table whose first cell is the same. Their ids
// differ by a number at the end: "accords--petite", "accords--petite-1".
func (c *Catalog) rowsLike(r *Record) (rows []*Record) {
	base := r.ID
	if i := strings.LastIndexByte(base, '-'); i > 0 && i+1 < len(base) && strings.Trim(base[i+1:], "0123456789") == "" {
		if _, err := c.Record(r.Kind, base[:i]); err == nil {
			base = base[:i]
		}
	}
	for n := range rowsAlike {
		id := base
		if n > 0 {
			id += "-" + strconv.Itoa(n)
		}
		other, err := c.Record(r.Kind, id)
		if err != nil {
			break
		}
		if len(other.Cells) == len(r.Cells) && len(r.Cells) > 0 && other.Cells[0] == r.Cells[0] && slices.Equal(other.Path, r.Path) {
			rows = append(rows, other)
		}
	}
	return rows
}

func rowTitle(r *Record, like []*Record) (string, int) {
	if len(r.Cells) == 0 {
		return r.Title, 0
	}
	keys := 1
	for keys < len(r.Cells) && (strings.Trim(r.Cells[keys-1].Text, "0123456789. ") == "" ||
		slices.ContainsFunc(like, func(o *Record) bool { return o.ID != r.ID && slices.Equal(o.Cells[:keys], r.Cells[:keys]) })) {
		keys++
	}
	var parts []string
	for _, c := range r.Cells[:keys] {
		text := c.Text
		if slices.Contains(sizes, strings.ToLower(text)) && c.Header != "" {
			text += " " + LowerFirst(c.Header)
		}
		if text == "" {
			continue
		}
		if len(parts) > 0 {
			text = LowerFirst(text)
		}
		if letters := []rune(text); len(letters) > titleShown {
			text = string(letters[:titleShown]) + "…"
		}
		parts = append(parts, text)
	}
	if len(parts) == 1 && utf8.RuneCountInString(parts[0]) < 6 && len(r.Path) > 0 { // a few letters: the heading says of what
		return r.Path[len(r.Path)-1] + " : " + parts[0], keys
	}
	return strings.Join(parts, " · "), keys
}

// sizes are adjectives that say nothing without the name of their column:
// "Petite", under "Application".
var sizes = []string{"petit", "petite", "grand", "grande", "nouveau", "nouvelle", "ancien", "ancienne", "autre", "autres", "tout", "toute", "tous", "toutes"}

// LowerFirst makes a word fit for the middle of a sentence, unless it is an acronym.
func LowerFirst(s string) string {
	r := []rune(s)
	if len(r) < 2 || strings.ToLower(string(r[1])) != string(r[1]) || r[1] < 'a' && r[1] != ' ' && r[1] != '\'' && r[1] != '’' {
		return s
	}
	return strings.ToLower(string(r[:1])) + string(r[1:])
}
