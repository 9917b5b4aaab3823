package ingest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/cct-mi/cct/content"
)

// TestLayouts: folders as they are mounted and linked.
func TestLayouts(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	link := func(to, name string) {
		t.Helper()
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Skip("no symbolic links here: ", err)
		}
	}
	const page = "# Page\n\nUn texte de plusieurs mots. [b](b.md)\n"
	write("dehors/secret.md", "# Secret\n\nNe doit pas être lu.\n")
	// A ConfigMap of Kubernetes: every file is a link into a hidden folder.
	write("carte/..2026_01/a.md", page)
	write("carte/..2026_01/b.md", page)
	link("..2026_01", "carte/..data")
	link("..data/a.md", "carte/a.md")
	link("..data/b.md", "carte/b.md")
	// Links within the folder, out of it, to nowhere, and in a circle.
	write("liens/vrai/a.md", page)
	write("liens/vrai/b.md", page)
	link("vrai", "liens/autre")
	link("vrai/a.md", "liens/a.md")
	link("vrai/b.md", "liens/b.md")
	link("../dehors", "liens/dehors")
	link("../dehors/secret.md", "liens/secret.md")
	link(filepath.Join(dir, "dehors"), "liens/absolu")
	link("absent.md", "liens/rien.md")
	link(".", "liens/rond")
	link("..", "liens/vrai/rond")
	link("carte", "racine")
	read := func(name string) *content.Edition {
		t.Helper()
		root, err := os.OpenRoot(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer root.Close()
		for _, folder := range []fs.FS{root.FS(), os.DirFS(filepath.Join(dir, name))} {
			ed, err := Load(context.Background(), folder, Options{})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for _, p := range ed.Pages {
				if strings.Contains(p.Text, "Ne doit pas") {
					t.Errorf("%s: %s is read from outside", name, p.Source)
				}
			}
			if folder != nil && name == "liens" {
				named := 0
				for _, p := range ed.Problems {
					if p.Code == "lien-symbolique" {
						named++
					}
				}
				if named < 5 {
					t.Errorf("%d links are named: %v", named, ed.Problems)
				}
			}
		}
		ed, err := Load(context.Background(), root.FS(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		return ed
	}
	for _, name := range []string{"carte", "racine"} {
		if ed := read(name); len(ed.Pages) != 2 || len(ed.Problems) != 0 {
			t.Errorf("%s: %d pages, %v", name, len(ed.Pages), ed.Problems)
		}
	}
	if ed := read("liens"); len(ed.Pages) != 6 {
		t.Errorf("%d pages of links", len(ed.Pages))
	}
}

// TestEditionsInOneFolder: two copies of a site do not see each other's menus.
func TestEditionsInOneFolder(t *testing.T) {
	files := fstest.MapFS{}
	for _, copy := range []string{"2025-01", "2026-01", "2026-06"} {
		for name, text := range map[string]string{
			"menu.md":  "---\neleventyNavigation:\n  key: Socle\n  order: 3\npermalink: false\n---\n",
			"s/a.md":   "---\ntitle: A " + copy + "\neleventyNavigation:\n  key: a\n  parent: Socle\n  order: 1\n---\n\nUn texte de plusieurs mots.\n",
			"s/t/b.md": "---\ntitle: B " + copy + "\neleventyNavigation:\n  key: b\n  parent: Socle\n  order: 2\n---\n\nUn texte de plusieurs mots.\n",
		} {
			files[copy+"/"+name] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	ed := load(t, files)
	menus := 0
	for _, p := range ed.Pages {
		if !strings.HasSuffix(p.Source, "/menu.md") {
			continue
		}
		menus++
		own, _, _ := strings.Cut(p.Source, "/")
		if strings.Count(p.HTML, "<li>") != 2 || strings.Count(p.HTML, own) != 4 {
			t.Errorf("%s lists %s", p.Source, p.HTML)
		}
	}
	if menus != 3 || slices.Contains(codes(ed), "cle-double") {
		t.Errorf("%d menus, %v", menus, ed.Problems)
	}
}

// TestStreamEnds: an end of the context, or an error of who takes the pages, ends
// the reading.
func TestStreamEnds(t *testing.T) {
	many := fstest.MapFS{}
	for n := range 200 {
		many[fmt.Sprintf("p%03d.md", n)] = &fstest.MapFile{Data: []byte(fmt.Sprintf("# Page %d\n\nUn texte.\n", n))}
	}
	var order []string
	ed, err := Stream(context.Background(), many, Options{}, func(p Part) error {
		order = append(order, p.Page.Source)
		return nil
	})
	if err != nil || len(order) != 200 || !slices.IsSorted(order) || len(ed.Pages) != 0 {
		t.Errorf("%v, %d pages", err, len(order))
	}
	full := errors.New("plein")
	n := 0
	if _, err := Stream(context.Background(), many, Options{}, func(Part) error { n++; return full }); !errors.Is(err, full) || n != 1 {
		t.Errorf("%v after %d", err, n)
	}
	ctx, cancel := context.WithCancel(context.Background())
	if _, err := Stream(ctx, many, Options{}, func(Part) error { cancel(); return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	// Within a file, too.
	for _, c := range greedy[:3] {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if _, err := read(ctx, "a.md", []byte(c.text()+strings.Repeat("a [b] c\n", 1000)), nil); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", c.what, err)
		}
	}
}

// failing is a folder of which one file fails in the worst way, from the nth time on
// that it is read.
type failing struct {
	fstest.MapFS
	left *atomic.Int32
}

func (f failing) Open(name string) (fs.File, error) {
	if name == "mauvais.md" && f.left.Add(-1) < 0 {
		panic("disque en feu")
	}
	return f.MapFS.Open(name)
}

// TestPanicIsTheFilesFault: what fails in reading a file costs its page alone, in the
// first reading or the second.
func TestPanicIsTheFilesFault(t *testing.T) {
	for times := range 2 {
		f := failing{folder("mauvais.md", "# M\n\nUn texte.\n", "b.md", "# B\n\nUne page comme les autres. [m](mauvais.md)\n"), new(atomic.Int32)}
		f.left.Store(int32(times))
		ed, err := Load(context.Background(), f, Options{Edition: "x"})
		if err != nil {
			t.Fatal(err)
		}
		if len(ed.Pages) != 2 || !strings.Contains(ed.Pages[0].HTML, "comme les autres") || !strings.Contains(ed.Pages[1].HTML, "cct check") {
			t.Errorf("%d: %d pages: %s", times, len(ed.Pages), ed.Pages[1].HTML)
		}
		if len(ed.Problems) != 1 || ed.Problems[0].File != "mauvais.md" || ed.Problems[0].Line != 1 || !strings.Contains(ed.Problems[0].What, "disque en feu") {
			t.Errorf("%d: %v", times, ed.Problems)
		}
	}
}

// TestProgress: it is told of both readings, from the first to the last file, and never
// goes back.
func TestProgress(t *testing.T) {
	files := fstest.MapFS{}
	for i := range 250 {
		files[fmt.Sprintf("%03d.md", i)] = &fstest.MapFile{Data: []byte("# Titre\n\nDu texte.\n")}
	}
	last, steps := 0, 0
	_, err := Stream(t.Context(), files, Options{Progress: func(done, total int) {
		if steps++; total != 500 || done <= last {
			t.Errorf("%d of %d after %d", done, total, last)
		}
		last = max(last, done)
	}}, func(Part) error { return nil })
	if err != nil || last != 500 || steps < 5 {
		t.Errorf("%d steps, the last %d, %v", steps, last, err)
	}
}
