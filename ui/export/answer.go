package export

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// said is what people write for each answer, folded: the list's own words, those
// of other grids, and what a spreadsheet writes for a tick.
func said() map[string][]string {
	return map[string][]string{
		conform:    {"conforme", "oui", "ok", "o", "c", "conf", "x", "1", "vrai", "yes", "y", "true", "✓", "✔", "totalement conforme", "conformite", "conforme oui"},
		notConform: {"non conforme", "non", "nc", "n", "no", "ko", "nok", "0", "faux", "false", "pas conforme", "non conformite", "non respecte", "non respectee"},
		derogation: {"derogation", "derogation demandee", "demande de derogation", "derogation a demander", "derogation souhaitee", "avec derogation", "sous derogation", "d", "derog"},
		notMatter:  {"sans objet", "so", "s o", "na", "n a", "non applicable", "pas applicable", "non concerne", "non concernee", "ne s applique pas"},
	}
}

// answered reads an answer as people write it; ok is false for what is none of
// them. An empty cell is "" and ok.
func answered(cell string) (answer string, ok bool) {
	text := plainWords(cell)
	if text == "" {
		return "", strings.TrimSpace(cell) == ""
	}
	for answer, words := range said() {
		for _, w := range words {
			if w == text {
				return answer, true
			}
		}
	}
	return "", false
}

// plainWords folds text: no accents nor case, and any run of signs is one blank.
func plainWords(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(norm.NFKD.String(s)) {
		switch {
		case r >= 0x300 && r < 0x370: // an accent, taken apart
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '✓', r == '✔':
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(r)
		case r == 'œ':
			b.WriteString("oe")
		default:
			gap = true
		}
	}
	return b.String()
}
