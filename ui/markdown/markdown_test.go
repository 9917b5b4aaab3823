package markdown

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"golang.org/x/net/html"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/ingest"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/store"
	"github.com/cct-mi/cct/ui/address"
)

// embedded is the catalog of the content that the program carries.
func embedded(t *testing.T) *content.Catalog {
	t.Helper()
	ed, err := ingest.Load(context.Background(), content.Embedded(), ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	st, _, err := store.Open(context.Background(), store.Options{Build: func(ctx context.Context, w *store.Writer) error { return search.Build(ctx, ed, w) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	lib, err := search.Open(st)
	if err != nil {
		t.Fatal(err)
	}
	return lib.Catalog()
}

// words are the words of a text, in their order.
func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// rendered is the text of Markdown as another program reads it, and the tags that
// it renders to.
func rendered(t *testing.T, text string) (out string, tags []string) {
	t.Helper()
	var b bytes.Buffer
	if err := goldmark.New(goldmark.WithExtensions(extension.GFM)).Convert([]byte(text), &b); err != nil {
		t.Fatal(err)
	}
	return textOf(b.String())
}

// textOf is the text of HTML, and its tags.
func textOf(markup string) (out string, tags []string) {
	z := html.NewTokenizer(strings.NewReader(markup))
	var all strings.Builder
	for {
		switch z.Next() {
		case html.ErrorToken:
			return all.String(), tags
		case html.TextToken:
			all.WriteString(z.Token().Data + " ")
		case html.StartTagToken, html.SelfClosingTagToken:
			tags = append(tags, z.Token().Data)
		}
	}
}

// TestEveryPage: read back by a Markdown parser, the document of a page holds every
// word of the page, and its tables are tables.
func TestEveryPage(t *testing.T) {
	c := embedded(t)
	heads, err := c.Pages()
	if err != nil {
		t.Fatal(err)
	}
	tables := 0
	for _, h := range heads {
		p, err := c.Page(h.ID)
		if err != nil {
			t.Fatal(err)
		}
		text, err := Page(c, p, address.Site{Base: "/cct"})
		if err != nil {
			t.Fatal(err)
		}
		got, tags := rendered(t, text)
		held := words(got)
		slices.Sort(held)
		shown, _ := textOf(p.HTML)
		for _, w := range words(strings.ReplaceAll(shown, "Lien vers cette section", "")) {
			if _, ok := slices.BinarySearch(held, w); !ok {
				t.Errorf("%s: the word %q is lost", p.ID, w)
				break
			}
		}
		if want := strings.Count(p.HTML, "<table"); strings.Count(strings.Join(tags, " "), "table") != want {
			t.Errorf("%s: %d tables, want %d", p.ID, strings.Count(strings.Join(tags, " "), "table"), want)
		}
		tables += strings.Count(p.HTML, "<table")
		if strings.Contains(text, "](/pages/") || strings.Contains(text, "Lien vers cette section") || strings.Contains(text, "<div") {
			t.Errorf("%s holds an address without its base, or what only a browser shows", p.ID)
		}
	}
	if len(heads) == 0 || tables == 0 {
		t.Error("nothing was read")
	}
}

func TestRecord(t *testing.T) {
	c := embedded(t)
	for kind, id := range map[content.Kind]string{content.KindExigence: "EX33", content.KindProduit: "AT-1368", content.KindTerme: "mco", content.KindRegle: "2.2.1"} {
		r, err := c.Record(kind, id)
		if err != nil {
			t.Fatal(err)
		}
		text, err := Record(c, r, address.Site{Base: "https://cct.exemple.fr"})
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"# " + escape(r.Title) + "\n", "**Adresse** : https://cct.exemple.fr" + r.URL() + "\n", "**Édition** : 2025-01\n"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %q:\n%s", id, want, text)
			}
		}
		got, _ := rendered(t, text)
		for _, w := range words(r.Text) {
			if !strings.Contains(got, w) {
				t.Errorf("%s: the word %q is lost", id, w)
			}
		}
		for _, f := range Facts(c, r) {
			if !strings.Contains(text, "- **"+f.Name+"** : "+escape(f.Value)) {
				t.Errorf("%s lacks its fact %s", id, f.Name)
			}
		}
	}
}

// TestTextStandsForItself: nothing of a record's text becomes markup.
func TestTextStandsForItself(t *testing.T) {
	for _, text := range []string{"*a* _b_ `c`", "[x](y)", "a | b", "<script>", `\*`, "# non", "1. non", "- non", "12) non"} {
		got, tags := rendered(t, quote(text))
		if strings.Join(words(got), " ") != strings.Join(words(text), " ") || slices.Contains(tags, "a") || slices.Contains(tags, "em") || slices.Contains(tags, "code") || slices.ContainsFunc([]string{"script", "ul", "ol", "h1"}, func(tag string) bool { return slices.Contains(tags, tag) }) {
			t.Errorf("%q is read as %q with %v", text, got, tags)
		}
	}
}

func TestIndex(t *testing.T) {
	c := embedded(t)
	text, err := Index(c, address.Site{Base: "/cct"})
	if err != nil {
		t.Fatal(err)
	}
	heads, err := c.Pages()
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range heads {
		if strings.Count(text, "](/cct/pages/"+h.ID+".md)") != 1 {
			t.Errorf("%s is not there once", h.ID)
		}
	}
}
