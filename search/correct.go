package search

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/cct-mi/cct/search/french"
)

// correction is a known word in the place of an unknown one.
type correction struct {
	words    []string // folded; two when a blank was missing
	distance float64  // edits, those of a keyboard counted less
}

// discount is what a corrected word is worth for confidence: less the more of it
// changed.
func (c correction) discount(typed string) float64 {
	return max(1-2*c.distance/float64(len(typed)), .2)
}

// Words with figures or signs are names and ids: a near one is another thing,
// so only words of letters are corrected.
func correctable(w string) bool {
	if len(w) < 4 || len(w) > 40 {
		return false
	}
	for i := 0; i < len(w); i++ {
		if w[i] < 'a' || w[i] > 'z' {
			return false
		}
	}
	return true
}

// corrector looks for the likeliest known word for an unknown one, by a noisy channel:
// how often the content uses the candidate, against how unlikely the slip is (20 times
// a full edit; Kernighan, Church, Gale 1990, simplified).
type corrector struct {
	*lexicon
	typed string
	best  correction
	found bool
	score float64
}

// correct finds the likeliest known word for an unknown one. A word of French is left
// alone, whatever the content lacks.
func (lex *lexicon) correct(w, stem string) (correction, bool, error) {
	if !correctable(w) || french.IsEveryday(w, stem) || french.IsForm(w) {
		return correction{}, false, nil
	}
	if c, ok := lex.corrections.get(w); ok {
		return c.correction, c.found, nil
	}
	c, found, err := lex.likeliest(w)
	if err == nil {
		lex.corrections.keep(w, corrected{c, found}, 1)
	}
	return c, found, err
}

// corrected is a correction that was found, or that there is none.
type corrected struct {
	correction
	found bool
}

// correctionsKept bounds how many are remembered: people mistype the same words.
const correctionsKept = 4_000

// likeliest weighs all that an unknown word may stand for.
func (lex *lexicon) likeliest(w string) (correction, bool, error) {
	c := corrector{lexicon: lex, typed: w}
	for _, look := range []func() error{c.nearTerms, c.thesaurusTerms, c.alikeTerms, c.cutInTwo} {
		if err := look(); err != nil {
			return correction{}, false, err
		}
	}
	return c.best, c.found, nil
}

// try weighs a candidate that df documents hold.
func (c *corrector) try(words []string, distance float64, df uint64) {
	s := math.Log(float64(df)) - distance*math.Log(20)
	if !c.found || s > c.score+1e-9 || s > c.score-1e-9 && strings.Join(words, " ") < strings.Join(c.best.words, " ") {
		c.best, c.score, c.found = correction{words, distance}, s, true
	}
}

// nearTerms tries the words of the content a slip or two away.
func (c *corrector) nearTerms() error {
	words, err := c.words()
	if err != nil {
		return err
	}
	for _, near := range nearWords(words, c.typed, float64(editsAllowed(c.typed))) {
		if c.isCode(near) {
			continue
		}
		d, ok := likely(c.typed, near)
		if !ok {
			continue
		}
		df, err := c.count(fieldExact, near)
		if err != nil {
			return err
		}
		if df > 0 {
			c.try([]string{near}, d, df)
		}
	}
	return nil
}

// isCode says whether the content writes a word as a code, in capitals with a sign:
// nobody means EXI-DATA by Exadata.
func (c *corrector) isCode(word string) bool {
	spelt := c.spell(word)[0]
	return strings.ContainsAny(spelt, "-_/") && spelt == strings.ToUpper(spelt)
}

// thesaurusTerms tries the words that the thesaurus knows and the content lacks.
func (c *corrector) thesaurusTerms() error {
	if c.found && c.best.distance <= .9 {
		return nil
	}
	all, err := c.thesaurus.vocabulary()
	if err != nil {
		return err
	}
	w := c.typed
	for _, v := range nearWords(all.typed, w, 1) {
		if len(v) < 5 || len(v) > len(w)+1 || len(v) < len(w)-1 || !correctable(v) || v[0] != w[0] && v[0] != w[1] && v[1] != w[0] {
			continue
		}
		if d, ok := likely(w, v); ok && d <= 1 && (d < 1 || len(w) > 5) {
			leads, err := c.thesaurus.leads(v)
			if err != nil {
				return err
			}
			if leads {
				c.try([]string{v}, d, 1)
			}
		}
	}
	return nil
}

// heard is the distance of a word written by ear, whatever its letters.
const heard = 1.2

// alikeTerms tries the words of the content that sound alike: "otentification".
func (c *corrector) alikeTerms() error {
	if len(c.typed) < 6 || c.found && c.best.distance <= 1 {
		return nil
	}
	all, err := c.alike()
	if err != nil {
		return err
	}
	sound := french.Sound(c.typed)
	at, _ := slices.BinarySearchFunc(all, sound, func(t heardTerm, s string) int { return strings.Compare(t.sound, s) })
	for ; at < len(all) && all[at].sound == sound; at++ {
		df, err := c.count(fieldExact, all[at].term)
		if err != nil {
			return err
		}
		if df > 0 {
			c.try([]string{all[at].term}, heard, df)
		}
	}
	return nil
}

// cutInTwo tries words whose blank is missing.
func (c *corrector) cutInTwo() error {
	parts, df, err := c.unglue(c.typed)
	if err == nil && parts != nil {
		c.try(parts, 1, df)
	}
	return err
}

// meantWords bounds the words of the content that another may be a slip for.
const meantWords = 500_000

// readWords lists the words of the content in byte order; what holds figures or signs
// is no word.
func (lex *lexicon) readWords() (words []string, err error) {
	terms, err := lex.index.beginning(fieldExact, "", meantWords)
	for _, t := range terms {
		if len(t.text) > 2 && !strings.ContainsAny(t.text, "0123456789+#.") {
			words = append(words, t.text)
		}
	}
	return words, err
}

// heardTerm is a word of the content with how it sounds.
type heardTerm struct{ sound, term string }

func (lex *lexicon) readAlike() ([]heardTerm, error) {
	words, err := lex.words()
	var list []heardTerm
	for _, w := range words {
		if len(w) > 4 && correctable(w) {
			list = append(list, heardTerm{french.Sound(w), w})
		}
	}
	slices.SortFunc(list, func(a, b heardTerm) int {
		return cmp.Or(strings.Compare(a.sound, b.sound), strings.Compare(a.term, b.term))
	})
	return list, err
}

// likely gives the distance of a slip that people make. The shorter a word, the
// likelier a near one is another word: up to five letters only swaps, doubled or
// missing letters and neighbouring keys count, and two slips need eight. The
// beginning is mostly right.
func likely(typed, meant string) (float64, bool) {
	if len(meant)-len(typed) > 2 || len(typed)-len(meant) > 2 {
		return 0, false
	}
	if extra := len(typed) - len(meant); extra > 1 && (strings.HasPrefix(typed, meant) || strings.HasSuffix(typed, meant)) {
		return 0, false // "parcoursup" is a name made of a word, no slip
	}
	d := editDistance(typed, meant)
	swapped := typed[0] == meant[1] && typed[1] == meant[0]
	switch {
	case d == 0 || d > float64(editsAllowed(typed)):
		return d, false
	case len(typed) > len(meant) && typed[1:] == meant && !nextTo[typed[0]][typed[1]]:
		return d, false // a letter before a word is a slip of the finger beside its first: "Picasso" is no Icasso
	case typed[0] != meant[0] && !swapped:
		return d + math.Log(3)/math.Log(20), d <= 1 && len(typed) > 5 && (len(typed) != len(meant) || nextTo[typed[0]][meant[0]])
	case len(typed) == 4 && len(meant) == 4:
		return d, d < 1 && anagram(typed, meant)
	case len(typed) < 6:
		return d, d < 1 || len(meant) > len(typed)
	case d > 1:
		return d, len(typed) > 6 && (swapped || typed[1] == meant[1] || d <= 1.8)
	}
	return d, true
}

func anagram(a, b string) bool {
	x, y := []byte(a), []byte(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

// unglue cuts a word where blanks are missing: "motdepasse". Short parts must
// stand one after the other somewhere in the content.
func (lex *lexicon) unglue(w string) (parts []string, df uint64, err error) {
	try := func(words ...string) error {
		for _, p := range words {
			if !french.IsStopWord(p) {
				if n, err := lex.count(fieldExact, p); err != nil || n == 0 {
					return err
				}
			}
		}
		if len(words[0]) > 4 && len(words[len(words)-1]) > 4 && parts == nil {
			parts, df = words, 1
		}
		n := uint64(0)
		err := lex.index.together(fieldExact, words, 1, func(uint32, int) { n++ })
		if n > 0 && n >= df {
			parts, df = words, n
		}
		return err
	}
	for cut := 2; cut <= len(w)-2; cut++ {
		a, b := w[:cut], w[cut:]
		if len(a) == 2 && len(b) == 2 || french.IsStopWord(b) {
			continue
		}
		if err := try(a, b); err != nil {
			return nil, 0, err
		}
		for _, link := range []string{"de", "des", "du", "a", "en", "et"} {
			if rest, ok := strings.CutPrefix(b, link); ok && len(a) > 2 && len(rest) > 2 {
				if err := try(a, link, rest); err != nil {
					return nil, 0, err
				}
			}
		}
	}
	return parts, df, nil
}

func editsAllowed(w string) int {
	if len(w) >= 7 {
		return 2
	}
	return 1
}
