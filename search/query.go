package search

import (
	"slices"
	"strings"
	"unicode"

	"github.com/cct-mi/cct/content"
)

// MaxQuery is the longest query that the faces accept, in characters.
const MaxQuery = 512

// maxWords bounds the words of a query that count.
const maxWords = 40

// unit is a word of the query as a reader counts words: a compound is one.
type unit struct {
	word       string // folded
	stem       string
	start, end int // bytes of the query's text
	at         int // position among the query's words, stop words included
	parts      []token
	capitals   bool
	question   bool // only asks: it counts when nothing else does
	idle       bool // a stop word: likewise
}

// parsed is a query taken apart.
type parsed struct {
	text    string // without filters, exclusions and quotes
	units   []unit
	all     []unit     // every word, also those that do not count
	phrases [][]string // folded words that must follow each other
	not     []string   // stems that must not occur
	types   []string
	themes  []string
	levels  []string
	duty    bool // it asks what is required
}

// parse reads a query. Its syntax is small, and whatever is not of it is text:
// "une phrase", -mot, type:exigence, niveau:primordial, thème:securite.
func (l *Library) parse(query string, st *stems) parsed {
	var p parsed
	var text strings.Builder
	fields := lex(query)
	for i, f := range fields {
		switch {
		case f.quoted:
			var words []string
			for _, t := range tokenize(f.text) {
				if !t.joined || strings.ContainsAny(t.word, "+#.") {
					words = append(words, t.word)
				}
			}
			if len(words) > 0 && len(p.phrases) < 4 && len(words) <= maxWords {
				p.phrases = append(p.phrases, words)
			}
		case strings.HasPrefix(f.text, "-") && len(fields) > 1 && startsLetter(f.text[1:]):
			for _, t := range tokenize(f.text[1:]) {
				if !t.part && len(p.not) < maxWords {
					p.not = append(p.not, st.stem(t.word))
				}
			}
			continue
		default:
			if l.filter(f.text, &p) {
				continue
			}
		}
		if i > 0 && text.Len() > 0 {
			text.WriteByte(' ')
		}
		text.WriteString(f.text)
	}
	p.text = text.String()
	p.all = wordsOf(p.text, st)
	markAsking(p.text, p.all)
	p.units = counting(p.all)
	p.duty = slices.ContainsFunc(p.all, func(u unit) bool { return dutyWords[u.word] })
	return p
}

// lexeme is a blank-separated piece of a query, or what stands in quotes.
type lexeme struct {
	text   string
	quoted bool
}

func lex(q string) []lexeme {
	var out []lexeme
	var b strings.Builder
	var closing rune
	flush := func(quoted bool) {
		if s := strings.TrimSpace(b.String()); s != "" {
			out = append(out, lexeme{s, quoted})
		}
		b.Reset()
	}
	for _, r := range q {
		if closing != 0 {
			if r == closing {
				flush(true)
				closing = 0
				continue
			}
			b.WriteRune(r)
			continue
		}
		switch {
		case r == '"' || r == '«' || r == '“':
			flush(false)
			closing = map[rune]rune{'"': '"', '«': '»', '“': '”'}[r]
		case r == '»' || r == '”' || unicode.IsSpace(r) || unicode.IsControl(r):
			flush(false)
		default:
			b.WriteRune(r)
		}
	}
	if closing != 0 { // a quote that nothing closes is no quote
		for _, w := range strings.Fields(b.String()) {
			out = append(out, lexeme{w, false})
		}
		return out
	}
	flush(false)
	return out
}

func startsLetter(s string) bool {
	for _, r := range s {
		return unicode.IsLetter(r)
	}
	return false
}

// filter reads type:…, theme:… or level:… into p, and says whether it was one.
func (l *Library) filter(s string, p *parsed) bool {
	name, value, ok := strings.Cut(s, ":")
	if !ok || value == "" {
		return false
	}
	value = strings.ToLower(value)
	switch foldWord(name) {
	case "type":
		value = strings.TrimSuffix(foldWord(value), "s")
		if slices.Contains(content.Kinds(), content.Kind(value)) {
			p.types = append(p.types, value)
			return true
		}
	case "theme":
		if slices.Contains(l.tables.themeNames, value) {
			p.themes = append(p.themes, value)
			return true
		}
	case "level", "niveau":
		if slices.Contains(levelNames[1:], value) {
			p.levels = append(p.levels, value)
			return true
		}
	}
	return false
}

// wordsOf cuts a query's text into words.
func wordsOf(text string, st *stems) []unit {
	var all []unit
	tokens := tokenize(text)
	if shouted(tokens) {
		for i := range tokens {
			tokens[i].capitals = false
		}
	}
	for i := 0; i < len(tokens) && len(all) < maxWords; i++ {
		t := tokens[i]
		u := unit{word: t.word, stem: st.stem(t.word), start: t.start, end: t.end, at: t.pos, capitals: t.capitals, idle: stopped(t)}
		if t.joined {
			for i+1 < len(tokens) && tokens[i+1].part && tokens[i+1].start < t.end {
				i++
				u.parts = append(u.parts, tokens[i])
				u.capitals = u.capitals || tokens[i].capitals
			}
		}
		all = append(all, u)
	}
	return all
}

// shouted says whether a whole query is in capitals, which then mark no acronym:
// three words or more, or a word too long for one.
func shouted(tokens []token) bool {
	count, long := 0, false
	for _, t := range tokens {
		if t.part || strings.Trim(t.word, "0123456789.") == "" {
			continue
		}
		if !t.capitals && len(t.word) > 1 && !t.joined {
			return false
		}
		count++
		long = long || len(t.word) > 6 && !t.joined
	}
	return count > 2 || count > 1 && long
}

// counting keeps the words that carry the subject; stop words and those that
// only ask count when there is nothing else.
func counting(all []unit) []unit {
	var kept, subject []unit
	for _, u := range all {
		if u.idle {
			continue
		}
		kept = append(kept, u)
		if !u.question {
			subject = append(subject, u)
		}
	}
	switch {
	case len(subject) > 0:
		return subject
	case len(kept) > 0:
		return kept
	}
	return all
}
