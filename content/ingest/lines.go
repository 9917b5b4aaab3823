package ingest

import (
	"sort"
	"strings"
)

// findLines notes where the lines of the source begin.
func (k *desk) findLines(src string) {
	k.lines = append(k.lines[:0], 0)
	for at := 0; ; {
		i := strings.IndexByte(src[at:], '\n')
		if i < 0 {
			return
		}
		at += i + 1
		k.lines = append(k.lines, at)
	}
}

// lineReach bounds the search for a line, which would else be quadratic in a
// file of many rows.
const lineReach = 3000

// lineOf finds the first line of the source that holds s, from a line on; 0
// when none near does.
func (d *document) lineOf(s string, from int) int {
	lines := d.desk.lines
	if from = max(from, 1); s == "" || from > len(lines) || strings.IndexByte(s, '\n') >= 0 {
		return 0
	}
	start, end := lines[from-1], len(d.src)
	if last := from + lineReach; last < len(lines) {
		end = lines[last]
	}
	i := strings.Index(d.src[start:end], s)
	if i < 0 {
		return 0
	}
	return sort.SearchInts(lines, start+i+1)
}

// line gives a line of the source.
func (d *document) line(n int) string {
	line, _, _ := strings.Cut(d.src[d.desk.lines[n-1]:], "\n")
	return line
}

// lineHolding is the first line of a text that holds s, near its head; else 0.
func lineHolding(src, s string) int {
	i := strings.Index(src, s)
	if i < 0 {
		return 0
	}
	if n := strings.Count(src[:i], "\n") + 1; n <= 1+lineReach {
		return n
	}
	return 0
}
