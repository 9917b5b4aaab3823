package cli

import (
	"errors"
	"io"
	"os"
	"strings"
	"syscall"
	"unicode/utf8"

	"golang.org/x/term"

	"github.com/cct-mi/cct/content"
)

// isTerminal says whether a person reads w.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// screen is how to write for who reads: width and colours.
type screen struct {
	width  int
	colour bool
}

const (
	narrowest = 40
	usual     = 80
	widest    = 100 // beyond, lines are hard to follow
)

func (p *program) screen() screen {
	s := screen{width: usual}
	if f, ok := p.Stdout.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 0 {
			s.width = min(max(w, narrowest), widest)
		}
		s.colour = p.Getenv("NO_COLOR") == "" && p.Getenv("TERM") != "dumb" && colours(f)
	}
	return s
}

func (s screen) bold(text string) string {
	if !s.colour {
		return text
	}
	return "\x1b[1m" + text + "\x1b[0m"
}

func (s screen) faint(text string) string {
	if !s.colour {
		return text
	}
	return "\x1b[2m" + text + "\x1b[0m"
}

// marked turns a snippet's HTML into text with the words found in bold, and no
// command to the terminal but our own.
func (s screen) marked(snippet string) string {
	open, closing := "", ""
	if s.colour {
		open, closing = "\x1b[1;33m", "\x1b[0m"
	}
	return strings.NewReplacer("<mark>", open, "</mark>", closing, "&lt;", "<", "&gt;", ">", "&amp;", "&", "&#34;", `"`, "&#39;", "'").Replace(harmless(snippet))
}

// wrap breaks a text at blanks so that no line is longer than the screen, never
// at those that French keeps; colours take no room. Every line begins with indent.
func (s screen) wrap(text, indent string) string {
	breaks := func(r rune) bool { return r == ' ' || r == '\n' || r == '\t' }
	return s.fill(strings.FieldsFunc(content.French(text), breaks), indent)
}

// fill sets words on lines no longer than the screen.
func (s screen) fill(words []string, indent string) string {
	var b strings.Builder
	room := s.width - utf8.RuneCountInString(indent)
	line := 0
	for _, word := range words {
		n := visible(word)
		if line > 0 && line+1+n > room {
			b.WriteString("\n")
			line = 0
		}
		if line == 0 {
			b.WriteString(indent)
		} else {
			b.WriteByte(' ')
			line++
		}
		b.WriteString(word)
		line += n
	}
	return b.String()
}

// hanging writes a text after a label, its other lines below its first.
func (s screen) hanging(label, text string) string {
	indent := strings.Repeat(" ", visible(label))
	return label + strings.TrimPrefix(s.wrap(text, indent), indent)
}

// visible is the number of characters of a word that a terminal shows.
func visible(word string) int {
	n, escape := 0, false
	for _, r := range word {
		switch {
		case r == '\x1b':
			escape = true
		case escape:
			escape = r != 'm'
		default:
			n++
		}
	}
	return n
}

// harmless keeps a text from commanding the terminal: control characters of the
// content are left out.
func harmless(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return -1
		}
		return r
	}, s)
}

// closedPipe says that who read our output left: "cct search x | head" is no
// failure.
func closedPipe(err error) bool {
	return errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrClosedPipe) || goneOnWindows(err)
}
