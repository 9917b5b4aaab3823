package french

import (
	"strconv"
	"strings"
	"sync"
)

// Stemmer reduces folded words to stems, and remembers them: a content repeats its
// words. Its zero value is ready; several goroutines may use one.
type Stemmer struct {
	mu sync.RWMutex
	of map[string]string
}

// maxStems bounds what a stemmer remembers.
const maxStems = 100_000

// Stem takes off plural, feminine and verb endings, and the suffixes that make a
// noun or an adjective of a verb, so that a family meets: héberger, hébergé,
// hébergement, hébergeur. What is left must be long enough to still name the
// family: short words keep their ending rather than meet strangers.
func (s *Stemmer) Stem(word string) string {
	s.mu.RLock()
	stem, ok := s.of[word]
	s.mu.RUnlock()
	if ok {
		return stem
	}
	word = strings.Clone(word) // not to hold the text
	stem = known().stem(word)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of == nil {
		s.of = map[string]string{}
	}
	if len(s.of) < maxStems {
		s.of[word] = stem
	}
	return stem
}

// ending is an ending, what replaces it, and how long the rest must be.
type ending struct {
	from, to string
	rest     int
}

func (l *lists) stem(w string) string {
	if v, ok := conjugations().whole[w]; ok {
		return l.stem(v)
	}
	if len(w) < 4 || strings.ContainsAny(w, "0123456789+#.") {
		return w
	}
	if stem, ok := l.irregular[w]; ok {
		return stem
	}
	if stem, ok := l.families[w]; ok {
		return stem
	}
	if v, ok := infinitive(w); ok {
		return l.stem(v)
	}
	if stem, ok := replaced(w, l.verbs); ok {
		return stem
	}
	w = masculine(Singular(w))
	if stem, ok := l.irregular[w]; ok {
		return stem
	}
	if stem, ok := replaced(w, l.verbs); ok {
		return stem
	}
	for range 3 {
		shorter, ok := replaced(w, l.endings)
		if !ok || shorter == w {
			break
		}
		w = shorter
	}
	return tidy(w)
}

// replaced changes a word's ending by the first of the list that it has.
func replaced(w string, list []ending) (string, bool) {
	for _, e := range list {
		if len(w)-len(e.from) >= e.rest && strings.HasSuffix(w, e.from) {
			return w[:len(w)-len(e.from)] + e.to, true
		}
	}
	return w, false
}

// Singular takes a plural's ending off a folded word of four letters or more.
func Singular(w string) string {
	switch {
	case len(w) < 4:
		return w
	case strings.HasSuffix(w, "eaux"):
		return w[:len(w)-1]
	case strings.HasSuffix(w, "aux") && len(w) > 5:
		return w[:len(w)-3] + "al"
	case strings.HasSuffix(w, "eux") && len(w) > 6 && !strings.HasSuffix(w, "veux") && !strings.HasSuffix(w, "lieux"):
		return w[:len(w)-1] + "se" // nombreux as nombreuse
	case strings.HasSuffix(w, "eux") && len(w) > 4:
		return w[:len(w)-1]
	case strings.HasSuffix(w, "ss") || len(w) < 6 && (strings.HasSuffix(w, "us") || strings.HasSuffix(w, "is")):
		return w
	case w[len(w)-1] == 's':
		return w[:len(w)-1]
	}
	return w
}

// masculine gives the man's name of a woman's trade, if it is a French form: no ending
// tells conceptrice from matrice.
func masculine(w string) string {
	if root, ok := strings.CutSuffix(w, "trice"); ok && len(root) > 2 && IsForm(root+"teur") {
		return root + "teur"
	}
	return w
}

// tidy evens out what endings leave: double consonants, y for i, qu for c, and the
// e or i of a verb's stem.
func tidy(w string) string {
	if strings.HasSuffix(w, "qu") && len(w) > 4 {
		w = w[:len(w)-2] + "c"
	}
	if strings.HasSuffix(w, "gu") && len(w) > 4 {
		w = w[:len(w)-1]
	}
	if n := len(w); n > 4 && w[n-1] == w[n-2] && strings.IndexByte("lnmtprsf", w[n-1]) >= 0 {
		w = w[:n-1]
	}
	if n := len(w); n > 3 && w[n-1] == 'y' {
		w = w[:n-1] + "i"
	}
	if n := len(w); n > 5 && w[n-1] == 'i' && strings.IndexByte("foau", w[n-2]) < 0 { // hébergi-, but déploi-
		w = w[:n-1]
	}
	return w
}

// endingsOf reads lines of an ending, what replaces it ("-": nothing) and the least
// length of the rest.
func endingsOf(lines []string) []ending {
	list := make([]ending, 0, len(lines))
	for _, line := range lines {
		f := strings.Fields(line)
		rest, err := strconv.Atoi(f[2])
		if err != nil {
			panic(err) // the file is part of the program
		}
		list = append(list, ending{f[0], strings.TrimPrefix(f[1], "-"), rest})
	}
	return list
}

// familiesOf reads lines of a stem and the forms that have it.
func familiesOf(lines []string) map[string]string {
	m := map[string]string{}
	for _, line := range lines {
		f := strings.Fields(line)
		for _, form := range f[1:] {
			m[form] = f[0]
		}
	}
	return m
}

// conjugate adds the forms of regular verbs to the families.
func (l *lists) conjugate(roots map[string][]string) {
	for _, group := range []struct{ infinitive, endings string }{
		{"er", "ent ait aient"},
		{"ir", "i ie is ies it issez issons isse issent issant issait issaient ira iront irez irait"},
	} {
		for root := range setOf(roots[group.infinitive]) {
			family := l.stem(root + group.infinitive)
			for end := range strings.FieldsSeq(group.endings) {
				form := root + end
				if l.families[form] == "" && l.irregular[form] == "" {
					l.families[form] = family
				}
			}
		}
	}
}
