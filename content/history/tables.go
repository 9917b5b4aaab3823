package history

import (
	"io/fs"
	"slices"
	"strings"

	"github.com/cct-mi/cct/content"
)

// Tables is all that the tables of content folders say of editions.
type Tables struct {
	Rows      []Row     // lineage
	Dated     Dated     // ids of dated lists
	Published Published // where editions are published
	Official  Places    // where the framework's own rows stand
}

// ReadTables reads the tables of a folder, or of the store: file gives their bytes,
// nil for one that is not there. Faults are problems with file and line.
func ReadTables(file func(name string) []byte) (*Tables, []content.Problem) {
	t := &Tables{}
	var problems []content.Problem
	read := func(name string, parse func([]byte) []content.Problem) {
		if data := file(name); data != nil {
			problems = append(problems, parse(data)...)
		}
	}
	read(LineageFile, func(b []byte) (p []content.Problem) { t.Rows, p = ParseLineage(LineageFile, b); return })
	read(DatedFile, func(b []byte) (p []content.Problem) { t.Dated, p = ParseDated(DatedFile, b); return })
	read(PublishedFile, func(b []byte) (p []content.Problem) { t.Published, p = ParsePublished(PublishedFile, b); return })
	read(PlacesFile, func(b []byte) (p []content.Problem) { t.Official, p = ParsePlaces(PlacesFile, b); return })
	return t, problems
}

// Embedded reads the tables that the program carries; a test holds them free of faults.
func Embedded() *Tables {
	folder := content.Embedded()
	t, _ := ReadTables(func(name string) []byte {
		data, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil
		}
		return data
	})
	return t
}

// Between gives the rows of lineage that lead into one of some editions.
func (t *Tables) Between(editions ...*Edition) (rows []Row) {
	for _, r := range t.Rows {
		if slices.ContainsFunc(editions, func(e *Edition) bool { return e.Name == r.NewEdition() }) {
			rows = append(rows, r)
		}
	}
	return rows
}

// With puts what another folder's tables say before what t says: a row of theirs
// about the same record and date takes the place of ours.
func (t *Tables) With(other *Tables) *Tables {
	type key struct{ id, date string }
	told := map[key]bool{}
	for _, r := range other.Rows {
		told[key{r.Old, r.Date}] = true
		if r.Old == "" {
			told[key{"→" + r.New, r.Date}] = true
		}
	}
	out := &Tables{Rows: slices.Clone(other.Rows), Dated: Dated{}, Published: Published{}, Official: t.Official}
	for _, r := range t.Rows {
		if !told[key{r.Old, r.Date}] || r.Old == "" && !told[key{"→" + r.New, r.Date}] {
			out.Rows = append(out.Rows, r)
		}
	}
	for _, from := range []Dated{t.Dated, other.Dated} {
		for id, uses := range from {
			for _, u := range uses {
				out.Dated[id] = append(slices.DeleteFunc(slices.Clone(out.Dated[id]), func(o Use) bool { return o.Date == u.Date }), u)
			}
			slices.SortStableFunc(out.Dated[id], func(a, b Use) int { return strings.Compare(a.Date, b.Date) })
		}
	}
	for _, from := range []Published{t.Published, other.Published} {
		for name, p := range from {
			out.Published[name] = p
		}
	}
	return out
}
