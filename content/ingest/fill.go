package ingest

import (
	"cmp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
)

// markers are what the markers of a page stand for.
type markers struct{ open, closing, images, cites []string }

// of gives what one stands for.
func (m *markers) of(mark string) string {
	if mark = strings.Trim(mark, "\x00"); mark == "" {
		return ""
	}
	list := m.open
	switch mark[:1] {
	case markLinkEnd:
		list = m.closing
	case markImage:
		list = m.images
	case markCite:
		list = m.cites
	}
	if n, err := strconv.Atoi(mark[1:]); err == nil && n < len(list) {
		return list[n]
	}
	return ""
}

// fillAll replaces the markers in the HTML of a page, which is put after some
// other, and of its records.
func (m *markers) fillAll(d *document, before string) {
	var moved []shift
	if d.page.HTML, moved = m.fill(before, d.page.HTML); moved != nil {
		for _, c := range d.cut {
			c.record.HTML = d.page.HTML[moveTo(moved, c.from):moveTo(moved, c.to)]
		}
	}
	for _, r := range d.records {
		r.HTML, _ = m.fill("", r.HTML)
	}
	d.cut = nil
}

// shift is a place in HTML with markers, and the same in that without.
type shift struct{ from, to int }

func moveTo(moved []shift, at int) int {
	i, found := slices.BinarySearchFunc(moved, at, func(s shift, at int) int { return cmp.Compare(s.from, at) })
	if !found {
		i--
	}
	return moved[i].to + at - moved[i].from
}

// fill replaces the markers, and tells what has moved.
func (m *markers) fill(before, s string) (string, []shift) {
	marks := strings.Count(s, "\x00") / 2
	if marks == 0 {
		return before + s, nil
	}
	size := len(before) + len(s)
	for at := 0; at < len(s); {
		text, mark := nextMark(s[at:])
		if at += len(text); mark == "" {
			break
		}
		size += len(m.of(mark)) - len(mark)
		at += len(mark)
	}
	moved := make([]shift, 1, marks+1)
	moved[0].to = len(before)
	var b strings.Builder
	b.Grow(size)
	b.WriteString(before)
	for at := 0; at < len(s); {
		text, mark := nextMark(s[at:])
		b.WriteString(text)
		if at += len(text); mark == "" {
			break
		}
		b.WriteString(m.of(mark))
		at += len(mark)
		moved = append(moved, shift{at, b.Len()})
	}
	return b.String(), moved
}

// nextMark cuts HTML before and after its first marker, which is "" when it has
// none.
func nextMark(s string) (text, mark string) {
	i := strings.IndexByte(s, 0)
	if i < 0 {
		return s, ""
	}
	end := strings.IndexByte(s[i+1:], 0)
	if end < 0 { // never written so
		return s[:i], ""
	}
	return s[:i], s[i : i+2+end]
}

// inParallel calls a function for each number on all cores.
func inParallel(n int, do func(i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	wg.Wait()
}
