package ingest

import (
	"slices"
	"strings"

	"github.com/cct-mi/cct/content"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// grid is a table whose rows are being read.
type grid struct {
	d        *document
	kind     content.Kind
	cols     []column
	headers  []string
	path     []string // shared by the rows
	line     int      // of the source, from which the next row is looked for
	records  []content.Record
	produits []content.Produit
	cells    []content.Cell
}

// reserve makes room for the rows at once.
func (g *grid) reserve(body []*html.Node) {
	n := 0
	for _, r := range body {
		for c := r.FirstChild; c != nil; c = c.NextSibling {
			if isCell(c) {
				n++
			}
		}
	}
	g.records = make([]content.Record, len(body))
	g.cells = make([]content.Cell, n)
	if g.kind == content.KindProduit {
		g.produits = make([]content.Produit, len(body))
	}
}

// row makes a record of one row; nil when it only looks like one.
func (g *grid) row(r *html.Node) *content.Record {
	d, k, kind := g.d, g.d.desk, g.kind
	list := k.cells(r)
	if len(list) == 0 {
		return nil
	}
	rec := &g.records[0]
	g.records = g.records[1:]
	rec.Kind, rec.Path = kind, g.path
	rec.Cells, g.cells = g.cells[:len(list):len(list)], g.cells[len(list):]
	var value values
	var at [columnCount]*html.Node
	for i, c := range list {
		cell := &rec.Cells[i]
		cell.Text = k.oneLine(c)
		if i < len(g.headers) {
			cell.Header = g.headers[i]
		}
		if i < len(g.cols) && g.cols[i] != other {
			value[g.cols[i]], at[g.cols[i]] = cell.Text, c
		}
	}
	rec.Label = rec.Cells[0].Text
	if kind == content.KindExigence && value[colLevel] == "" && !strings.ContainsAny(value[colID], "0123456789") {
		// The living Cloud Native list says its date and its levels in a row "Version".
		kind = content.KindLigne
		rec.Kind = kind
	}
	var body *html.Node
	switch kind {
	case content.KindExigence:
		body = at[colText]
		d.exigence(rec, &value)
	case content.KindProduit:
		body = at[colComment]
		rec.Produit, g.produits = &g.produits[0], g.produits[1:]
		d.produit(rec, &value, list[0], g.path)
	case content.KindTerme:
		body = at[colDefinition]
		d.terme(rec, &value)
	case content.KindRegle:
		body = at[colRule]
		d.regle(rec, &value, g.path)
	case content.KindNorme:
		d.norme(rec, &value)
	default:
		d.ligne(rec)
	}
	if rec.Line = d.lineOf(needle(rec), g.line); rec.Line == 0 {
		rec.Line = g.line
	} else if kind == content.KindExigence {
		g.line = rec.Line + 1 // two rows may bear the same id
	}
	if at[colLevel] != nil && kind == content.KindExigence && rec.Exigence.Level == content.NoLevel {
		switch value[colLevel] {
		case "—": // none, and so meant
		case "":
			d.problem(rec.Line, "niveau-absent", "%s n’a pas de niveau : écrivez B, P ou I, ou un tiret s’il n’en a pas", rec.ID)
		default:
			d.problem(rec.Line, "niveau-inconnu", "le niveau « %s » de %s n’est pas connu : écrivez B, P ou I", value[colLevel], rec.ID)
		}
	}
	rec.Anchor = d.rowAnchor(rec)
	k.setAttr(r, "id", rec.Anchor)
	d.rowHeader(list, rec)
	p := pending{record: rec, what: inside, node: body}
	if body == nil {
		p.what, p.nodes, p.headers = insideCells, list, g.headers
	}
	d.pending = append(d.pending, p)
	return rec
}

// unlink gives a row's header cell without the address that was added to it.
func unlink(c *html.Node) *html.Node {
	if a := c.FirstChild; a != nil && a.DataAtom == atom.A && attr(a, "class") == "id" {
		return a
	}
	return c
}

func needle(r *content.Record) string {
	if r.Kind == content.KindExigence || r.Kind == content.KindProduit || r.Kind == content.KindRegle && r.ID != "" && r.Label == r.ID {
		return r.ID
	}
	return firstWords(r.Label)
}

// rowAnchor is the row's address on its page: its id as written, or a slug.
func (d *document) rowAnchor(r *content.Record) string {
	a := r.ID
	switch {
	case r.Kind == content.KindLigne || r.Kind == content.KindNorme || a == "":
		a = slug(clipWords(r.Label, 60))
		if a == "" {
			a = "ligne"
		}
	}
	a = d.unique(a)
	d.anchors[a] = a
	if s := slug(r.Label); s != "" {
		if _, taken := d.anchors[s]; !taken {
			d.anchors[s] = a
		}
	}
	return a
}

// rowHeader makes the first cell the row's header, with the row's own address.
func (d *document) rowHeader(list []*html.Node, r *content.Record) {
	k := d.desk
	c := list[0]
	c.DataAtom, c.Data = atom.Th, "th"
	c.Attr = nil
	k.setAttr(c, "scope", "row")
	if r.Cells[0].Text != "" && !hasLink(c) {
		a := k.element(atom.A, "id")
		k.setAttr(a, "href", k.words.join("#", r.Anchor))
		for g := c.FirstChild; g != nil; g = c.FirstChild {
			c.RemoveChild(g)
			a.AppendChild(g)
		}
		c.AppendChild(a)
	}
	for i, other := range list[1:] {
		other.Attr = slices.DeleteFunc(other.Attr, func(a html.Attribute) bool { return a.Key != "colspan" && a.Key != "rowspan" })
		if len(r.Cells[i+1].Text) > 40 {
			k.setAttr(other, "class", "bloc")
		}
	}
}

func hasLink(n *html.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.A || hasLink(c) {
			return true
		}
	}
	return false
}
