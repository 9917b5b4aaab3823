package ingest

import (
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// recordID is what nextID finds.
var recordID = regexp.MustCompile(`\b(EXI-[A-Z]+-\d+|EX\d{1,3}|[A-Z]{2}-\d{4})\b`)

// FuzzTree: regular HTML is read, and any clean tree written, as x/net/html does;
// and the rest that stands in for the library's own says the same as it.
func FuzzTree(f *testing.F) {
	seed(f, hostile, "<p>a</p>", "<table><thead><tr><th>a</th></tr></thead></table>", "<ul><li><p>a &amp; b</p></li></ul>", "<pre>\n\nx</pre><p title=\"&quot;x\">'</p>",
		"<p><b>a</p></b>", "<a><p><a>x</a></p></a>", "<li>a<li>b", "<i b=\"1\" a=\"2\">x</i>", "<td>x</td>", "<p>a</br>b</p><table></br></table>", "<br/><hr /><img alt=\"a&b\">", "EX1 EX1234 EXI-A-1 EXI-A AT-1234 AT-12345 aAT-1234 EX-1234 EXI-AB_1", "a\u00a0b \u2028c\u202f1. x")
	f.Fuzz(func(t *testing.T, text string) {
		for _, s := range []string{text, must(toHTML(normalise([]byte(text))))} {
			nodes, err := html.ParseFragment(strings.NewReader(s), &html.Node{Type: html.ElementNode, DataAtom: atom.Body, Data: "body"})
			if err != nil {
				continue
			}
			want := &html.Node{Type: html.ElementNode, DataAtom: atom.Div, Data: "div"}
			for _, n := range nodes {
				want.AppendChild(n)
			}
			k := newDesk()
			if got := k.regular(s); got != nil {
				same(t, got, want, s)
			}
			k.clean(want, func(string, string, ...any) {}, 0)
			var b strings.Builder
			if err := html.Render(&b, want); err != nil {
				t.Fatal(err)
			}
			if got := string((&document{desk: k}).write(nil, want)); got != b.String() {
				t.Fatalf("written as\n%q, want\n%q", got, b.String())
			}
			if got, want := textOf(want), strings.Join(strings.Fields(textOf(want)), " "); got != want {
				t.Fatalf("text %q", got)
			}
		}
		var ids []string
		for from, to := nextID(text, 0); from >= 0; from, to = nextID(text, to) {
			ids = append(ids, text[from:to])
		}
		if got, want := strings.Join(ids, " "), strings.Join(recordID.FindAllString(text, -1), " "); got != want {
			t.Fatalf("ids %q, want %q", got, want)
		}
		words := strings.Fields(text)
		if got, want := firstWords(text), strings.Join(words[:min(3, len(words))], " "); got != want {
			t.Fatalf("first words %q, want %q", got, want)
		}
		if got := countWords(text); got != len(words) {
			t.Fatalf("%d words, want %d", got, len(words))
		}
	})
}

func must(s string, err error) string {
	if err != nil {
		panic(err)
	}
	return s
}

func same(t *testing.T, got, want *html.Node, src string) {
	t.Helper()
	if got.Type != want.Type || got.Data != want.Data || got.DataAtom != want.DataAtom || len(got.Attr) != len(want.Attr) {
		t.Fatalf("%+v, want %+v, in %q", got, want, src)
	}
	for i, a := range got.Attr {
		if a != want.Attr[i] {
			t.Fatalf("%+v, want %+v, in %q", a, want.Attr[i], src)
		}
	}
	g, w := got.FirstChild, want.FirstChild
	for ; g != nil && w != nil; g, w = g.NextSibling, w.NextSibling {
		same(t, g, w, src)
	}
	if g != nil || w != nil {
		t.Fatalf("children of %s differ in %q", got.Data, src)
	}
}

// FuzzBare: a page that is converted without a look at every blank for addresses
// in running text gives the same HTML as with.
func FuzzBare(f *testing.F) {
	seed(f, hostile, "a http://x.fr b", "**a**http://x.fr", "[a](http://x.fr) b", "a](http://x.fr)", "`x`www.a.fr", "a \\ b\n", "a  \nb   \nc    \nd \t\n", "<a href=\"http://x.fr\">y</a>", "<http://x.fr>", "|a|b|\n|-|-|\n|http://x.fr|c|", "[x]: http://x.fr\n\n[x]", "a@b.fr", "(a) _b_ *c* ~~d~~ e\\\nf\n- [ ] g")
	f.Fuzz(func(t *testing.T, text string) {
		text = normalise([]byte(text))
		if got, want := must(toHTML(text)), must(convert(markdown(), text)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	})
}
