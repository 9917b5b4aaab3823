package records

import (
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/ingest/markdown"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// What is peculiar to the official repository (dnum-mi/cct-mi). Each quirk names
// the file that needs it; none changes how another folder is read.

// headless tells the kind of a table without any header:
// 3-doctrine-d-hebergement/1-cloud-native/1-cct-cloud-native/normes-applicables.md
// lists norms so.
func headless(source string, kind content.Kind) content.Kind {
	if strings.HasPrefix(Stem(source), "normes-applicables") {
		return content.KindNorme
	}
	return kind
}

// norms makes a record of each bullet of the list of norms
// (2-referentiel-normes-europeenees-et-intermin/referentiel_normes.md), whose
// text stays in its section as well.
func (r *reader) norms() {
	if Stem(r.doc.File) != "referentiel_normes" {
		return
	}
	section := r.page.Title
	markdown.Walk(r.page.Root, func(n *html.Node) bool {
		if r.levels[n] > 0 {
			section = r.texts[n]
			return false
		}
		if n.DataAtom != atom.Li {
			return true
		}
		var whole markdown.Text
		whole.Add(n)
		text := whole.String()
		name := text
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if s := markdown.TextOf(c); s != "" {
				name = s
				break
			}
		}
		rec := &Record{shown: []part{{node: n, inside: true}}}
		rec.Kind, rec.Label, rec.Path, rec.Cells = content.KindNorme, section, []string{r.page.Title, section}, []content.Cell{}
		rec.Name, rec.Text = markdown.ClipWords(name, nameLength), text
		rec.Title, rec.Addresses = rec.Name, whole.Addresses
		rec.Anchor = r.unique("norme-" + markdown.Slug(markdown.ClipWords(name, 40)))
		rec.Line = r.lineOf(n, markdown.FirstWords(strings.Trim(name, "*")), r.doc.BodyLine)
		markdown.SetAttr(n, "id", rec.Anchor)
		r.page.Records = append(r.page.Records, rec)
		return false
	})
}
