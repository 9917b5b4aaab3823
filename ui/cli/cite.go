package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"

	"github.com/cct-mi/cct/content"
)

var citeCommand = &command{
	name: "cite", args: "FICHIERS…", short: "vérifie les identifiants du CCT cités dans des fichiers",
	long:    "Relève les identifiants d’exigences et de produits (EX33, AT-1368) dans les fichiers d’un projet : pour chacun, son niveau et son titre, ou qu’il n’existe pas. Code de sortie 1 s’il en est qui n’existent pas. « - » lit l’entrée standard.",
	example: []string{"cct cite README.md docs/*.md", "git diff --cached | cct cite -", "cct cite --json dossier.md"},
	flags: func(c *config) []setting {
		return append(storeFlags(c), jsonFlag(c), setting{name: "unknown", value: &c.unknown, help: "seulement ceux qui n’existent pas, pour un crochet de git"})
	},
	run: func(ctx context.Context, p *program) error {
		if len(p.args) == 0 {
			return misuse("il manque les fichiers : cct cite README.md")
		}
		return p.withLibrary(ctx, p.cite)
	},
}

// citation is an id found in a file.
type citation struct {
	File   string        `json:"file"`
	Line   int           `json:"line"`
	ID     string        `json:"id"`
	Exists bool          `json:"exists"`
	Type   content.Kind  `json:"type"`
	Level  content.Level `json:"level"`
	Title  string        `json:"title"`
}

// citedID is an id as documents write it. A longer word, or an id of another
// framework ("EX-12-3"), is none.
var citedID = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:^|[^\pL\pN_/-])(EX\d{1,3}|[A-Z]{2}-\d{4})(?:[^\pL\pN_-]|$)`)
})

// citedFile bounds what is read of one file.
const citedFile = 32 << 20

func (p *program) cite(o *opened) error {
	prefixes, err := productPrefixes(o.Catalog())
	if err != nil {
		return err
	}
	list := []citation{}
	for _, name := range matching(p.args) {
		b, err := p.readCited(name)
		if err != nil {
			return err
		}
		if bytes.IndexByte(b[:min(len(b), 8000)], 0) >= 0 { // a binary file cites nothing
			continue
		}
		line := 0
		for text := range bytes.SplitSeq(b, []byte("\n")) {
			line++
			for len(text) > 0 {
				m := citedID().FindSubmatchIndex(text)
				if m == nil {
					break
				}
				id := string(text[m[2]:m[3]])
				text = text[m[3]:]
				if id[2] == '-' && !prefixes[id[:2]] { // RF-1234 is another framework's
					continue
				}
				c := citation{File: name, Line: line, ID: id}
				if refs := o.Resolve(id); len(refs) > 0 && refs[0].ID == id {
					r, err := o.Catalog().Record(refs[0].Kind, refs[0].ID)
					if err != nil {
						return err
					}
					c.Exists, c.Type, c.Level, c.Title = true, r.Kind, r.Level(), r.Title
				}
				list = append(list, c)
			}
		}
	}
	unknown := slices.DeleteFunc(slices.Clone(list), func(c citation) bool { return c.Exists })
	if p.unknown {
		list = unknown
	}
	if err := p.writeCitations(list, len(unknown)); err != nil {
		return err
	}
	if len(unknown) > 0 {
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

func productPrefixes(c *content.Catalog) (map[string]bool, error) {
	ids, err := c.IDs(content.KindProduit)
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for _, id := range ids {
		if len(id) > 2 {
			out[id[:2]] = true
		}
	}
	return out, nil
}

func (p *program) readCited(name string) (b []byte, err error) {
	if name == "-" {
		return io.ReadAll(io.LimitReader(p.Stdin, citedFile))
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("le fichier %s ne peut pas être lu (%w) : vérifiez son nom", name, err)
	}
	b, err = io.ReadAll(io.LimitReader(f, citedFile))
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("le fichier %s ne peut pas être lu (%w) : citez des fichiers, un à un ou par un motif (docs/*.md)", name, err)
	}
	return b, nil
}

func (p *program) writeCitations(list []citation, unknown int) error {
	w := bufio.NewWriter(p.Stdout)
	if p.json {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(map[string]any{"total": len(list), "unknown": unknown, "citations": list}); err != nil {
			return err
		}
		return w.Flush()
	}
	for _, c := range list {
		what := "n’existe pas dans cette édition"
		if c.Exists {
			what = c.Title
			if c.Level != "" {
				what += " [" + string(c.Level) + "]"
			}
		}
		if !c.Exists {
			what = c.ID + " " + what
		}
		fmt.Fprintf(w, "%s:%d: %s\n", c.File, c.Line, harmless(what))
	}
	return w.Flush()
}
