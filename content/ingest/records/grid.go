package records

import (
	"slices"
	"strconv"
	"strings"

	"github.com/cct-mi/cct/content/ingest/markdown"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// grid is a table as it is seen: what cell stands in each column of each row,
// those included that span several.
type grid struct {
	head    [][]*html.Node // by row, then column; nil where there is no cell
	body    []gridRow
	columns int
}

// gridRow is a row that may be a record.
type gridRow struct {
	node  *html.Node
	cells []*html.Node // by column
	own   []*html.Node // those that begin in this row
}

// Limits of the spans of a cell, as in browsers, of the places that they take, and
// of the rows of a table.
const (
	maxSpan   = 1000
	maxPlaces = 20_000 // and four for each cell
	maxRows   = 50_000
)

// spanOf is how many columns or rows a cell takes.
func spanOf(cell *html.Node, key string) int {
	n, err := strconv.Atoi(strings.TrimSpace(markdown.Attr(cell, key)))
	if err != nil || n < 1 {
		return 1
	}
	return min(n, maxSpan)
}

// spanned is a cell that comes down from a row above.
type spanned struct {
	cell *html.Node
	rows int // still to come
}

// gridOf places the cells of a table. Rows with nothing in them are taken out of
// it, but where a cell spans them.
func gridOf(t *html.Node) *grid {
	g := &grid{}
	var all []gridRow
	var parent *html.Node
	var above []spanned // by column
	total, cells := 0, 0
	for _, row := range markdown.Elements(t, atom.Tr) {
		if row.Parent != parent { // no cell spans from one part into the next
			parent, above = row.Parent, nil
		}
		own := cellsOf(row)
		covered := slices.ContainsFunc(above, func(s spanned) bool { return s.rows > 0 })
		if blankRow(own) && !covered && !spansRows(own) {
			row.Parent.RemoveChild(row)
			continue
		}
		r := gridRow{node: row, own: own}
		column := 0
		place := func(c *html.Node, rows int) {
			r.cells = append(r.cells, c)
			for len(above) <= column {
				above = append(above, spanned{})
			}
			above[column] = spanned{c, rows}
			column++
			total++
		}
		cells += len(own)
		fill := func() {
			for column < len(above) && above[column].rows > 0 && total < maxPlaces+4*cells {
				place(above[column].cell, above[column].rows-1)
			}
		}
		for _, c := range own {
			fill()
			rows := spanOf(c, "rowspan") - 1
			for n := range spanOf(c, "colspan") {
				if n > 0 && total >= maxPlaces+4*cells {
					break
				}
				place(c, rows)
			}
		}
		fill()
		g.columns = max(g.columns, len(r.cells))
		all = append(all, r)
	}
	g.split(t, all)
	return g
}

func spansRows(cells []*html.Node) bool {
	return slices.ContainsFunc(cells, func(c *html.Node) bool { return spanOf(c, "rowspan") > 1 })
}

// split tells the rows of headings from the others.
func (g *grid) split(t *html.Node, rows []gridRow) {
	hadHead := len(markdown.Elements(t, atom.Thead)) > 0
	n := 0
	for n < len(rows) && rows[n].node.Parent.DataAtom == atom.Thead && (n == 0 || allHeads(rows[n].own)) {
		n++
	}
	titles := 0 // rows of one header over all columns, above the others
	for titles+1 < len(rows) && g.wide(rows[titles]) && allHeads(rows[titles].own) {
		titles++
	}
	if n == 0 && titles < len(rows) && (headerLike(rows[titles].own) || hadHead && rows[0].node.Parent.DataAtom != atom.Thead) {
		n = titles + 1
		for n < len(rows) && len(rows[n].own) > 1 && allHeads(rows[n].own) {
			n++
		}
	}
	for _, r := range rows[:n] {
		g.head = append(g.head, r.cells)
	}
	g.body = rows[n:]
	g.promote(t, rows[:n])
}

// promote puts the rows of headings into a <thead> of <th scope="col">, and those
// that stood there by mistake into the body.
func (g *grid) promote(t *html.Node, head []gridRow) {
	for _, h := range markdown.Elements(t, atom.Thead) {
		after := h.NextSibling
		var body *html.Node
		for _, row := range markdown.Elements(h, atom.Tr) {
			if slices.ContainsFunc(head, func(r gridRow) bool { return r.node == row }) {
				continue
			}
			if body == nil {
				body = markdown.Element(atom.Tbody, "")
				h.Parent.InsertBefore(body, after)
			}
			row.Parent.RemoveChild(row)
			body.AppendChild(row)
		}
		for _, r := range head {
			if r.node.Parent == h {
				h.RemoveChild(r.node)
			}
		}
		h.Parent.RemoveChild(h)
	}
	if len(head) == 0 {
		return
	}
	thead := markdown.Element(atom.Thead, "")
	for _, r := range head {
		if r.node.Parent != nil {
			r.node.Parent.RemoveChild(r.node)
		}
		for _, c := range r.own {
			makeHead(c, "col")
		}
		thead.AppendChild(r.node)
	}
	before := t.FirstChild
	if before != nil && before.DataAtom == atom.Caption {
		before = before.NextSibling
	}
	t.InsertBefore(thead, before)
}

// makeHead makes a cell the header of its column or row.
func makeHead(c *html.Node, scope string) {
	keepSpans(c)
	c.DataAtom, c.Data = atom.Th, "th"
	if scope == "col" && spanOf(c, "colspan") > 1 {
		scope = "colgroup"
	}
	if scope == "row" && spanOf(c, "rowspan") > 1 {
		scope = "rowgroup"
	}
	markdown.SetAttr(c, "scope", scope)
}

// keepSpans drops the attributes of a cell, but for those that place it.
func keepSpans(c *html.Node) {
	c.Attr = slices.DeleteFunc(c.Attr, func(a html.Attribute) bool { return a.Key != "colspan" && a.Key != "rowspan" && a.Key != "id" })
}

// headers are the texts above each column: that of the lowest row, after those
// above it that stand over some of the columns only.
func (g *grid) headers() []string {
	if len(g.head) == 0 {
		return nil
	}
	out := make([]string, g.columns)
	for column := range out {
		var parts []string
		var last *html.Node
		for i, row := range g.head {
			if column >= len(row) || row[column] == nil || row[column] == last {
				continue
			}
			last = row[column]
			if i < len(g.head)-1 && spanOf(last, "colspan") >= g.columns {
				continue // the table's title
			}
			if s := markdown.TextOf(last); s != "" {
				parts = append(parts, s)
			}
		}
		out[column] = strings.Join(parts, " – ")
	}
	return out
}

// lowest are the texts of the last row of headings alone.
func (g *grid) lowest() []string {
	out := make([]string, g.columns)
	for _, row := range g.head {
		for column, c := range row {
			if c == nil {
				continue
			}
			if s := markdown.TextOf(c); s != "" && spanOf(c, "colspan") < g.columns {
				out[column] = s
			}
		}
	}
	return out
}

func cellsOf(row *html.Node) (out []*html.Node) {
	for c := row.FirstChild; c != nil; c = c.NextSibling {
		if isCell(c) {
			out = append(out, c)
		}
	}
	return out
}

func isCell(n *html.Node) bool { return n.DataAtom == atom.Td || n.DataAtom == atom.Th }

// blankRow says whether a row holds nothing, or dashes alone.
func blankRow(cells []*html.Node) bool {
	for _, c := range cells {
		if strings.Trim(markdown.TextOf(c), "—-– ") != "" || hasImage(c) {
			return false
		}
	}
	return true
}

func hasImage(n *html.Node) bool {
	found := false
	markdown.Walk(n, func(c *html.Node) bool {
		found = found || c.DataAtom == atom.Img
		return !found
	})
	return found
}

func allHeads(cells []*html.Node) bool {
	for _, c := range cells {
		if c.DataAtom != atom.Th {
			return false
		}
	}
	return len(cells) > 0
}

// headerLike says whether every cell of a row is a <th>, or its text is wholly
// that of known headers.
func headerLike(cells []*html.Node) bool {
	for _, c := range cells {
		if c.DataAtom == atom.Td && columns[markdown.Fold(markdown.TextOf(c))] == other {
			return false
		}
	}
	return len(cells) > 1
}

// wide says whether a row is one cell over all columns: a title of what follows.
func (g *grid) wide(r gridRow) bool {
	return g.columns > 1 && len(r.own) == 1 && len(r.cells) == g.columns && spanOf(r.own[0], "colspan") == g.columns
}
