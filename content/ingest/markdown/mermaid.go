package markdown

import (
	"regexp"
	"strings"
	"sync"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Graphs in Mermaid are written out as text, one line an arrow: it can be
// searched and read aloud, and needs no script from elsewhere.

// diagrams rewrites every graph of the page.
func diagrams(root *html.Node) {
	Walk(root, func(n *html.Node) bool {
		code := n.FirstChild
		fence := n.DataAtom == atom.Pre && code != nil && code.DataAtom == atom.Code && strings.Contains(Attr(code, "class"), "language-mermaid")
		if n.DataAtom != atom.Pre || !fence && !strings.Contains(Attr(n, "class"), "mermaid") {
			return true
		}
		list := Element(atom.Ul, "schema")
		for _, s := range graph(rawText(n)) {
			li := Element(atom.Li, "")
			li.AppendChild(TextNode(s))
			list.AppendChild(li)
		}
		figure := Element(atom.Figure, "")
		caption := Element(atom.Figcaption, "")
		caption.AppendChild(TextNode("Schéma, en texte :"))
		figure.AppendChild(caption)
		figure.AppendChild(list)
		n.Parent.InsertBefore(figure, n)
		n.Parent.RemoveChild(n)
		return false
	})
}

// rawText is the text below n with <br> as a blank.
func rawText(n *html.Node) string {
	var b strings.Builder
	var add func(*html.Node)
	add = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		} else if n.DataAtom == atom.Br {
			b.WriteByte(' ')
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			add(c)
		}
	}
	add(n)
	return lineBreak().ReplaceAllString(b.String(), " ")
}

var (
	lineBreak = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)<br\s*/?>`) }) // in a fence it is text
	graphKind = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?:graph|flowchart)\b`) })
	graphLook = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?:classDef|class|style|linkStyle|click|direction|accTitle|accDescr)\b|^%%`)
	})
	graphID = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[\p{L}\p{N}_.]+(?:-[\p{L}\p{N}_]+)*`) })

	// An arrow bears its words after it, -->|words|, in it, -- words -->, or none.
	arrowThenWords = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^<?(?:-{2,}|={2,}|-\.+-)>?\s*\|([^|]*)\|`) })
	arrowWithWords = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^<?(?:--|==|-\.)\s*([^-=.|>\s][^|>]*?)\s*(?:-{2,}|={2,}|\.+-)>?`)
	})
	arrowAlone = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^<?(?:-{2,}|={2,}|-\.+-)>?`) })
)

// flow is a flow chart under reading.
type flow struct {
	labels map[string]string // of nodes
	order  []string          // nodes, as they come
	alike  map[string]int    // nodes of each label
	linked map[string]bool   // nodes that an arrow touches, or a group holds
	lines  []func() string   // written once every label is known
	groups []*flowGroup      // open, the innermost last
}

type flowGroup struct {
	title string
	nodes []string
	holds map[string]bool // the nodes
}

// graph reads a flow chart: what each arrow says, what each group holds, and the
// nodes that stand alone. Of another kind of diagram it gives the lines.
func graph(src string) []string {
	f := &flow{labels: map[string]string{}, linked: map[string]bool{}}
	kind := ""
	var plain []string
	for line := range strings.FieldsFuncSeq(src, func(r rune) bool { return r == '\n' || r == ';' }) {
		line = strings.Join(strings.Fields(line), " ")
		switch {
		case line == "" || graphLook().MatchString(line):
		case kind == "":
			kind = line
		case graphKind().MatchString(kind):
			f.statement(line)
		default:
			plain = append(plain, line)
		}
	}
	if !graphKind().MatchString(kind) {
		return plain
	}
	out := []string{}
	for _, line := range f.lines {
		out = append(out, line())
	}
	for _, id := range f.order {
		if !f.linked[id] {
			out = append(out, f.name(id))
		}
	}
	return out
}

// statement reads one line of a flow chart.
func (f *flow) statement(line string) {
	if title, ok := strings.CutPrefix(line, "subgraph "); ok {
		g := &flowGroup{title: title, holds: map[string]bool{}}
		if id := graphID().FindString(title); id != "" {
			if label, _ := shapeOf(title[len(id):]); label != "" {
				g.title = label
			}
		}
		f.groups = append(f.groups, g)
		f.lines = append(f.lines, func() string {
			var names []string
			for _, id := range g.nodes {
				names = append(names, f.name(id))
			}
			return g.title + " : " + strings.Join(names, ", ")
		})
		return
	}
	if line == "end" && len(f.groups) > 0 {
		f.groups = f.groups[:len(f.groups)-1]
		return
	}
	from, rest := f.nodes(line)
	if from == nil {
		f.lines = append(f.lines, func() string { return line })
		return
	}
	for {
		words, after := arrow(rest)
		if after == rest {
			return
		}
		to, next := f.nodes(after)
		if len(from)*len(to) > maxArrows {
			f.bundle(from, to, words)
			from, rest = to, next
			continue
		}
		for _, a := range from {
			for _, b := range to {
				f.linked[a], f.linked[b] = true, true
				f.lines = append(f.lines, func() string {
					s := f.name(a) + " → " + f.name(b)
					if words != "" {
						s += " (" + words + ")"
					}
					return s
				})
			}
		}
		from, rest = to, next
	}
}

// maxArrows is how many arrows of one statement are said one by one.
const maxArrows = 100

// bundle says the arrows from several nodes to several in one line.
func (f *flow) bundle(from, to []string, words string) {
	for _, list := range [...][]string{from, to} {
		for _, id := range list {
			f.linked[id] = true
		}
	}
	f.lines = append(f.lines, func() string {
		names := func(ids []string) string {
			var list []string
			for _, id := range ids {
				list = append(list, f.name(id))
			}
			return strings.Join(list, ", ")
		}
		s := names(from) + " → " + names(to)
		if words != "" {
			s += " (" + words + ")"
		}
		return s
	})
}

// nodes reads "a[label] & b"; nil when there is none.
func (f *flow) nodes(s string) (ids []string, rest string) {
	for {
		s = strings.TrimLeft(s, " &")
		id := graphID().FindString(s)
		if id == "" {
			return ids, s
		}
		ids = append(ids, id)
		label, after := shapeOf(s[len(id):])
		if _, known := f.labels[id]; !known {
			f.order = append(f.order, id)
			f.labels[id] = id
		}
		if label != "" {
			f.labels[id] = label
		}
		for _, g := range f.groups {
			f.linked[id] = true
			if !g.holds[id] {
				g.holds[id] = true
				g.nodes = append(g.nodes, id)
			}
		}
		if class, ok := strings.CutPrefix(after, ":::"); ok {
			after = class[len(graphID().FindString(class)):]
		}
		s = strings.TrimLeft(after, " ")
		if !strings.HasPrefix(s, "&") {
			return ids, s
		}
	}
}

// name is a node's label, with its id where several nodes have the same.
func (f *flow) name(id string) string {
	if f.alike == nil { // every label is known by now
		f.alike = map[string]int{}
		for _, label := range f.labels {
			f.alike[label]++
		}
	}
	if label := f.labels[id]; f.alike[label] > 1 {
		return label + " (" + id + ")"
	}
	return f.labels[id]
}

// shapeOf reads the label of a node in any of its brackets: [a], (a), ([a]),
// {a}, >a].
func shapeOf(s string) (label, rest string) {
	if s == "" || strings.IndexByte("([{>", s[0]) < 0 {
		return "", s
	}
	closing := map[byte]string{'(': ")", '[': "]", '{': "}", '>': "]"}[s[0]]
	inner := strings.TrimLeft(s[1:], "([{/\\ ")
	at := len(s) - len(inner)
	if strings.HasPrefix(inner, `"`) {
		if end := strings.IndexByte(inner[1:], '"'); end >= 0 {
			return strings.TrimSpace(inner[1 : 1+end]), strings.TrimLeft(inner[end+2:], ")]}/\\ ")
		}
	}
	end := strings.Index(inner, closing)
	if end < 0 {
		return "", s
	}
	label = strings.TrimRight(inner[:end], "/\\ ")
	if at > 1 {
		label = strings.TrimRight(label, ")]}/\\ ")
	}
	return label, strings.TrimLeft(inner[end:], ")]}")
}

// arrow reads an arrow and its words; rest is s when there is none.
func arrow(s string) (words, rest string) {
	for _, form := range []*regexp.Regexp{arrowThenWords(), arrowWithWords(), arrowAlone()} {
		if m := form.FindStringSubmatch(s); m != nil {
			if len(m) > 1 {
				words = strings.Trim(m[1], ` "`)
			}
			return words, strings.TrimLeft(s[len(m[0]):], " ")
		}
	}
	return "", s
}
