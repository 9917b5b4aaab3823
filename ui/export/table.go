// Package export writes tables as files that people carry on with: CSV and
// XLSX for their spreadsheet, JSON for their scripts, Markdown for their
// documents. It also reads a filled matrix back.
//
// Matrix makes the annex of a contract: what binds an application, one line a
// requirement or rule; any other Table is written the same way. Formats lists
// the formats: menus, links, commands and tests loop over it. A new format is a
// file of its own with a function from a Table to an io.Writer, and a line in
// Formats. Check reads back what a bidder filled in.
//
// A cell is text, whatever it holds: no format lets one become a formula.
package export

import (
	"io"
	"iter"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/cct-mi/cct/content"
)

// Table is what a format writes.
type Table struct {
	Title     string               // of the document
	Framework content.Framework    // whose rows they are; the zero value is the CCT
	Levels    []content.NamedLevel // its own words for levels, the most binding first
	Name      string               // of the rows, one word: the JSON array's name
	Sheet     string               // the sheet's name; "" is Name with a capital
	Facts     []Fact               // of the cover: profile, edition, date, source, licence
	Parts     []Part               // of the cover, after the facts: documents, obligations, how to fill it in
	Columns   []Column
	Lineage   map[string][]Ancestor // of an annex, by id
	Rows      iter.Seq[[]string]    // as many cells as columns; may be ranged over more than once
}

// framework is whose rows they are.
func (t *Table) framework() content.Framework {
	if t.Framework.Name == "" {
		return content.CCT()
	}
	return t.Framework
}

// Fact finds a fact by its key; "" when the cover has none.
func (t *Table) Fact(key string) string {
	for _, f := range t.Facts {
		if f.Key == key {
			return f.Value
		}
	}
	return ""
}

// Cells gives a reader of a row's cells by the key of their column; "" for a
// column that the table hasn't.
func (t *Table) Cells() func(row []string, key string) string {
	at := map[string]int{}
	for i, c := range t.Columns {
		at[c.Key] = i
	}
	return func(row []string, key string) string {
		if i, ok := at[key]; ok {
			return row[i]
		}
		return ""
	}
}

// Part is a titled part of the cover.
type Part struct {
	Key   string // in JSON: "documents"
	Title string // "Documents qui s’appliquent"
	Facts []Fact
}

// Fact is a line of the cover.
type Fact struct {
	Key   string // in JSON: "edition"
	Label string // for people: "Édition"
	Value string // "2025-01"; a date is YYYY-MM-DD
	Date  bool
	Fill  bool // to be filled in by the reader, empty in the export
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
	Link    bool     // cells are addresses
}

// Format is one way to write a table.
type Format struct {
	Name      string // of the parameter "format" and the flag --format: "oscal"
	Extension string // of the file, without a dot: "json"
	Label     string // of a link or a button: "OSCAL (NIST)"
	MediaType string
	Annex     bool // writes nothing but an annex (see Matrix): what binds, not any list
	Binary    bool // nothing for a terminal
	Write     func(w io.Writer, t *Table) error
	Workbook  func(w io.Writer, t *Table) error // the same as a workbook, for a file named .xlsx; nil: there is none
}

// Formats lists the formats, the most used first. Commands, links, the API's
// description and tests loop over it.
func Formats() []Format {
	return []Format{
		{Name: "xlsx", Extension: "xlsx", Label: "Tableur (XLSX)", MediaType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Binary: true, Write: writeXLSX},
		{Name: "csv", Extension: "csv", Label: "CSV", MediaType: "text/csv; charset=utf-8", Write: writeCSV},
		{Name: "tsv", Extension: "tsv", Label: "TSV", MediaType: "text/tab-separated-values; charset=utf-8", Write: writeTSV},
		{Name: "json", Extension: "json", Label: "JSON", MediaType: "application/json", Write: writeJSON},
		{Name: "oscal", Extension: "json", Label: "OSCAL (NIST)", MediaType: "application/json", Annex: true, Write: writeOSCAL},
		{Name: "ciso-assistant", Extension: "yaml", Label: "CISO Assistant", MediaType: "application/yaml", Annex: true, Write: writeCISO, Workbook: writeCISOWorkbook},
		{Name: "reqif", Extension: "reqif", Label: "ReqIF", MediaType: "application/xml", Annex: true, Write: writeReqIF},
		{Name: "md", Extension: "md", Label: "Markdown", MediaType: "text/markdown; charset=utf-8", Write: writeMarkdown},
	}
}

// ListFormats lists the formats that write any table.
func ListFormats() []Format {
	return slices.DeleteFunc(Formats(), func(f Format) bool { return f.Annex })
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

// prose is a cell's text with the spaces of French, for the formats that people read.
func prose(s string) string { return content.French(clean(s)) }

// frenchDate turns 2025-01-18 into 18/01/2025, as French spreadsheets read and
// write dates; what is no date stays as it is.
func frenchDate(s string) string {
	if d, err := time.Parse(time.DateOnly, s); err == nil {
		return d.Format("02/01/2006")
	}
	return s
}
