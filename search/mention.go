package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/cct-mi/cct/content"
)

// Mention is an id that a text cites.
type Mention struct {
	Start, End int           // bytes of the text
	Text       string        // as written
	Refs       []content.Ref // what bears it; none for an id of a known family that nothing bears
	Between    bool          // it lies inside a range that the text names by its ends
}

// Mentions finds the ids that a line of any text cites, however they are written:
// those of the content, and those of its families that nothing bears.
func (l *Library) Mentions(line string) ([]Mention, error) {
	if !strings.ContainsFunc(line, unicode.IsDigit) {
		return nil, nil
	}
	families, err := l.ids.families()
	if err != nil {
		return nil, err
	}
	var found []Mention
	var before idRef // of the last of found
	parts := idParts(line)
	for i, p := range parts {
		if p.what != idNumber || goesOn(line, p.end) {
			continue
		}
		r, start, ok := refBefore(families, line, parts[:i], p)
		if !ok || !begins(line, start, found) {
			continue
		}
		documents, err := l.ids.bearers(r)
		if err != nil {
			return nil, err
		}
		if len(documents) == 0 && !plausible(families[r.letters], r, line[start:p.end]) {
			continue
		}
		if n := len(found); n > 0 && joinsRange(line[found[n-1].End:start]) {
			inside, ok, err := l.ids.between(before, r)
			if err != nil {
				return nil, err
			}
			for _, d := range inside {
				if !ok {
					break
				}
				refs, err := l.documents.refs([]uint32{d})
				if err != nil {
					return nil, err
				}
				found = append(found, Mention{Start: start, End: p.end, Text: line[start:p.end], Refs: refs, Between: true})
			}
		}
		refs, err := l.documents.refs(documents)
		if err != nil {
			return nil, err
		}
		found = append(found, Mention{Start: start, End: p.end, Text: line[start:p.end], Refs: refs})
		before = r
	}
	return found, nil
}

// refBefore reads the letters or the noun that stand before a number, and where they
// begin; false when the number is no id.
func refBefore(families map[string]*family, line string, parts []idPart, number idPart) (r idRef, start int, ok bool) {
	r = idRef{number: number.text, typed: line[number.start:number.end]}
	var words []idPart // those that only one sign or blank parts from each other
	next := number
	for i := len(parts) - 1; i >= 0 && len(words) < 4; i-- {
		if parts[i].what == idSign {
			continue
		}
		if parts[i].what == idNumber || !ties(line[parts[i].end:next.start]) {
			break
		}
		words = slices.Insert(words, 0, parts[i])
		next = parts[i]
	}
	if own := familyWords(families, words); own > 0 {
		r.letters, start = joinedText(words[len(words)-own:]), words[len(words)-own].start
		blank := strings.TrimFunc(line[words[len(words)-1].end:number.start], unicode.IsSpace) == "" && words[len(words)-1].end < number.start
		typed := line[start:words[len(words)-1].end]
		return r, start, !blank || strings.ToUpper(typed) == typed // "ex. 3" and "la 7" are prose
	}
	if n := len(words); n > 0 && idNouns[words[n-1].text] != "" {
		r.kind = idNouns[words[n-1].text]
		return r, number.start, true
	}
	return r, 0, false
}

// ties says whether what stands between two pieces holds them together: nothing, one
// sign, or one blank.
func ties(between string) bool {
	return between == "" || utf8.RuneCountInString(between) == 1 && strings.ContainsAny(between, "-_/. \u00a0\u202f\u2011")
}

// begins says whether an id may begin at i: not inside of a word or a path, but after
// another id.
func begins(line string, i int, found []Mention) bool {
	if n := len(found); n > 0 && i-found[n-1].End <= 1 && i > found[n-1].End {
		return true
	}
	last, _ := utf8.DecodeLastRuneInString(line[:i])
	return i == 0 || !unicode.IsLetter(last) && !unicode.IsDigit(last) && !strings.ContainsRune("_/-", last)
}

// goesOn says whether a word goes on after a number, as in "EX12b" and "EX-12-3"; a
// hyphen may lead to the other end of a range.
func goesOn(line string, i int) bool {
	next, size := utf8.DecodeRuneInString(line[i:])
	if next == '-' {
		after, _ := utf8.DecodeRuneInString(line[i+size:])
		return unicode.IsDigit(after)
	}
	return i < len(line) && (next == '_' || unicode.IsLetter(next) || unicode.IsDigit(next))
}

// plausible says whether an id that nothing bears is likely meant as one: its number
// is about as long as those of its family, and just as long where they are all alike.
func plausible(f *family, r idRef, typed string) bool {
	if f == nil {
		return false
	}
	if r.letters == "" {
		return r.kind == content.KindExigence || strings.Contains(r.number, ".")
	}
	if f.shortest == f.longest && f.longest > 2 {
		return len(r.number) == f.longest
	}
	return len(r.number) <= f.longest+2 && !strings.Contains(typed, ".")
}

// joinsRange says whether what stands between two ids makes a range of them.
func joinsRange(between string) bool {
	between = strings.ToLower(strings.TrimSpace(between))
	return between == "à" || between == "a" || between != "" && strings.Trim(between, rangeSigns) == ""
}
