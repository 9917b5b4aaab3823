package ingest

import "strings"

// Addresses in running text become links where they follow a blank or a mark of
// Markdown. goldmark looks for them at every blank, and cuts the text there: a
// page without any is converted without (to the same HTML, which FuzzBare holds
// it to).

// bare says whether a text may hold an address outside of a link or a tag, or
// ends a line in blanks such that a cut shows.
func bare(src string) bool {
	if mailed(src) || trailing(src) {
		return true
	}
	for _, start := range [...]string{"http:", "https:", "ftp:", "www."} {
		for at := 0; ; {
			i := strings.Index(src[at:], start)
			if i < 0 {
				break
			}
			at += i
			if !held(src[:at]) {
				return true
			}
			at += len(start)
		}
	}
	return false
}

// mailed says whether there is an address of a mailbox, but in <…>.
func mailed(src string) bool {
	for at := 0; ; at++ {
		i := strings.IndexByte(src[at:], '@')
		if i < 0 {
			return false
		}
		at += i
		if name := strings.TrimRightFunc(src[:at], func(r rune) bool { return r == '.' || r == '-' || r < 0x80 && wordByte(string(r), 0) && r != '_' }); !strings.HasSuffix(name, "<") {
			return true
		}
	}
}

// held says of what precedes an address that it makes no link of it: it is in a
// word, another address, a tag, or the target of a link.
func held(before string) bool {
	if before == "" {
		return false
	}
	switch c := before[len(before)-1]; c {
	case '"', '=', '<', '/':
		return true
	case '(':
		return strings.HasSuffix(before, "](")
	default:
		return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9'
	}
}

// bareTarget says whether HTML shows the target of a link as text.
func bareTarget(out string) bool {
	for _, s := range [...]string{"](http", "](ftp:", "](www."} {
		if strings.Contains(out, s) {
			return true
		}
	}
	return false
}

// trailing says whether a line ends in several blanks: but for a break written
// as two or three spaces, what is kept of them depends on where it is cut.
func trailing(src string) bool {
	for at := 0; ; {
		i := strings.IndexByte(src[at:], '\n')
		end := len(src)
		if i >= 0 {
			end = at + i
		}
		if end > at+1 && src[end-1] <= ' ' {
			line := src[at:end]
			text := strings.TrimRight(line, " \t\v\f\r")
			if blanks := len(line) - len(text); text != "" && blanks > 1 && (blanks > 3 || strings.Trim(line[len(text):], " ") != "") {
				return true
			}
		}
		if i < 0 {
			return false
		}
		at = end + 1
	}
}
