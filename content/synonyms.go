package content

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
)

// ParseSynonyms reads a thesaurus: one group a line, its terms separated by
// commas; "a, b => c, d" leads from a and from b to the others only, and
// "a ~> c" does so where c is near, not the same (voir aussi); a term after ^ counts only when typed in capitals; # begins a comment. A line that makes no
// group is a Problem (without file) and is left out.
func ParseSynonyms(r io.Reader) ([]Synonym, []Problem) {
	var groups []Synonym
	var problems []Problem
	s := bufio.NewScanner(r)
	s.Buffer(nil, 1<<20)
	line := 0
	wrong := func(format string, args ...any) {
		problems = append(problems, Problem{Line: line, Code: "synonyme-invalide", What: fmt.Sprintf(format, args...)})
	}
	for s.Scan() {
		line++
		text := uncommented(s.Text())
		if strings.TrimSpace(text) == "" {
			continue
		}
		sign, seeAlso := "=>", strings.Contains(text, "~>")
		if seeAlso {
			sign = "~>"
		}
		from, to, oneWay := strings.Cut(text, sign)
		if !oneWay {
			if g := terms(text); len(g) > 1 {
				groups = append(groups, Synonym{Terms: g})
			} else {
				wrong("un groupe compte au moins deux termes, séparés par des virgules")
			}
			continue
		}
		first, others := terms(from), terms(to)
		if len(first) == 0 || len(others) == 0 {
			wrong("il faut au moins un terme de chaque côté de « %s »", sign)
			continue
		}
		for _, f := range first {
			groups = append(groups, Synonym{Terms: slices.Concat([]SynonymTerm{f}, others), OneWay: true, SeeAlso: seeAlso})
		}
	}
	if err := s.Err(); err != nil {
		wrong("la suite du fichier n’est pas lue : %v", err)
	}
	return groups, problems
}

// uncommented cuts a comment, which begins the line or comes after a blank, so
// that names such as C# and F# stay whole.
func uncommented(line string) string {
	if strings.HasPrefix(strings.TrimSpace(line), "#") {
		return ""
	}
	for _, mark := range []string{" #", "\t#"} {
		line, _, _ = strings.Cut(line, mark)
	}
	return line
}

func terms(list string) []SynonymTerm {
	out := make([]SynonymTerm, 0, strings.Count(list, ",")+1)
	for t := range strings.SplitSeq(list, ",") {
		t, capitals := strings.CutPrefix(strings.TrimSpace(t), "^")
		if t = strings.TrimSpace(t); t != "" {
			out = append(out, SynonymTerm{Text: t, Capitals: capitals})
		}
	}
	return out
}
