package records

import (
	"regexp"
	"strings"
	"sync"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/ingest/markdown"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// table is one whose rows are being read.
type table struct {
	*reader
	grid    *grid
	kind    content.Kind
	columns []column
	marks   []markColumn
	headers []string
	path    []string // shared by the rows
	line    int      // of the source, where the table is
	last    *Record  // read
	lastID  *html.Node
}

// table reads one table: its rows become records, and the table itself is made
// readable (caption, scopes, addresses of rows).
func (c *cutter) table(node *html.Node) {
	c.tables++
	t := &table{reader: c.reader, line: markdown.LineOf(node, c.line)}
	t.grid = gridOf(node)
	c.cutRows(t.grid)
	c.rows += len(t.grid.body)
	t.headers = t.grid.headers()
	t.kind, t.columns = c.schema.classify(t.grid.lowest())
	if declared := c.schema.kindFor(c.doc.File); declared != "" {
		t.kind = declared
	} else if t.kind == content.KindLigne && len(t.grid.head) > 0 {
		cols, doubt := t.requirements(t.grid.lowest())
		if cols != nil {
			t.kind, t.columns = content.KindExigence, cols
		}
		if doubt != "" {
			c.doc.Problem(t.line, "tableau-exigences", "ce tableau ressemble à des exigences, mais %s : nommez-en les colonnes (ID, Niveau, Exigence), ou déclarez-les dans %s", doubt, SchemaFile)
		}
	}
	if t.kind == content.KindLigne && len(t.grid.head) == 0 {
		t.kind = headless(c.doc.File, t.kind)
	}
	caption := c.caption(node)
	t.path = c.path()
	label := caption
	if label == "" {
		label = t.path[len(t.path)-1]
	}
	read := make([]*Record, len(t.grid.body))
	for i, row := range t.grid.body {
		switch {
		case len(row.own) == 0:
		case t.grid.wide(row) || t.groups(row):
			c.body.NewLine()
			c.body.Add(row.own[0])
			c.body.NewLine()
			keepSpans(row.own[0])
		case t.continues(row):
			t.extend(row)
		default:
			read[i] = t.row(row)
			c.page.Records = append(c.page.Records, read[i])
		}
	}
	if t.kind == content.KindProduit {
		t.hiddenColumns(node, read)
	}
	wrap(node, label)
}

// cutRows holds a table to the rows that are read.
func (c *cutter) cutRows(g *grid) {
	if len(g.body) <= maxRows {
		return
	}
	c.doc.Problem(c.line, "trop-grand", "un tableau compte plus de %d lignes : la suite n’est pas lue", maxRows)
	for _, r := range g.body[maxRows:] {
		r.node.Parent.RemoveChild(r.node)
	}
	g.body = g.body[:maxRows]
}

// cell is the cell of a row in the first column of a sort; nil when there is none.
func (t *table) cell(row gridRow, want column) *html.Node {
	for i, c := range row.cells {
		if i < len(t.columns) && t.columns[i] == want && c != nil {
			return c
		}
	}
	return nil
}

func (t *table) text(row gridRow, want column) string {
	if c := t.cell(row, want); c != nil {
		return strings.Trim(markdown.TextOf(c), "—-* ")
	}
	return ""
}

// key is the column that names the records of a kind, and what else tells that a
// row begins one.
func (t *table) key() (id column, also []column) {
	switch t.kind {
	case content.KindExigence:
		return colID, []column{colLevel}
	case content.KindProduit:
		return colReference, []column{colComponent}
	case content.KindTerme:
		return colTerm, nil
	case content.KindRegle:
		return colNumber, []column{colStatus}
	}
	return other, nil
}

// groups says whether a row of requirements is only a title of those below it:
// its first cell is no id, and the others are empty.
func (t *table) groups(row gridRow) bool {
	if t.kind != content.KindExigence || len(row.own) < 2 || row.cells[0] != row.own[0] {
		return false
	}
	for _, c := range row.own[1:] {
		if strings.Trim(markdown.TextOf(c), "—- ") != "" {
			return false
		}
	}
	return strings.IndexFunc(markdown.TextOf(row.own[0]), func(r rune) bool { return r >= '0' && r <= '9' }) < 0
}

// continues says whether a row goes on with the record above: the cell that names
// it spans both, or is empty, as is what else a record begins with.
func (t *table) continues(row gridRow) bool {
	id, also := t.key()
	if id == other || t.last == nil {
		return false
	}
	c := t.cell(row, id)
	if c != nil && c == t.lastID {
		return true
	}
	if t.text(row, id) != "" {
		return false
	}
	for _, a := range also {
		if t.text(row, a) != "" {
			return false
		}
	}
	return true
}

// extend adds a row to the record above.
func (t *table) extend(row gridRow) {
	r := t.last
	said := t.statement(row)
	for i, c := range row.cells {
		if c == nil || !begins(row, c) || i >= len(r.Cells) || i > 0 && row.cells[i-1] == c {
			continue
		}
		text := markdown.TextOf(c)
		keepSpans(c)
		if text == "" {
			continue
		}
		r.Cells[i].Text = strings.TrimSpace(r.Cells[i].Text + " " + text)
		if c == said || said == nil {
			r.Text = strings.TrimSpace(r.Text + " " + text)
		}
	}
	switch {
	case r.Terme != nil:
		r.Terme.Definition = r.Text
	case r.Produit != nil:
		r.Produit.Comment = r.Text
	}
	if said != nil && begins(row, said) {
		r.shown = append(r.shown, part{node: said, inside: true})
	}
}

// begins says whether a cell is one of the row's own.
func begins(row gridRow, c *html.Node) bool { return c.Parent == row.node }

// statement is the cell that holds what a record says; nil for a kind without one.
func (t *table) statement(row gridRow) *html.Node {
	switch t.kind {
	case content.KindExigence:
		return t.cell(row, colText)
	case content.KindProduit:
		return t.cell(row, colComment)
	case content.KindTerme:
		return t.cell(row, colDefinition)
	case content.KindRegle:
		return t.cell(row, colRule)
	}
	return nil
}

// kindOf is the kind of a row: that of its table, but for what bears neither an id
// nor a level among requirements. The living Cloud Native list says its date so, in
// a row "Version".
func (t *table) kindOf(row gridRow) content.Kind {
	if t.kind == content.KindExigence && t.text(row, colLevel) == "" && !strings.ContainsAny(t.text(row, colID), "0123456789") {
		return content.KindLigne
	}
	return t.kind
}

// row makes a record of one row.
func (t *table) row(row gridRow) *Record {
	r := &Record{}
	r.Kind, r.Path, r.Cells = t.kindOf(row), t.path, make([]content.Cell, 0, len(row.cells))
	var value values
	var seen *html.Node
	var parts []part
	for i, c := range row.cells {
		if c == nil || c == seen {
			continue
		}
		seen = c
		var text markdown.Text
		text.Add(c)
		cell := content.Cell{Text: text.String()}
		if i < len(t.headers) {
			cell.Header = t.headers[i]
		}
		r.Cells, r.cells = append(r.Cells, cell), append(r.cells, text.Addresses)
		said := &text
		parts = append(parts, part{node: c, label: cell.Header, inside: true})
		if i < len(t.columns) && t.columns[i] != other {
			var notes markdown.Text
			said = &markdown.Text{}
			said.Apart(&notes)
			said.Add(c)
			value[t.columns[i]] = said.String()
			r.Note = strings.TrimSpace(r.Note + " " + notes.String())
		}
		r.said = append(r.said, said)
	}
	r.Label = r.Cells[0].Text
	switch r.Kind {
	case content.KindExigence:
		if len(t.marks) > 0 {
			value[colLevel] = t.marked(row)
		}
		exigence(&r.Record, &value, t.cell(row, colLevel), t.schema)
	case content.KindProduit:
		produit(&r.Record, &value, row.cells[0], t.path)
	case content.KindTerme:
		terme(&r.Record, &value)
	case content.KindRegle:
		regle(&r.Record, &value, t.path)
	case content.KindNorme:
		norme(&r.Record, &value)
	default:
		ligne(&r.Record)
	}
	r.place()
	if len(t.doc.Front.Sources) > 0 && r.Note == "" {
		r.Note = remark(r.Text)
	}
	r.Line = t.lineOfRow(row, r)
	t.checkLevel(row, r, value[colLevel])
	r.Anchor = t.rowAnchor(r)
	markdown.SetAttr(row.node, "id", r.Anchor)
	markdown.SetLine(row.node, r.Line)
	t.rowHeader(row, r)
	if body := t.statement(row); body != nil && r.Kind == t.kind {
		r.shown = []part{{node: body, inside: true}}
	} else {
		r.Moved, r.shown = true, parts
	}
	t.last = r
	id, _ := t.key()
	t.lastID = t.cell(row, id)
	return r
}

// place finds the addresses of the record's text, in which its cells stand in order.
func (r *Record) place() {
	at := 0
	for _, said := range r.said {
		text := said.String()
		from := strings.Index(r.Text[at:], text)
		if text == "" || from < 0 || len(said.Addresses) == 0 {
			continue
		}
		at += from
		for _, a := range said.Addresses {
			r.Addresses = append(r.Addresses, content.Address{At: at + a.At, URL: a.URL})
		}
		at += len(text)
	}
	r.said = nil
}

// remark is what a row of a page that restates another ends with, and is no part of
// what it restates: our pages say so in these words.
func remark(text string) string {
	for _, begins := range [...]string{"Note : ", "Voir aussi ", "Figure aussi sous "} {
		if i := strings.LastIndex(text, ". "+begins); i >= 0 {
			return text[i+2:]
		}
		if strings.HasPrefix(text, begins) {
			return text
		}
	}
	return ""
}

func (t *table) lineOfRow(row gridRow, r *Record) int {
	if l := markdown.LineOf(row.node, 0); l > 0 {
		return l
	}
	text := markdown.FirstWords(r.Label)
	if r.Kind == content.KindExigence || r.Kind == content.KindProduit || r.Kind == content.KindRegle && r.ID != "" && r.Label == r.ID {
		text = r.ID
	}
	if l := t.doc.Find(text, t.line); l > 0 {
		return l
	}
	return t.line
}

// checkLevel names a level that is missing or not known.
func (t *table) checkLevel(row gridRow, r *Record, level string) {
	if r.Kind != content.KindExigence || t.cell(row, colLevel) == nil || r.Exigence.Level != content.NoLevel {
		return
	}
	switch {
	case level == "—": // none, and so meant
	case level != "" && t.schema.isLevel(level): // of another framework
	case level == "":
		t.doc.Problem(r.Line, "niveau-absent", "%s n’a pas de niveau : écrivez B, P ou I, ou un tiret s’il n’en a pas", r.ID)
	default:
		t.doc.Problem(r.Line, "niveau-inconnu", "le niveau « %s » de %s n’est pas connu : écrivez B, P ou I", markdown.Clip(level, 60), r.ID)
	}
}

// rowAnchor is the row's address on its page: its id as written, or a slug.
func (t *table) rowAnchor(r *Record) string {
	a := r.ID
	if r.Kind == content.KindLigne || r.Kind == content.KindNorme || a == "" {
		if a = markdown.Slug(markdown.ClipWords(r.Label, 60)); a == "" {
			a = "ligne"
		}
	}
	a = t.unique(a)
	t.page.Anchors[a] = a
	if s := markdown.Slug(r.Label); s != "" {
		if _, taken := t.page.Anchors[s]; !taken {
			t.page.Anchors[s] = a
		}
	}
	return a
}

// rowHeader makes the first cell the row's header, with the row's own address,
// where it begins in this row.
func (t *table) rowHeader(row gridRow, r *Record) {
	first := row.cells[0]
	for _, c := range row.own {
		keepSpans(c)
		if c == first {
			makeHead(c, "row")
			if r.Cells[0].Text != "" && !hasLink(c) {
				a := markdown.Element(atom.A, "id")
				markdown.SetAttr(a, "href", "#"+r.Anchor)
				markdown.MoveChildren(c, a)
				c.AppendChild(a)
			}
			continue
		}
		if len(markdown.TextOf(c)) > 40 {
			markdown.SetAttr(c, "class", "bloc")
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

var captionPara = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)^tableau\s*(?:\d+\s*)?[:.]\s*(.+)$`) })

// caption finds what the table is called: its own <caption>, or a paragraph
// "Tableau : …" just above, which becomes it.
func (c *cutter) caption(t *html.Node) string {
	for _, own := range markdown.Elements(t, atom.Caption) {
		if s := markdown.TextOf(own); s != "" {
			c.body.NewLine()
			c.body.Write(s)
			c.body.NewLine()
			return s
		}
		own.Parent.RemoveChild(own)
	}
	p := t.PrevSibling
	for p != nil && p.Type == html.TextNode && strings.TrimSpace(p.Data) == "" {
		p = p.PrevSibling
	}
	if p == nil || p.DataAtom != atom.P {
		return ""
	}
	m := captionPara().FindStringSubmatch(markdown.TextOf(p))
	if m == nil {
		return ""
	}
	own := markdown.Element(atom.Caption, "")
	letters := []rune(m[1])
	name := strings.ToUpper(string(letters[:1])) + string(letters[1:])
	own.AppendChild(markdown.TextNode(name))
	t.InsertBefore(own, t.FirstChild)
	p.Parent.RemoveChild(p)
	return name
}

// wrap puts the table in a region that scrolls sideways and can take focus, and
// gives it a caption for screen readers where it has none.
func wrap(t *html.Node, label string) {
	if len(markdown.Elements(t, atom.Caption)) == 0 {
		c := markdown.Element(atom.Caption, "vh")
		c.AppendChild(markdown.TextNode(label))
		t.InsertBefore(c, t.FirstChild)
	}
	t.Attr = nil
	markdown.SetAttr(t, "class", "empile")
	box := markdown.Element(atom.Div, "large")
	markdown.SetAttr(box, "tabindex", "0")
	markdown.SetAttr(box, "role", "region")
	markdown.SetAttr(box, "aria-label", "Tableau : "+label)
	markdown.Wrap(t, box)
}

// hiddenColumns shows what the official product tables say in classes alone.
func (t *table) hiddenColumns(node *html.Node, read []*Record) {
	for _, c := range t.columns {
		if c == colLicence {
			return
		}
	}
	if len(t.grid.head) > 0 {
		row := markdown.Elements(node, atom.Tr)[len(t.grid.head)-1]
		for _, s := range []string{"Licence", "Évolution"} {
			th := markdown.Element(atom.Th, "")
			markdown.SetAttr(th, "scope", "col")
			th.AppendChild(markdown.TextNode(s))
			row.AppendChild(th)
		}
	}
	for i, row := range t.grid.body {
		r := read[i]
		if r == nil || r.Produit == nil {
			continue
		}
		for _, s := range [...]string{licenceWord(r.Produit.Licence), changeWord(r.Produit.Change)} {
			td := markdown.Element(atom.Td, "")
			td.AppendChild(markdown.TextNode(s))
			row.node.AppendChild(td)
		}
	}
}
