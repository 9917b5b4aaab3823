package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A section of thousands of words says many things: as one document it answers
// none of them well. It is cut into passages, each a document of its own that
// bears the section's name; an answer holds the best of them alone.
const (
	passageWords = 150 // a passage ends with the first sentence that reaches as many
	longSection  = 2 * passageWords
)

// passagesOf cuts an entry into its passages; a short one is its only passage.
func passagesOf(e *entry) []*entry {
	texts := passages(e.body)
	out := make([]*entry, len(texts))
	for i, text := range texts {
		p := *e
		p.body = text
		if i > 0 { // its name is said above it, so that the section has one title
			p.follows, p.label, p.name = true, "", ""
			if e.label != "" {
				p.path = append(slices.Clone(e.path), e.label)
			}
		}
		out[i] = &p
	}
	return out
}

// passages cuts a long text after sentences and lines; what is left at the end, if
// it is short, goes with the last passage.
func passages(text string) []string {
	if strings.Count(text, " ") < longSection { // at most as many words
		return []string{text}
	}
	var out []string
	from, words := 0, 0
	for i, r := range text {
		if !unicode.IsSpace(r) {
			continue
		}
		words++
		before, _ := utf8.DecodeLastRuneInString(text[from:i])
		if words >= passageWords && (r == '\n' || strings.ContainsRune(".!?…;", before)) || words >= longSection {
			out = append(out, strings.TrimSpace(text[from:i]))
			from, words = i, 0
		}
	}
	rest := strings.TrimSpace(text[from:])
	if words < passageWords/3 && len(out) > 0 {
		out[len(out)-1] += " " + rest
		return out
	}
	return append(out, rest)
}
