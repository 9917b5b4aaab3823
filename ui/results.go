package ui

import (
	"cmp"
	"context"
	"html/template"
	"net/url"
	"slices"
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search"
)

// hit is a search.Hit as a list shows it.
type hit struct {
	search.Hit
	Number, Name string // the title's two parts; Number is "" when it begins by no id
	Kind         string // in words
	Link         string // with the words to mark, where that helps
	Where        string // theme and headings
	What         string // names the thing for the copy button: "EX33", "la section …"
	Pick         string // the id by which it may be chosen, "" for what can't be
	HasLevel     bool
	Chosen       bool          // in the selection that the address carries
	Cells        []labelled    // of a row: what its columns say, beyond the title
	Definition   template.HTML // of a term
}

// labelled is one cell of a row under the name of its column.
type labelled struct {
	Label string
	Text  template.HTML
}

// hitGroup is the hits of one page, or a hit alone.
type hitGroup struct {
	Page  *search.PageRef // nil for a hit alone
	Where string
	Hits  []hit
}

const (
	cellShown       = 120 // characters
	definitionShown = 320
)

// hits prepares found things for a list. query, when not empty, is marked on
// the pages that they lead to.
func (s *Site) hits(lib *search.Library, found []search.Hit, query string) []hit {
	c := lib.Catalog()
	var marks func(string) [][2]int
	if query != "" {
		marks = lib.Marks(query)
	}
	out := make([]hit, 0, len(found))
	for _, f := range found {
		h := hit{Hit: f, Kind: kindLabel(f.Type), Link: f.URL, HasLevel: f.Type == content.KindExigence, Where: whereabouts(c, f)}
		h.Number, h.Name = splitID(f.ID, f.Title)
		h.What = h.Number
		_, anchor, _ := strings.Cut(f.URL, "#")
		switch f.Type {
		case content.KindSection:
			h.What = "la section " + f.Title
			if anchor == "" {
				h.Kind, h.What = "Page", "la page "+f.Title
			}
		case content.KindLigne, content.KindNorme:
			h.tell(c, marks)
		case content.KindTerme:
			h.Pick = f.ID
			if r, err := c.Record(f.Type, f.ID); err == nil && r.Terme != nil {
				h.Definition = marked(cut(r.Terme.Definition, definitionShown), marks)
			}
		default:
			h.Pick = f.ID
		}
		h.What = cmp.Or(h.What, h.Name)
		if query != "" && strings.HasPrefix(f.URL, "/pages/") {
			h.Link = strings.TrimSuffix(f.URL, "#"+anchor) + "?q=" + url.QueryEscape(query)
			if anchor != "" {
				h.Link += "#" + anchor
			}
		}
		out = append(out, h)
	}
	return out
}

// tell gives a row its title and its cells.
func (h *hit) tell(c *content.Catalog, marks func(string) [][2]int) {
	r, err := c.Record(h.Type, h.ID)
	if err != nil || len(r.Cells) == 0 {
		return
	}
	keys := 1
	if h.Type == content.KindLigne {
		h.Name, keys = c.RowTitle(r)
	}
	for _, cell := range r.Cells[min(keys, len(r.Cells)):] {
		if cell.Text != "" {
			h.Cells = append(h.Cells, labelled{cell.Header, marked(cut(cell.Text, cellShown), marks)})
		}
	}
}

// marked escapes a text, with the words that answer the question between <mark>.
func marked(text string, marks func(string) [][2]int) template.HTML {
	var b strings.Builder
	at := 0
	if marks != nil {
		for _, p := range marks(text) {
			b.WriteString(template.HTMLEscapeString(text[at:p[0]]) + "<mark>" + template.HTMLEscapeString(text[p[0]:p[1]]) + "</mark>")
			at = p[1]
		}
	}
	b.WriteString(template.HTMLEscapeString(text[at:]))
	return template.HTML(b.String())
}

// grouped gathers the hits of one page under it, in the order of the first of
// each. A page that has one hit, or that is the hit, makes no group.
func grouped(c *content.Catalog, hits []hit) (out []hitGroup) {
	at := map[string]int{}
	for _, h := range hits {
		i, ok := at[h.Page.ID]
		if !ok || h.Page.ID == "" {
			i = len(out)
			at[h.Page.ID] = i
			out = append(out, hitGroup{Where: c.ThemeTitle(h.Theme)})
		}
		out[i].Hits = append(out[i].Hits, h)
	}
	for i := range out {
		if g := &out[i]; len(g.Hits) > 1 {
			page := g.Hits[0].Page
			g.Page = &page
			for j := range g.Hits {
				g.Hits[j].Where = within(g.Hits[j].Hit)
			}
		}
	}
	return out
}

// within says where a hit stands on its page: under its nearest heading.
func within(f search.Hit) string {
	path := f.Path
	if f.Type == content.KindSection && len(path) > 0 && path[len(path)-1] == f.Title {
		path = path[:len(path)-1]
	}
	if len(path) < 2 { // the page's own title
		return ""
	}
	return withoutCode(path[len(path)-1])
}

// whereabouts says where a hit stands: its theme, its page, and the nearest
// heading, which is what tells it from its neighbours. Pages of the same title
// exist, so a page shows those above it.
func whereabouts(c *content.Catalog, f search.Hit) string {
	where := []string{c.ThemeTitle(f.Theme)}
	path := f.Path
	if f.Type == content.KindSection && !strings.Contains(f.URL, "#") {
		if page, err := c.Page(f.Page.ID); err == nil {
			path = nil
			for _, crumb := range page.Crumbs {
				path = append(path, crumb.Title)
			}
		}
	}
	for i, heading := range path {
		if i == 0 && f.Type != content.KindProduit || i >= len(path)-2 {
			where = append(where, withoutCode(heading))
		}
	}
	return strings.Join(slices.Compact(slices.DeleteFunc(where, func(w string) bool { return w == "" })), " › ")
}

// bindingGroup is what binds, of one kind, among what a search found.
type bindingGroup struct {
	Title string // "Exigences (3)"
	Hits  []hit  // the most binding first
	All   string // address of all that the search found of the kind
	More  int    // how many of them are not shown
}

const (
	bindingShown = 6   // of a kind
	bindingShare = .45 // of the best hit's score, below which a hit only holds a word in common
)

// binding gathers the exigences and rules that answer a search, to be read before
// its hits. There are none beyond the first page, nor where the reader has chosen
// the types to see.
func (s *Site) binding(ctx context.Context, lib *search.Library, q question, a *search.Answer, only map[string]bool) (out []bindingGroup, err error) {
	if q.page > 1 || len(q.types) > 0 || !a.Confident || len(a.Hits) == 0 {
		return nil, nil
	}
	best := slices.MaxFunc(a.Hits, func(a, b search.Hit) int { return cmp.Compare(a.Score, b.Score) }).Score
	for _, kind := range []content.Kind{content.KindExigence, content.KindRegle} {
		i := slices.IndexFunc(a.Facets.Type, func(f search.FacetValue) bool { return f.Value == string(kind) })
		if i < 0 {
			continue
		}
		found, err := lib.Search(ctx, search.Request{Query: q.text, Limit: bindingShown, Types: []string{string(kind)}, Themes: q.themes, Levels: q.levels,
			Only: only, NoCorrect: q.noCorrect, NoExpand: q.noExpand})
		if err != nil {
			return nil, err
		}
		strong := slices.DeleteFunc(found.Hits, func(h search.Hit) bool { return h.Score < bindingShare*best })
		if len(strong) == 0 {
			continue
		}
		slices.SortStableFunc(strong, func(a, b search.Hit) int { return cmp.Compare(bindingRank(a), bindingRank(b)) })
		out = append(out, bindingGroup{Title: kindLabels(kind) + " (" + number(len(strong)) + ")", Hits: s.hits(lib, strong, ""),
			All: q.but(func(q *question) { q.types = []string{string(kind)} }), More: found.Total - len(strong)})
	}
	return out, nil
}

// bindingRank orders by what obliges most: levels, then rules, then recommendations.
func bindingRank(h search.Hit) int {
	if i := slices.Index(content.Levels(), content.Level(h.Level)); i >= 0 {
		return i
	}
	if h.Status == "RG" {
		return 0
	}
	return len(content.Levels())
}
