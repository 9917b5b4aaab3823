package export

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/cct-mi/cct/content"
)

// Filled is a bidder's file, as given to Compare.
type Filled struct {
	Name string // of the file, without its folder
	File io.Reader
}

// Compare sets the answers of several filled annexes side by side: a line for
// each record that any of them holds, in the edition's order, and what differs.
// A file that is no annex is a *FileError.
func Compare(files []Filled, c *content.Catalog) (*Table, error) {
	t := &Table{Title: "Réponses des candidats", Name: "reponses", Sheet: "Réponses", Columns: []Column{
		{Key: "id", Title: titleID, Width: 12},
		{Key: "level", Title: titleLevel, Width: 12},
		{Key: "title", Title: titleName, Width: 44},
		{Key: "differs", Title: "Écart", Width: 8},
	}}
	order, known, err := inOrder(c)
	if err != nil {
		return nil, err
	}
	var given []map[string]string
	names := map[string]int{}
	for i, one := range files {
		f, err := openFilled(one.File, one.Name)
		if err != nil {
			return nil, err
		}
		answers := map[string]string{}
		for _, r := range f.rows {
			id := strings.ToUpper(f.cell(r, titleID))
			if _, twice := answers[id]; twice || id == "" {
				continue // Check says so; the first is the one that counts
			}
			answers[id] = f.said(r)
			if !slices.Contains(order, id) {
				order = append(order, id)
			}
		}
		given = append(given, answers)
		name := one.Name
		if names[name]++; names[name] > 1 {
			name = fmt.Sprintf("%s (%d)", name, names[name])
		}
		t.Columns = append(t.Columns, Column{Key: fmt.Sprintf("file%d", i+1), Title: name, Width: 34})
		t.Facts = append(t.Facts, Fact{Key: fmt.Sprintf("file%d", i+1), Label: name, Value: summary(answers)})
	}
	t.Facts = append(t.Facts, Fact{Key: "edition", Label: "Édition", Value: c.Head().Name})
	var rows [][]string
	for _, id := range order {
		if row := compared(id, known[id], given); row != nil {
			rows = append(rows, row)
		}
	}
	t.Rows = slices.Values(rows)
	return t, nil
}

// inOrder lists the ids of requirements and rules in reading order, in capitals,
// and the records.
func inOrder(c *content.Catalog) ([]string, map[string]*content.Record, error) {
	var order []string
	known := map[string]*content.Record{}
	for _, kind := range []content.Kind{content.KindExigence, content.KindRegle} {
		records, err := c.Records(kind)
		if err != nil {
			return nil, nil, err
		}
		for _, r := range records {
			id := strings.ToUpper(r.ID)
			if known[id] == nil {
				order = append(order, id)
				known[id] = r
			}
		}
	}
	return order, known, nil
}

// said is a row's answer as the matrix shows it: one of the list, or what was
// written, and the comment.
func (f *filled) said(r filledRow) string {
	answer, _ := f.answerOf(r)
	if answer == "" && f.has(titleAnswer) {
		if cell := f.cell(r, titleAnswer); cell != "" {
			answer = "? " + clipRunes(cell, 40)
		}
	}
	answer = cmp.Or(answer, "sans réponse")
	if comment := f.cell(r, titleComment); comment != "" && answer != conform {
		answer += " : " + clipRunes(strings.Join(strings.Fields(comment), " "), 200)
	}
	return answer
}

// compared is a line of the matrix; nil for a record that no file holds.
func compared(id string, r *content.Record, given []map[string]string) []string {
	row := []string{id, "", "", ""}
	if r != nil {
		row = []string{r.ID, levelOf(r), r.Name, ""}
	}
	held := false
	first := ""
	for i, answers := range given {
		said, ok := answers[id]
		held = held || ok
		if !ok {
			said = "absente"
		}
		short, _, _ := strings.Cut(said, " : ")
		if i == 0 {
			first = short
		} else if short != first {
			row[3] = "oui"
		}
		row = append(row, said)
	}
	if !held {
		return nil
	}
	return row
}

// summary counts a file's answers: "conforme 50, sans objet 8".
func summary(answers map[string]string) string {
	count := map[string]int{}
	for _, said := range answers {
		short, _, _ := strings.Cut(said, " : ")
		if strings.HasPrefix(short, "? ") {
			short = "illisible"
		}
		count[short]++
	}
	var parts []string
	for _, a := range append(Answers(), "sans réponse", "illisible") {
		if count[a] > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", a, count[a]))
		}
	}
	return strings.Join(parts, ", ")
}
