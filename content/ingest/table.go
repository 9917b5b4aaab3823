package ingest

import (
	"fmt"
	"regexp"
	"strings"

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
)

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
	has := map[column]bool{}
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
	rows := childrenOf(t, atom.Tr)
	var head *html.Node
	var body []*html.Node
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
	if head == nil && len(body) > 0 && (headerLike(body[0]) || t.FirstChild != nil && emptyHead(t)) {
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
		for _, c := range cells(head) {
			headers = append(headers, oneLine(c))
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
	before := len(d.records)
	for _, r := range body {
		rec := d.row(r, kind, cols, headers, path, w)
		if rec == nil {
			continue
		}
		d.records = append(d.records, rec)
	}
	if kind == content.KindProduit {
		d.hiddenColumns(head, body, cols, d.records[before:])
	}
	wrap(t, label)
}

func cells(r *html.Node) []*html.Node {
	var out []*html.Node
	for c := r.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Td || c.DataAtom == atom.Th {
			out = append(out, c)
		}
	}
	return out
}

func blankRow(r *html.Node) bool {
	for _, c := range cells(r) {
		if strings.Trim(textOf(c), " \u00a0\n-—") != "" || strings.Contains(textOf(c), "-") {
			return false
		}
	}
	return true
}

// emptyHead says whether the table had a header row with nothing in it: its
// first row is then the real one.
func emptyHead(t *html.Node) bool {
	for _, h := range childrenOf(t, atom.Thead) {
		return len(childrenOf(h, atom.Tr)) == 0
	}
	return false
}

// headerLike says whether every cell of a row is a <th>, or its text is wholly
// that of known headers.
func headerLike(r *html.Node) bool {
	list := cells(r)
	known := 0
	for _, c := range list {
		if c.DataAtom == atom.Td && columns[fold(oneLine(c))] == other {
			return false
		}
		known++
	}
	return known > 1
}

// promote moves the header row into a <thead> of <th scope="col">.
func (d *document) promote(t, head *html.Node) {
	for _, h := range childrenOf(t, atom.Thead) {
		h.Parent.RemoveChild(h)
	}
	if head == nil {
		return
	}
	if head.Parent != nil {
		head.Parent.RemoveChild(head)
	}
	for _, c := range cells(head) {
		c.DataAtom, c.Data = atom.Th, "th"
		c.Attr = []html.Attribute{{Key: "scope", Val: "col"}}
	}
	thead := element(atom.Thead, "")
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
	for _, c := range childrenOf(t, atom.Caption) {
		if s := oneLine(c); s != "" {
			w.text.b.WriteString("\n" + s + "\n")
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
	m := captionPara.FindStringSubmatch(oneLine(p))
	if m == nil {
		return ""
	}
	c := element(atom.Caption, "")
	r := []rune(m[1])
	name := strings.ToUpper(string(r[:1])) + string(r[1:])
	c.AppendChild(textNode(name))
	t.InsertBefore(c, t.FirstChild)
	p.Parent.RemoveChild(p)
	return name
}

// wrap puts the table in a region that scrolls sideways and can take focus, and
// gives it a caption for screen readers where it has none.
func wrap(t *html.Node, label string) {
	if len(childrenOf(t, atom.Caption)) == 0 {
		c := element(atom.Caption, "vh")
		c.AppendChild(textNode(label))
		t.InsertBefore(c, t.FirstChild)
	}
	setAttr(t, "class", "empile")
	box := element(atom.Div, "large")
	setAttr(box, "tabindex", "0")
	setAttr(box, "role", "region")
	setAttr(box, "aria-label", "Tableau : "+label)
	t.Parent.InsertBefore(box, t)
	t.Parent.RemoveChild(t)
	box.AppendChild(t)
}

// row makes a record of one row; nil when it only looks like one.
func (d *document) row(r *html.Node, kind content.Kind, cols []column, headers, path []string, w *walker) *content.Record {
	list := cells(r)
	if len(list) == 0 {
		return nil
	}
	rec := &content.Record{Kind: kind, Path: append([]string{}, path...), Cells: []content.Cell{}}
	value := map[column]string{}
	at := map[column]*html.Node{}
	for i, c := range list {
		cell := content.Cell{Text: oneLine(c)}
		if i < len(headers) {
			cell.Header = headers[i]
		}
		rec.Cells = append(rec.Cells, cell)
		if i < len(cols) && cols[i] != other {
			value[cols[i]], at[cols[i]] = cell.Text, c
		}
	}
	rec.Label = rec.Cells[0].Text
	var body *html.Node
	switch kind {
	case content.KindExigence:
		body = at[colText]
		d.exigence(rec, value)
	case content.KindProduit:
		body = at[colComment]
		d.produit(rec, value, list[0], path)
	case content.KindTerme:
		body = at[colDefinition]
		d.terme(rec, value)
	case content.KindRegle:
		body = at[colRule]
		d.regle(rec, value, path)
	case content.KindNorme:
		d.norme(rec, value)
	default:
		d.ligne(rec)
	}
	from := w.line
	if l := d.lineOf(needle(rec), from); l > 0 {
		rec.Line = l
	} else {
		rec.Line = from
	}
	if _, asked := at[colLevel]; asked && kind == content.KindExigence && rec.Exigence.Level == content.NoLevel {
		switch value[colLevel] {
		case "—": // none, and so meant
		case "":
			d.problem(rec.Line, "niveau-absent", "%s n’a pas de niveau : écrivez B, P ou I, ou un tiret s’il n’en a pas", rec.ID)
		default:
			d.problem(rec.Line, "niveau-inconnu", "le niveau « %s » de %s n’est pas connu : écrivez B, P ou I", value[colLevel], rec.ID)
		}
	}
	rec.Anchor = d.rowAnchor(rec)
	setAttr(r, "id", rec.Anchor)
	d.rowHeader(list, rec.Anchor)
	d.pending = append(d.pending, func() {
		if body != nil {
			rec.HTML = render(body)
			return
		}
		var b strings.Builder
		for i, c := range list {
			if i < len(headers) && headers[i] != "" {
				fmt.Fprintf(&b, "<p><strong>%s :</strong> %s</p>", html.EscapeString(headers[i]), render(unlink(c)))
			} else {
				fmt.Fprintf(&b, "<p>%s</p>", render(unlink(c)))
			}
		}
		rec.HTML = b.String()
	})
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
func (d *document) rowHeader(list []*html.Node, anchor string) {
	c := list[0]
	c.DataAtom, c.Data = atom.Th, "th"
	c.Attr = []html.Attribute{{Key: "scope", Val: "row"}}
	hasLink := false
	walk(c, func(n *html.Node) bool {
		hasLink = hasLink || n.DataAtom == atom.A
		return true
	})
	if !hasLink && strings.TrimSpace(textOf(c)) != "" {
		a := element(atom.A, "id")
		setAttr(a, "href", "#"+anchor)
		for g := c.FirstChild; g != nil; g = c.FirstChild {
			c.RemoveChild(g)
			a.AppendChild(g)
		}
		c.AppendChild(a)
	}
	for _, other := range list[1:] {
		long := len(textOf(other)) > 40
		var keep []html.Attribute
		for _, a := range other.Attr {
			if a.Key == "colspan" || a.Key == "rowspan" {
				keep = append(keep, a)
			}
		}
		other.Attr = keep
		if long {
			setAttr(other, "class", "bloc")
		}
	}
}

// hiddenColumns shows what the official product tables say in classes alone.
func (d *document) hiddenColumns(head *html.Node, body []*html.Node, cols []column, records []*content.Record) {
	for _, c := range cols {
		if c == colLicence {
			return
		}
	}
	if head != nil {
		for _, s := range []string{"Licence", "Évolution"} {
			th := element(atom.Th, "")
			setAttr(th, "scope", "col")
			th.AppendChild(textNode(s))
			head.AppendChild(th)
		}
	}
	byAnchor := map[string]*content.Record{}
	for _, r := range records {
		byAnchor[r.Anchor] = r
	}
	for _, row := range body {
		r := byAnchor[attr(row, "id")]
		if r == nil || r.Produit == nil {
			continue
		}
		for _, s := range []string{licenceWord(r.Produit.Licence), changeWord(r.Produit.Change)} {
			td := element(atom.Td, "")
			td.AppendChild(textNode(s))
			row.AppendChild(td)
		}
	}
}

func clipWords(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	cut := string(r[:n])
	if i := strings.LastIndexByte(cut, ' '); i > n/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:.(–-")
}
