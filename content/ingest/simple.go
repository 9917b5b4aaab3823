package ingest

import (
	"strings"
	"unicode/utf8"
)

// simpleFront reads a block as most are: keys with a text on one line, a list of
// texts or a map of texts, in the YAML that needs no rule to be read. Any other
// block is nil, and left to the library: it takes a hundred times the memory.
// FuzzFrontMatter holds the two to the same page, though numbers are texts here.
func simpleFront(block string) map[string]any {
	if !utf8.ValidString(block) {
		return nil
	}
	m := make(map[string]any, 8)
	open := "" // key whose value stands below it
	indent := 0
	for line := range strings.SplitSeq(block, "\n") {
		text := strings.TrimLeft(line, " ")
		at := len(line) - len(text)
		if text == "" {
			continue
		}
		item, isItem := strings.CutPrefix(text, "- ")
		if at > 0 || isItem { // below a key
			if _, known := m[open].(string); known || open == "" || indent >= 0 && indent != at {
				return nil
			}
			indent = at
			if isItem {
				v, ok := simpleValue(item)
				list, isList := m[open].([]any)
				if !ok || isoDate().MatchString(v) || m[open] != nil && !isList {
					return nil
				}
				m[open] = append(list, strings.Clone(v))
				continue
			}
			key, value, ok := simplePair(text)
			below, isMap := m[open].(map[string]any)
			if !ok || value == "" || m[open] != nil && !isMap {
				return nil
			}
			if below == nil {
				below = make(map[string]any, 4)
				m[open] = below
			}
			if _, twice := below[key]; twice {
				return nil
			}
			below[key] = strings.Clone(value)
			continue
		}
		key, value, ok := simplePair(text)
		if _, twice := m[key]; twice || !ok {
			return nil
		}
		open, indent = "", -1
		switch {
		case value == "":
			open, m[key] = key, nil
		case key == "permalink" && value == "false":
			if text[len(text)-1] == '"' || text[len(text)-1] == '\'' {
				return nil
			}
			m[key] = false
		default:
			m[key] = strings.Clone(value) // the file is let go
		}
	}
	return m
}

// simplePair reads "key: value". The value is "" where it stands below.
func simplePair(s string) (key, value string, ok bool) {
	key, value, ok = strings.Cut(s, ":")
	if !ok || len(key) < 2 || word(key) || key == "true" || key == "false" {
		return "", "", false
	}
	for i := range len(key) {
		if c := key[i] | 0x20; c < 'a' || c > 'z' {
			return "", "", false
		}
	}
	if strings.Trim(value, " ") == "" {
		return key, "", true
	}
	if value[0] != ' ' {
		return "", "", false
	}
	value, ok = simpleValue(value)
	if value == "" { // in quotes
		return "", "", false
	}
	if isoDate().MatchString(value) && key != "date" {
		return "", "", false
	}
	return key, value, ok
}

// simpleValue reads a text on one line.
func simpleValue(s string) (string, bool) {
	if s = strings.Trim(s, " "); s == "" {
		return "", false
	}
	for i, r := range s {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == '\u2028' || r == '\u2029' || r >= 0xd800 {
			return "", false
		}
		if i > 0 && (r == '#' && s[i-1] == ' ' || r == ' ' && s[i-1] == ':') && s[0] != '"' && s[0] != '\'' {
			return "", false
		}
	}
	switch c := s[0] | 0x20; {
	case s[0] == '"' || s[0] == '\'':
		in := s[1:]
		if len(in) < 2 || in[len(in)-1] != s[0] || strings.IndexByte(in, s[0]) != len(in)-1 || strings.IndexByte(in, '\\') >= 0 {
			return "", false
		}
		return in[:len(in)-1], true
	case s[len(s)-1] == ':':
		return "", false
	case c >= 'a' && c <= 'z' || s[0] >= 0xc3:
		return s, !word(s)
	case s[0] >= '1' && s[0] <= '9':
		if strings.IndexByte(s, '/') > 0 { // a path
			return s, true
		}
		if len(s) < 9 && strings.Trim(s, "0123456789") == "" {
			return s, true
		}
		return s, isoDate().MatchString(s)
	}
	return "", false
}

// word tells the words that YAML, of one age or another, does not take for
// texts; true and false are written as they are read.
func word(s string) bool {
	if s == "true" || s == "false" {
		return false
	}
	switch strings.ToLower(s) {
	case "true", "false", "yes", "no", "on", "off", "null", "nan", "inf", "y", "n":
		return true
	}
	return false
}
