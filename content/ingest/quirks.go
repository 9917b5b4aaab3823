package ingest

import (
	"strings"

	"github.com/cct-mi/cct/content"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// What is peculiar to the official repository (dnum-mi/cct-mi). Each quirk
// names the file that needs it; none changes how another folder is read.

// officialThemes gives the theme of its folders; the longest prefix wins. The
// five documents and the presentation are not its folders one to one.
var officialThemes = []struct{ prefix, theme string }{
	{"3-doctrine-d-hebergement/1-cloud-native", "cloud-native"},
	{"3-doctrine-d-hebergement/2-cloud-pi", "legacy"},
	{"3-doctrine-d-hebergement/3-sgami", "legacy"},
	{"3-doctrine-d-hebergement", "cloud-native"},
	{"1-chapeau", "presentation"},
	{"2-referentiel-normes-europeenees-et-intermin", "normes"},
	{"4-environnement-numerique-de-travail", "environnement-numerique-de-travail"},
	{"5-socle-d-architecture", "architecture"},
	{"6-socle-de-securite", "securite"},
	{"accessibility", "presentation"}, {"blog", "presentation"}, {"contact", "presentation"}, {"legal", "presentation"}, {"personal-data", "presentation"},
}

// themeTitles names the themes of the framework, in the order of the documents.
var themeTitles = []content.Theme{
	{ID: "presentation", Title: "Présentation"},
	{ID: "environnement-numerique-de-travail", Title: "Environnement numérique de travail"},
	{ID: "legacy", Title: "Legacy"},
	{ID: "cloud-native", Title: "Cloud Native"},
	{ID: "architecture", Title: "Architecture"},
	{ID: "securite", Title: "Sécurité"},
	{ID: "normes", Title: "Normes"},
}

// official says whether a folder is the official repository's.
func (b *builder) official() bool {
	for _, d := range b.docs {
		if strings.HasPrefix(d.source, "5-socle-d-architecture/") {
			return true
		}
	}
	return false
}

// servicePages are folders of the official site's own notices, which its menu
// does not hold.
var servicePages = []string{"accessibility/", "blog/", "contact/", "legal/", "personal-data/"}

func officialTheme(source string) string {
	for _, t := range officialThemes {
		if strings.HasPrefix(source, t.prefix+"/") {
			return t.theme
		}
	}
	return ""
}

// headless tells the kind of a table without any header:
// 3-doctrine-d-hebergement/1-cloud-native/1-cct-cloud-native/normes-applicables.md
// lists norms so.
func headless(source string, kind content.Kind) content.Kind {
	if strings.HasPrefix(stemOf(source), "normes-applicables") {
		return content.KindNorme
	}
	return kind
}

// norms makes a record of each bullet of the list of norms
// (2-referentiel-normes-europeenees-et-intermin/referentiel_normes.md), whose
// text stays in its section as well.
func (d *document) norms(root *html.Node) {
	if stemOf(d.source) != "referentiel_normes" {
		return
	}
	section := d.page.Title
	walk(root, func(n *html.Node) bool {
		if headingLevel(n) > 0 {
			section = headingText(n)
			return false
		}
		if n.DataAtom != atom.Li {
			return true
		}
		t := d.desk.oneLine(n)
		name := t
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if s := d.desk.oneLine(c); s != "" {
				name = s
				break
			}
		}
		r := &content.Record{Kind: content.KindNorme, Label: section, Path: []string{d.page.Title, section}, Name: clipWords(name, nameLength), Text: t, Cells: []content.Cell{}}
		r.Title = r.Name
		r.Anchor = d.unique("norme-" + slug(clipWords(name, 40)))
		r.Line = d.lineOf(firstWords(strings.Trim(name, "*")), d.bodyLine)
		d.desk.setAttr(n, "id", r.Anchor)
		d.pending = append(d.pending, pending{record: r, what: inside, node: n})
		d.records = append(d.records, r)
		return false
	})
}

// routeOf is the address of a page on the official site: the page is a folder,
// an index is its folder, and slugOverride replaces the last part.
func routeOf(d *document) string {
	r := strings.TrimSuffix(d.source, "."+extOf(d.source))
	if stem := stemOf(d.source); stem == "index" {
		r = strings.TrimSuffix(strings.TrimSuffix(r, "index"), "/")
	}
	if s := slug(d.front.Slug); s != "" {
		if i := strings.LastIndexByte(r, '/'); i >= 0 {
			r = r[:i+1] + s
		} else {
			r = s
		}
	}
	return r
}

func extOf(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }
