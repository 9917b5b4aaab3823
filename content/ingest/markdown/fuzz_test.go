package markdown

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// seed adds own samples and, where the official corpus is beside the checkout, its
// files that are not too long.
func seed(f *testing.F, own ...string) {
	for _, s := range own {
		f.Add(s)
	}
	root := os.Getenv("CCT_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared")
	}
	_ = filepath.WalkDir(filepath.Join(root, "corpus/2025-01/content/fr"), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".md" {
			return nil
		}
		if b, err := os.ReadFile(name); err == nil && len(b) < 8_000 {
			f.Add(string(b))
		}
		return nil
	})
}

// FuzzRead: any file gives a tree whose elements are allowed, whose lines are those of
// the file, and whose text is valid.
func FuzzRead(f *testing.F) {
	seed(f, "---\n", "---\nid: [\n---\n# x\n", "+++\na = 1\n+++\nx", "{\"a\": 1}\nx", "```\n{{ x }}\n", "~~~\n{% x %}", "> [!NOTE]\n> x", ":::note\nx\n:::", "!!! a \"b\"\n    c", "??? x\n", "[[a|b]] ![[c]]", "$a_b$ $$\nx\n$$",
		"a[^1]\n\n[^1]: b", "a\n: b", "- [x] a\n- [x](b)", "## T {#x .y}", "| a |\n|-|\n| `b\\|c` |", "<table><tr><td rowspan=2>a<td>b<tr><td>c</table>", "<b><i><p>x<p>y", "\xff\xfea\x00", "caf\xe9", "\xef\xbb\xbf# x\r\ny\rz",
		"```mermaid\ngraph TD\na & b --> c\n```", "[a](b(c(d) \"e\") [f](g", "import x from 'y'\n\n<X>z</X>", "{{ component(\"table\", {headers: [\"a\"], data: [[\"b\"]]}) }}", "<a href=\"x", "<!-- a", "&#x0;", "e\u0301",
		"{% hint style=\"info\" %}\nx\n{% endhint %}", "{% tabs %}\n{% tab title=\"a\" %}\nb\n{% endtab %}", "{% raw %}{{ x }}{% endraw %}", "{% highlight a %}\n{{ b }}\n{% endhighlight %}", "{{< highlight go >}}\n[[a]]\n{{< /highlight >}}",
		"[a]({{ site.baseurl }}/b) [c]({{< ref \"d\" >}})", "{% file src=\"a [b].pdf\" %}", "{% comment %}\n```\n{% endcomment %}\n```", "<Foo a=\"/>\"/> b", "the <title> of <script> a", "<svg><style/><title>a</svg>b", "<b/><textarea>c",
		"x ^abcdef\n\n[[a#^abcdef]] ![[b.mp4]] [[toc]]")
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range []string{"a.md", "a.mdx"} {
			d, err := Read(context.Background(), name, []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			lines := strings.Count(d.Text, "\n") + 1
			for n := range d.Root.Descendants() {
				if n.DataAtom != 0 && !allowed[n.DataAtom] {
					t.Errorf("<%s> in the tree of %q", n.Data, text)
				}
				if l := LineOf(n, 1); l > lines && Attr(n, lineAttr) != "" && !strings.Contains(text, lineAttr) {
					t.Errorf("line %d of %d: %q", l, lines, text)
				}
			}
			if s := TextOf(d.Root); !utf8.ValidString(s) || s != strings.Join(strings.Fields(s), " ") {
				t.Errorf("text %q", s)
			}
			for _, p := range d.List {
				if p.Line > lines || p.Line < 0 || p.Code == "" {
					t.Errorf("%+v of %d lines: %q", p, lines, text)
				}
			}
		}
	})
}

// FuzzFront: a block is read or is a fault, never a panic, and the body is the file's
// end.
func FuzzFront(f *testing.F) {
	seed(f, "---\nid: a\ntitle: \"B: c\"\nsource:\n  - 1-a/b.md\n  - c\norder: 3\neleventyNavigation:\n  key: d\n  order: 2\n\ndate: 2025-01-18\npermalink: false\n---\n", "---\ntitle: a\n---\nb", "---\n---\n", "---\na: &a [*a]\n---\n",
		"---\n? {\n---\n", "---\r\ntitle: x\r\n---\r\ny", "+++\n[a]\nb = 1979-05-27\n+++\n", ";;;\n{}\n;;;\n", "{}\n", "{\"a\": [1, 2]}\n\nx", "---\na: <<: *b\n---\n")
	f.Fuzz(func(t *testing.T, text string) {
		block, body, line, kind := splitFront(text)
		if line < 1 || !strings.HasSuffix(text, body) || line != 1+strings.Count(strings.TrimSuffix(text, body), "\n") && body != "" {
			t.Errorf("body %q at line %d of %q", body, line, text)
		}
		_, _ = parseFront(block, kind)
	})
}

// FuzzExpand: the calls of templates keep the lines of the page.
func FuzzExpand(f *testing.F) {
	seed(f, `{{ component("table", {"head": [["a", "b"]], rows: [['c', null, 1.5, true]]}) }}`, `{{ component("card", {title: "x", }) }}`, `{{ component("x" }}`, "{%}\n", "{{", "{%", `{{ "a" + 'b' }}`, `{{ component("table", {a: [[[[[[[[[[[[[]}) }}`, "a {% include \"x\" %}\n\n{{ component(\"table\", {\n\nheaders: [\"a\"], data: []}) }} b\nc")
	f.Fuzz(func(t *testing.T, text string) {
		e := expand(text, func(int, string, string, ...any) {})
		if strings.Count(e.text, "\n") < strings.Count(text, "\n") {
			t.Errorf("lines were lost: %d of %d", strings.Count(e.text, "\n"), strings.Count(text, "\n"))
		}
		last := strings.Count(e.text, "\n") + 1
		if got, want := e.sourceLine(last), strings.Count(text, "\n")+1; got != want {
			t.Errorf("the last line is %d, want %d: %q", got, want, text)
		}
	})
}
