package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/ui/cite"
	"github.com/cct-mi/cct/ui/report"
)

var citeCommand = &command{
	name: "cite", args: "FICHIERS…", short: "vérifie les identifiants du CCT cités dans des fichiers",
	long:    "Relève dans les fichiers d’un projet les identifiants d’exigences, de produits et de règles, écrits comme « cct show » les comprend (EX33, ex 33, AT-1368, EX1-EX5) : pour chacun, son niveau et son titre, ou qu’il n’existe pas. Code de sortie 1 s’il en est qui n’existent pas. « - » lit l’entrée standard.",
	example: []string{"cct cite README.md docs/*.md", "git diff --cached | cct cite -", "cct cite --json dossier.md"},
	flags: func(c *config) []setting {
		return append(append(storeFlags(c), profileFlags(c)...), jsonFlag(c),
			setting{name: "coverage", value: &c.covering, arg: "FICHIER", help: "lesquelles des exigences et règles qui s’appliquent ce dossier traite (voir « cct dossier ») ; le profil vient du dossier, ou des options"},
			formatFlag(c, "fichier, ligne, identifiant, existe, type, niveau et titre", report.Formats()...), setting{name: "unknown", value: &c.unknown, help: "seulement ceux qui n’existent pas, pour un crochet de git"})
	},
	run: func(ctx context.Context, p *program) error {
		if p.covering != "" {
			return p.withLibrary(ctx, p.coverage)
		}
		if len(p.args) == 0 {
			return misuse("il manque les fichiers : cct cite README.md")
		}
		return p.withLibrary(ctx, p.cite)
	},
}

func (p *program) cite(o *opened) error {
	list := []cite.Citation{}
	var unread error // the last one: those before it are said at once
	for _, name := range matching(p.args) {
		b, err := p.readCited(name)
		var text string
		if err == nil {
			text, err = cite.Text(b)
		}
		if errors.Is(err, cite.ErrBinary) {
			fmt.Fprintf(p.Stderr, "cct: le fichier %s n’est pas lu : %v\n", oneLine(name), err)
			continue
		}
		if err != nil { // the others are still read
			if unread != nil {
				fmt.Fprintln(p.Stderr, "cct: "+oneLine(inFrench(unread)))
			}
			unread = err
			continue
		}
		found, err := cite.In(o.Library, name, text)
		if err != nil {
			return err
		}
		list = append(list, found...)
	}
	unknown := cite.Unknown(list)
	if p.unknown {
		list = unknown
	}
	if err := p.writeCitations(list); err != nil {
		return err
	}
	switch {
	case unread != nil:
		return unread
	case len(unknown) > 0:
		return errNothing
	}
	return nil
}

// matching puts the files that a pattern names in its place, as the shells of
// Windows do not.
func matching(args []string) (names []string) {
	for _, a := range args {
		if _, err := os.Lstat(a); err != nil {
			if found, err := filepath.Glob(a); err == nil && len(found) > 0 {
				names = append(names, found...)
				continue
			}
		}
		names = append(names, a)
	}
	return names
}

func (p *program) readCited(name string) (b []byte, err error) {
	if name == "-" {
		return io.ReadAll(io.LimitReader(p.Stdin, cite.MaxFile))
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("le fichier %s ne peut pas être lu (%w) : vérifiez son nom", name, err)
	}
	b, err = io.ReadAll(io.LimitReader(f, cite.MaxFile))
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("le fichier %s ne peut pas être lu (%w) : citez des fichiers, un à un ou par un motif (docs/*.md)", name, err)
	}
	return b, nil
}

func (p *program) writeCitations(list []cite.Citation) error {
	if f := p.form(); f == "csv" || f == "tsv" || f == "md" {
		var rows [][]string
		for _, c := range list {
			rows = append(rows, []string{c.File, strconv.Itoa(c.Line), c.ID, yes(c.Exists), string(c.Type), string(c.Level), c.Title})
		}
		return p.writeList(f, "citations", []string{"file", "line", "id", "exists", "type", "level", "title"}, rows)
	}
	w := bufio.NewWriter(p.Stdout)
	if slices.Contains(report.Formats(), p.form()) {
		r := &report.Report{Command: "cct cite", Version: version}
		for _, c := range cite.Unknown(list) {
			r.Faults = append(r.Faults, content.Problem{File: filepath.ToSlash(c.File), Line: c.Line, Code: "identifiant-inconnu", What: "« " + c.ID + " » n’existe pas dans cette édition"})
		}
		return errors.Join(r.Write(w, p.form()), w.Flush())
	}
	if p.form() == "json" {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(cite.NewReport(list)); err != nil {
			return err
		}
		return w.Flush()
	}
	for _, c := range list {
		what := c.ID + " n’existe pas dans cette édition"
		if c.Exists {
			what = c.Title
			if c.Level != "" {
				what += " [" + string(c.Level) + "]"
			}
		}
		fmt.Fprintf(w, "%s:%d: %s\n", c.File, c.Line, harmless(what))
	}
	return w.Flush()
}
