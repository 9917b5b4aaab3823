package ingest

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

// front is what a page says of itself before its text. Unknown keys are no
// fault: other tools have their own.
type front struct {
	ID          string
	Title       string
	Description string
	Edition     string
	Updated     string // ISO date, else ""
	Sources     []string
	Order       int
	HasOrder    bool
	Slug        string // the official site's slugOverride
	Hidden      bool   // permalink: false
	NavKey      string // eleventyNavigation
	NavParent   string
	NavOrder    int
	HasNav      bool
}

var isoDate = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`) })

// splitFront cuts the YAML block at the head of a file. body starts at the
// given line of the file, which is the first where there is no block. A block
// without end is text.
func splitFront(raw string) (block, body string, line int) {
	first, rest, ok := strings.Cut(raw, "\n")
	if !ok || strings.TrimRight(first, " \t\r") != "---" {
		return "", raw, 1
	}
	line = 2
	for at := 0; at < len(rest); {
		end := strings.IndexByte(rest[at:], '\n')
		next := len(rest)
		if end >= 0 {
			next = at + end + 1
		}
		line++
		if l := strings.TrimRight(rest[at:next], " \t\r\n"); l == "---" || l == "..." {
			return rest[:at], rest[next:], line
		}
		at = next
	}
	return "", raw, 1
}

// parseFront reads the block. A value of the wrong type is left out; the error
// is one that makes the whole block unreadable, with its line in the block.
func parseFront(block string) (f front, err error) {
	defer func() {
		if p := recover(); p != nil {
			f, err = front{}, fmt.Errorf("%v", p) // yaml panics on some hostile input
		}
	}()
	m := simpleFront(block)
	if m == nil {
		if err := yaml.Unmarshal([]byte(block), &m); err != nil {
			return front{}, err
		}
	}
	return frontOf(m), nil
}

func frontOf(m map[string]any) (f front) {
	text := func(v any) string {
		switch v := v.(type) {
		case nil:
			return ""
		case string:
			return strings.TrimSpace(v)
		case map[string]any, []any:
			return ""
		}
		return strings.TrimSpace(fmt.Sprint(v))
	}
	f.ID, f.Title, f.Description = text(m["id"]), text(m["title"]), text(m["description"])
	f.Edition, f.Slug = text(m["edition"]), text(m["slugOverride"])
	if d, ok := m["date"].(string); ok && isoDate().MatchString(strings.TrimSpace(d)) {
		f.Updated = strings.TrimSpace(d)
	} else if t, ok := m["date"].(interface{ Format(string) string }); ok {
		f.Updated = t.Format("2006-01-02")
	}
	switch v := m["source"].(type) {
	case []any:
		for _, s := range v {
			if s := text(s); s != "" {
				f.Sources = append(f.Sources, s)
			}
		}
	default:
		if s := text(v); s != "" {
			f.Sources = []string{s}
		}
	}
	if n, err := strconv.Atoi(text(m["order"])); err == nil {
		f.Order, f.HasOrder = n, true
	}
	if b, ok := m["permalink"].(bool); ok && !b {
		f.Hidden = true
	}
	if nav, ok := m["eleventyNavigation"].(map[string]any); ok {
		f.NavKey, f.NavParent, f.HasNav = text(nav["key"]), text(nav["parent"]), true
		f.NavOrder, _ = strconv.Atoi(text(nav["order"])) // without one it comes first
	}
	return f
}
