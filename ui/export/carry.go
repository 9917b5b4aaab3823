package export

import (
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/history"
	"github.com/cct-mi/cct/ui/address"
)

// titleCarried heads the column that says what became of an earlier answer.
const titleCarried = "Reprise"

// What the column says.
const (
	carriedKept = "gardée"
	carriedRead = "à relire"
	carriedNew  = "nouvelle"
)

// Carried counts the lines of an annex that answers were carried to.
type Carried struct{ Kept, Read, New, Withdrawn int }

// Carry makes the annex of an edition with the answers of one that was filled in for
// another, or the same: kept where the words and the level are the same; to be read
// again where they changed, the earlier answer then standing in the comment; open
// where the line is new. The texts are those that the file itself holds, so that its
// edition need not be at hand. s is the selection of the new annex; nil takes the one
// that the file names.
func Carry(r io.Reader, name string, c *content.Catalog, s *Selection, tables *history.Tables, site address.Site, now time.Time) (*Table, Carried, error) {
	var done Carried
	f, err := openFilled(r, name)
	if err != nil {
		return nil, done, err
	}
	if s == nil {
		if s, err = f.selection(); err != nil {
			return nil, done, err
		}
	}
	t, err := Matrix(c, *s, site, now)
	if err != nil {
		return nil, done, err
	}
	from, rows := f.edition()
	to, err := editionOf(t, c, from)
	if err != nil {
		return nil, done, err
	}
	changes := history.Compare(from, to, tables.Rows, tables.Dated)
	origin := map[string][]history.Change{} // new id → what led to it
	var withdrawn []string
	for _, ch := range changes.Changes {
		for _, n := range ch.New {
			if ch.Old != nil {
				origin[key(n)] = append(origin[key(n)], ch)
			}
		}
		if ch.Relation == history.Withdrawn {
			withdrawn = append(withdrawn, ch.Old.ID)
		}
	}
	byID := map[string]*content.Record{}
	for _, r := range to.Records {
		byID[r.ID] = r
	}
	out := *t
	out.Columns = slices.Clone(t.Columns)
	at := slices.IndexFunc(out.Columns, func(c Column) bool { return c.Key == "comment" }) + 1
	out.Columns = slices.Insert(out.Columns, at, Column{Key: "carried", Title: titleCarried, Width: 16})
	column := func(key string) int {
		return slices.IndexFunc(out.Columns, func(c Column) bool { return c.Key == key })
	}
	var lines [][]string
	for cells := range t.Rows {
		line := slices.Insert(slices.Clone(cells), at, carriedNew)
		var led []history.Change
		if r := byID[cells[0]]; r != nil {
			led = origin[key(r)]
		}
		var past []givenAnswer
		same := true
		for _, ch := range led {
			past = append(past, f.given(rows[ch.Old.ID], ch.Old.ID))
			same = same && ch.Relation == history.Identical && ch.Level == nil
		}
		switch {
		case len(led) == 0:
			done.New++
		case same && len(led) == 1:
			done.Kept++
			line[at] = carriedKept
			line[column("answer")], line[column("proof")], line[column("comment")] = past[0].answer, past[0].proof, past[0].comment
		default:
			done.Read++
			line[at] = carriedRead + " : " + strings.Join(reasons(led), " ; ")
			line[column("proof")] = past[0].proof
			line[column("comment")] = before(past)
		}
		lines = append(lines, line)
	}
	done.Withdrawn = len(withdrawn)
	out.Facts = append(slices.Clone(t.Facts),
		Fact{Key: "carried", Label: "Réponses reprises de", Value: name + " (édition " + from.Name + ") : " + plural(done.Kept, "gardée") + ", " + plural(done.Read, "ligne") + " à relire, " + plural(done.New, "nouvelle")})
	if len(withdrawn) > 0 {
		out.Facts = append(out.Facts, Fact{Key: "withdrawn", Label: "Retirées depuis", Value: strings.Join(withdrawn, ", ")})
	}
	out.Rows = slices.Values(lines)
	return &out, done, nil
}

func key(r *content.Record) string { return string(r.Kind) + "/" + r.ID }

// edition is what the file holds of the edition that it was made from: each line with
// its words, as it shows them.
func (f *filled) edition() (*history.Edition, map[string]filledRow) {
	e := &history.Edition{}
	rows := map[string]filledRow{}
	for _, r := range f.rows {
		id := f.cell(r, titleID)
		if _, twice := rows[id]; id == "" || twice {
			continue
		}
		rows[id] = r
		if name, ok := strings.CutPrefix(f.cell(r, titleEdition), "édition "); ok && e.Name == "" {
			e.Name = strings.TrimSpace(name)
		}
		e.Records = append(e.Records, lineRecord(id, f.cell(r, titleKind), f.cell(r, titleLevel), f.cell(r, titleText)))
	}
	return e, rows
}

// lineRecord is a record as a line of an annex tells it.
func lineRecord(id, kind, level, text string) *content.Record {
	r := &content.Record{Kind: content.KindExigence, ID: id, Title: id, Text: text}
	if strings.HasPrefix(kind, "règle") || strings.HasPrefix(kind, "principe") {
		r.Kind, r.Regle = content.KindRegle, &content.Regle{Status: level}
		return r
	}
	r.Exigence = &content.Exigence{}
	switch {
	case slices.Contains(content.Levels(), content.Level(level)):
		r.Exigence.Level = content.Level(level)
	case level != unstated:
		r.Exigence.OwnLevel = level
	}
	return r
}

// editionOf is what an annex holds of its edition. Where the earlier file has the
// restated words of a line that now shows the official ones, or the other way, those
// that the file has are compared.
func editionOf(t *Table, c *content.Catalog, from *history.Edition) (*history.Edition, error) {
	e := &history.Edition{Name: c.Head().Name}
	earlier := map[string]string{}
	for _, r := range from.Records {
		earlier[key(r)] = oneSpaced(r.Text)
	}
	cell := t.Cells()
	for row := range t.Rows {
		r := lineRecord(cell(row, "id"), cell(row, "kind"), cell(row, "level"), cell(row, "text"))
		known, err := c.Record(r.Kind, r.ID)
		if err != nil && !errors.Is(err, content.ErrNotFound) {
			return nil, err
		}
		if known != nil {
			for _, words := range []string{known.Official.Text, known.Plain()} {
				if words != "" && oneSpaced(words) == earlier[key(r)] {
					r.Text = words
				}
			}
		}
		e.Records = append(e.Records, r)
	}
	return e, nil
}

func oneSpaced(s string) string { return strings.Join(strings.Fields(content.French(clean(s))), " ") }

// givenAnswer is what a bidder wrote on a line.
type givenAnswer struct{ id, answer, proof, comment string }

func (f *filled) given(r filledRow, id string) givenAnswer {
	answer, _ := f.answerOf(r)
	return givenAnswer{id, answer, f.cell(r, titleProof), f.cell(r, titleComment)}
}

// before tells the earlier answers, for who reads them again.
func before(past []givenAnswer) string {
	var parts []string
	for _, p := range past {
		said := p.answer
		if said == "" {
			said = "sans réponse"
		}
		if p.comment != "" {
			said += " ; " + p.comment
		}
		parts = append(parts, p.id+", réponse précédente : "+said)
	}
	return strings.Join(parts, "\n")
}

// reasons says why an answer must be read again.
func reasons(led []history.Change) (out []string) {
	for i := range led {
		why := ChangeWord(led[i])
		if led[i].Relation == history.Identical && led[i].Level == nil {
			why = "une autre y est fondue"
		}
		if !slices.Contains(out, why) {
			out = append(out, why)
		}
	}
	return out
}
