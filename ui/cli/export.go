package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/cct-mi/cct/content/profile"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/ui/address"
	"github.com/cct-mi/cct/ui/export"
)

var exportCommand = &command{
	name: "export", short: "écrit l’annexe d’un marché (exigences et règles), la contrôle remplie, ou en compare plusieurs",
	long: "Écrit les exigences et les règles (toutes, ou celles qui s’appliquent à une application) avec les colonnes où un candidat répond. " +
		"Avec --check, relit un fichier rempli : lignes absentes ou en trop, réponses manquantes, exigences primordiales non conformes, écarts sans commentaire, textes changés ; code de sortie 1 s’il y en a. " +
		"Avec --compare, met les réponses de plusieurs fichiers côte à côte.",
	example: []string{"cct export --format xlsx --output annexe.xlsx --type cloud-native --marche oui", "cct export --format md --level primordial", "cct export --check annexe-remplie.xlsx", "cct export --compare a.xlsx b.xlsx --output reponses.xlsx", "cct export --carry annexe-remplie.xlsx --output annexe-2026.xlsx"},
	flags: func(c *config) []setting {
		return append(append(storeFlags(c), profileFlags(c)...),
			setting{name: "format", value: &c.format, arg: strings.Join(formats(), "|"), help: "forme du fichier (sans indication : celle du nom du fichier, sinon csv)", values: formats()},
			setting{name: "output", short: "o", value: &c.output, arg: "FICHIER", help: "où écrire (sans indication : la sortie standard)"},
			setting{name: "level", value: &c.levels, arg: "NIVEAUX", help: "seulement les exigences de ces niveaux : " + levelsHelp(), listed: true, held: func(o *opened) []string { return search.LevelNames(o.Catalog()) }},
			setting{name: "category", value: &c.categories, arg: "CATÉGORIES", help: "seulement les exigences de ces catégories"},
			setting{name: "nature", value: &c.natures, arg: "NATURES", help: "seulement les exigences de ces natures"},
			setting{name: "check", value: &c.check, arg: "FICHIER", help: "contrôle un fichier rempli, csv ou xlsx"},
			setting{name: "compare", value: &c.compare, arg: "FICHIER", help: "compare des fichiers remplis : ce premier, et les autres à la suite"},
			setting{name: "carry", value: &c.carry, arg: "FICHIER", help: "reprend les réponses d’un fichier rempli pour une autre édition : gardées où le texte est le même, à relire où il a changé"},
			jsonFlag(c))
	},
	run: func(ctx context.Context, p *program) error {
		if p.compare == "" {
			if err := p.noArgs(); err != nil {
				return err
			}
		}
		sel, err := p.selection()
		if err != nil {
			return err
		}
		return p.withLibrary(ctx, func(o *opened) error {
			switch {
			case p.compare != "":
				return p.compareFilled(o)
			case p.check != "":
				return p.checkFilled(o, sel)
			case p.carry != "":
				return p.carryFilled(o, sel)
			}
			return p.writeMatrix(o, sel)
		})
	},
}

func formats() (out []string) {
	for _, f := range export.Formats() {
		out = append(out, f.Name)
	}
	return out
}

func (p *program) writeMatrix(o *opened, sel export.Selection) (err error) {
	f, err := p.exportFormat("csv")
	if err != nil {
		return err
	}
	t, err := export.Matrix(o.Catalog(), sel, address.Of(o.Library, ""), time.Now())
	var bad *profile.BadAnswer
	if errors.As(err, &bad) {
		return misuse("--%s ne peut pas valoir « %s » : choisissez parmi %s", bad.Name, harmless(bad.Value), strings.Join(bad.Allowed, ", "))
	}
	var empty *export.EmptyError
	if errors.As(err, &empty) {
		fmt.Fprintf(p.Stderr, "cct: %v\n", empty)
		return errNothing
	}
	if err != nil {
		return err
	}
	return p.writeTable(f, t)
}

// exportFormat is the format that the flags name, else the one of the file's
// name, else fallback.
func (p *program) exportFormat(fallback string) (export.Format, error) {
	name := p.format
	if name == "" && p.json {
		name = "json"
	}
	if ext := strings.TrimPrefix(strings.ToLower(filepath.Ext(p.output)), "."); name == "" && slices.Contains(formats(), ext) {
		name = ext
	}
	f, ok := export.FormatNamed(cmp.Or(name, fallback))
	if !ok {
		return f, misuse("--format ne peut pas valoir « %s » : choisissez parmi %s", name, strings.Join(formats(), ", "))
	}
	if f.Workbook != nil && strings.EqualFold(filepath.Ext(p.output), ".xlsx") {
		f.Write = f.Workbook
	}
	if f.Binary && p.output == "" && isTerminal(p.Stdout) {
		return f, misuse("un classeur ne se lit pas dans un terminal : ajoutez --output exigences.%s", f.Extension)
	}
	return f, nil
}

func (p *program) writeTable(f export.Format, t *export.Table) error {
	if p.output == "" {
		return f.Write(p.Stdout, t)
	}
	return writeFile(p.output, func(w io.Writer) error { return f.Write(w, t) })
}

// writeFile writes beside the place and renames, so that a full disk leaves what
// was there.
func writeFile(name string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*")
	if err != nil {
		return fmt.Errorf("le fichier %s ne peut pas être écrit (%w) : choisissez un autre emplacement", name, err)
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
			err = fmt.Errorf("le fichier %s ne peut pas être écrit (%w) : choisissez un autre emplacement", name, err)
		}
	}()
	if err := errors.Join(write(f), f.Close()); err != nil {
		return err
	}
	if err := os.Chmod(f.Name(), 0o644); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

// carryFilled writes the annex of the edition with the answers of a filled file.
func (p *program) carryFilled(o *opened, sel export.Selection) error {
	format, err := p.exportFormat("xlsx")
	if err != nil {
		return err
	}
	f, err := os.Open(p.carry)
	if err != nil {
		return fmt.Errorf("le fichier %s ne peut pas être lu (%w) : vérifiez --carry", p.carry, err)
	}
	defer f.Close()
	var asked *export.Selection // the file says itself what it holds, unless the flags do
	if sel.Values().Encode() != "" {
		asked = &sel
	}
	tables, err := o.Editions().Tables()
	if err != nil {
		return err
	}
	t, done, err := export.Carry(f, filepath.Base(p.carry), o.Catalog(), asked, tables, address.Of(o.Library, ""), time.Now())
	if err != nil {
		return err
	}
	fmt.Fprintf(p.Stderr, "cct: %s, %s à relire, %s, %s depuis\n", plural(done.Kept, "réponse gardée", "réponses gardées"), plural(done.Read, "ligne", "lignes"), plural(done.New, "nouvelle", "nouvelles"), plural(done.Withdrawn, "retirée", "retirées"))
	return p.writeTable(format, t)
}

func (p *program) checkFilled(o *opened, sel export.Selection) error {
	f, err := os.Open(p.check)
	if err != nil {
		return fmt.Errorf("le fichier %s ne peut pas être lu (%w) : vérifiez --check", p.check, err)
	}
	defer f.Close()
	var asked *export.Selection // the file says itself what it holds, unless the flags do
	if sel.Values().Encode() != "" {
		asked = &sel
	}
	if p.format != "" && p.format != "json" { // carried on with its answers
		format, err := p.exportFormat(p.format)
		if err != nil {
			return err
		}
		t, err := export.ReadFilled(f, filepath.Base(p.check), o.Catalog(), time.Now())
		if err != nil {
			return err
		}
		return p.writeTable(format, t)
	}
	r, err := export.Check(f, filepath.Base(p.check), o.Catalog(), asked)
	if err != nil {
		return err
	}
	if p.json {
		b, err := json.MarshalIndent(r, "", "  ")
		if err != nil {
			return err
		}
		if _, err := p.Stdout.Write(append(b, '\n')); err != nil {
			return err
		}
	} else if err := p.writeReport(r); err != nil {
		return err
	}
	if !r.Clean() {
		return errNothing
	}
	return nil
}

func (p *program) writeReport(r *export.Report) error {
	s := p.screen()
	var b strings.Builder
	fmt.Fprintf(&b, "%s : %s, édition %s", harmless(r.File), plural(r.Rows, "ligne", "lignes"), r.Current)
	if r.Edition != "" && r.Edition != r.Current {
		fmt.Fprintf(&b, " (le fichier vient de l’édition %s)", harmless(r.Edition))
	}
	b.WriteString("\n")
	for _, f := range r.Findings() {
		b.WriteString("\n" + s.bold(fmt.Sprintf("%s : %d", f.Title, len(f.Gaps))) + "\n")
		for _, x := range f.Gaps {
			at := ""
			if x.Row > 0 {
				at = fmt.Sprintf(" (ligne %d)", x.Row)
			}
			b.WriteString(s.wrap(harmless(x.ID)+at+" : "+harmless(x.What), "  ") + "\n")
		}
	}
	b.WriteString("\n")
	for _, t := range r.Tally {
		fmt.Fprintf(&b, "%-20s %3d : %d conformes, %d non conformes, %d dérogations, %d sans objet, %d sans réponse\n", harmless(cmp.Or(t.Level, "niveau non précisé")), t.Total, t.Conform, t.NotConform, t.Derogation, t.NotMatter, t.Open)
	}
	if r.Clean() {
		b.WriteString("\nRien à signaler.\n")
	}
	_, err := io.WriteString(p.Stdout, b.String())
	return err
}

// compareFilled sets the answers of several files side by side: as text, or as
// the file that is asked for.
func (p *program) compareFilled(o *opened) error {
	names := append([]string{p.compare}, p.args...)
	if len(names) < 2 {
		return misuse("--compare demande au moins deux fichiers : cct export --compare a.xlsx b.xlsx")
	}
	var files []export.Filled
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			return fmt.Errorf("le fichier %s ne peut pas être lu (%w) : vérifiez --compare", name, err)
		}
		defer f.Close()
		files = append(files, export.Filled{Name: filepath.Base(name), File: f})
	}
	t, err := export.Compare(files, o.Catalog())
	if err != nil {
		return err
	}
	if p.format != "" || p.output != "" || p.json {
		f, err := p.exportFormat("xlsx")
		if err != nil {
			return err
		}
		return p.writeTable(f, t)
	}
	return p.writeComparison(t)
}

// writeComparison writes the matrix as text: a block for each line, what differs
// marked by a star.
func (p *program) writeComparison(t *export.Table) error {
	s := p.screen()
	var b strings.Builder
	for _, f := range t.Facts {
		fmt.Fprintf(&b, "%s : %s\n", harmless(f.Label), harmless(f.Value))
	}
	cell := t.Cells()
	differ := 0
	for row := range t.Rows {
		mark := " "
		if cell(row, "differs") != "" {
			mark = "*"
			differ++
		}
		level := ""
		if l := cell(row, "level"); l != "" {
			level = " (" + l + ")"
		}
		fmt.Fprintf(&b, "\n%s %s%s %s\n", mark, s.bold(harmless(cell(row, "id"))), harmless(level), harmless(cell(row, "title")))
		for i, c := range t.Columns {
			if strings.HasPrefix(c.Key, "file") {
				b.WriteString(s.wrap(harmless(c.Title)+" : "+harmless(row[i]), "    ") + "\n")
			}
		}
	}
	fmt.Fprintf(&b, "\n%s (marquées *).\n", plural(differ, "ligne diffère", "lignes diffèrent"))
	_, err := io.WriteString(p.Stdout, b.String())
	return err
}
