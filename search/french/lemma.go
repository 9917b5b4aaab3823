package french

import (
	"strings"
	"sync"
)

// inflections are the endings by section of data/inflections.txt, in order.
var inflections = sync.OnceValue(func() (list [3][]ending) {
	sections := read("inflections.txt")
	for i, name := range []string{"number", "gender", "verb"} {
		list[i] = endingsOf(sections[name])
	}
	return list
})

// conjugations are what tells the infinitive of a verb's form.
var conjugations = sync.OnceValue(func() (c struct {
	endings, coined []ending
	whole           map[string]string
	nouns           set
	prefixes        []string
}) {
	sections := read("conjugations.txt")
	c.endings, c.coined, c.nouns, c.whole = endingsOf(sections["conjugated"]), endingsOf(sections["coined"]), setOf(sections["nouns"]), map[string]string{}
	c.prefixes = strings.Fields(strings.Join(sections["prefixes"], " "))
	for _, line := range sections["whole"] {
		form, infinitive, _ := strings.Cut(line, " ")
		c.whole[form] = infinitive
	}
	return c
})

// infinitive gives the infinitive of a folded form of a verb, where its ending tells.
func infinitive(word string) (string, bool) {
	c := conjugations()
	if v, ok := c.whole[word]; ok {
		return v, true
	}
	if len(word) < 4 || c.nouns[word] {
		return word, false
	}
	return inflected(word, c.endings)
}

// Lemmatizer reduces folded words to their dictionary forms, and remembers them: a
// content repeats its words. Its zero value is ready; several goroutines may use one.
type Lemmatizer struct {
	mu sync.RWMutex
	of map[string]string
}

// Lemma is the function Lemma, remembered.
func (z *Lemmatizer) Lemma(word string) string {
	z.mu.RLock()
	lemma, ok := z.of[word]
	z.mu.RUnlock()
	if ok {
		return lemma
	}
	lemma = Lemma(word)
	z.mu.Lock()
	defer z.mu.Unlock()
	if z.of == nil {
		z.of = map[string]string{}
	}
	if len(z.of) < maxStems {
		z.of[strings.Clone(word)] = lemma
	}
	return lemma
}

// Lemma gives the form that stands for a folded word's inflections: the singular of a
// plural, the masculine of a feminine, the infinitive of a participle. A noun that
// is also a form of a verb has the verb's: sauvegarde and sauvegarder meet, which
// asks for one thing. What no list knows stays, but for a plural's s.
func Lemma(word string) string {
	if v, ok := infinitive(word); ok {
		return v
	}
	if len(word) < 4 || strings.ContainsAny(word, "0123456789+#.") {
		return word
	}
	for section, endings := range inflections() {
		if section == len(inflections())-1 && conjugations().nouns[word] {
			break
		}
		next, ok := inflected(word, endings)
		switch {
		case ok:
			word = next
		case section == 0 && word[len(word)-1] == 's' && !IsForm(word) && !strings.HasSuffix(word, "ss") && !strings.HasSuffix(word, "us"):
			word = word[:len(word)-1] // the plural of a word that the list lacks: backups
		}
		if v, ok := infinitive(word); ok {
			return v
		}
	}
	if IsForm(word) {
		return word
	}
	if prefix, verb, ok := prefixed(word); ok {
		return prefix + verb
	}
	word, _ = replaced(word, conjugations().coined)
	return word
}

// prefixed parts a form of a verb that the list of forms lacks, télécharge, into a
// prefix and the infinitive of one that it has.
func prefixed(word string) (prefix, verb string, ok bool) {
	for _, prefix := range conjugations().prefixes {
		rest, has := strings.CutPrefix(word, prefix)
		if !has || len(rest) < 5 || !IsForm(rest) {
			continue
		}
		if verb := Lemma(rest); isInfinitive(verb) {
			return prefix, verb, true
		}
	}
	return "", "", false
}

// ActionNouns gives the nouns that may name what a verb does: archiver, archivage;
// journaliser, journalisation. Not all of them are words.
func ActionNouns(infinitive string) []string {
	var nouns []string
	for _, e := range actions() {
		if root, ok := strings.CutSuffix(infinitive, e.from); ok && len(root) >= e.rest {
			nouns = append(nouns, root+e.to)
		}
	}
	return nouns
}

var actions = sync.OnceValue(func() []ending { return endingsOf(read("conjugations.txt")["actions"]) })

// Origin gives what a noun is made from that names another thing: the verb of who or
// what does something (orchestrateur, orchestrer), the adjective of a quality
// (portabilité, portable); "" where none is known.
func Origin(noun string) string {
	if word, ok := inflected(noun, origins()); ok {
		return word
	}
	return ""
}

var origins = sync.OnceValue(func() []ending { return endingsOf(read("conjugations.txt")["origins"]) })

// isInfinitive says whether a folded word is a verb's infinitive: one that has an
// imperfect too, as "fichier" and "titre" have not, or a prefix before such a one.
func isInfinitive(word string) bool {
	for _, e := range imperfects() {
		if root, ok := strings.CutSuffix(word, e.from); ok && len(root) >= e.rest && IsForm(root+e.to) {
			return true
		}
	}
	if !strings.HasSuffix(word, "er") || IsForm(word) {
		return false
	}
	prefix, verb, ok := prefixed(word)
	return ok && prefix+verb == word
}

// Acts says whether the first of two words that follow each other does something to the
// second, or the second is done to the first: "signer un document", "document signé".
// Both ask for one thing, whatever their order.
func (z *Lemmatizer) Acts(first, second Word) bool {
	if first.Verb || second.Position != first.Position+1 {
		return first.Verb
	}
	verb := z.Lemma(second.Term)
	return verb != second.Term && isInfinitive(verb)
}

var imperfects = sync.OnceValue(func() []ending { return endingsOf(read("conjugations.txt")["imperfects"]) })

// inflected takes the first ending off whose rest, with what replaces it, is a
// French form.
func inflected(word string, endings []ending) (string, bool) {
	for _, e := range endings {
		rest, ok := strings.CutSuffix(word, e.from)
		if ok && len(rest) >= e.rest && IsForm(rest+e.to) {
			return rest + e.to, true
		}
	}
	return word, false
}
