package ui

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gorilla/mux"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search"
)

type pagesPage struct {
	frame
	Themes []themePages
	Total  int
}

type themePages struct {
	content.Theme
	Pages []content.PageHead
}

func (s *Site) pages(w http.ResponseWriter, r *http.Request, lib *search.Library) error {
	c := lib.Catalog()
	all, err := c.Pages()
	if err != nil {
		return err
	}
	p := pagesPage{frame: frame{Title: "Toutes les pages", Edition: c.Head().Name, Robots: true}, Total: len(all)}
	for _, t := range c.Head().Themes {
		group := themePages{Theme: t}
		for _, head := range all {
			if head.Theme == t.ID {
				group.Pages = append(group.Pages, head)
			}
		}
		p.Themes = append(p.Themes, group)
	}
	rest := themePages{Theme: content.Theme{ID: "autres", Title: "Autres pages"}}
	for _, head := range all {
		if head.Theme == "" {
			rest.Pages = append(rest.Pages, head)
		}
	}
	if len(rest.Pages) > 0 {
		p.Themes = append(p.Themes, rest)
	}
	return s.render(w, http.StatusOK, "pages", p)
}

type contentPage struct {
	frame
	Page           *content.Page
	HTML           string
	Theme          content.Theme
	ThemePages     []content.PageHead // of the theme, this page included
	Contents       []content.Section  // headings of the table of contents
	Previous, Next *content.PageHead
	Cites, CitedBy []content.Ref
	Wide           bool   // a table needs the whole window
	Unmarked       string // address without the marks, "" when nothing is marked
}

// tocFrom is how many headings make a table of contents worth its place.
const tocFrom = 2

func (s *Site) page(w http.ResponseWriter, r *http.Request, lib *search.Library) error {
	id := mux.Vars(r)["id"]
	c := lib.Catalog()
	page, err := c.Page(id)
	if isMissing(err) {
		return s.otherPage(w, r, c, id)
	}
	if err != nil {
		return err
	}
	query, err := search.Values(r.URL.Query()).Text("q")
	if err != nil {
		return err
	}
	p := contentPage{frame: frame{Title: page.Title, Query: query, Edition: c.Head().Name, Robots: query == "", Linked: s.article(r, c, page)}, Page: page, HTML: page.HTML,
		Theme: content.Theme{ID: page.Theme, Title: c.ThemeTitle(page.Theme)}, Cites: unique(page.Links, nil), CitedBy: unique(page.Backlinks, nil)}
	if first := "/pages/" + page.Theme; page.URL() == first || len(page.Crumbs) > 0 && (page.Crumbs[0].URL == first || page.Crumbs[0].Title == p.Theme.Title) {
		p.Theme = content.Theme{} // its first page stands for it
	}
	b := body{records: map[string]*content.Record{}, cited: map[string]*content.Record{}}
	if query != "" {
		b.marks, p.Unmarked = lib.Marks(query), page.URL()
	}
	for _, kind := range []content.Kind{content.KindExigence, content.KindProduit, content.KindRegle, content.KindTerme} {
		records, err := c.Records(kind)
		if err != nil {
			return err
		}
		for _, r := range records {
			if r.PageID == page.ID {
				b.records[r.Anchor] = r
			} else {
				b.cited[r.PageURL()] = r
			}
		}
	}
	if p.HTML, err = b.finish(page.HTML); err != nil {
		return err
	}
	p.Wide, p.Body = b.wide, "avec-theme"
	if p.Wide {
		p.Body += " ample"
	}
	for _, section := range page.Sections {
		if section.Anchor != "" && section.Level <= 3 {
			p.Contents = append(p.Contents, section)
		}
	}
	if len(p.Contents) < tocFrom {
		p.Contents = nil
	}
	all, err := c.Pages()
	if err != nil {
		return err
	}
	for i := range all {
		if all[i].Theme == page.Theme && page.Theme != "" {
			p.ThemePages = append(p.ThemePages, all[i])
		}
		if all[i].ID == page.ID {
			if i > 0 {
				p.Previous = &all[i-1]
			}
			if i+1 < len(all) {
				p.Next = &all[i+1]
			}
		}
	}
	return s.render(w, http.StatusOK, "page", p)
}

// otherPage leads to a page whose id was typed in another case.
func (s *Site) otherPage(w http.ResponseWriter, r *http.Request, c *content.Catalog, id string) error {
	all, err := c.Pages()
	if err != nil {
		return err
	}
	for _, p := range all {
		if strings.EqualFold(p.ID, id) {
			s.redirect(w, r, "/pages/"+url.PathEscape(p.ID), http.StatusMovedPermanently)
			return nil
		}
	}
	return notFound("Cette édition n’a pas de page « "+cut(strings.ToValidUTF8(id, "?"), 60)+" ».", id)
}
