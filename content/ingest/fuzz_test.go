package ingest

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"go.yaml.in/yaml/v3"
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
		if err != nil || d.IsDir() || !isMarkdown(name) {
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

// FuzzFrontMatter: a block is read or is a fault, never a panic, and the body is
// the file's end.
func FuzzFrontMatter(f *testing.F) {
	seed(f, "---\nid: a\ntitle: \"B: c\"\nsource:\n  - 1-a/b.md\n  - c\norder: 3\neleventyNavigation:\n  key: d\n  order: 2\n\ndate: 2025-01-18\npermalink: false\n---\n", "---\ntitle: a\n---\nb", "---\n", "---\n---\n", "---\na: &a [*a]\n---\n", "---\n? {\n---\n", "text", "---\r\ntitle: x\r\n---\r\ny")
	f.Fuzz(func(t *testing.T, text string) {
		block, body, line := splitFront(text)
		if line < 1 || !strings.HasSuffix(text, body) {
			t.Errorf("body %q at line %d of %q", body, line, text)
		}
		got, _ := parseFront(block)
		if m := simpleFront(block); m != nil {
			var by map[string]any
			if err := yaml.Unmarshal([]byte(block), &by); err != nil || !reflect.DeepEqual(got, frontOf(by)) {
				t.Errorf("%+v of %q, want %+v, %v", got, block, frontOf(by), err)
			}
		}
	})
}

// FuzzLiterals: the calls of the official templates.
func FuzzLiterals(f *testing.F) {
	seed(f, `{{ component("table", {"head": [["a", "b"]], rows: [['c', null, 1.5, true]]}) }}`, `{{ component("card", {title: "x", }) }}`, `{{ component("x" }}`, "{%}\n", "{{", "{%", `{{ "a" + 'b' }}`, `{{ component("table", {a: [[[[[[[[[[[[[]}) }}`)
	f.Fuzz(func(t *testing.T, text string) {
		out := expand(text, func(int, string, string, ...any) {})
		if strings.Count(out, "\n") < strings.Count(text, "\n") {
			t.Errorf("lines were lost: %d of %d", strings.Count(out, "\n"), strings.Count(text, "\n"))
		}
	})
}
