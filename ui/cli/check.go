package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/history"
	"github.com/cct-mi/cct/content/ingest"
	"github.com/cct-mi/cct/content/profile"
	"github.com/cct-mi/cct/ui/report"
)

var checkCommand = &command{
	name: "check", short: "cherche les fautes d’un dossier de contenu",
	long:    "Une ligne par faute, « fichier:ligne: ce qui ne va pas » : liens et images cassés, pages orphelines ou vides, identifiants en double ou inconnus, niveaux inconnus, balises oubliées, titres qui sautent un niveau. Un fichier en énumère 200 au plus de la même sorte, moins quand le dossier a plus de mille fichiers, et compte les autres. Code de sortie 1 s’il y en a.",
	example: []string{"cct check --content ./content/fr", "cct check --content ./content/fr --json | jq '.problems[].code'", "cct check docs --format sarif > cct.sarif"},
	flags: func(c *config) []setting {
		format := formatFlag(c, "fichier, ligne, code et faute", report.Formats()...)
		format.help += " ; sarif pour l’analyse de code (SARIF 2.1.0), junit pour un serveur de construction, gitlab pour la qualité de code de GitLab"
		return append(contentFlags(c), jsonFlag(c), format)
	},
	run: func(ctx context.Context, p *program) error {
		if len(p.args) == 1 && len(p.contents) == 0 {
			p.contents, p.args = p.args, nil
		}
		if err := p.noArgs(); err != nil {
			return err
		}
		ed, err := p.checked(ctx)
		if err != nil {
			return p.locate(err)
		}
		ed.Problems = append(ed.Problems, profile.Check(ed)...)
		if err := p.writeProblems(ed); err != nil {
			return err
		}
		if len(ed.Problems) > 0 {
			return errNothing
		}
		return nil
	},
}

// checked reads every edition that --content holds, and gives the first with the
// problems of all.
func (p *program) checked(ctx context.Context) (*content.Edition, error) {
	list, err := p.sources()
	if err != nil {
		return nil, err
	}
	defer closeAll(list)
	var editions []*content.Edition
	var held []*history.Edition
	for _, s := range list {
		ed, err := s.outline(ctx, ingest.Options{Edition: s.edition, Assets: s.assets, Progress: p.progress()})
		if err != nil {
			return nil, err
		}
		editions, held = append(editions, ed), append(held, history.Of(ed))
	}
	for i, s := range list {
		if err := s.faults(ctx, editions[i], held); err != nil {
			return nil, err
		}
	}
	first := editions[0]
	for i, ed := range editions[1:] {
		for _, f := range ed.Problems {
			f.File = list[i+1].within(f.File)
			first.Problems = append(first.Problems, f)
		}
		first.Pages = append(first.Pages, ed.Pages...)
	}
	return first, nil
}

// outline reads an edition and keeps what its faults are told from: of its pages their
// places, of its records their ids, with their words only where those are compared
// with the official ones.
func (s *source) outline(ctx context.Context, o ingest.Options) (*content.Edition, error) {
	if s.official != nil {
		return ingest.Load(ctx, s.folder, o)
	}
	var pages []*content.Page
	var records []*content.Record
	ed, err := ingest.Stream(ctx, s.folder, o, func(part ingest.Part) error {
		pages = append(pages, &content.Page{ID: part.Page.ID, Source: part.Page.Source})
		for _, r := range part.Records {
			if r.Kind != content.KindLigne && r.Kind != content.KindNorme {
				records = append(records, &content.Record{Kind: r.Kind, ID: r.ID, PageID: r.PageID, Line: r.Line, Restated: r.Restated, Official: r.Official, Produit: r.Produit, Regle: r.Regle, Exigence: r.Exigence})
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	ed.Pages, ed.Records = pages, records
	return ed, nil
}

// within names a file of one edition among several.
func (s *source) within(file string) string {
	if filepath.Base(s.dir) == file { // one dated file of several
		return filepath.ToSlash(s.dir)
	}
	return filepath.ToSlash(filepath.Join(s.dir, file))
}

// base is the folder that faults are named from, seen from the current one, as a
// forge wants them: "" where that can't be said.
func (p *program) base() string {
	if len(p.contents) != 1 {
		return "" // named from each already
	}
	dir := filepath.Clean(p.contents[0])
	if filepath.IsAbs(dir) {
		here, err := os.Getwd()
		if err != nil {
			return ""
		}
		if dir, err = filepath.Rel(here, dir); err != nil {
			return ""
		}
	}
	if !filepath.IsLocal(dir) || dir == "." {
		return ""
	}
	return filepath.ToSlash(dir)
}

func (p *program) writeProblems(ed *content.Edition) error {
	w := bufio.NewWriter(p.Stdout)
	if slices.Contains(report.Formats(), p.form()) {
		r := &report.Report{Command: "cct check", Version: version, Base: p.base(), Checked: len(ed.Pages), Faults: ed.Problems}
		return errors.Join(r.Write(w, p.form()), w.Flush())
	}
	if f := p.form(); f == "csv" || f == "tsv" || f == "md" {
		var rows [][]string
		for _, x := range ed.Problems {
			rows = append(rows, []string{x.File, strconv.Itoa(x.Line), x.Code, x.What})
		}
		return p.writeList(f, "problems", []string{"file", "line", "code", "what"}, rows)
	}
	if p.form() == "json" {
		return errors.Join(writeProblemsJSON(w, ed), w.Flush())
	}
	for _, f := range ed.Problems {
		at := f.File
		if f.Line > 0 {
			at = fmt.Sprintf("%s:%d", f.File, f.Line)
		}
		fmt.Fprintf(w, "%s: %s (%s)\n", oneLine(harmless(at)), oneLine(harmless(f.What)), f.Code)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(p.Stderr, "cct: %s dans %s\n", plural(len(ed.Problems), "faute", "fautes"), plural(len(ed.Pages), "page", "pages"))
	return nil
}

// writeProblemsJSON writes them one by one: a folder may have some 100,000.
func writeProblemsJSON(w *bufio.Writer, ed *content.Edition) error {
	name, err := json.Marshal(ed.Name)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "{\n  \"edition\": %s,\n  \"problems\": [", name)
	for i, f := range ed.Problems {
		var one bytes.Buffer
		e := json.NewEncoder(&one)
		e.SetEscapeHTML(false)
		e.SetIndent("    ", "  ")
		if err := e.Encode(f); err != nil {
			return err
		}
		if i > 0 {
			w.WriteByte(',')
		}
		w.WriteString("\n    ")
		w.Write(bytes.TrimSuffix(one.Bytes(), []byte("\n")))
	}
	if len(ed.Problems) > 0 {
		w.WriteString("\n  ")
	}
	_, err = fmt.Fprintf(w, "],\n  \"total\": %d\n}\n", len(ed.Problems))
	return err
}
