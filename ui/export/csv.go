package export

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
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
				row[i] = guard(frenchDate(prose(cells[i])))
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

// guard puts an apostrophe before text that a spreadsheet could take for a
// formula; it then shows as text.
func guard(s string) string {
	if risky(s) {
		return "'" + s
	}
	return s
}

// unguard takes it away again.
func unguard(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && risky(rest) {
		return rest
	}
	return s
}
