package export

import (
	"io"
	"slices"
	"strings"
	"time"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/ui/address"
)

// ReadFilled is the annex of a filled file with its answers in it, for the formats
// that carry them on: what the edition says of each record, and what the file
// answers. A file that is no annex, or answers nothing, is a *FileError.
func ReadFilled(r io.Reader, name string, c *content.Catalog, now time.Time) (*Table, error) {
	f, err := openFilled(r, name)
	if err != nil {
		return nil, err
	}
	s, err := f.selection()
	if err != nil {
		return nil, err
	}
	t, err := Matrix(c, *s, address.Site{}, now)
	if err != nil {
		return nil, err
	}
	given := map[string]filledRow{}
	for _, row := range f.rows {
		id := strings.ToUpper(f.cell(row, titleID))
		if _, twice := given[id]; !twice {
			given[id] = row
		}
	}
	at := map[string]int{}
	for i, column := range t.Columns {
		at[column.Key] = i
	}
	var rows [][]string
	answered := false
	for cells := range t.Rows {
		cells = slices.Clone(cells)
		if row, ok := given[strings.ToUpper(cells[at["id"]])]; ok {
			answer, _ := f.answerOf(row)
			cells[at["answer"]], cells[at["proof"]], cells[at["comment"]] = answer, f.cell(row, titleProof), f.cell(row, titleComment)
			answered = answered || answer != ""
		}
		rows = append(rows, cells)
	}
	if !answered {
		return nil, &FileError{Name: name, Sheet: f.sheet, What: "aucune exigence ni règle de l’édition " + c.Head().Name + " n’y a de réponse : est-ce bien une annexe remplie de ce cadre ?"}
	}
	t.Rows = slices.Values(rows)
	return t, nil
}
