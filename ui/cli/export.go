package cli

import (
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

	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/ui/export"
)

var exportCommand = &command{
	name: "export", short: "écrit les exigences en csv, xlsx, json ou md, ou contrôle un fichier rempli",
	long:    "Écrit les exigences (toutes, ou celles d’une application) avec les colonnes où un candidat répond. Avec --check, relit un fichier rempli : exigences absentes, ajoutées, sans réponse, changées depuis son édition ; code de sortie 1 s’il y en a.",
	example: []string{"cct export --format xlsx --output annexe.xlsx --type cloud-native --marche oui", "cct export --format md --level primordial", "cct export --check annexe-remplie.xlsx"},
	flags: func(c *config) []setting {
		return append(append(storeFlags(c), profileFlags(c)...),
			setting{name: "format", value: &c.format, arg: strings.Join(formats(), "|"), help: "forme du fichier (sans indication : celle du nom du fichier, sinon csv)", values: formats()},
			setting{name: "output", short: "o", value: &c.output, arg: "FICHIER", help: "où écrire (sans indication : la sortie standard)"},
			setting{name: "level", value: &c.levels, arg: "NIVEAUX", help: "seulement ces niveaux : " + strings.Join(search.LevelNames(), ", "), values: search.LevelNames(), listed: true},
			setting{name: "category", value: &c.categories, arg: "CATÉGORIES", help: "seulement ces catégories"},
			setting{name: "nature", value: &c.natures, arg: "NATURES", help: "seulement ces natures"},
			setting{name: "check", value: &c.check, arg: "FICHIER", help: "contrôle un fichier rempli, csv ou xlsx"},
			jsonFlag(c))
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
			if p.check != "" {
				return p.checkFilled(o, sel)
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
	name := p.format
	if name == "" && p.json {
		name = "json"
	}
	if ext := strings.TrimPrefix(strings.ToLower(filepath.Ext(p.output)), "."); name == "" && slices.Contains(formats(), ext) {
		name = ext
	}
	if name == "" {
		name = "csv"
	}
	f, ok := export.FormatNamed(name)
	if !ok {
		return misuse("--format ne peut pas valoir « %s » : choisissez parmi %s", name, strings.Join(formats(), ", "))
	}
	t, err := export.Matrix(o.Catalog(), sel, time.Now())
	if err != nil {
		return err
	}
	if p.output == "" {
		if f.Binary && isTerminal(p.Stdout) {
			return misuse("un classeur ne se lit pas dans un terminal : ajoutez --output exigences.xlsx")
		}
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
	fmt.Fprintf(&b, "%s : %s, édition %s", r.File, plural(r.Rows, "exigence", "exigences"), r.Current)
	if r.Edition != "" && r.Edition != r.Current {
		fmt.Fprintf(&b, " (le fichier vient de l’édition %s)", r.Edition)
	}
	b.WriteString("\n")
	for _, g := range []struct {
		title string
		list  []export.Gap
	}{{"Absentes du fichier", r.Missing}, {"En trop dans le fichier", r.Added}, {"Changées depuis l’édition du fichier", r.Changed}, {"Modifiées dans le fichier", r.Altered}, {"Sans réponse claire", r.Open}} {
		if len(g.list) == 0 {
			continue
		}
		b.WriteString("\n" + s.bold(fmt.Sprintf("%s : %d", g.title, len(g.list))) + "\n")
		for _, x := range g.list {
			at := ""
			if x.Row > 0 {
				at = fmt.Sprintf(" (ligne %d)", x.Row)
			}
			b.WriteString(s.wrap(x.ID+at+" : "+harmless(x.What), "  ") + "\n")
		}
	}
	b.WriteString("\n")
	for _, t := range r.Tally {
		level := t.Level
		if level == "" {
			level = "niveau non précisé"
		}
		fmt.Fprintf(&b, "%-20s %3d : %d conformes, %d non conformes, %d dérogations, %d sans réponse\n", level, t.Total, t.Conform, t.NotConform, t.Derogation, t.Open)
	}
	_, err := io.WriteString(p.Stdout, b.String())
	return err
}
