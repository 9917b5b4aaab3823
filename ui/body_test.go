package ui

import (
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/cct-mi/cct/content"
)

// marking marks one word wherever it stands.
func marking(word string) func(string) [][2]int {
	return func(text string) (out [][2]int) {
		for at := 0; ; {
			i := strings.Index(text[at:], word)
			if i < 0 {
				return out
			}
			out = append(out, [2]int{at + i, at + i + len(word)})
			at += i + len(word)
		}
	}
}

func TestBodyMarks(t *testing.T) {
	for in, want := range map[string]string{
		`<p>un mot &amp; des mots</p>`:                             `<p>un <mark>mot</mark> &amp; des <mark>mot</mark>s</p>`,
		`<a href="/mot" title="mot">lien</a>`:                      `<a href="/mot" title="mot">lien</a>`,
		`<h2>mot<a class="ancre" href="#mot">mot</a></h2>`:         `<h2><mark>mot</mark><a class="ancre" href="#mot">mot</a></h2>`,
		`<p>&lt;mot&gt; <mark>mot</mark></p>`:                      `<p>&lt;<mark>mot</mark>&gt; <mark>mot</mark></p>`,
		`<p><a href="/x">un <em>mot</em></a><code>mot</code>.</p>`: `<p><a href="/x">un <em><mark>mot</mark></em></a><code><mark>mot</mark></code>.</p>`,
	} {
		got, err := (&body{marks: marking("mot")}).finish(in)
		if err != nil || got != want {
			t.Errorf("%s:\n got %s, %v\nwant %s", in, got, err, want)
		}
	}
}

func TestBodyLinks(t *testing.T) {
	records := map[string]*content.Record{
		"EX1":  {Kind: content.KindExigence, ID: "EX1", Cells: []content.Cell{{Header: "Ref"}, {Header: "Niveau", Text: "P"}}, Exigence: &content.Exigence{Level: content.Primordial, RawLevel: "**P**"}},
		"PT-1": {Kind: content.KindProduit, ID: "PT-1", Cells: []content.Cell{{Header: "Référence"}, {Header: "Statut", Text: "R"}}, Produit: &content.Produit{Status: "R"}},
	}
	row := func(id, letter string) string {
		return `<table><tbody><tr id="` + id + `"><th scope="row"><a class="id" href="#` + id + `">` + id + `</a></th><td>` + letter + `</td></tr></tbody></table>`
	}
	for in, want := range map[string]string{
		row("EX1", "<strong>P</strong>"):              `<th scope="row"><a href="#EX1" class="id"><mark>EX1</mark></a> <a class="fiche-de" href="/exigences/EX1">Fiche<span class="vh"> EX1</span></a></th><td><span class="niv niv-p">Primordial</span></td>`,
		row("PT-1", "R"):                              `href="/produits/PT-1">Fiche<span class="vh"> PT-1</span></a></th><td><a class="statut statut-r" href="/a-propos#statuts"><b>R</b> recommandé</a></td>`,
		row("Petite", "x"):                            `<th scope="row"><a href="#Petite">Petite</a></th><td>x</td>`,
		`<p><img src="/fichiers/a.svg" alt="b"/></p>`: `<a class="agrandir" href="/fichiers/a.svg"><img src="/fichiers/a.svg" alt="b"/>`,
		`<table class="empile"><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><th>1</th><td>2</td></tr></tbody></table>`: `<td data-nom="B">2</td>`,
	} {
		got, err := (&body{records: records, marks: marking("EX1")}).finish(in)
		if got = strings.ReplaceAll(got, `<a class="id" href="#EX1">`, `<a href="#EX1" class="id">`); err != nil || !strings.Contains(got, want) {
			t.Errorf("%s:\n got %s, %v\nwant %s", in, got, err, want)
		}
	}
}

// TestMarkingKeepsThePage: with any question, a page keeps its links, its text and
// its ids, which are marked whole.
func TestMarkingKeepsThePage(t *testing.T) {
	lib := embeddedLibrary(t)
	s := newSite(t, lib, Options{})
	plain := get(s, "/pages/exigences-cloud-native").Body.String()
	if n := strings.Count(plain, `class="fiche-de"`); n != 58 {
		t.Fatalf("%d links to the records without any question", n)
	}
	for _, q := range []string{"EX", "ex33", "EX33", "33", "exigence ex", "sauvegarde s3", "kubernetes", "p", "cloud native niveau"} {
		marked := get(s, "/pages/exigences-cloud-native?q="+url.QueryEscape(q)).Body.String()
		if n := strings.Count(marked, `class="fiche-de"`); n != 58 {
			t.Errorf("%q: %d links to the records", q, n)
		}
		doc, err := html.Parse(strings.NewReader(marked))
		if err != nil {
			t.Fatal(err)
		}
		for n := range doc.Descendants() {
			if n.DataAtom == atom.A && attribute(n, "class") == "id" && n.FirstChild.DataAtom == atom.Mark && n.FirstChild.NextSibling != nil {
				t.Errorf("%q: an id is torn: %s", q, textOf(n))
			}
		}
	}
}

func TestTypeset(t *testing.T) {
	const n = "\u00a0"
	for in, want := range map[string]string{
		`<title>Quoi ? AT-1368</title>`:                   `<title>Quoi` + n + `? AT-1368</title>`,
		`<p title="a : b">a : b</p>`:                      `<p title="a : b">a` + n + `: b</p>`,
		`<p><b>a</b> : b</p>`:                             `<p><b>a</b>` + n + `: b</p>`,
		`<p>« <b>a</b> »</p>`:                             `<p>«` + n + `<b>a</b>` + n + `»</p>`,
		`<code>a : b</code><pre>a ? <i>b ?</i></pre>`:     `<code>a : b</code><pre>a ? <i>b ?</i></pre>`,
		`<script>a ? b : c ;</script>`:                    `<script>a ? b : c ;</script>`,
		`<p>voir AT-1368.</p>`:                            `<p>voir <span class="tenir">AT-1368</span>.</p>`,
		`<span class="id">AT-1368</span>`:                 `<span class="id">AT-1368</span>`,
		`<p>EX33 &amp; S3 : &#34;x&#34; ;</p>`:            `<p>EX33 &amp; S3` + n + `: &#34;x&#34;` + n + `;</p>`,
		`<input value="a ?"><a href="/x?q=« a » ?">b</a>`: `<input value="a ?"><a href="/x?q=« a » ?">b</a>`,
	} {
		if got := string(typeset([]byte(in))); got != want {
			t.Errorf("%s:\n got %s\nwant %s", in, got, want)
		}
	}
}

// TestEveryPageIsTypeset: no text of any kind of page has a plain blank where
// French wants one that does not break.
func TestEveryPageIsTypeset(t *testing.T) {
	s := newSite(t, embeddedLibrary(t), Options{})
	for _, address := range []string{"/", "/recherche?q=qui+valide+une+petite+application+%3F", "/recherche?q=xqzwv", "/exigences", "/exigences/EX33", "/produits", "/produits/AT-1368", "/regles", "/glossaire", "/mon-application?type=cloud-native", "/pages", "/pages/exigences-cloud-native", "/pages/produits-agent?q=poste", "/a-propos", "/conformite", "/api", "/nulle-part"} {
		doc, err := html.Parse(strings.NewReader(get(s, address).Body.String()))
		if err != nil {
			t.Fatal(err)
		}
		for n := range doc.Descendants() {
			if n.Type != html.TextNode || asWritten[n.Parent.DataAtom] || n.Parent.Parent != nil && asWritten[n.Parent.Parent.DataAtom] {
				continue
			}
			if want := content.French(n.Data); n.Data != want {
				t.Errorf("%s: %q", address, n.Data)
			}
		}
	}
}
