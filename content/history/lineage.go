package history

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/cct-mi/cct/content"
)

// LineageFile is the table's name, at the root of a content folder.
const LineageFile = "filiation.csv"

// Relation says what became of a record.
type Relation string

const (
	Identical Relation = "identical" // the same words; its level may have changed
	Reworded  Relation = "reworded"
	Split     Relation = "split"  // into several
	Merged    Relation = "merged" // with others, into one
	Withdrawn Relation = "withdrawn"
	New       Relation = "new"
)

// Relations lists them all.
func Relations() []Relation { return []Relation{Identical, Reworded, Split, Merged, Withdrawn, New} }

// Certainty says how sure it is that one record became the other.
type Certainty string

const (
	Sure     Certainty = "sure"     // more than half of the words are the same (see sureRatio), or the id is
	Probable Certainty = "probable" // subject and words were taken up
	Partial  Certainty = "partial"  // a part only
)

// Row is one line of the lineage table: the old record became the new one at a date.
type Row struct {
	Old       string // an id, with or without its date; "" for what is new
	New       string // "" for what was withdrawn
	Date      string // the edition in which it is so: 2025-01, 2024-06-23
	Relation  Relation
	Certainty Certainty
	Proof     string // what shows it, for people
	File      string
	Line      int // from 1
}

// NewEdition is the edition in which the row's new id, or the withdrawal, stands.
func (r Row) NewEdition() string {
	if _, date := SplitDated(r.New); date != "" {
		return date
	}
	return r.Date
}

var lineageColumns = []string{"old", "new", "date", "relation", "certainty", "proof"}

// maxLineage bounds the rows that are read of a table.
const maxLineage = 100_000

// ParseLineage reads a lineage table: columns separated by semicolons, the header
// first, lines that begin with # are remarks. A row that can't be right is left out
// and is a problem with its line; file names it there.
func ParseLineage(file string, data []byte) ([]Row, []content.Problem) {
	var rows []Row
	var problems []content.Problem
	fault := func(line int, code, format string, args ...any) {
		problems = append(problems, content.Problem{File: file, Line: line, Code: code, What: fmt.Sprintf(format, args...)})
	}
	if !utf8.Valid(data) {
		fault(0, "filiation-illisible", "la table n’est pas écrite en UTF-8 : enregistrez-la ainsi")
		return nil, problems
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	r.Comma, r.Comment, r.FieldsPerRecord = ';', '#', -1
	type key struct{ old, new, date string }
	seen := map[key]int{}
	header := false
	for {
		cells, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			line := 0
			if p := (*csv.ParseError)(nil); errors.As(err, &p) {
				line = p.StartLine
			}
			fault(line, "filiation-illisible", "la ligne ne se lit pas : un guillemet qui n’est pas fermé, ou pas doublé")
			break // where the next row begins can't be told
		}
		line, _ := r.FieldPos(0)
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if !header {
			header = true
			if !slices.Equal(cells, lineageColumns) {
				fault(line, "filiation-illisible", "la première ligne doit être « %s »", strings.Join(lineageColumns, ";"))
				break
			}
			continue
		}
		if len(cells) != len(lineageColumns) {
			fault(line, "filiation-illisible", "la ligne a %d colonnes au lieu de %d (%s)", len(cells), len(lineageColumns), strings.Join(lineageColumns, ";"))
			continue
		}
		if len(rows) == maxLineage {
			fault(line, "filiation-illisible", "la table a plus de %d lignes : la suite n’est pas lue", maxLineage)
			break
		}
		row := Row{Old: cells[0], New: cells[1], Date: cells[2], Relation: Relation(cells[3]), Certainty: Certainty(cells[4]), Proof: cells[5], File: file, Line: line}
		if code, why := row.fault(); why != "" {
			fault(line, code, "%s", why)
			continue
		}
		k := key{row.Old, row.New, row.Date}
		if first, ok := seen[k]; ok {
			fault(line, "filiation-double", "« %s → %s » à la date %s est déjà à la ligne %d : n’en gardez qu’une", row.Old, row.New, row.Date, first)
			continue
		}
		seen[k] = line
		rows = append(rows, row)
	}
	kept, loops := withoutCycles(rows)
	return kept, append(problems, loops...)
}

// fault says what can't be right in a row, seen alone.
func (r Row) fault() (code, why string) {
	const wrong = "filiation-fausse"
	_, oldDate := SplitDated(r.Old)
	_, newDate := SplitDated(r.New)
	switch {
	case !slices.Contains(Relations(), r.Relation):
		return wrong, fmt.Sprintf("la relation « %s » n’est pas connue : écrivez identical, reworded, split, merged, withdrawn ou new", r.Relation)
	case !slices.Contains([]Certainty{Sure, Probable, Partial}, r.Certainty):
		return wrong, fmt.Sprintf("la certitude « %s » n’est pas connue : écrivez sure, probable ou partial", r.Certainty)
	case !IsDate(r.Date):
		return wrong, fmt.Sprintf("« %s » n’est pas une date : écrivez AAAA-MM ou AAAA-MM-JJ", r.Date)
	case strings.Contains(r.Old, "@") && !IsDate(oldDate), strings.Contains(r.New, "@") && !IsDate(newDate):
		return wrong, "ce qui suit « @ » est une date : AAAA-MM ou AAAA-MM-JJ"
	case newDate != "" && newDate != r.Date:
		return wrong, fmt.Sprintf("« %s » porte une autre date que la ligne (%s)", r.New, r.Date)
	case r.Old == "" && r.New == "":
		return wrong, "la ligne ne nomme ni ancien ni nouveau"
	case (r.Relation == New) != (r.Old == ""):
		return wrong, "la relation « new », et elle seule, n’a pas d’ancien identifiant"
	case (r.Relation == Withdrawn) != (r.New == ""):
		return wrong, "la relation « withdrawn », et elle seule, n’a pas de nouvel identifiant"
	case oldDate != "" && Newest(oldDate, r.Date) <= 0:
		return "filiation-cycle", fmt.Sprintf("« %s » n’est pas plus ancien que %s : la table va de l’ancien au nouveau", r.Old, r.Date)
	}
	return "", ""
}

// withoutCycles leaves out the rows that lead back to where they come from. The
// same undated id on both sides is no cycle: it lived on.
func withoutCycles(rows []Row) (kept []Row, problems []content.Problem) {
	next := map[string][]string{}
	reaches := func(from, to string) bool {
		seen := map[string]bool{from: true}
		for todo := []string{from}; len(todo) > 0; {
			at := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			if at == to {
				return true
			}
			for _, n := range next[at] {
				if !seen[n] {
					seen[n] = true
					todo = append(todo, n)
				}
			}
		}
		return false
	}
	for _, r := range rows {
		if r.Old == "" || r.New == "" || r.Old == r.New {
			kept = append(kept, r)
			continue
		}
		if reaches(r.New, r.Old) {
			problems = append(problems, content.Problem{File: r.File, Line: r.Line, Code: "filiation-cycle",
				What: fmt.Sprintf("« %s → %s » ferme un cycle : corrigez-la, ou datez les identifiants (%s@%s)", r.Old, r.New, r.New, r.Date)})
			continue
		}
		next[r.Old] = append(next[r.Old], r.New)
		kept = append(kept, r)
	}
	return kept, problems
}

// WriteLineage writes a table that ParseLineage reads back.
func WriteLineage(w io.Writer, rows []Row) error {
	out := csv.NewWriter(w)
	out.Comma = ';'
	if err := out.Write(lineageColumns); err != nil {
		return err
	}
	for _, r := range rows {
		if err := out.Write([]string{r.Old, r.New, r.Date, string(r.Relation), string(r.Certainty), r.Proof}); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// Unknown names the rows whose ids no edition holds. An id with a date, or a new id
// in an edition of the row's date, is looked for there, in dated too; one without in
// all. A date that nobody holds can't be looked up, and is believed when it is
// written with the id.
func Unknown(rows []Row, held []*Edition, dated Dated) []content.Problem {
	ids := map[string]map[string]bool{} // edition → ids
	for _, e := range held {
		ids[e.Name] = map[string]bool{}
		for _, r := range e.Records {
			ids[e.Name][r.ID] = true
		}
	}
	for id, uses := range dated {
		for _, u := range uses {
			if ids[u.Date] == nil {
				ids[u.Date] = map[string]bool{}
			}
			ids[u.Date][id] = true
		}
	}
	known := func(id, edition string, explicit bool) bool {
		if in, ok := ids[edition]; ok {
			return in[id]
		}
		if explicit {
			return true
		}
		for _, in := range ids {
			if in[id] {
				return true
			}
		}
		return false
	}
	var out []content.Problem
	for _, r := range rows {
		old, oldDate := SplitDated(r.Old)
		new, newDate := SplitDated(r.New)
		for _, side := range []struct {
			written, id, edition string
			explicit             bool
		}{{r.Old, old, oldDate, oldDate != ""}, {r.New, new, r.NewEdition(), newDate != ""}} {
			if side.id == "" || known(side.id, side.edition, side.explicit) {
				continue
			}
			hint := "corrigez-le, ou datez-le s’il est d’une autre édition (" + side.id + "@AAAA-MM)"
			if _, ok := ids[side.edition]; ok {
				hint = "l’édition " + side.edition + " ne l’a pas : corrigez-le"
			}
			out = append(out, content.Problem{File: r.File, Line: r.Line, Code: "filiation-inconnu", What: fmt.Sprintf("l’identifiant « %s » n’est pas connu : %s", side.written, hint)})
		}
	}
	return out
}
