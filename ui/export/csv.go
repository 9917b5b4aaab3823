package export

import (
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

const byteOrderMark = "\ufeff"

// writeCSV writes what a French spreadsheet opens by a double click: semicolons
// (the comma is the decimal sign), a byte order mark (else accents break),
// CRLF, dates as 18/01/2025. It has no cover: the columns alone.
func writeCSV(w io.Writer, t *Table) error {
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return fmt.Errorf("écrire le CSV : %w", err)
	}
	c := csv.NewWriter(w)
	c.Comma, c.UseCRLF = ';', true
	row := make([]string, len(t.Columns))
	for i, col := range t.Columns {
		row[i] = guard(prose(col.Title))
	}
	if err := c.Write(row); err != nil {
		return fmt.Errorf("écrire le CSV : %w", err)
	}
	for cells := range t.Rows {
		for i, col := range t.Columns {
			if col.Date {
				if row[i] = frenchDate(prose(cells[i])); row[i] == cells[i] {
					row[i] = guard(row[i]) // no date
				}
				continue
			}
			row[i] = guard(prose(cells[i]))
		}
		if err := c.Write(row); err != nil {
			return fmt.Errorf("écrire le CSV : %w", err)
		}
	}
	c.Flush()
	if err := c.Error(); err != nil {
		return fmt.Errorf("écrire le CSV : %w", err)
	}
	return nil
}

// risky says whether a spreadsheet could take the text for a formula. The list
// is OWASP's for CSV injection, with the full-width signs that some
// spreadsheets take for the plain ones; blanks before the sign don't disarm it.
func risky(s string) bool {
	if s == "" {
		return false
	}
	if s[0] == '\t' || s[0] == '\r' || s[0] == '\n' {
		return true
	}
	r, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(s, unicode.IsSpace))
	return strings.ContainsRune("=+-@＝＋－＠", r) && r != utf8.RuneError
}

// converted says whether a French spreadsheet would make something else of the
// text: a date of "2.2.1", "3-4" or "mars 2025", a time of "12:30", a number of
// "007" or "1E5". A whole number stays what it is.
func converted(s string) bool { return converts().MatchString(s) }

const months = `(janv(ier)?|f[ée]v(r(ier)?)?|mars|avr(il)?|mai|juin|juil(let)?|ao[uû]t|sept(embre)?|oct(obre)?|nov(embre)?|d[ée]c(embre)?)\.?`

var converts = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^\s*(\d+([./:-]\d+)+[./:-]?|0\d+|\d{16,}|\d+([.,]\d+)?e[+-]?\d+|` +
		`\d{1,2}[ ./-]` + months + `([ ./-]\d{2,4})?|` + months + `[ ./-]\d{2,4})\s*$`)
})

// guard puts an apostrophe before text that a spreadsheet could take for a
// formula, a date or another number; it then shows as text.
func guard(s string) string {
	if risky(s) || converted(s) {
		return "'" + s
	}
	return s
}

// unguard takes it away again.
func unguard(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && (risky(rest) || converted(rest)) {
		return rest
	}
	return s
}
