package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/cct-mi/cct/ui/address"
	"github.com/cct-mi/cct/ui/cite"
	"github.com/cct-mi/cct/ui/export"
)

var dossierCommand = &command{
	name: "dossier", short: "écrit le squelette d’un dossier d’architecture : ce qui s’applique, et où y répondre",
	long:    "Écrit en Markdown le squelette d’un dossier d’architecture technique : chaque exigence et règle qui s’applique à l’application, et la section où y répondre. « cct cite --coverage » dit ensuite lesquelles le dossier rempli traite.",
	example: []string{"cct dossier --type cloud-native --evolution nouvelle --output dossier.md", "cct cite --coverage dossier.md"},
	flags: func(c *config) []setting {
		return append(append(storeFlags(c), profileFlags(c)...),
			setting{name: "format", value: &c.format, arg: "md", help: "forme du dossier", preset: "md", values: []string{"md"}},
			setting{name: "output", short: "o", value: &c.output, arg: "FICHIER", help: "où écrire (sans indication : la sortie standard)"})
	},
	run: func(ctx context.Context, p *program) error {
		if err := p.noArgs(); err != nil {
			return err
		}
		sel, err := p.selection()
		if err != nil {
			return err
		}
		return p.withLibrary(ctx, func(o *opened) error {
			t, err := export.Matrix(o.Catalog(), sel, address.Of(o.Library, ""), time.Now())
			var empty *export.EmptyError
			if errors.As(err, &empty) {
				fmt.Fprintf(p.Stderr, "cct: %v\n", empty)
				return errNothing
			}
			if err != nil {
				return err
			}
			return p.writeTable(export.Format{Write: export.WriteDossier}, t)
		})
	},
}

// What a filled architecture file does with a record.
const (
	covered = "traité"
	toFill  = "à remplir"
	lacking = "absent"
)

// coverage says which of what binds the application the filled files treat.
func (p *program) coverage(o *opened) error {
	sel, err := p.selection()
	if err != nil {
		return err
	}
	state, at := map[string]string{}, map[string]string{}
	var unknown []cite.Citation
	for _, name := range append([]string{p.covering}, matching(p.args)...) {
		b, err := p.readCited(name)
		if err != nil {
			return err
		}
		text, err := cite.Text(b)
		if err != nil {
			return fmt.Errorf("le fichier %s ne peut pas être lu : %w", name, err)
		}
		d, err := export.ReadDossier(text)
		if err != nil {
			return fmt.Errorf("%s : %w", name, err)
		}
		if d.Selection != nil && sel.Values().Encode() == "" {
			sel = *d.Selection
		}
		for _, x := range d.Sections {
			state[x.ID], at[x.ID] = toFill, fmt.Sprintf("%s:%d", name, x.Line)
			if x.Filled {
				state[x.ID] = covered
			}
		}
		for _, pass := range []struct{ text, state string }{{text, toFill}, {d.Answered, covered}} {
			found, err := cite.In(o.Library, name, pass.text)
			if err != nil {
				return err
			}
			for _, c := range found {
				if state[c.ID] == "" || pass.state == covered && state[c.ID] != covered {
					state[c.ID], at[c.ID] = pass.state, fmt.Sprintf("%s:%d", c.File, c.Line)
				}
			}
			if pass.state == toFill {
				unknown = append(unknown, cite.Unknown(found)...)
			}
		}
	}
	t, err := export.Matrix(o.Catalog(), sel, address.Of(o.Library, ""), time.Now())
	if err != nil {
		return err
	}
	cell := t.Cells()
	counts := map[string]int{}
	var rows [][]string
	for row := range t.Rows {
		id := cell(row, "id")
		s := state[id]
		if s == "" {
			s = lacking
		}
		counts[s]++
		rows = append(rows, []string{id, cell(row, "level"), cell(row, "title"), s, at[id]})
	}
	if err := p.writeCoverage(t, rows, counts, unknown); err != nil {
		return err
	}
	if counts[covered] < len(rows) || len(unknown) > 0 {
		return errNothing
	}
	return nil
}

// coverageAnswer is the coverage as JSON.
type coverageAnswer struct {
	Edition string          `json:"edition"`
	Total   int             `json:"total"`
	Covered int             `json:"covered"`
	ToFill  int             `json:"to_fill"`
	Missing int             `json:"missing"`
	Unknown []string        `json:"unknown"`
	Records []coverageOfOne `json:"records"`
}

type coverageOfOne struct {
	ID    string `json:"id"`
	Level string `json:"level"`
	Title string `json:"title"`
	State string `json:"state"` // covered, to-fill, missing
	At    string `json:"at"`    // file:line, "" for a missing one
}

func (p *program) writeCoverage(t *export.Table, rows [][]string, counts map[string]int, unknown []cite.Citation) error {
	switch f := p.form(); {
	case slices.Contains([]string{"csv", "tsv", "md"}, f):
		return p.writeList(f, "couverture", []string{"id", "level", "title", "state", "at"}, rows)
	case f == "json":
		a := coverageAnswer{Edition: t.Fact("edition"), Total: len(rows), Covered: counts[covered], ToFill: counts[toFill], Missing: counts[lacking], Unknown: cite.NewReport(unknown).Unknown, Records: []coverageOfOne{}}
		for _, r := range rows {
			a.Records = append(a.Records, coverageOfOne{r[0], r[1], r[2], map[string]string{covered: "covered", toFill: "to-fill", lacking: "missing"}[r[3]], r[4]})
		}
		return p.writeJSON(a)
	case f != "text":
		return misuse("--coverage ne se donne pas en %s : choisissez text, csv, tsv, json ou md", f)
	}
	s := p.screen()
	var b strings.Builder
	b.WriteString(s.wrap(fmt.Sprintf("%s, édition %s : %d sur %d traitées, %d à remplir, %d absentes", t.Fact("profile"), t.Fact("edition"), counts[covered], len(rows), counts[toFill], counts[lacking]), "") + "\n")
	for _, state := range []string{toFill, lacking} {
		if counts[state] == 0 {
			continue
		}
		b.WriteString("\n" + s.bold(map[string]string{toFill: "À remplir", lacking: "Absentes du dossier"}[state]) + "\n")
		for _, r := range rows {
			if r[3] == state {
				where := ""
				if r[4] != "" {
					where = " (" + r[4] + ")"
				}
				b.WriteString(s.wrap(harmless(r[0]+" — "+r[2]+where), "  ") + "\n")
			}
		}
	}
	for _, c := range unknown {
		b.WriteString("\n" + s.wrap(fmt.Sprintf("%s:%d : %s n’existe pas dans cette édition", harmless(c.File), c.Line, harmless(c.ID)), "") + "\n")
	}
	_, err := io.Copy(p.Stdout, bytes.NewBufferString(b.String()))
	return err
}
