package ingest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/cct-mi/cct/content"
	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
)

// oraclePolicy is what an independent sanitiser lets by: the elements and
// attributes that this one writes, and addresses of our own or of the usual schemes.
func oraclePolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements(strings.Fields(strings.Replace(strings.Join(allowedTags, " "), "html head body ", "", 1))...)
	p.AllowNoAttrs().OnElements("a", "span", "div", "img")
	p.AllowAttrs("id", "title", "lang", "class", "role", "tabindex", "aria-label", "loading", "rel", "scope", "start", "colspan", "rowspan", "width", "height", "alt").Globally()
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("src").OnElements("img")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	return p
}

// tokens writes HTML in one form, so that two that say the same compare.
func tokens(s string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(s))
	for z.Next() != html.ErrorToken {
		t := z.Token()
		if t.Type == html.SelfClosingTagToken {
			t.Type = html.StartTagToken
		}
		slices.SortFunc(t.Attr, func(a, b html.Attribute) int { return strings.Compare(a.Key, b.Key) })
		b.WriteString(t.String())
	}
	return b.String()
}

// assertOracle holds what leaves to what the other sanitiser lets by.
func assertOracle(t *testing.T, src string) {
	t.Helper()
	assertHarmless(t, src)
	if got, want := tokens(src), tokens(oraclePolicy().Sanitize(src)); got != want {
		t.Errorf("bluemonday lets another page by:\n%.400s\n%.400s", got, want)
	}
}

// attacks are addresses that run a script in some browser.
var attacks = []string{
	"javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)", "&#106;avascript:alert(1)", "&#x6A;avascript&colon;alert(1)", "javascript&#58;alert(1)",
	"\x01javascript:alert(1)", "java&NewLine;script:alert(1)", "java&Tab;script:alert(1)", "data:text/html;base64,PHNjcmlwdD4=", "data:image/svg+xml,<svg onload=alert(1)>", "vbscript:msgbox(1)",
	"livescript:x", "mocha:x", "view-source:javascript:x", "feed:javascript:alert(1)", "blob:https://example.org/x", "filesystem:https://example.org/x", "jar:https://example.org!/x", "file:///etc/passwd",
	"ms-settings:x", "&#0000106avascript:alert(1)", "\u00a0javascript:alert(1)", "\u200bjavascript:alert(1)",
}

// places are where Markdown and HTML take an address.
var places = []string{
	"[x](<%s>)", "## [x](<%s>)", "[x](<%s>)\n=====", "- # [x](<%s>)", "> ### [x](<%s>)", "<details><summary><a href=\"%s\">x</a></summary>\n\n## [y](<%[1]s>)\n\n</details>",
	"| a | b |\n|---|---|\n| [x](<%s>) | y |", "| [x](<%s>) | b |\n|---|---|\n| y | z |", "[x]\n\n[x]: <%s>", "## [x]\n\n[x]: <%s>", "<a href=\"%s\">x</a>", "<h2><a href=\"%s\">x</a></h2>", "<a href='%s'>x</a>",
	"<table><thead><tr><th><a href=\"%s\">x</a></th></tr></thead></table>", "<table><caption><a href=\"%s\">x</a></caption><tr><td>y</td></tr></table>", "![x](<%s>)", "## ![x](<%s>)", "<img src=\"%s\" alt=x>",
	"<code><a href=\"%s\">x</a></code>", "<pre><a href=\"%s\">x</a></pre>", "Terme\n: [x](<%s>)", "[x](<%s>)\n: définition", "texte[^1]\n\n[^1]: [x](<%s>)", ":::callout [x](<%s>)\ny\n:::", "!!! note \"[x](<%s>)\"\n    y",
	"> [!NOTE] [x](<%s>)\n> y", "[[%s|x]]", "![[%s]]", "<q cite=\"%s\">x</q>", "<blockquote cite=\"%s\">x</blockquote>", "<td background=\"%s\">x", "<form action=\"%s\"><button formaction=\"%[1]s\">x</button></form>",
	"<svg><a xlink:href=\"%s\"><text>x</text></a></svg>", "<math><mtext href=\"%s\">x</mtext></math>", "<object data=\"%s\"></object>", "<iframe src=\"%s\"></iframe>", "<a href=\"%s\"><img src=\"%[1]s\"></a>",
	"{{ component(\"card\", {title: \"x\", url: \"%s\"}) }}", "{{ component(\"table\", {headers: [\"a\"], data: [[\"[x](%s)\"]]}) }}", "Règle : [x](<%s>)", "# Règle 1.1 : [x](<%s>)\n\ny", "<div id=\"R1\" title=\"%s\"><a href=\"%[1]s\">x</a></div>",
	"---\ntitle: '[x](%s)'\n---\ny", "***[x](<%s>)***", "[![x](<%s>)](<%[1]s>)", "<sup><a href=\"%s\">x</a></sup>",
}

// TestNoAddressRuns puts each address in each place.
func TestNoAddressRuns(t *testing.T) {
	for _, place := range places {
		files := fstest.MapFS{}
		for i, attack := range attacks {
			files[fmt.Sprintf("p%02d.md", i)] = &fstest.MapFile{Data: []byte(fmt.Sprintf(place, attack) + "\n\nDu texte.\n")}
		}
		ed := load(t, files)
		for _, p := range ed.Pages {
			assertOracle(t, p.HTML)
		}
		for _, r := range ed.Records {
			assertOracle(t, r.HTML)
		}
		if t.Failed() {
			t.Fatalf("in %q", place)
		}
	}
}

// TestRefusedAddressIsNamed: each is a problem, with its file and line.
func TestRefusedAddressIsNamed(t *testing.T) {
	for _, c := range []struct {
		what, text string
		line       int
	}{
		{"a heading", "# T\n\n## [x](javascript:alert(1))\n", 3},
		{"a heading of two lines", "é\n\n[x](javascript:alert(1))\n---\n", 3},
		{"a list in a quote", "é\n\n> - ## [x](javascript:alert(1))\n", 3},
		{"details", "<details>\n<summary>x</summary>\n\n## [x](data:text/html,x)\n\n</details>\n", 4},
		{"a cell", "| a |\n|---|\n| é |\n| [x](javascript:alert(1)) |\n", 4},
		{"a cell of HTML", "<table>\n<tr><th>a</th></tr>\n<tr><td>\n<a href=\"vbscript:x\">x</a></td></tr>\n</table>\n", 4},
		{"a reference", "é à\n\nun [lien][x]\n\n[x]: javascript:alert(1)\n", 3},
		{"an entity", "é\n<a href=\"java&#10;script:x\">x</a>\n", 2},
		{"an image", "é\n\n![x](data:image/png;base64,AA)\n", 3},
		{"a wiki link to nowhere", "é\n\n[[javascript:alert(1)]]\n", 3},
	} {
		ed := load(t, folder("d/a.md", "---\ntitle: T\n---\n"+c.text))
		i := slices.IndexFunc(ed.Problems, func(p content.Problem) bool {
			return p.Code == "lien-refuse" || p.Code == "image-refusee" || p.Code == "lien-casse"
		})
		if i < 0 {
			t.Errorf("%s: not named: %v", c.what, ed.Problems)
		} else if p := ed.Problems[i]; p.File != "d/a.md" || p.Line != c.line+3 {
			t.Errorf("%s: %s:%d, want line %d (%s)", c.what, p.File, p.Line, c.line+3, p.What)
		}
	}
}

// mutations are pieces that parsers read differently from each other.
var mutations = []string{
	"<svg>", "</svg>", "<math>", "<mtext>", "<mglyph>", "<malignmark>", "<annotation-xml encoding=\"text/html\">", "<style>", "</style>", "<!--", "-->", "--!>", "<![CDATA[", "]]>", "<noscript>", "</noscript>", "<title>",
	"<textarea>", "</textarea>", "<template>", "<table>", "<tr>", "<td>", "</table>", "<caption>", "<select>", "<option>", "<form>", "</form>", "<p>", "</p>", "</br>", "<a href=\"javascript:alert(1)\">", "</a>",
	"<img src=x onerror=alert(1)>", "<img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">", "<a title=\"</style><img src=x onerror=alert(1)>\">", "<xmp>", "<plaintext>", "<frameset>", "<foreignObject>", "<desc>",
	"<h2>", "</h2>", "<b>", "</b>", "<i x=\"", "\">", "`", "```\n", "*", "[x](javascript:alert(1))", "\n\n", "\n    ", "> ", "- ", "&lt;script&gt;", "&#60;script&#62;", "\x00", "\ufeff", "<a\x00href=\"javascript:x\">", "<ſcript>", "<iframe srcdoc=\"<script>\">",
}

// TestMutations reads pages made of such pieces, in any order.
func TestMutations(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	files := fstest.MapFS{}
	for i := range 400 {
		var b strings.Builder
		for range 3 + random.IntN(12) {
			b.WriteString(mutations[random.IntN(len(mutations))])
		}
		files[fmt.Sprintf("p%03d.md", i)] = &fstest.MapFile{Data: []byte(b.String())}
	}
	ed := load(t, files)
	for _, p := range ed.Pages {
		assertOracle(t, p.HTML)
		if t.Failed() {
			t.Fatalf("%q", files[p.Source].Data)
		}
	}
}
