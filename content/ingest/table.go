package ingest

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/cct-mi/cct/content"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Tables are told apart by their headers, never by their caption or place: a
// caption of the source was copied from another table.

// column is what a header stands for.
type column int

const (
	other column = iota
	colID
	colLevel
	colName
	colText
	colNature
	colCategory
	colReplaces
	colReference
	colComponent
	colVendor
	colVersion
	colStatus
	colSupport
	colLicence
	colChange
	colComment
	colTerm
	colAliases
	colDefinition
	colNumber
	colRule
	colNorm
	colGoverns

	columnCount
)

// values are the texts of a row, by what their columns are.
type values [columnCount]string

// columns maps a folded header to what it stands for.
var columns = map[string]column{
	"id": colID, "identifiant": colID, "type": colLevel, "niveau": colLevel, "intitule": colName, "exigence": colText, "nature": colNature,
	"categorisation": colCategory, "categorie": colCategory, "autre edition": colReplaces,
	"reference": colReference, "composant": colComponent, "produit": colComponent, "fournisseur": colVendor, "editeur": colVendor, "version": colVersion, "statut": colStatus,
	"supp ll": colSupport, "licence": colLicence, "evolution": colChange, "commentaires": colComment, "commentaire": colComment,
	"terme": colTerm, "autres noms": colAliases, "description definition": colDefinition, "definition": colDefinition, "description": colDefinition,
	"ref": colNumber, "regle": colRule, "norme": colNorm, "ce qu elle regit": colGoverns,
}

// classify tells the kind of records that a table holds, and what each of its
// columns is; KindLigne when nothing is recognised.
func classify(headers []string) (content.Kind, []column) {
	cols := make([]column, len(headers))
	var has [columnCount]bool
	for i, h := range headers {
		cols[i] = columns[fold(h)]
		has[cols[i]] = true
	}
	replace := func(from, to column) {
		for i := range cols {
			if cols[i] == from {
				cols[i] = to
			}
		}
	}
	switch {
	case has[colReference] && has[colComponent]:
		return content.KindProduit, cols
	case has[colID] && has[colText]:
		return content.KindExigence, cols
	case has[colTerm] && has[colDefinition]:
		return content.KindTerme, cols
	case has[colNumber] && has[colStatus] && (has[colName] || has[colRule]):
		if !has[colRule] {
			replace(colName, colRule)
		}
		return content.KindRegle, cols
	case has[colNorm]:
		return content.KindNorme, cols
	}
	return content.KindLigne, cols
}

// table reads one table: its rows become records, and the table itself is made
// readable (caption, scopes, addresses of rows).
func (d *document) table(t *html.Node, w *walker) {
	d.rawTables++
	k := d.desk
	rows := k.childrenOf(t, atom.Tr)
	var head *html.Node
	body := k.lists.take(len(rows))[:0]
	for _, r := range rows {
		switch {
		case r.Parent.DataAtom == atom.Thead && head == nil && !blankRow(r):
			head = r
		case blankRow(r):
			r.Parent.RemoveChild(r)
		default:
			body = append(body, r)
		}
	}
	delAttr(t, "data-composant")
	if head == nil && len(body) > 0 && (k.headerLike(body[0]) || t.FirstChild != nil && k.emptyHead(t)) {
		head, body = body[0], body[1:]
	}
	if len(body) > maxRows {
		d.problem(w.line, "trop-grand", "un tableau compte plus de %d lignes : la suite n’est pas lue", maxRows)
		for _, r := range body[maxRows:] {
			r.Parent.RemoveChild(r)
		}
		body = body[:maxRows]
	}
	d.rawRows += len(body)
	var headers []string
	if head != nil {
		list := k.cells(head)
		headers = make([]string, 0, len(list))
		for _, c := range list {
			headers = append(headers, k.oneLine(c))
		}
	}
	kind, cols := classify(headers)
	if kind == content.KindLigne && head == nil {
		kind = headless(d.source, kind)
	}
	caption := d.caption(t, w)
	d.promote(t, head)
	path := w.path()
	label := caption
	if label == "" {
		label = path[len(path)-1]
	}
	g := &grid{d: d, kind: kind, cols: cols, headers: headers, path: path, line: w.line}
	g.reserve(body)
	list := make([]*content.Record, len(body))
	for i, r := range body {
		if list[i] = g.row(r); list[i] != nil {
			d.records = append(d.records, list[i])
		}
	}
	if kind == content.KindProduit {
		d.hiddenColumns(head, body, cols, list)
	}
	k.wrap(t, label)
}

func (k *desk) cells(r *html.Node) []*html.Node {
	n := 0
	for c := r.FirstChild; c != nil; c = c.NextSibling {
		if isCell(c) {
			n++
		}
	}
	out := k.lists.take(n)[:0]
	for c := r.FirstChild; c != nil; c = c.NextSibling {
		if isCell(c) {
			out = append(out, c)
		}
	}
	return out
}

func isCell(n *html.Node) bool { return n.DataAtom == atom.Td || n.DataAtom == atom.Th }

// blankRow says whether a row holds nothing, or long dashes alone.
func blankRow(r *html.Node) bool {
	for c := r.FirstChild; c != nil; c = c.NextSibling {
		if isCell(c) && says(c, "—") {
			return false
		}
	}
	return true
}

// emptyHead says whether the table had a header row with nothing in it: its
// first row is then the real one.
func (k *desk) emptyHead(t *html.Node) bool {
	for _, h := range k.childrenOf(t, atom.Thead) {
		return len(k.childrenOf(h, atom.Tr)) == 0
	}
	return false
}

// headerLike says whether every cell of a row is a <th>, or its text is wholly
// that of known headers.
func (k *desk) headerLike(r *html.Node) bool {
	list := k.cells(r)
	known := 0
	for _, c := range list {
		if c.DataAtom == atom.Td && columns[fold(string(k.line(c)))] == other {
			return false
		}
		known++
	}
	return known > 1
}

// promote moves the header row into a <thead> of <th scope="col">.
func (d *document) promote(t, head *html.Node) {
	k := d.desk
	for _, h := range k.childrenOf(t, atom.Thead) {
		h.Parent.RemoveChild(h)
	}
	if head == nil {
		return
	}
	if head.Parent != nil {
		head.Parent.RemoveChild(head)
	}
	for _, c := range k.cells(head) {
		c.DataAtom, c.Data = atom.Th, "th"
		c.Attr = nil
		k.setAttr(c, "scope", "col")
	}
	thead := k.element(atom.Thead, "")
	thead.AppendChild(head)
	before := t.FirstChild
	if before != nil && before.DataAtom == atom.Caption {
		before = before.NextSibling
	}
	t.InsertBefore(thead, before)
}

var captionPara = regexp.MustCompile(`(?i)^tableau\s*(?:\d+\s*)?[:.]\s*(.+)$`)

// caption finds what the table is called: its own <caption>, or a paragraph
// "Tableau : …" just above, which becomes it.
func (d *document) caption(t *html.Node, w *walker) string {
	k := d.desk
	for _, c := range k.childrenOf(t, atom.Caption) {
		if s := k.oneLine(c); s != "" {
			k.body.newLine()
			k.body.write(s)
			k.body.newLine()
			return s
		}
		c.Parent.RemoveChild(c)
	}
	p := t.PrevSibling
	for p != nil && p.Type == html.TextNode && strings.TrimSpace(p.Data) == "" {
		p = p.PrevSibling
	}
	if p == nil || p.DataAtom != atom.P {
		return ""
	}
	said := k.line(p)
	if len(said) < len("tableau") || !strings.EqualFold(string(said[:len("tableau")]), "tableau") { // most, without the cost of the expression
		return ""
	}
	m := captionPara.FindStringSubmatch(string(said))
	if m == nil {
		return ""
	}
	c := k.element(atom.Caption, "")
	r := []rune(m[1])
	name := strings.ToUpper(string(r[:1])) + string(r[1:])
	c.AppendChild(k.textNode(name))
	t.InsertBefore(c, t.FirstChild)
	p.Parent.RemoveChild(p)
	return name
}

// wrap puts the table in a region that scrolls sideways and can take focus, and
// gives it a caption for screen readers where it has none.
func (k *desk) wrap(t *html.Node, label string) {
	if len(k.childrenOf(t, atom.Caption)) == 0 {
		c := k.element(atom.Caption, "vh")
		c.AppendChild(k.textNode(label))
		t.InsertBefore(c, t.FirstChild)
	}
	k.setAttr(t, "class", "empile")
	box := k.element(atom.Div, "large")
	k.setAttr(box, "tabindex", "0")
	k.setAttr(box, "role", "region")
	k.setAttr(box, "aria-label", k.words.join("Tableau : ", label))
	t.Parent.InsertBefore(box, t)
	t.Parent.RemoveChild(t)
	box.AppendChild(t)
}

// grid is a table whose rows are being read.
type grid struct {
	d        *document
	kind     content.Kind
	cols     []column
	headers  []string
	path     []string // shared by the rows
	line     int      // of the source, where the table's section is
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

// hiddenColumns shows what the official product tables say in classes alone.
func (d *document) hiddenColumns(head *html.Node, body []*html.Node, cols []column, records []*content.Record) {
	for _, c := range cols {
		if c == colLicence {
			return
		}
	}
	k := d.desk
	if head != nil {
		for _, s := range []string{"Licence", "Évolution"} {
			th := k.element(atom.Th, "")
			k.setAttr(th, "scope", "col")
			th.AppendChild(k.textNode(s))
			head.AppendChild(th)
		}
	}
	for i, row := range body {
		r := records[i]
		if r == nil || r.Produit == nil {
			continue
		}
		for _, s := range [...]string{licenceWord(r.Produit.Licence), changeWord(r.Produit.Change)} {
			td := k.element(atom.Td, "")
			td.AppendChild(k.textNode(s))
			row.AppendChild(td)
		}
	}
}

// clipWords cuts a text between words, after n characters at most.
func clipWords(s string, n int) string {
	at := 0
	for left := n; left > 0 && at < len(s); left-- {
		_, size := utf8.DecodeRuneInString(s[at:])
		at += size
	}
	if at == len(s) {
		return s
	}
	cut := s[:at]
	if i := strings.LastIndexByte(cut, ' '); i > n/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:.(–-")
}
