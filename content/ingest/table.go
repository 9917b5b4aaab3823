package ingest

import (
	"regexp"
	"strings"
	"sync"
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

// blankRow says whether a row holds nothing, or dashes alone: the living Cloud Native
// list parts its groups by rows of \---.
func blankRow(r *html.Node) bool {
	for c := r.FirstChild; c != nil; c = c.NextSibling {
		if isCell(c) && says(c, "—") && says(c, "-") {
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

var captionPara = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)^tableau\s*(?:\d+\s*)?[:.]\s*(.+)$`) })

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
	m := captionPara().FindStringSubmatch(string(said))
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
