package cli

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestWrap(t *testing.T) {
	s := screen{width: 20}
	for _, c := range []struct{ text, indent, want string }{
		{"", "", ""},
		{"un deux trois quatre cinq", "", "un deux trois quatre\ncinq"},
		{"un deux trois quatre cinq", "  ", "  un deux trois\n  quatre cinq"},
		{"éàü éàü éàü éàü éàü éàü", "", "éàü éàü éàü éàü éàü\néàü"},
		{"anticonstitutionnellement x", "", "anticonstitutionnellement\nx"},
		{"\x1b[1mun\x1b[0m deux trois quatre cinq", "", "\x1b[1mun\x1b[0m deux trois quatre\ncinq"},
	} {
		if got := s.wrap(c.text, c.indent); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

// TestHarmless: what the content holds cannot command the terminal.
func TestHarmless(t *testing.T) {
	if got := harmless("a\x1b]0;titre\x07b\u009b31mc\x7f\nd\té"); got != "a]0;titreb31mc\nd\té" {
		t.Errorf("%q", got)
	}
	if got := (screen{}).marked("a &lt;b&gt; <mark>c</mark>"); got != "a <b> c" {
		t.Errorf("%q", got)
	}
	if got := (screen{colour: true}).marked("a\x1b[2J <mark>c</mark>"); strings.Contains(got, "\x1b[2J") {
		t.Errorf("the snippet commands the terminal: %q", got)
	}
}

// TestNoColourInAPipe: who reads a pipe or a file gets text alone.
func TestNoColourInAPipe(t *testing.T) {
	desk(t)
	for _, args := range [][]string{{"search", "sauvegarde"}, {"show", "EX2"}, {"applicable"}, {"help"}, {"check"}} {
		r := cct(t, map[string]string{"CCT_CONTENT": "contenu", "TERM": "xterm-256color"}, args...)
		if strings.Contains(r.stdout+r.stderr, "\x1b") {
			t.Errorf("cct %v colours a pipe", args)
		}
		for line := range strings.Lines(r.stdout) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > usual && args[0] != "check" && args[0] != "help" {
				t.Errorf("cct %v: a line of %d characters: %s", args, n, line)
			}
		}
	}
}
