package ingest

import (
	"regexp"
	"strings"
	"sync"

	"github.com/cct-mi/cct/content"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Rules that are not rows: numbered headings of the API doctrine, and
// paragraphs that begin with "Règle :".

var (
	apiRule = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^Règles?\s+(\d+(?:\.\d+)+)\s*(?:[:–—.-]\s*(.*))?$`)
	})
	apiPrinciple = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^Principe\s+n°\s*(\d+)\s*[:–—.-]\s*(.+)$`) })
	inlineRule   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^Règle\s*:\s*`) })
)

// apiRules makes a record of every heading that is a rule or a principle. The
// section is then the record: search must not hold its text twice.
func (d *document) apiRules(headings []*html.Node) {
	levels := d.desk.levels
	var sections map[string]*content.Section
	for _, h := range headings {
		title := headingText(h)
		if !strings.HasPrefix(title, "Règle") && !strings.HasPrefix(title, "Principe") { // most, without the cost of the expressions
			continue
		}
		if sections == nil {
			sections = d.byAnchor()
		}
		rec := &content.Record{Kind: content.KindRegle, Label: title, Anchor: attr(h, "id"), Cells: []content.Cell{}}
		section := sections[rec.Anchor]
		if section == nil {
			continue
		}
		rule := false
		if m := apiRule().FindStringSubmatch(title); m != nil {
			rule = true
			rec.ID, rec.Name = m[1], strings.TrimSpace(m[2])
			rec.Regle = &content.Regle{Kind: "regle-api"}
		} else if m := apiPrinciple().FindStringSubmatch(title); m != nil {
			rec.ID, rec.Name = "principe-"+m[1], strings.TrimSpace(m[2])
			rec.Regle = &content.Regle{Kind: "principe-api"}
		} else {
			continue
		}
		rec.Path, rec.Line = section.Path, section.Line
		if rule {
			d.anchors[rec.ID] = rec.Anchor
		}
		nodes := []*html.Node{}
		t := &d.desk.body
		t.begin()
		for n := h.NextSibling; n != nil; n = n.NextSibling {
			level := 0
			if headingLevel(n) > 0 {
				level = levels[n]
			}
			if level > 0 && (level <= levels[h] || apiRule().MatchString(headingText(n))) {
				break
			}
			nodes = append(nodes, n)
			if level > 0 {
				t.newLine()
				t.write(headingText(n))
				t.newLine()
				continue
			}
			t.add(n)
		}
		rec.Text = d.desk.words.keep(t.b)
		if rec.Name == "" {
			first, _, _ := strings.Cut(rec.Text, "\n")
			rec.Name = short(first)
		}
		if rule {
			rec.Title = "Règle " + rec.ID + " — " + rec.Name
		} else {
			rec.Title = "Principe " + strings.TrimPrefix(rec.ID, "principe-") + " — " + rec.Name
		}
		section.Record = rec.ID
		d.pending = append(d.pending, pending{record: rec, what: nodesLeft, nodes: nodes})
		d.records = append(d.records, rec)
	}
}

// byAnchor finds sections by the anchor of their heading.
func (d *document) byAnchor() map[string]*content.Section {
	m := make(map[string]*content.Section, len(d.page.Sections))
	for i := range d.page.Sections {
		if s := &d.page.Sections[i]; s.Anchor != "" {
			m[s.Anchor] = s
		}
	}
	return m
}

// paragraphRules makes a record of each paragraph "Règle : …", with the list
// that follows it when it ends in a colon.
func (d *document) paragraphRules(root *html.Node) {
	section, path := d.page.Title, []string{d.page.Title}
	var heading *html.Node // of the section, once a rule asks for it
	var sections map[string]*content.Section
	walk(root, func(n *html.Node) bool {
		if headingLevel(n) > 0 {
			heading = n
			return false
		}
		if n.DataAtom == atom.Table {
			return false
		}
		if n.DataAtom != atom.P && n.DataAtom != atom.Li {
			return true
		}
		if !d.desk.beginsWith(n, "Règle") {
			return n.DataAtom == atom.Li
		}
		t := d.desk.oneLine(n)
		if !inlineRule().MatchString(t) {
			return n.DataAtom == atom.Li
		}
		if heading != nil {
			section = headingText(heading)
			path = []string{d.page.Title}
			if sections == nil {
				sections = d.byAnchor()
			}
			if s := sections[attr(heading, "id")]; s != nil {
				path = append(append([]string{}, s.Path...), s.Heading)
			}
			heading = nil
		}
		said := inlineRule().ReplaceAllString(t, "")
		nodes := []*html.Node{n}
		if strings.HasSuffix(strings.TrimSpace(said), ":") {
			next := n.NextSibling
			for next != nil && next.Type == html.TextNode {
				next = next.NextSibling
			}
			if next != nil && (next.DataAtom == atom.Ul || next.DataAtom == atom.Ol) {
				said += " " + string(d.desk.line(next))
				nodes = append(nodes, next)
			}
		}
		rec := &content.Record{Kind: content.KindRegle, Label: section, Path: append([]string{}, path...), Text: said, Name: short(said), Cells: []content.Cell{}, Regle: &content.Regle{Kind: "regle"}}
		rec.Title = rec.Name
		rec.Anchor = d.unique("regle-" + slug(clipWords(said, 40)))
		rec.Line = d.lineOf(firstWords(t), d.bodyLine)
		if rec.Line == 0 {
			rec.Line = d.lineOf(firstWords(said), d.bodyLine)
		}
		d.desk.setAttr(n, "id", rec.Anchor)
		d.anchors[rec.Anchor] = rec.Anchor
		d.pending = append(d.pending, pending{record: rec, what: nodesWithoutID, nodes: nodes})
		d.records = append(d.records, rec)
		return false
	})
}
