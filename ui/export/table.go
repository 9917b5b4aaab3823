// Package export writes tables as files that people carry on with: CSV and
// XLSX for their spreadsheet, JSON for their scripts, Markdown for their
// documents. It also reads a filled matrix back.
//
// Matrix makes the table of the exigences that bind an application; any other
// Table is written the same way. Formats lists the formats: menus, links,
// commands and tests loop over it. Check reads back what a bidder filled in.
//
// A cell is text, whatever it holds: no format lets one become a formula.
package export

import (
	"io"
	"iter"
	"strings"
	"time"
	"unicode/utf8"
)

// Table is what a format writes.
type Table struct {
	Title   string // of the document
	Name    string // of the rows, one word: the sheet's and the JSON array's name
	Facts   []Fact // of the cover: profile, edition, date, source, licence
	Columns []Column
	Rows    iter.Seq[[]string] // as many cells as columns; may be ranged over more than once
}

// Fact is a line of the cover.
type Fact struct {
	Key   string // in JSON: "edition"
	Label string // for people: "Édition"
	Value string // "2025-01"; a date is YYYY-MM-DD
	Date  bool
}

// Column describes a column.
type Column struct {
	Key     string   // in JSON: "level"
	Title   string   // for people: "Niveau"
	Width   float64  // in characters; 0 suits short text
	Choices []string // of the drop-down list of an answer; none: free text
	Answer  bool     // to be filled in by the reader
	Hidden  bool     // for machines: hidden where the format can, left out of Markdown
	Date    bool     // cells are YYYY-MM-DD or ""
}

// Format is one way to write a table.
type Format struct {
	Name      string // "csv": of the parameter, and the file's extension
	Label     string // "CSV (tableur)"
	MediaType string
	Write     func(w io.Writer, t *Table) error
}

// Formats lists the formats, the most used first.
func Formats() []Format {
	return []Format{
		{"xlsx", "Excel (XLSX)", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", writeXLSX},
		{"csv", "CSV, pour un tableur", "text/csv; charset=utf-8", writeCSV},
		{"json", "JSON", "application/json", writeJSON},
		{"md", "Markdown", "text/markdown; charset=utf-8", writeMarkdown},
	}
}

// FormatNamed finds a format by its name; ok is false when there is none.
func FormatNamed(name string) (f Format, ok bool) {
	for _, f := range Formats() {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}

// clean makes a cell's text fit for every format: valid UTF-8, lines ended by
// LF, no control character (XML 1.0 forbids most, section 2.2).
func clean(s string) string {
	plain := utf8.ValidString(s)
	for i := 0; plain && i < len(s); i++ {
		plain = s[i] >= ' ' && s[i] != 0x7f && s[i] != 0xef // 0xef begins U+FEFF, U+FFFE and U+FFFF
	}
	if plain {
		return s
	}
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "�"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r':
			return '\n'
		case r < ' ' || r == 0x7f || r == 0xfeff || r == 0xfffe || r == 0xffff:
			return -1
		}
		return r
	}, s)
}

// frenchDate turns 2025-01-18 into 18/01/2025, as French spreadsheets read and
// write dates; what is no date stays as it is.
func frenchDate(s string) string {
	if d, err := time.Parse(time.DateOnly, s); err == nil {
		return d.Format("02/01/2006")
	}
	return s
}
