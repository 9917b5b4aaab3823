package ingest

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/cct-mi/cct/content"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"
)

// reads is a page, and what is expected of its reading.
type reads struct {
	what  string
	text  string
	html  []string // in the page
	none  []string // nowhere in it
	codes string   // of the problems, in order of the alphabet
}

// neutral are codes of no concern here.
var neutral = []string{"page-ebauche", "page-orpheline", "image-sans-texte"}

func (c reads) check(t *testing.T, more ...string) {
	t.Helper()
	ed := load(t, folder(append([]string{"d/a.md", c.text, "d/guide.md", "# Le guide\n\n## Installer l’outil\n\nUn texte assez long pour une page.\n", "d/img/plan.png", "png"}, more...)...))
	page := ed.Pages[slices.IndexFunc(ed.Pages, func(p *content.Page) bool { return p.Source == "d/a.md" })]
	for _, want := range c.html {
		if !strings.Contains(page.HTML, want) {
			t.Errorf("%s: no %q in\n%s", c.what, want, page.HTML)
		}
	}
	for _, bad := range c.none {
		if strings.Contains(page.HTML, bad) || strings.Contains(page.Text, bad) {
			t.Errorf("%s: %q in\n%s\n%s", c.what, bad, page.HTML, page.Text)
		}
	}
	got := slices.DeleteFunc(codes(ed), func(s string) bool { return slices.Contains(neutral, s) })
	if strings.Join(got, " ") != c.codes {
		t.Errorf("%s: problems %v, want %q\n%v", c.what, got, c.codes, ed.Problems)
	}
	assertAnchors(t, ed)
}

// assertAnchors holds every hit to a place that exists.
func assertAnchors(t *testing.T, ed *content.Edition) {
	t.Helper()
	html := map[string]string{}
	for _, p := range ed.Pages {
		html[p.ID] = p.HTML
		for _, s := range p.Sections {
			if s.Anchor != "" && !strings.Contains(p.HTML, ` id="`+s.Anchor+`"`) {
				t.Errorf("%s has no #%s, of a section", p.Source, s.Anchor)
			}
		}
	}
	for _, r := range ed.Records {
		if !strings.Contains(html[r.PageID], ` id="`+r.Anchor+`"`) {
			t.Errorf("%s has no #%s, of %s %s", r.PageID, r.Anchor, r.Kind, r.ID)
		}
	}
}

func TestTemplates(t *testing.T) {
	const tags = "{{ a_b_c }} et {% si *x* %}"
	for _, c := range []reads{
		{"prose", "# T\n\nAvant " + tags + " après.\n", []string{"Avant " + tags + " après."}, nil, "gabarit-restant"},
		{"a heading", "# T\n\n## Le {{ titre }}\n\nTexte.\n", []string{"Le {{ titre }} <a"}, nil, "gabarit-restant"},
		{"a fence", "# T\n\n```\n" + tags + "\n```\n", []string{tags}, nil, ""},
		{"a fence of tildes", "# T\n\n~~~jinja\n" + tags + "\n{{ component(\"table\", {headers: [], data: []}) }}\n~~~\n", []string{tags, "component("}, nil, ""},
		{"a fence in a fence", "# T\n\n````md\n```\n" + tags + "\n```\n{% x %}\n````\n", []string{tags, "{% x %}"}, nil, ""},
		{"a fence in a list", "# T\n\n- a\n\n  ```\n  " + tags + "\n  ```\n", []string{tags}, nil, ""},
		{"indented code", "# T\n\nTexte.\n\n    " + tags + "\n    {% include \"x\" %}\n", []string{tags, "{% include &#34;x&#34; %}"}, nil, ""},
		{"quoted code", "# T\n\n> ```\n> " + tags + "\n> ```\n\n>     {% y %}\n", []string{tags, "{% y %}"}, nil, ""},
		{"a span of code", "# T\n\nÉcrire `{{ x }}` ou ``{% `y` %}``.\n", []string{"<code>{{ x }}</code>", "<code>{% `y` %}</code>"}, nil, ""},
		{"pre", "# T\n\n<pre>\n" + tags + "\n</pre>\n", []string{tags}, nil, ""},
		{"code in a paragraph of HTML", "# T\n\n<p><code>{% x %}</code></p>\n\nUn <code>{{ y }}</code> ici.\n", []string{"{% x %}", "{{ y }}"}, nil, ""},
		{"code after a call", "# T\n\n{{ component(\"table\", {headers: [\"a\"],\n\n data: [[\"``` b\"]]}) }}\n\n```\n{{ y }}\n```\n", []string{"{{ y }}", "``` b"}, nil, ""},
		{"silent tags go", "# T\n\n{% include \"a.njk\" %}\n{%from \"b\" import c%}\n\nTexte.\n", []string{"Texte."}, []string{"include", "import"}, ""},
		{"not closed", "# T\n\nUne {% balise\n\net {{ une autre\n", []string{"{% balise", "{{ une autre"}, nil, "gabarit-restant"},
		{"short codes", "# T\n\n{{< note >}}\nTexte.\n{{< /note >}}\n", []string{"{{&lt; note &gt;}}"}, nil, "gabarit-restant"},
	} {
		c.check(t)
	}
	ed := load(t, folder("a.md", "---\ntitle: T\n---\n\n{{ component(\"table\", {headers: [\"a\"], data: [[\"b\"]]}) }}\n\n{% x %}\n"))
	if p := ed.Problems[0]; p.Line != 7 {
		t.Errorf("the tag is at line %d, want 7", p.Line)
	}
	if r := ed.Records[0]; r.Line != 5 {
		t.Errorf("the row is at line %d, want 5", r.Line)
	}
}

func TestEncodings(t *testing.T) {
	const text = "# Où êtes-vous ?\n\nL’été, à Noël : œuvre.\n\n## Déjà vu\n\nTexte.\n"
	encode := func(s string, e interface{ String(string) (string, error) }) []byte {
		out, err := e.String(s)
		if err != nil {
			t.Fatal(err)
		}
		return []byte(out)
	}
	latin := strings.NewReplacer("’", "'", "œ", "oe").Replace(text)
	for _, c := range []struct {
		what  string
		raw   []byte
		want  string
		codes string
	}{
		{"UTF-8", []byte(text), text, ""},
		{"a mark", []byte("\ufeff" + text), text, ""},
		{"CRLF", []byte(strings.ReplaceAll(text, "\n", "\r\n")), text, ""},
		{"CR", []byte(strings.ReplaceAll(text, "\n", "\r")), text, ""},
		{"NFD", []byte(norm.NFD.String(text)), text, ""},
		{"UTF-16, little", encode(text, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder()), text, ""},
		{"UTF-16, big", encode(text, unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder()), text, ""},
		{"UTF-16, no mark", encode(latin, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder()), latin, "encodage-utf-16"},
		{"Windows-1252", encode(text, charmap.Windows1252.NewEncoder()), text, "encodage-cp1252"},
		{"Latin-1", encode(latin, charmap.ISO8859_1.NewEncoder()), latin, "encodage-latin-1"},
		{"one bad byte", []byte(text + "\nUn octet \xff perdu.\n"), text, "encodage-abime"},
	} {
		got := load(t, fstest.MapFS{"a.md": {Data: c.raw}})
		want := load(t, folder("a.md", c.want))
		if found := strings.Join(codes(got), " "); found != c.codes {
			t.Errorf("%s: problems %q, want %q", c.what, found, c.codes)
		}
		if c.codes == "encodage-abime" {
			continue
		}
		if got.Pages[0].HTML != want.Pages[0].HTML || got.Pages[0].Title != want.Pages[0].Title {
			t.Errorf("%s: %s: %s", c.what, got.Pages[0].Title, got.Pages[0].HTML)
		}
	}
	if ed := load(t, fstest.MapFS{"a.md": {Data: []byte("# A\n\nUne ligne.\n\nCaf\xe9.\n")}}); ed.Problems[0].Line != 5 {
		t.Errorf("Latin-1 is told at line %d, want 5", ed.Problems[0].Line)
	}
	front := encode("---\nedition: 2031-07\n---\n# A\n\nDu texte.\n", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder())
	if ed := load(t, fstest.MapFS{"a.md": {Data: front}}); ed.Name != "2031-07" {
		t.Errorf("an edition that UTF-16 names is %q", ed.Name)
	}
	// A link in NFC to a file in NFD, and the other way.
	nfd := norm.NFD.String("été.md")
	ed := load(t, folder(nfd, "# Été\n\n[printemps](printemps-é.md) ![x](imagé.png)\n", "printemps-é.md", "# P\n\n[été](été.md) [été](%C3%A9t%C3%A9.md) ["+norm.NFD.String("été")+"]("+nfd+")\n", norm.NFD.String("imagé.png"), "x"))
	if len(ed.Problems) > 0 {
		t.Errorf("links to files in NFD: %v", ed.Problems)
	}
	ed = load(t, folder("a.mdx", "import X from './x'\n\n# Composants\n\n<X>Du texte ici</X>\n\nexport const a = 1\n"))
	if p := ed.Pages[0]; p.Title != "Composants" || !strings.Contains(p.Text, "Du texte ici") || strings.Contains(p.Text, "import") || strings.Contains(p.Text, "export") {
		t.Errorf("mdx: %q %q", p.Title, p.Text)
	}
}

func TestWhatPeopleWrite(t *testing.T) {
	for _, c := range []reads{
		{"footnotes", "# T\n\nUn fait[^1] et un autre[^note].\n\n[^1]: La *preuve*.\n[^note]: Encore.\n", []string{`href="/pages/d--a#fn:1"`, "<em>preuve</em>"}, []string{"[^"}, ""},
		{"task lists", "# T\n\n- [ ] à faire\n- [x] fait\n- [X] [lien](guide.md)\n", []string{"☐", "☑"}, []string{"[ ]", "[x]"}, ""},
		{"alerts", "# T\n\n> [!NOTE]\n> Du **texte**.\n\n> [!WARNING]\n> Attention.\n\n> [!info]- Un titre\n> Replié.\n", []string{`<div class="encart" role="note">`, "<strong>Note</strong>", "<strong>Attention</strong>", "<strong>Un titre</strong>"}, []string{"[!", "blockquote"}, ""},
		{"containers", "# T\n\n:::note\nUn **texte**.\n:::\n\n::: warning Prenez garde\n- a\n:::\n\n::::tip[Un *conseil*]\n:::info\nimbriqué\n:::\nsuite\n::::\n\n:::details Plus\ncaché\n:::\n", []string{"<strong>Note</strong>", "<strong>Prenez garde</strong>", "<li>a", "Un <em>conseil</em>", "imbriqué", "<summary>Plus</summary>"}, []string{":::"}, ""},
		{"a container around code", "# T\n\n:::note\n```\n:::\nx\n```\n:::\n\nAprès.\n", []string{"<code>:::\nx\n</code>", "</div>\n<p>Après."}, nil, ""},
		{"admonitions", "# T\n\n!!! note \"Un titre\"\n    Du texte.\n\n    - a\n\n!!! danger\n    Là.\n\n??? tip \"Replié\"\n    Ici.\n\n=== \"Linux\"\n    apt\n", []string{"<strong>Un titre</strong>", "<strong>Danger</strong>", "<summary>Replié</summary>", "<strong>Linux</strong>", "<li>a"}, []string{"!!!", "???", "==="}, ""},
		{"definitions", "# T\n\nMCO\n: Maintien en condition.\n\nMCS\n: De sécurité.\n\n[mco](#mco)\n", []string{`<dt id="mco">MCO</dt>`, `href="/pages/d--a#mco"`}, nil, ""},
		{"wiki links", "# T\n\n[[guide]] [[guide|le guide]] [[Le guide#Installer l’outil]] [[Le guide]] ![[plan.png]] [[perdu]]\n", []string{`<a href="/pages/d--guide">guide</a>`, `>le guide</a>`, `href="/pages/d--guide#installer-l-outil"`, `<img src="/fichiers/`}, []string{"[["}, "lien-casse"},
		{"TOML", "+++\ntitle = \"Un **titre**\"\ndate = 2024-02-03\nweight = 3\n+++\n\nTexte.\n", []string{"<p>Texte.</p>"}, []string{"+++", "weight"}, ""},
		{"JSON", "{\n  \"title\": \"Titre\",\n  \"order\": 3\n}\n\nTexte.\n", []string{"<p>Texte.</p>"}, []string{"order"}, ""},
		{"math", "# T\n\nSoit $a_1 * b_1 * c_2$ et $$x_1^2$$ pour 5 $ ou 10$ en tout.\n\n$$\n\\sum_{i=1} *x* \\\\ y\n$$\n", []string{"$a_1 * b_1 * c_2$", "$$x_1^2$$", "5 $ ou 10$ en", "\\sum_{i=1} *x* \\\\ y"}, []string{"<em>"}, ""},
		{"ids of headings", "# T\n\n## Un titre {#mon-id}\n\n[là](#mon-id) [là aussi](#un-titre)\n\n### Autre {.classe}\n\nTexte.\n", []string{`<h2 id="mon-id">Un titre <a`, `href="/pages/d--a#mon-id">là</a>`, `href="/pages/d--a#mon-id">là aussi`}, []string{"{#", "{."}, ""},
		{"images of folders", "# T\n\n![p](img/plan.png) ![p](./img/plan.png) ![p](/d/img/plan.png) ![p](/img/plan.png) ![p](/depot/d/img/plan.png)\n", nil, []string{"image-absente"}, ""},
		{"absolute links", "# T\n\n[a](/d/guide.md) [b](/guide) [c](/depot/d/guide.md#installer-loutil) [d](/d/guide/)\n", nil, []string{"lien-casse"}, ""},
		{"other files", "# T\n\n[zip](../fichiers/x.zip) [dossier](../fichiers/) [config](../fichiers/.env.exemple)\n", nil, []string{"lien-casse"}, ""},
	} {
		c.check(t, "fichiers/x.zip", "x", "fichiers/.env.exemple", "y")
	}
	ed := load(t, folder("a.md", "+++\ntitle = \"Un **titre** de `code`\"\ndate = 2024-02-03\n+++\n\nTexte.\n", "b.md", "---\ntitle: Le `cct` et _autre_ snake_case_ici\n---\n\nTexte.\n"))
	if p := ed.Pages[0]; p.Title != "Un titre de code" || p.Updated != "2024-02-03" {
		t.Errorf("TOML: %q %q", p.Title, p.Updated)
	}
	if p := ed.Pages[1]; p.Title != "Le cct et autre snake_case_ici" {
		t.Errorf("Markdown in a title: %q", p.Title)
	}
}

func TestTablesAreGrids(t *testing.T) {
	const head = "<table><thead><tr><th>ID</th><th>Niveau</th><th>Exigence</th></tr></thead><tbody>"
	for _, c := range []struct {
		what, text string
		ids, said  string // of the exigences: ids, and the text of the first
	}{
		{"rowspan over the id", head + `<tr><td rowspan="2">EX1</td><td rowspan="2">P</td><td>Un.</td></tr><tr><td>Deux.</td></tr><tr><td>EX2</td><td>I</td><td>Trois.</td></tr></tbody></table>`, "EX1 EX2", "Un. Deux."},
		{"rowspan over the level", head + `<tr><td>EX1</td><td rowspan="2">P</td><td>Un.</td></tr><tr><td>EX2</td><td>Deux.</td></tr></tbody></table>`, "EX1 EX2", "Un."},
		{"a title over all columns", head + `<tr><td colspan="3">Sécurité du poste</td></tr><tr><td>EX1</td><td>P</td><td>Un.</td></tr></tbody></table>`, "EX1", "Un."},
		{"two rows of headings", `<table><thead><tr><th rowspan="2">ID</th><th colspan="2">Contenu</th></tr><tr><th>Niveau</th><th>Exigence</th></tr></thead><tr><td>EX1</td><td>P</td><td>Un.</td></tr></table>`, "EX1", "Un."},
		{"headings in the body", `<table><tr><th colspan="3">Exigences</th></tr><tr><th>ID</th><th>Niveau</th><th>Exigence</th></tr><tr><td>EX1</td><td>P</td><td>Un.</td></tr></table>`, "EX1", "Un."},
		{"a row that goes on", "| ID | Niveau | Exigence |\n|---|---|---|\n| EX1 | P | Un. |\n| | | Deux. |\n| EX2 | I | Trois. |\n", "EX1 EX2", "Un. Deux."},
		{"escaped bars", "| ID | Niveau | Exigence |\n|---|---|---|\n| EX1 | P | Un \\| `a\\|b` \\| deux |\n", "EX1", "Un | a|b | deux"},
		{"a row of titles", "| ID | Niveau | Exigence |\n|---|---|---|\n| **Poste** | | |\n| EX1 | P | Un. |\n", "EX1", "Un."},
		{"spans that lie", head + `<tr><td rowspan="99999">EX1</td><td colspan="99999">P</td><td>Un.</td></tr></tbody></table>`, "EX1", ""},
		{"no text lost", head + `<tr><td>EX1</td><td>P</td><td>Un.</td><td>en trop</td></tr></tbody></table>`, "EX1", "Un."},
	} {
		ed := load(t, folder("a.md", "# T\n\n"+c.text+"\n"))
		var ids []string
		for _, r := range ed.Records {
			if r.Kind == content.KindExigence {
				ids = append(ids, r.ID)
				if len(ids) == 1 && r.Text != c.said && c.said != "" {
					t.Errorf("%s: %q, want %q", c.what, r.Text, c.said)
				}
			}
		}
		if strings.Join(ids, " ") != c.ids {
			t.Errorf("%s: %v, want %s", c.what, ids, c.ids)
		}
		page := ed.Pages[0]
		for _, word := range []string{"Un", "Deux", "Trois", "Sécurité du poste", "Contenu", "Exigences", "Poste", "en trop"} {
			if strings.Contains(c.text, word) && (!strings.Contains(page.HTML, word) || !strings.Contains(page.Text, word) && word != "Contenu" && word != "Exigences") {
				t.Errorf("%s: %q is lost of %s\n%s", c.what, word, page.HTML, page.Text)
			}
		}
		assertAnchors(t, ed)
	}
}

// TestFragments: what leads to a heading on the site that a page was written for
// leads there here.
func TestFragments(t *testing.T) {
	for heading, fragments := range map[string][]string{
		"L’adresse de l'équipe":        {"l-adresse-de-l-equipe", "ladresse-de-léquipe", "ladresse-de-lequipe", "l’adresse-de-l'équipe", "L’adresse-de-l'équipe"},
		"Version 2.1 : quoi de neuf ?": {"version-2-1-quoi-de-neuf", "version-21--quoi-de-neuf-", "version-21-quoi-de-neuf", "version-2.1-quoi-de-neuf"},
		"🚀 Démarrer":                   {"demarrer", "-démarrer", "démarrer", "-demarrer"},
		"Mise en œuvre":                {"mise-en-oeuvre", "mise-en-œuvre", "mise-en-%C5%93uvre"},
		"1. Préparer":                  {"1-preparer", "1-préparer", "_1-preparer", "prparer", "préparer"},
		"API & données":                {"api-donnees", "api--données", "api-données"},
		"`cct serve` et options":       {"cct-serve-et-options"},
		"C++ et C#":                    {"c-et-c"},
		"Le [lien](https://x.fr)":      {"le-lien"},
		"Un titre — long":              {"un-titre--long", "un-titre-long"},
	} {
		for _, f := range fragments {
			ed := load(t, folder("a.md", "# T\n\n## Autre\n\nTexte.\n\n## "+heading+"\n\nTexte.\n", "b.md", "# B\n\n[là](a.md#"+f+")\n"))
			if slices.Contains(codes(ed), "ancre-cassee") {
				t.Errorf("%q does not lead to %q", f, heading)
			}
		}
	}
	ed := load(t, folder("a.md", "# T\n\n## Règles\n\nUn.\n\n## Règles\n\nDeux.\n", "b.md", "# B\n\n[un](a.md#regles) [deux](a.md#r%C3%A8gles-1) [deux](a.md#regles-1) [deux](a.md#regles_1)\n[rien](a.md#absent)\n"))
	if n := strings.Count(ed.Pages[1].HTML, "#regles-1"); n != 3 {
		t.Errorf("%d of 3 lead to the second heading:\n%s", n, ed.Pages[1].HTML)
	}
	if p := ed.Problems[0]; len(ed.Problems) != 1 || p.Code != "ancre-cassee" || p.Line != 4 {
		t.Errorf("%v", ed.Problems)
	}
}

// TestNothingIsSwallowed: what HTML would read to its end, or give one id twice, does
// neither take the text after it nor its place.
func TestNothingIsSwallowed(t *testing.T) {
	for _, c := range []struct {
		what, text string
		kept, gone []string
	}{
		{"a component that ends itself", "Avant.\n\n<Button link=\"x\" text=\"Voir\"/>\n\nAprès.\n\n## Suite\n\nFin.\n", []string{"Après.", "Suite", "Fin."}, []string{"<button"}},
		{"one within a line", "Avant <Icone nom=\"a\" /> pendant, après.\n", []string{"pendant, après."}, nil},
		{"the name of an element", "La balise <title> d’une page, et <textarea> aussi.\n\nAprès, `<code>`.\n", []string{"&lt;title&gt; d’une page, et &lt;textarea&gt; aussi.", "Après"}, []string{"<title", "<textarea"}},
		{"a style that nothing closes", "Avant.\n\n<style>\n\nAprès.\n", []string{"Après."}, []string{"<style"}},
		{"one that is closed", "Avant.\n\n<style>p { color: red }</style>\n\nAprès.\n", []string{"Après."}, []string{"color: red"}},
		{"a button", "<button type=\"button\">Déplier</button>\n\nAprès.\n", []string{"Déplier", "Après."}, []string{"<button"}},
		{"a film", "<video src=\"a.mp4\">Sans film, lisez ceci.</video>\n\nEt <audio> dans une phrase, puis la suite.\n", []string{"Sans film, lisez ceci.", "puis la suite."}, []string{"<video", "<audio"}},
		{"code", "`<title>` et `<Foo/>`\n\n```html\n<script src=\"x\"/>\n```\n", []string{"&lt;title&gt;", "&lt;Foo/&gt;", "&lt;script src=\"x\"/&gt;"}, nil},
		{"a heading with its own anchor", "## Où ? <a href=\"#ou\" id=\"ou\"></a>\n\nIci.\n\n<table><tr><th id=\"ou\">Lieu</th></tr><tr><td>Ici même</td></tr></table>\n", []string{"Ici même"}, nil},
	} {
		ed := load(t, folder("a.md", "# T\n\nDu texte pour commencer.\n\n"+c.text))
		html := ed.Pages[0].HTML
		for _, want := range c.kept {
			if !strings.Contains(html, want) && !strings.Contains(html, strings.ReplaceAll(want, `"`, "&#34;")) {
				t.Errorf("%s: no %q in %s", c.what, want, html)
			}
		}
		for _, bad := range c.gone {
			if strings.Contains(html, bad) {
				t.Errorf("%s: %q in %s", c.what, bad, html)
			}
		}
		if n := strings.Count(html, ` id="ou"`); n > 1 {
			t.Errorf("%s: an id %d times: %s", c.what, n, html)
		}
		assertAnchors(t, ed)
	}
}
