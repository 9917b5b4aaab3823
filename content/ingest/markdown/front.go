package markdown

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"
	"go.yaml.in/yaml/v3"
)

// Front is what a page says of itself before its text. Unknown keys are no
// fault: other tools have their own.
type Front struct {
	ID          string
	Title       string // plain text: Markdown in it is read
	Description string
	Edition     string
	Updated     string // ISO date, else ""
	Sources     []string
	Order       int
	HasOrder    bool
	Slug        string   // the official site's slugOverride
	Hidden      bool     // permalink: false
	Addresses   []string // that it gives the page, from the site's root with a slash, else from the file's folder
	NavKey      string   // eleventyNavigation
	NavParent   string
	NavOrder    int
	NavLine     int // of the source, that gives NavKey
	HasNav      bool
	Values      map[string]string // every key of the block that has a text, in lower case
}

// Limits of a block: more is no front matter that a person wrote, and YAML takes
// time that grows faster than its nesting.
const (
	maxFront      = 64 << 10 // bytes
	maxFrontDepth = 20       // nested maps and lists
)

var isoDate = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\d{4}-\d{2}-\d{2}`) })

// ReadFront reads no more of a file than the block at its head, as Read does; the zero
// Front where there is none that can be read.
func ReadFront(raw []byte) Front {
	d := &Document{}
	d.decode(raw)
	d.findLines()
	d.readFront()
	return d.Front
}

// readFront reads the block at the head of the file, and gives the body.
func (d *Document) readFront() string {
	block, body, line, kind := splitFront(d.Text)
	d.BodyLine = line
	if kind == "" {
		return body
	}
	f, err := parseFront(block, kind)
	if err != nil {
		d.Problem(1, "entete-invalide", "l’en-tête %s ne peut pas être lu : %v", kind, err)
	}
	d.Front = f
	if f.NavKey != "" {
		d.Front.NavLine = d.Find("key:", 1)
	}
	return body
}

// fences are what opens and closes the block of each language.
var fences = map[string]string{"---": "YAML", "+++": "TOML", ";;;": "JSON"}

// splitFront cuts the block at the head of a text: YAML between lines ---, TOML
// between +++, JSON between ;;; or as the object that the text begins with. The
// body starts at the given line, which is the first where there is no block; kind
// is then "". A block without end is text.
func splitFront(text string) (block, body string, line int, kind string) {
	if strings.HasPrefix(text, "{") {
		return splitJSON(text)
	}
	first, rest, ok := strings.Cut(text, "\n")
	fence := strings.TrimRight(first, " \t\r")
	kind = fences[fence]
	if !ok || kind == "" {
		return "", text, 1, ""
	}
	line = 2
	for at := 0; at < len(rest); {
		next := len(rest)
		if end := strings.IndexByte(rest[at:], '\n'); end >= 0 {
			next = at + end + 1
		}
		line++
		if l := strings.TrimRight(rest[at:next], " \t\r\n"); l == fence || kind == "YAML" && l == "..." {
			return rest[:at], rest[next:], line, kind
		}
		at = next
	}
	return "", text, 1, ""
}

// splitJSON takes the object that a text begins with for its front matter.
func splitJSON(text string) (block, body string, line int, kind string) {
	dec := json.NewDecoder(strings.NewReader(text[:min(len(text), maxFront)]))
	var m map[string]json.RawMessage
	if strings.HasPrefix(text, "{{") || strings.HasPrefix(text, "{%") || dec.Decode(&m) != nil || len(m) == 0 {
		return "", text, 1, ""
	}
	end := int(dec.InputOffset())
	after, rest, _ := strings.Cut(text[end:], "\n")
	if strings.TrimSpace(after) != "" {
		return "", text, 1, ""
	}
	return text[:end], rest, 2 + strings.Count(text[:end], "\n"), "JSON"
}

// parseFront reads a block. A value of the wrong type is left out; the error is
// one that makes the whole block unreadable.
func parseFront(block, kind string) (f Front, err error) {
	defer func() {
		if p := recover(); p != nil {
			f, err = Front{}, fmt.Errorf("%v", p) // yaml panics on some hostile input
		}
	}()
	if len(block) > maxFront {
		return Front{}, fmt.Errorf("il dépasse %d Kio", maxFront>>10)
	}
	m, err := frontValues(block, kind)
	if err != nil {
		return Front{}, err
	}
	return frontOf(m), nil
}

func frontValues(block, kind string) (map[string]any, error) {
	m := map[string]any{}
	switch kind {
	case "TOML":
		if err := shallow(block); err != nil {
			return nil, err
		}
		_, err := toml.Decode(block, &m)
		return m, err
	case "JSON":
		return m, json.Unmarshal([]byte(block), &m)
	}
	if err := shallow(block); err != nil {
		return nil, err
	}
	doc, err := yamlMapping(block)
	if doc == nil {
		return m, err
	}
	return plainValue(doc, 0).(map[string]any), nil
}

// yamlMapping parses a block of keys and values; nil when it is empty.
func yamlMapping(block string) (*yaml.Node, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(block), &doc); err != nil {
		return nil, err
	}
	if len(doc.Content) == 0 {
		return nil, nil
	}
	if doc.Content[0].Kind != yaml.MappingNode {
		return nil, errors.New("il n’est pas fait de lignes « clé: valeur »")
	}
	return doc.Content[0], nil
}

// Pair is a key with its value, in the order in which a file writes them.
type Pair struct {
	Key   string
	Value any // string, bool, nil, []any or []Pair
	Line  int // from 1
}

// YAML reads a file of keys and values. Scalars are texts as they are written, but for
// true, false and null.
func YAML(text string) (pairs []Pair, err error) {
	defer func() {
		if p := recover(); p != nil { // yaml panics on some hostile input
			pairs, err = nil, fmt.Errorf("%v", p)
		}
	}()
	if len(text) > maxFront {
		return nil, fmt.Errorf("il dépasse %d Kio", maxFront>>10)
	}
	text = normalise(text)
	if err := shallow(text); err != nil {
		return nil, err
	}
	doc, err := yamlMapping(text)
	if doc == nil {
		return nil, err
	}
	return pairsOf(doc, 0), nil
}

// pairsOf reads a mapping with its order.
func pairsOf(mapping *yaml.Node, depth int) (pairs []Pair) {
	for i := 0; i+1 < len(mapping.Content) && depth <= maxFrontDepth; i += 2 {
		key := mapping.Content[i]
		pairs = append(pairs, Pair{key.Value, orderedValue(mapping.Content[i+1], depth+1), key.Line})
	}
	return pairs
}

// orderedValue is plainValue, but for mappings, which keep their order.
func orderedValue(n *yaml.Node, depth int) any {
	switch {
	case depth > maxFrontDepth:
	case n.Kind == yaml.MappingNode:
		return pairsOf(n, depth)
	case n.Kind == yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for _, c := range n.Content {
			list = append(list, orderedValue(c, depth+1))
		}
		return list
	}
	return plainValue(n, depth)
}

// shallow refuses a block that is nested too deep before a parser takes its time
// over it: by its indentation, its brackets, or its marks of lists and keys.
func shallow(block string) error {
	tooDeep := fmt.Errorf("plus de %d imbrications", maxFrontDepth)
	open := 0
	for line := range strings.SplitSeq(block, "\n") {
		text := strings.TrimLeft(line, " \t")
		marks := 0
		for strings.HasPrefix(text, "- ") || strings.HasPrefix(text, "? ") || strings.HasPrefix(text, ": ") {
			text = strings.TrimLeft(text[2:], " ")
			marks++
		}
		if marks > maxFrontDepth || len(line)-len(text) > 8*maxFrontDepth && text != "" {
			return tooDeep
		}
		for _, c := range []byte(text) {
			switch c {
			case '[', '{':
				open++
			case ']', '}':
				open = max(open-1, 0)
			}
			if open > maxFrontDepth {
				return tooDeep
			}
		}
	}
	return nil
}

// plainValue gives a scalar as it is written, but for true, false and null; an
// alias only where it stands for a text.
func plainValue(n *yaml.Node, depth int) any {
	if depth > maxFrontDepth {
		return nil
	}
	switch n.Kind {
	case yaml.AliasNode:
		if n.Alias != nil && n.Alias.Kind == yaml.ScalarNode {
			return plainValue(n.Alias, depth+1)
		}
	case yaml.ScalarNode:
		switch n.Tag {
		case "!!null":
			return nil
		case "!!bool":
			return strings.EqualFold(n.Value, "true")
		}
		return n.Value
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for _, c := range n.Content {
			list = append(list, plainValue(c, depth+1))
		}
		return list
	case yaml.MappingNode:
		m := make(map[string]any, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			m[n.Content[i].Value] = plainValue(n.Content[i+1], depth+1)
		}
		return m
	}
	return nil
}

func frontOf(m map[string]any) (f Front) {
	f.Values = map[string]string{}
	for k, v := range m {
		if t := frontText(v); t != "" {
			f.Values[strings.ToLower(k)] = t
		}
	}
	text := func(key string) string { return frontText(m[key]) }
	f.ID, f.Title, f.Description = text("id"), PlainMarkdown(text("title")), text("description")
	f.Edition, f.Slug = text("edition"), text("slugOverride")
	f.Addresses = addressesOf(m)
	if d := text("date"); isoDate().MatchString(d) {
		f.Updated = d[:len("2006-01-02")]
	}
	switch v := m["source"].(type) {
	case []any:
		for _, s := range v {
			if s := frontText(s); s != "" {
				f.Sources = append(f.Sources, s)
			}
		}
	default:
		if s := frontText(v); s != "" {
			f.Sources = []string{s}
		}
	}
	for _, key := range []string{"order", "weight", "sidebar_position", "nav_order"} {
		if n, err := strconv.Atoi(text(key)); err == nil {
			f.Order, f.HasOrder = n, true
			break
		}
	}
	if b, ok := m["permalink"].(bool); ok && !b {
		f.Hidden = true
	}
	if nav, ok := m["eleventyNavigation"].(map[string]any); ok {
		f.NavKey, f.NavParent, f.HasNav = frontText(nav["key"]), frontText(nav["parent"]), true
		f.NavOrder, _ = strconv.Atoi(frontText(nav["order"])) // without one it comes first
	}
	return f
}

// addressesOf are the addresses that a front matter gives its page in the words of
// Jekyll, Hugo, Docusaurus and VuePress. Patterns (":title") are left out.
func addressesOf(m map[string]any) (list []string) {
	add := func(v any, relative bool) {
		a := strings.TrimSuffix(strings.TrimSuffix(frontText(v), ".html"), "/index")
		if strings.ContainsAny(a, ":{}") || !strings.HasPrefix(a, "/") && !relative {
			return
		}
		if a = strings.TrimSuffix(a, "/"); a != "" {
			list = append(list, a)
		}
	}
	add(m["permalink"], false)
	add(m["url"], false)
	add(m["slug"], true)
	for _, key := range []string{"aliases", "redirect_from"} {
		switch v := m[key].(type) {
		case []any:
			for _, one := range v {
				add(one, false)
			}
		default:
			add(v, false)
		}
	}
	return list
}

func frontText(v any) string {
	switch v := v.(type) {
	case nil, map[string]any, []any, []map[string]any:
		return ""
	case string:
		return strings.TrimSpace(v)
	case interface{ Format(string) string }: // a date of TOML
		return v.Format("2006-01-02")
	case float64: // JSON's only number
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return strings.TrimSpace(fmt.Sprint(v))
}
