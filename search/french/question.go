package french

import (
	"slices"
	"strings"
)

// Word is a word of a question as a reader counts words: a compound is one.
type Word struct {
	Token
	Stem  string
	Parts []Token // of a compound
	Stop  bool    // carries no subject
	Asks  bool    // only asks: "comment", "je voudrais savoir"
	Kind  bool    // names what the answer is: "quel outil", "quel est le coût"
	Noun  bool    // stands before "de", though it may be a form of a verb: "demande de"
	Verb  bool    // is an infinitive: "monter une vidéo"
	Means string  // what it asks for in other words: "combien de temps" for a "durée"
}

// asking are the words that people wrap what they look for in: "bonjour, je voudrais
// savoir …", "un équivalent de …". They carry no subject, but some of them do
// elsewhere ("une demande d’aide"), so most are told by what stands around them.
type asking struct {
	words, verbs, pronouns, courtesies, courtesyWords, comparing, linking, of, which, being set
	turns                                                                                   map[string]set
	means                                                                                   []turn
}

// turn is a word that after some others asks for what another noun names.
type turn struct {
	after []string
	word  string
	noun  string
}

func readAsking() asking {
	f := read("asking.txt")
	a := asking{
		words: setOf(f["words"]), verbs: setOf(f["verbs"]), pronouns: setOf(f["pronouns"]),
		courtesies: setOf(f["courtesies"]), courtesyWords: setOf(f["courtesy-words"]),
		comparing: setOf(f["comparing"]), linking: setOf(f["linking"]), of: setOf(f["of"]), which: setOf(f["which"]), being: setOf(f["being"]),
		turns: map[string]set{},
	}
	for _, line := range f["turns"] {
		word, after, _ := strings.Cut(line, " ")
		a.turns[word] = setOf([]string{after})
	}
	for _, line := range f["means"] {
		asked, noun, _ := strings.Cut(line, " : ")
		words := strings.Fields(asked)
		last := len(words) - 1
		a.means = append(a.means, turn{words[:last], words[last], noun})
	}
	return a
}

// IsQuestionWord says whether a folded word only asks, whatever stands around it.
func IsQuestionWord(word string) bool { return known().asking.words[word] }

// Question gives at most limit words of a question, those marked that only ask.
func Question(text string, s *Stemmer, limit int) []Word {
	words := Words(text, s, limit)
	known().asking.mark(text, words)
	return words
}

// Words gives at most limit words of a text, compounds as one.
func Words(text string, s *Stemmer, limit int) []Word {
	tokens := Tokenize(text)
	if shouted(tokens) {
		for i := range tokens {
			tokens[i].Capitals = false
		}
	}
	var words []Word
	for i := 0; i < len(tokens) && len(words) < limit; i++ {
		w := Word{Token: tokens[i], Stem: s.Stem(tokens[i].Term), Stop: tokens[i].IsStop()}
		for w.Joined && i+1 < len(tokens) && tokens[i+1].Part && tokens[i+1].Start < w.End {
			i++
			w.Parts = append(w.Parts, tokens[i])
			w.Capitals = w.Capitals || tokens[i].Capitals
		}
		words = append(words, w)
	}
	return words
}

// Subject keeps the words that carry the subject; stop words and those that only ask
// count when there is nothing else.
func Subject(all []Word) []Word {
	var kept, subject []Word
	for _, w := range all {
		if w.Stop {
			continue
		}
		kept = append(kept, w)
		if !w.Asks {
			subject = append(subject, w)
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

// shouted says whether a whole question is in capitals, which then mark no acronym:
// three words or more, or a word too long for one.
func shouted(tokens []Token) bool {
	count, long := 0, false
	for _, t := range tokens {
		if t.Part || strings.Trim(t.Term, "0123456789.") == "" {
			continue
		}
		if !t.Capitals && len(t.Term) > 1 && !t.Joined {
			return false
		}
		count++
		long = long || len(t.Term) > 6 && !t.Joined
	}
	return count > 2 || count > 1 && long
}

// mark marks the words that only ask.
func (a *asking) mark(text string, words []Word) {
	for i := range words {
		w := &words[i]
		if w.Capitals && len(words) > 1 && len(w.Term) < 5 { // an acronym
			continue
		}
		switch {
		case a.words[w.Term]:
			w.Asks = true
		case a.verbs[w.Term]:
			w.Asks = a.asked(text, words, i)
		case a.turns[w.Term] != nil:
			w.Asks = i > 0 && a.turns[w.Term][words[i-1].Term]
		case a.comparing[w.Term]:
			w.Asks = i == 0 || i == len(words)-1 || a.linking[words[i+1].Term] || elidesNext(text[w.End:])
		case a.courtesyWords[w.Term]:
			w.Asks = i > 0 && a.courtesies[words[i-1].Term] || i > 1 && words[i-1].Stop && a.courtesies[words[i-2].Term]
		}
		w.Verb = isInfinitive(w.Term)
		w.Noun = !w.Verb && (i+1 < len(words) && a.of[words[i+1].Term] || elidesNext(text[w.End:])) && isInfinitive(Lemma(w.Term))
		w.Means = a.meant(words[:i], w.Term)
		w.Kind = !w.Asks && !w.Stop && (w.Means != "" || a.which[asker(words[:i], a.being)])
	}
}

// meant is the noun for what a word asks after some others, "" for most.
func (a *asking) meant(before []Word, word string) string {
	for _, t := range a.means {
		if t.word == word && len(before) >= len(t.after) && slices.EqualFunc(before[len(before)-len(t.after):], t.after, func(w Word, term string) bool { return w.Term == term }) {
			return t.noun
		}
	}
	return ""
}

// asker is the word that asks for what comes after some words, over "est le": "quel" in
// "quel est le coût" as in "quel coût".
func asker(before []Word, being set) string {
	n := len(before)
	if n > 2 && before[n-1].Stop && being[before[n-2].Term] {
		n -= 2
	}
	if n == 0 {
		return ""
	}
	return before[n-1].Term
}

// asked says whether a pronoun stands just before or after a word.
func (a *asking) asked(text string, words []Word, i int) bool {
	before := text[:words[i].Start]
	for _, elided := range []string{"m'", "m’", "M'", "M’", "j'", "j’", "J'", "J’"} {
		if strings.HasSuffix(before, elided) {
			return true
		}
	}
	for k := max(0, i-3); k < i; k++ {
		between := words[k+1 : i]
		if a.pronouns[words[k].Term] && !slices.ContainsFunc(between, func(w Word) bool { return !w.Asks && !w.Stop }) {
			return true
		}
	}
	return i+1 < len(words) && (words[i+1].Term == "moi" || words[i+1].Term == "nous")
}

// elidesNext says whether a text goes on with "d’".
func elidesNext(rest string) bool {
	after, ok := strings.CutPrefix(rest, " ")
	return ok && after != "" && (after[0] == 'd' || after[0] == 'D') && (strings.HasPrefix(after[1:], "'") || strings.HasPrefix(after[1:], "’"))
}
