package ingest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/cct-mi/cct/content"
)

// greedy are pages that cost more than their length, where nothing bounds them.
// Each names the code of the problem that it must be told by.
var greedy = []struct {
	what, code string
	text       func() string
}{
	{"a table of many columns and short rows", "trop-grand", func() string {
		return "|" + strings.Repeat("a|", 1000) + "\n|" + strings.Repeat("-|", 1000) + "\n" + strings.Repeat("|b|\n", 1000)
	}},
	{"a definition cited often", "trop-grand", func() string {
		return strings.Repeat("[a]\n", 20_000) + "\n[a]: http://example.org/" + strings.Repeat("x", 20_000) + "\n"
	}},
	{"a million marks of quotation", "trop-profond", func() string { return strings.Repeat(">", 1_000_000) + " x\n" }},
	{"nested lists", "trop-profond", func() string { return strings.Repeat("- ", 2000) + "a\n" }},
	{"nested lists, indented", "trop-grand", func() string {
		var b strings.Builder
		for i := range 2000 {
			b.WriteString(strings.Repeat(" ", 2*i) + "- a\n")
		}
		return b.String()
	}},
	{"distinct words", "trop-grand", func() string {
		var b strings.Builder
		for i := 0; b.Len() < 16_000_000; i++ {
			fmt.Fprintf(&b, "mot%x ", i*2654435761)
			if i%12 == 11 {
				b.WriteByte('\n')
			}
		}
		return b.String()
	}},
	{"unknown citations", "identifiant-inconnu", func() string {
		var b strings.Builder
		b.WriteString("| ID | Niveau | Exigence |\n|---|---|---|\n")
		for i := range 2000 {
			fmt.Fprintf(&b, "| EXI-AA-%d | P | x |\n", i)
		}
		b.WriteString("\n")
		for i := range 20_000 {
			fmt.Fprintf(&b, "EXI-BB-%d EXI-AA-%d\n", i, 5000+i%4000)
		}
		return b.String()
	}},
	{"nested keys", "entete-invalide", func() string {
		var b strings.Builder
		b.WriteString("---\n")
		for i := range 10_000 {
			b.WriteString(strings.Repeat(" ", i) + "a:\n")
			if b.Len() > 2_000_000 {
				break
			}
		}
		return b.String() + "---\n"
	}},
	{"nested brackets of keys", "entete-invalide", func() string { return "---\na: " + strings.Repeat("[", 50_000) + "\n---\nx\n" }},
	{"aliases", "", func() string {
		s := "---\na: &a x\n"
		for i := range 9 {
			s += fmt.Sprintf("%c: &%[1]c [%s]\n", 'b'+i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*%c,", 'a'+i), 10), ","))
		}
		return s + "---\nx\n"
	}},
	{"spans", "", func() string {
		return "<table>" + strings.Repeat(`<tr><td colspan="1000" rowspan="1000">a</td></tr>`, 2000) + "</table>\n"
	}},
	{"formatting never closed", "trop-profond", func() string {
		var b strings.Builder
		for i := range 400 {
			fmt.Fprintf(&b, "<b id=%d>", i)
		}
		return b.String() + strings.Repeat("<p>a", 40_000)
	}},
	{"elements never closed", "", func() string { return strings.Repeat("<p>a<li>b<td>c", 40_000) }},
	{"nested elements", "trop-profond", func() string { return strings.Repeat("<div>", 50_000) + "x" }},
	{"nested emphasis", "", func() string { return strings.Repeat("**a ", 60_000) + strings.Repeat(" b**", 60_000) }},
	{"stars", "", func() string { return strings.Repeat("*", 200_000) + "a" + strings.Repeat("*", 200_000) }},
	{"brackets", "", func() string { return strings.Repeat("[", 50_000) }},
	{"images in images", "", func() string { return strings.Repeat("![", 20_000) + "a" + strings.Repeat("](b)", 20_000) }},
	{"links never closed", "", func() string { return strings.Repeat("[a](", 100_000) }},
	{"back-ticks", "", func() string {
		var b strings.Builder
		for i := range 1500 {
			b.WriteString("a " + strings.Repeat("`", i) + " ")
		}
		return b.String()
	}},
	{"open tags", "", func() string { return strings.Repeat("<a href=\"", 100_000) }},
	{"comments", "", func() string { return strings.Repeat("a <!-- ", 30_000) }},
	{"calls never closed", "gabarit-restant", func() string { return strings.Repeat("{{ component(\"table\", [\n\n", 20_000) }},
	{"roots on one line", "lien-casse", func() string { return strings.Repeat("[a]({{ site.baseurl }}/absente) ", 40_000) }},
	{"raw and comments never closed", "gabarit-restant", func() string { return strings.Repeat("{% raw %} {% comment %} ", 50_000) }},
	{"comments on one line", "", func() string { return strings.Repeat("a {% comment %}b{% endcomment %} ", 40_000) }},
	{"hints", "", func() string { return strings.Repeat("{% hint style=\"info\" %}\na\n{% endhint %}\n", 20_000) }},
	{"components that end themselves", "", func() string { return strings.Repeat("<Foo a=\"b\"/> c ", 60_000) }},
	{"names of elements", "", func() string { return strings.Repeat("the <title> of <script> ", 50_000) }},
	{"tags never closed", "gabarit-restant", func() string { return strings.Repeat("{% a ", 100_000) }},
	{"wiki links to nowhere", "lien-casse", func() string { return strings.Repeat("[[absente]] ", 10_000) }},
	{"broken links", "lien-casse", func() string { return strings.Repeat("[a](absent.md) ", 10_000) }},
	{"broken fragments", "ancre-cassee", func() string {
		return strings.Repeat("## Un titre\n\n[a](#absent)\n\n", 10_000)
	}},
	{"footnotes", "", func() string {
		var b strings.Builder
		for i := range 10_000 {
			fmt.Fprintf(&b, "a[^%d] ", i)
		}
		for i := range 10_000 {
			fmt.Fprintf(&b, "\n\n[^%d]: b", i)
		}
		return b.String()
	}},
	{"one footnote cited often", "", func() string { return strings.Repeat("a[^1] ", 30_000) + "\n\n[^1]: b\n" }},
	{"containers", "trop-profond", func() string { return strings.Repeat(":::note\n", 5_000) }},
	{"admonitions", "", func() string {
		var b strings.Builder
		for i := range 500 {
			b.WriteString(strings.Repeat("    ", i) + "!!! note\n")
		}
		return b.String()
	}},
	{"bars in code", "", func() string {
		return "| a |\n|---|\n" + strings.Repeat("| `a\\|b` `c\\|d` |\n", 20_000)
	}},
	{"dollars", "", func() string { return strings.Repeat("$a ", 200_000) }},
	{"a diagram", "", func() string { return "```mermaid\ngraph TD\n" + strings.Repeat("a[x] --> b[x]\n", 20_000) + "```\n" }},
	{"a dense diagram", "", func() string {
		var names []string
		for i := range 800 {
			names = append(names, fmt.Sprintf("n%d[x]", i))
		}
		list := strings.Join(names, " & ")
		return "```mermaid\ngraph TD\n" + list + " --> " + list + "\n```\n"
	}},
	{"definitions", "", func() string { return strings.Repeat("a\n: b\n\n", 10_000) }},
	{"blank lines in a list", "", func() string { return "- a\n" + strings.Repeat("\n", 200_000) + "  b\n" }},
	{"entities", "", func() string { return strings.Repeat("&amp;&#x41;&zzz;", 30_000) }},
	{"addresses", "", func() string { return strings.Repeat("http://a.b/c_d*e@f.g ", 10_000) }},
	{"one long line", "", func() string { return strings.Repeat("a", 3_000_000) }},
	{"one long word of a heading", "", func() string { return "# " + strings.Repeat("a", 1_000_000) + "\n" }},
}

// TestBudgets reads each such page beside a plain one: it is told, what it gives is
// bounded, and the other page is served.
func TestBudgets(t *testing.T) {
	for _, c := range greedy {
		text := c.text()
		ed := load(t, folder("avide.md", text, "b.md", "# B\n\nUne page comme les autres, de quelques mots.\n"))
		if c.code != "" && !slices.ContainsFunc(ed.Problems, func(p content.Problem) bool { return p.Code == c.code && p.File == "avide.md" }) {
			t.Errorf("%s is not told: %v", c.what, codes(ed))
		}
		if len(ed.Problems) > 1000 {
			t.Errorf("%s: %d problems", c.what, len(ed.Problems))
		}
		size := 0
		for _, p := range ed.Pages {
			size += len(p.HTML) + len(p.Text)
			if p.Source == "b.md" && !strings.Contains(p.HTML, "comme les autres") {
				t.Errorf("%s: the other page is lost", c.what)
			}
		}
		for _, r := range ed.Records {
			size += len(r.HTML) + len(r.Text)
		}
		if size > 2_000_000+40*len(text) {
			t.Errorf("%s: %d bytes of %d", c.what, size, len(text))
		}
	}
}
