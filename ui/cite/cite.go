// Package cite finds the ids that files cite, for the command and for assistants:
// those of the edition, and those of its families that do not exist.
package cite

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/history"
	"github.com/cct-mi/cct/search"
)

// Citation is an id found in a file.
type Citation struct {
	File   string        `json:"file"`
	Line   int           `json:"line"` // from 1
	ID     string        `json:"id"`   // the record's; as written when nothing bears it
	Exists bool          `json:"exists"`
	Type   content.Kind  `json:"type"`
	Level  content.Level `json:"level"`
	Title  string        `json:"title"`
}

// MaxFile bounds what is read of one file, in bytes.
const MaxFile = 32 << 20

// ErrBinary says that a file holds no text.
var ErrBinary = errors.New("ce n’est pas un texte")

// Text decodes a file: UTF-8, or UTF-16 with or without a mark. Its error is
// ErrBinary.
func Text(b []byte) (string, error) {
	if order := utf16Order(b); order != nil {
		units := make([]uint16, len(b)/2)
		for i := range units {
			units[i] = order.Uint16(b[2*i:])
		}
		return strings.TrimPrefix(string(utf16.Decode(units)), "\ufeff"), nil
	}
	if bytes.IndexByte(b[:min(len(b), 8000)], 0) >= 0 {
		return "", ErrBinary
	}
	return string(bytes.TrimPrefix(b, []byte("\ufeff"))), nil
}

// utf16Order is the byte order of a UTF-16 text, nil for another: told by its mark,
// or by the zeros that Latin letters leave in every second byte.
func utf16Order(b []byte) binary.ByteOrder {
	switch {
	case bytes.HasPrefix(b, []byte{0xff, 0xfe}):
		return binary.LittleEndian
	case bytes.HasPrefix(b, []byte{0xfe, 0xff}):
		return binary.BigEndian
	}
	head := b[:min(len(b), 4000)&^1]
	zeros := [2]int{}
	for i, c := range head {
		if c == 0 {
			zeros[i%2]++
		}
	}
	switch most := len(head) * 2 / 5; { // of half of the bytes, four fifths
	case len(head) < 4:
	case zeros[1] >= most && zeros[0] == 0:
		return binary.LittleEndian
	case zeros[0] >= most && zeros[1] == 0:
		return binary.BigEndian
	}
	return nil
}

// In finds the ids that a text cites, in the order in which they stand there. file
// names the text in the citations.
func In(lib *search.Library, file, text string) ([]Citation, error) {
	tables, err := lib.Editions().Tables()
	if err != nil {
		return nil, err
	}
	var list []Citation
	line := 0
	for s := range strings.Lines(text) {
		line++
		if !utf8.ValidString(s) {
			s = strings.ToValidUTF8(s, "?")
		}
		mentions, err := lib.Mentions(strings.TrimRight(s, "\r\n"))
		if err != nil {
			return nil, err
		}
		dated := history.Mentions(s)
		for _, m := range mentions {
			for len(dated) > 0 && dated[0].Start < m.Start {
				list = append(list, datedCitation(tables.Dated, dated[0], file, line))
				dated = dated[1:]
			}
			if len(dated) > 0 && dated[0].Start < m.End { // the same id
				d := dated[0]
				dated = dated[1:]
				if d.Date != "" || len(m.Refs) == 0 || tables.Dated.Ambiguous(d.ID) {
					list = append(list, datedCitation(tables.Dated, d, file, line))
					continue
				}
			}
			c := Citation{File: file, Line: line, ID: m.Text}
			if len(m.Refs) > 0 {
				r, err := lib.Catalog().Record(m.Refs[0].Kind, m.Refs[0].ID)
				if err != nil {
					return nil, err
				}
				c.ID, c.Exists, c.Type, c.Level, c.Title = r.ID, true, r.Kind, content.Level(r.LevelWord()), r.Title
			}
			list = append(list, c)
		}
		for _, m := range dated {
			list = append(list, datedCitation(tables.Dated, m, file, line))
		}
	}
	return list, nil
}

// datedCitation tells what an id of a dated list means: at its date, or at each date
// where it has none.
func datedCitation(dated history.Dated, m history.Mention, file string, line int) Citation {
	c := Citation{File: file, Line: line, ID: m.ID}
	if m.Date != "" {
		c.ID += "@" + m.Date
		if u, ok := dated.At(m.ID, m.Date); ok {
			c.Exists, c.Type, c.Level, c.Title = true, content.KindExigence, u.Level, c.ID+" — "+u.Subject
		}
		return c
	}
	uses := dated[m.ID]
	if len(uses) == 0 {
		return c
	}
	c.Exists, c.Type, c.Title = true, content.KindExigence, m.ID+" — "+dated.Say(m.ID)
	if dated.Ambiguous(m.ID) {
		c.Title = m.ID + " — sans date, ambigu : " + dated.Say(m.ID)
	} else {
		c.Level = uses[len(uses)-1].Level
	}
	return c
}

// Unknown keeps the citations that nothing bears.
func Unknown(list []Citation) []Citation {
	out := []Citation{}
	for _, c := range list {
		if !c.Exists {
			out = append(out, c)
		}
	}
	return out
}

// Report is what the command, with --json, and assistants say of the citations of
// files.
type Report struct {
	Citations []Citation `json:"citations"`
	Total     int        `json:"total"`
	Unknown   []string   `json:"unknown"` // ids that nothing bears, each once
}

// NewReport counts citations.
func NewReport(list []Citation) Report {
	r := Report{Total: len(list), Unknown: []string{}, Citations: append([]Citation{}, list...)}
	for _, c := range Unknown(list) {
		if !slices.Contains(r.Unknown, c.ID) {
			r.Unknown = append(r.Unknown, c.ID)
		}
	}
	return r
}
