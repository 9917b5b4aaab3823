package ingest

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/cct-mi/cct/content/ingest/links"
)

// seed adds own samples and, where the official corpus is beside the checkout,
// every one of its files.
func seed(f *testing.F, own ...string) {
	for _, s := range own {
		f.Add(s)
	}
	root := os.Getenv("CCT_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	_ = filepath.WalkDir(filepath.Join(root, "corpus/2025-01/content/fr"), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !links.IsMarkdown(name) {
			return nil
		}
		if b, err := os.ReadFile(name); err == nil && len(b) < 60_000 {
			f.Add(string(b))
		}
		return nil
	})
}

// FuzzPage: whatever a file holds, it gives a page that harms nobody.
func FuzzPage(f *testing.F) {
	seed(f, hostile, "---\n", "---\nid: [\n---\n# x\n", "# a\n\n| a |\n|--|\n| b", "{{ component(", "{% if %}", "```mermaid\ngraph TD\nA-->B\n", ":::callout x\n", "<table><tr><td>", "\xff\xfe\x00", "## EX1\n\n|ID|Niveau|Exigence|\n|-|-|-|\n|EX1|P|x|\n", "# é\u0301\n\n### y\n")
	f.Fuzz(func(t *testing.T, text string) {
		ed, err := Load(context.Background(), fstest.MapFS{"d/a.md": {Data: []byte(text)}, "index.md": {Data: []byte("# Accueil\n\nBonjour.\n")}}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(ed.Pages) != 2 {
			t.Fatalf("%d pages", len(ed.Pages))
		}
		seen := map[string]bool{}
		for _, r := range ed.Records {
			k := string(r.Kind) + "/" + r.ID
			if seen[k] || r.ID == "" {
				t.Errorf("record %q twice, or without id", k)
			}
			seen[k] = true
		}
		for _, p := range ed.Pages {
			assertHarmless(t, p.HTML)
		}
	})
}
