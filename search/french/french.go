// Package french reads French text for the search: it cuts it into words, folds
// their accents, reduces them to stems, and knows which of them carry no subject.
// Documents and questions pass through the same code, so spellings with and
// without accents, plurals, compounds and ids cannot differ between them.
//
// [Tokenize] gives a text's words with their place in it, [Stemmer] their stems,
// [Question] the words of a question with those marked that only ask. The same
// analysis is registered with Bleve under [AnalyzerName] and [ExactName], for index
// mappings.
//
// Every offset is one of the text that was given, never of a folded form: folding
// can change a word's length.
//
// The lists of words are in data, each with its source.
package french

import (
	"bufio"
	"embed"
	"strings"
	"sync"
)

//go:embed data/*.txt
var data embed.FS

// set is a list of words.
type set map[string]bool

// lists are the words of data.
type lists struct {
	stop              set
	elided, enclitics set
	plural            set // determiners
	asking            asking
	endings, verbs    []ending
	irregular         map[string]string // form → stem, before any ending
	families          map[string]string // form → stem
}

// known gives the lists; they are read when a text is first looked at.
var known = sync.OnceValue(func() *lists {
	l := &lists{
		stop:      setOf(read("stop.txt")[""]),
		endings:   endingsOf(read("suffixes.txt")[""]),
		verbs:     endingsOf(read("verbs.txt")[""]),
		irregular: familiesOf(read("irregular.txt")[""]),
		families:  familiesOf(read("families.txt")[""]),
		asking:    readAsking(),
	}
	particles := read("particles.txt")
	l.plural = setOf(particles["plural"])
	l.elided, l.enclitics = setOf(particles["elided"]), setOf(particles["enclitics"])
	l.conjugate(read("regular.txt"))
	return l
})

// Load reads the lists that most questions need. Each is read anyway when a text first
// needs it: who opens an index loads them beside, so that the first question need not.
func Load() {
	known()
	inflections()
	conjugations()
	forms()
}

// everyday are common French words and their stems.
var everyday = sync.OnceValue(func() (e struct{ words, stems set }) {
	e.words, e.stems = setOf(read("everyday.txt")[""]), set{}
	for w := range e.words {
		e.stems[known().stem(w)] = true
	}
	return e
})

// read gives the lines of a file of data by section; those before the first
// "[section]" are under "". "#" begins a comment.
func read(name string) map[string][]string {
	f, err := data.Open("data/" + name)
	if err != nil {
		panic(err) // the file is part of the program
	}
	defer f.Close()
	sections, section := map[string][]string{}, ""
	for lines := bufio.NewScanner(f); lines.Scan(); {
		line, _, _ := strings.Cut(lines.Text(), "#")
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			section = strings.Trim(line, "[]")
		} else if line != "" {
			sections[section] = append(sections[section], line)
		}
	}
	return sections
}

func setOf(lines []string) set {
	s := set{}
	for _, line := range lines {
		for word := range strings.FieldsSeq(line) {
			s[word] = true
		}
	}
	return s
}

// IsStopWord says whether a folded word carries no subject.
func IsStopWord(word string) bool { return known().stop[word] }

// IsEveryday says whether a folded word, with its stem, is common French: it is then
// no slip of the finger, whatever a content lacks.
func IsEveryday(word, stem string) bool {
	if IsStopWord(word) || known().asking.words[word] {
		return true
	}
	e := everyday()
	return e.words[word] || len(word) > 4 && e.stems[stem]
}

// IsPluralDeterminer says whether a folded word stands before plurals: les, des.
func IsPluralDeterminer(word string) bool { return known().plural[word] }
