package search

import (
	"context"
	"html"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/cct-mi/cct/search/french"
)

const (
	snippetRunes = 200  // what a snippet shows, about
	snippetScan  = 4000 // bytes of a document that are looked at at a time for its best passage
	snippetMax   = 40000
	openMark     = "<mark>"
	closeMark    = "</mark>"
)

// marker knows the words of a question, to show where they stand.
type marker struct {
	stems  *french.Stemmer
	weight map[string]float64 // stem → how much it says
	signs  [256]bool          // of those stems: most words of a text are told by theirs
}

// marker takes the concepts with all that stands for them.
func (l *Library) marker(q *question) *marker {
	m := &marker{stems: l.stems, weight: map[string]float64{}}
	for _, c := range q.concepts {
		if c.exact {
			continue
		}
		for _, st := range c.stems {
			m.put(st, max(c.idf, .1))
		}
		for _, p := range c.prefixes {
			m.put(p, c.idf*prefixWeight)
		}
		for _, w := range c.with {
			for _, st := range w.stems {
				m.put(st, c.idf*synonymWeight/float64(len(w.stems)))
			}
		}
	}
	return m
}

func (m *marker) put(stem string, w float64) {
	if old, ok := m.weight[stem]; ok && w <= old {
		return
	}
	m.weight[stem] = w
	m.signs[signOf(stem)] = true
}

// signOf is a byte that few stems share: their first two letters and their length.
func signOf(stem string) byte {
	if len(stem) < 2 {
		return 0
	}
	return 31*stem[0] + 7*stem[1] + byte(len(stem))
}

// place is a word of a text that answers the question.
type place struct {
	start, end int
	weight     float64
	stem       string
}

// places are the words of a text that answer the question, in order.
func (m *marker) places(text string) []place { return m.among(markableIn(text, m.stems), 0) }

// among gives those of a text's words that answer the question; at is where the
// text begins in the whole. An id is one whole, and never its letters or its number
// alone.
func (m *marker) among(text markable, at int) []place {
	var out []place
	codes := text.codes // those that the words have not passed yet
	marked := 0
	for _, w := range text.words {
		if !m.signs[w.sign] || w.start < marked { // a part of what is marked whole
			continue
		}
		weight, ok := m.weight[w.stem]
		if !ok {
			continue
		}
		for len(codes) > 0 && codes[0][1] <= w.start {
			codes = codes[1:]
		}
		start, end := w.start, w.end
		if len(codes) > 0 && codes[0][0] < end {
			start, end = min(start, codes[0][0]), max(end, codes[0][1])
		}
		if out == nil {
			out = make([]place, 0, 8) // most texts hold no more of a question
		}
		out = append(out, place{at + start, at + end, weight, w.stem})
		marked = end
	}
	return out
}

// first finds the words that answer the question in the first part of a text
// that has any; what may be marked in its very first part is known.
func (m *marker) first(text string, beginning markable) []place {
	if found := m.among(beginning, 0); len(found) > 0 {
		return found
	}
	for from := snippetPart(text, 0); from < len(text); {
		to := snippetPart(text, from)
		if found := m.among(markableIn(text[from:to], m.stems), from); len(found) > 0 {
			return found
		}
		from = to
	}
	return nil
}

// snippetPart is where the part of a text ends that begins at from.
func snippetPart(text string, from int) int {
	if len(text)-from <= snippetScan {
		return len(text)
	}
	return wordStart(text, from+snippetScan)
}

// snippet is the passage of a document that says most of what was asked, cut at
// words, escaped, with the words found between <mark>.
func (m *marker) snippet(e *shown) string {
	text := e.quoted
	places := m.first(text, e.beginning)
	from, to := m.window(text, e.runes, places)
	var b strings.Builder
	b.Grow(to - from + 20*len(places) + len("… …"))
	if from > 0 {
		b.WriteString("… ")
	}
	at := from
	for _, p := range places {
		if p.start < from || p.end > to {
			continue
		}
		b.WriteString(html.EscapeString(flat(text[at:p.start])))
		b.WriteString(openMark)
		b.WriteString(html.EscapeString(text[p.start:p.end]))
		b.WriteString(closeMark)
		at = p.end
	}
	b.WriteString(html.EscapeString(flat(text[at:to])))
	out := strings.TrimSpace(b.String())
	if to < len(e.body) {
		out = strings.TrimRight(out, " ,;:") + " …"
	}
	return out
}

// window chooses where a snippet of a text, of so many runes, begins and ends.
func (m *marker) window(text string, runes int, places []place) (int, int) {
	if runes <= snippetRunes+40 {
		return 0, len(text)
	}
	bytes := snippetRunes * len(text) / runes
	best, score := 0, -1.0
	for i := range places {
		s := 0.0
		for j := i; j < len(places) && places[j].end-places[i].start <= bytes*4/5; j++ {
			if slices.ContainsFunc(places[i:j], func(before place) bool { return before.stem == places[j].stem }) {
				s += places[j].weight * .1
				continue
			}
			s += places[j].weight
		}
		if s > score+1e-9 {
			best, score = i, s
		}
	}
	from := 0
	if len(places) > 0 {
		from = places[best].start
	}
	switch back := start(text, from); {
	case from-back <= bytes/3: // the sentence's beginning is near
		from = back
	default:
		from = wordStart(text, max(from-bytes/6, 0))
	}
	if from < bytes/5 {
		from = 0
	}
	to := from + bytes
	if to >= len(text)-20 {
		return from, len(text)
	}
	to = clean(text, to)
	for to > from && !blank(text, to) {
		to = clean(text, to-1)
	}
	return from, to
}

// start is where the sentence around i begins.
func start(text string, i int) int {
	for j := min(i, len(text)); j > 0; j-- {
		if text[j-1] == '\n' || j > 1 && text[j-1] == ' ' && strings.IndexByte(".!?;:", text[j-2]) >= 0 {
			return j
		}
	}
	return 0
}

func wordStart(text string, i int) int {
	i = clean(text, i)
	for i < len(text) && i > 0 && !blank(text, i-1) {
		i++
	}
	return i
}

func clean(s string, i int) int {
	for i > 0 && i < len(s) && !utf8.RuneStart(s[i]) {
		i--
	}
	return i
}

func blank(s string, i int) bool {
	if i >= len(s) || i < 0 {
		return true
	}
	c := s[i]
	return c == ' ' || c == '\n' || c == '\t'
}

// flat turns line ends and runs of blanks into single blanks.
func flat(s string) string {
	if !strings.Contains(s, "\n") && !strings.Contains(s, "\t") && !strings.Contains(s, "\r") && !strings.Contains(s, "  ") {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		if unicode.IsSpace(r) && r != '\u00a0' && r != '\u202f' {
			if !space {
				b.WriteByte(' ')
			}
			space = true
			continue
		}
		space = false
		b.WriteRune(r)
	}
	return b.String()
}

// Marks tells where a query's words stand in any text, as byte offsets: an id
// is marked whole, and "EX33" never by its letters alone. It is nil for a query
// without a word.
func (l *Library) Marks(query string) func(text string) [][2]int {
	q, err := l.understand(context.Background(), Request{Query: query})
	if err != nil || len(q.concepts) == 0 {
		return nil
	}
	for _, c := range q.concepts {
		c.idf = 1
	}
	m := l.marker(q)
	return func(text string) [][2]int {
		var out [][2]int
		for _, p := range m.places(text) {
			out = append(out, [2]int{p.start, p.end})
		}
		return out
	}
}

// otherQueries are queries worth trying when this one found little: each finds
// something.
func (l *Library) otherQueries(q *question, a *Answer) []string {
	out := []string{}
	if a.Confident || len(q.concepts) < 2 {
		return out
	}
	// The word that says most alone, then all that are known.
	known := slices.DeleteFunc(slices.Clone(q.concepts), func(c *concept) bool { return !c.found })
	if len(known) == 0 {
		return out
	}
	rarest := slices.MaxFunc(known, func(a, b *concept) int {
		if a.idf < b.idf {
			return -1
		}
		return 1
	})
	out = append(out, rarest.shown)
	if len(known) > 1 && len(known) < len(q.concepts) {
		var words []string
		for _, c := range known {
			if !slices.Contains(words, c.shown) {
				words = append(words, c.shown)
			}
		}
		out = append(out, strings.Join(words, " "))
	}
	return out
}
