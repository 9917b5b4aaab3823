// Package filestate tells whether a file is as it was without reading it.
package filestate

import (
	"io/fs"
	"strconv"
	"time"
)

// Settled is how old a file's last change must be for its state to tell the next
// one: some file systems count in steps of two seconds.
const Settled = 3 * time.Second

// State is a file as the system tells it.
type State struct {
	// Text holds its size, its modification time and, where the system has them, its
	// change time and its place on the disk; "" when that does not tell whether it
	// changes.
	Text    string
	Changed time.Time // the last of these times
	Sure    bool      // there is a change time, which nobody can set back
}

// Of gives the state of a file; nothing is known of a nil one.
func Of(i fs.FileInfo) State {
	if i == nil || i.ModTime().IsZero() {
		return State{}
	}
	changed, place, ok := changeOf(i)
	if !ok {
		return State{}
	}
	s := State{Changed: i.ModTime(), Sure: !changed.IsZero()}
	if changed.After(s.Changed) {
		s.Changed = changed
	}
	b := make([]byte, 0, 64)
	for _, n := range []int64{i.Size(), i.ModTime().UnixNano(), changed.UnixNano()} {
		b = append(strconv.AppendInt(b, n, 10), '.')
	}
	s.Text = string(strconv.AppendUint(b, place, 10))
	return s
}

// At is the state's text when a later change is sure to show against now, else "".
func (s State) At(now time.Time) string {
	if now.Sub(s.Changed) < Settled {
		return ""
	}
	return s.Text
}
