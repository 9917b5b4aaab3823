package ingest

import (
	"cmp"
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/cct-mi/cct/content"
)

// menus writes the pages that only name an entry of the menu (about.md and the
// menu-*.md of the official repository: an eleventyNavigation key, no text): the
// pages below the entry, in its order, and their theme.
func (b *builder) menus() {
	below := map[string][]*document{}
	for _, d := range b.docs {
		if p := d.front.NavParent; p != "" {
			below[p] = append(below[p], d)
		}
	}
	for _, d := range b.docs {
		list := below[d.front.NavKey]
		if !d.isMenu() || len(list) == 0 {
			continue
		}
		slices.SortStableFunc(list, func(x, y *document) int { return cmp.Compare(x.front.NavOrder, y.front.NavOrder) })
		var out strings.Builder
		out.WriteString("<ul>")
		for _, c := range list {
			ref := content.Ref{Kind: content.KindSection, ID: c.page.ID, Title: c.page.Title, URL: c.page.URL()}
			fmt.Fprintf(&out, `<li><a href="%s">%s</a></li>`, html.EscapeString(ref.URL), html.EscapeString(ref.Title))
			d.page.Links = append(d.page.Links, ref)
		}
		out.WriteString("</ul>")
		d.page.HTML, d.page.State = out.String(), content.Complete
		d.page.Theme = list[0].page.Theme
	}
}

// isMenu says whether the file is an entry of the menu and nothing else.
func (d *document) isMenu() bool {
	return d.front.Hidden && d.front.NavKey != "" && d.page.Words == 0
}
