package links

import (
	"cmp"
	"path"
	"slices"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/ingest/markdown"
	"golang.org/x/net/html/atom"
)

// entries finds the pages that bear a navigation key, by folder and key: those of
// the folder and of all below it.
type entries map[[2]string][]*Page

func (e entries) add(p *Page) {
	for dir := path.Dir(p.Source); ; dir = path.Dir(dir) {
		key := [2]string{dir, p.Front.NavKey}
		if len(e[key]) < 2 { // two are as good as many: the key is not unique there
			e[key] = append(e[key], p)
		}
		if dir == "." {
			return
		}
	}
}

// of is the entry that a page names as its parent: in the smallest folder around
// the page that holds one, so that two editions in one folder do not see each
// other's.
func (e entries) of(p *Page) *Page {
	if p.Front.NavParent == "" {
		return nil
	}
	for dir := path.Dir(p.Source); ; dir = path.Dir(dir) {
		for _, entry := range e[[2]string{dir, p.Front.NavParent}] {
			if entry != p {
				return entry
			}
		}
		if dir == "." {
			return nil
		}
	}
}

// Menus fills the pages that only name an entry of the menu (about.md and the
// menu-*.md of the official repository: an eleventyNavigation key, no text) with
// the pages below the entry, in its order, and gives them their theme.
func (s *Site) Menus() {
	known := entries{}
	for _, p := range s.Pages {
		if p.IsMenu() {
			known.add(p)
		}
	}
	for _, p := range s.Pages {
		if entry := known.of(p); entry != nil {
			entry.Menu = append(entry.Menu, p)
		}
	}
	for _, p := range s.Pages {
		if len(p.Menu) == 0 {
			continue
		}
		slices.SortStableFunc(p.Menu, func(x, y *Page) int { return cmp.Compare(x.Front.NavOrder, y.Front.NavOrder) })
		for _, c := range p.Menu {
			p.Links = append(p.Links, c.Ref())
		}
		p.State, p.Theme = content.Complete, p.Menu[0].Theme
	}
	s.checkKeys()
}

// checkKeys names the keys that two pages of one menu share.
func (s *Site) checkKeys() {
	known := entries{}
	for _, p := range s.Pages {
		if p.Front.NavKey != "" {
			known.add(p)
		}
	}
	first := map[[2]string]*Page{} // menu and key → its first page
	for _, p := range s.Pages {
		if p.Front.NavKey == "" {
			continue
		}
		top := p
		for range 20 { // a menu that names itself its parent ends too
			above := known.of(top)
			if above == nil {
				break
			}
			top = above
		}
		key := [2]string{path.Dir(top.Source), p.Front.NavKey}
		if other := first[key]; other != nil {
			p.Problem(p.Front.NavLine, "cle-double", "la clé de navigation « %s » est déjà celle de %s : le fil d’Ariane des deux pages sera faux", p.Front.NavKey, other.Source)
		} else {
			first[key] = p
		}
	}
}

// MenuHTML lists the pages below an entry.
func (p *Page) MenuHTML() string {
	list := markdown.Element(atom.Ul, "")
	for _, c := range p.Menu {
		a := markdown.Element(atom.A, "")
		markdown.SetAttr(a, "href", c.URL())
		a.AppendChild(markdown.TextNode(c.Title))
		li := markdown.Element(atom.Li, "")
		li.AppendChild(a)
		list.AppendChild(li)
	}
	return markdown.RenderNode(list)
}

// IsMenu says whether the file is an entry of the menu and nothing else.
func (p *Page) IsMenu() bool { return p.Front.Hidden && p.Front.NavKey != "" && p.Words == 0 }
