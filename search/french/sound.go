package french

import "strings"

// spellings that sound alike, longest first: what is written, and one letter for the
// sound. Capitals are nasal vowels and other sounds that no letter has.
var sounds = strings.NewReplacer(
	"eaux", "o", "eau", "o", "aux", "o", "au", "o",
	"tion", "sI", "ssion", "sI", "sion", "sI", "cion", "sI", "xion", "ksI",
	"sch", "k", "ch", "k", "sh", "k", "ph", "f", "th", "t", "gn", "N", "rh", "r",
	"cce", "kse", "cci", "ksi", "cqu", "k", "qu", "k", "ck", "k", "cc", "k", "gue", "ge", "gui", "gi",
	"ge", "je", "gi", "ji", "gy", "ji", "gA", "jA", "gE", "jE",
	"sce", "se", "sci", "si", "ce", "se", "ci", "si", "cy", "si", "cA", "sA", "cE", "sE", "c", "k",
	"ein", "E", "ain", "E", "oin", "wE", "ien", "iE", "yen", "iE",
	"oeu", "e", "eu", "e", "oi", "wa", "ou", "u", "oo", "u",
	"ai", "e", "ei", "e", "ay", "e", "ey", "e",
	"ill", "i", "y", "i", "x", "ks", "w", "v", "z", "s", "q", "k", "h", "",
)

// nasals are vowels before n or m and another consonant, or the word's end.
var nasals = map[string]byte{"an": 'A', "am": 'A', "en": 'A', "em": 'A', "in": 'E', "im": 'E', "un": 'E', "um": 'E', "on": 'I', "om": 'I'}

// Sound is how a folded word sounds, roughly: words that people write for one another
// by ear have the same. "otentification" sounds as "authentification".
func Sound(word string) string {
	var nasal strings.Builder
	for i := 0; i < len(word); i++ {
		if i+1 < len(word) {
			n, ok := nasals[word[i:i+2]]
			after := i + 2
			if ok && (after == len(word) || !isVowel(word[after]) && word[after] != 'n' && word[after] != 'm' && word[after] != 'h') && !strings.HasPrefix(word[i:], "ion") && (i == 0 || !isVowel(word[i-1])) {
				nasal.WriteByte(n)
				i++
				continue
			}
		}
		nasal.WriteByte(word[i])
	}
	s := sounds.Replace(nasal.String())
	// Letters said once, and those at the end that are not said.
	var out []byte
	for i := 0; i < len(s); i++ {
		if len(out) == 0 || out[len(out)-1] != s[i] {
			out = append(out, s[i])
		}
	}
	for len(out) > 3 && strings.IndexByte("estdpx", out[len(out)-1]) >= 0 {
		out = out[:len(out)-1]
	}
	return string(out)
}

func isVowel(c byte) bool { return strings.IndexByte("aeiouy", c) >= 0 }
