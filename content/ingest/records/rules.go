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

// Rules that are not rows: numbered headings of the API doctrine, and
// paragraphs that begin with "Règle :".

var (
	apiRule = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^Règles?\s+(\d+(?:\.\d+)+)\s*(?:[:–—.-]\s*(.*))?$`)
	})
	apiPrinciple = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^Principe\s+n°\s*(\d+)\s*[:–—.-]\s*(.+)$`) })
	inlineRule   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^Règle\s*:\s*`) })
)

// headingRules makes a record of every heading that is a rule or a principle. The
// section is then the record: search must not hold its text twice.
func (r *reader) headingRules(headings []*html.Node) {
	sections := r.byAnchor()
	for _, h := range headings {
		title := r.texts[h]
		rec := &Record{}
		rec.Kind, rec.Label, rec.Anchor, rec.Cells = content.KindRegle, title, markdown.Attr(h, "id"), []content.Cell{}
		section := sections[rec.Anchor]
		if section == nil {
			continue
		}
		rule := false
		if m := apiRule().FindStringSubmatch(title); m != nil {
			rule = true
			rec.ID, rec.Name = m[1], strings.TrimSpace(m[2])
			rec.Regle = &content.Regle{Kind: "regle-api"}
			r.page.Anchors[rec.ID] = rec.Anchor
		} else if m := apiPrinciple().FindStringSubmatch(title); m != nil {
			rec.ID, rec.Name = "principe-"+m[1], strings.TrimSpace(m[2])
			rec.Regle = &content.Regle{Kind: "principe-api"}
		} else {
			continue
		}
		rec.Path, rec.Line = section.Path, section.Line
		text, notes := markdown.Lines(), markdown.Lines()
		text.Apart(notes)
		for n := h.NextSibling; n != nil; n = n.NextSibling {
			level := r.levels[n]
			if level > 0 && (level <= r.levels[h] || apiRule().MatchString(r.texts[n])) {
				break
			}
			rec.shown = append(rec.shown, part{node: n})
			if level > 0 {
				text.NewLine()
				text.Write(r.texts[n])
				text.NewLine()
				continue
			}
			text.Add(n)
		}
		rec.Text, rec.Note, rec.Addresses = text.String(), notes.String(), text.Addresses
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
		r.page.Records = append(r.page.Records, rec)
	}
}

// byAnchor finds sections by the anchor of their heading.
func (r *reader) byAnchor() map[string]*content.Section {
	m := make(map[string]*content.Section, len(r.page.Sections))
	for i := range r.page.Sections {
		if s := &r.page.Sections[i]; s.Anchor != "" {
			m[s.Anchor] = s
		}
	}
	return m
}

// paragraphRules makes a record of each paragraph "Règle : …", with the list
// that follows it when it ends in a colon.
func (r *reader) paragraphRules() {
	sections := r.byAnchor()
	section, path := r.page.Title, []string{r.page.Title}
	line := r.doc.BodyLine
	markdown.Walk(r.page.Root, func(n *html.Node) bool {
		if r.levels[n] > 0 {
			section, path = r.texts[n], []string{r.page.Title}
			if s := sections[markdown.Attr(n, "id")]; s != nil {
				path = append(append([]string{}, s.Path...), s.Heading)
			}
			line = markdown.LineOf(n, line)
			return false
		}
		if n.DataAtom == atom.Table {
			return false
		}
		if n.DataAtom != atom.P && n.DataAtom != atom.Li {
			return true
		}
		var whole markdown.Text
		whole.Add(n)
		text := whole.String()
		if !inlineRule().MatchString(text) {
			return n.DataAtom == atom.Li
		}
		said := inlineRule().ReplaceAllString(text, "")
		saidLength := len(said)
		shown := []part{{node: n}}
		if strings.HasSuffix(strings.TrimSpace(said), ":") {
			next := n.NextSibling
			for next != nil && next.Type == html.TextNode {
				next = next.NextSibling
			}
			if next != nil && (next.DataAtom == atom.Ul || next.DataAtom == atom.Ol) {
				said += " " + markdown.TextOf(next)
				shown = append(shown, part{node: next})
			}
		}
		rec := &Record{shown: shown}
		rec.Kind, rec.Label, rec.Path, rec.Text, rec.Name, rec.Cells = content.KindRegle, section, path, said, short(said), []content.Cell{}
		rec.Regle = &content.Regle{Kind: "regle"}
		rec.Title = rec.Name
		for _, a := range whole.Addresses {
			rec.Addresses = append(rec.Addresses, content.Address{At: a.At - (len(text) - saidLength), URL: a.URL})
		}
		rec.Anchor = r.unique("regle-" + markdown.Slug(markdown.ClipWords(said, 40)))
		rec.Line = r.lineOf(n, markdown.FirstWords(text), line)
		markdown.SetAttr(n, "id", rec.Anchor)
		r.page.Anchors[rec.Anchor] = rec.Anchor
		r.page.Records = append(r.page.Records, rec)
		return false
	})
}
