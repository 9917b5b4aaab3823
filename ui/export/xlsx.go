package export

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

// Workbooks are SpreadsheetML (ECMA-376 part 1, 18) in a package (part 2). The
// libraries that write them weigh more than the rest of this program's formats
// together, and take longer to start than a whole restart may.

const (
	coverSheet = "Présentation"
	cellLimit  = 32767 // UTF-16 units that a cell may hold (Excel's specifications and limits)
	listLimit  = 255   // and characters that a drop-down list may hold

	labelWidth = 26 // of the cover's columns, in characters
	factWidth  = 90
	shortWidth = 14.0

	sheetRows    = 1 << 20 // as many as a sheet may have
	sheetColumns = 1 << 14
)

// written dates the parts and the document: the same table gives the same bytes,
// and so the same ETag.
var written = time.Date(2025, time.January, 18, 0, 0, 0, 0, time.UTC)

// writeXLSX writes a workbook: a cover with the facts, and a sheet with a
// frozen header, filters, widths, and a drop-down list in every answer column.
// Text is written as inline strings, which no spreadsheet takes for formulas.
func writeXLSX(w io.Writer, t *Table) error {
	if err := writeParts(w, t); err != nil {
		return fmt.Errorf("écrire le XLSX : %w", err)
	}
	return nil
}

// writeParts writes the parts one after the other, each as it comes. The types
// come first, then a part of xl/: programs know a workbook by that.
func writeParts(w io.Writer, t *Table) error {
	if n := len(t.Columns); n == 0 || n > sheetColumns {
		return fmt.Errorf("une feuille ne peut pas avoir %d colonnes", n)
	}
	z := zip.NewWriter(w)
	last := 0 // row of the data sheet, known once it is written
	for _, part := range []struct {
		name  string
		write func(b *bufio.Writer) error
	}{
		{"[Content_Types].xml", fixed(contentTypes)},
		{"_rels/.rels", fixed(packageRels)},
		{"xl/styles.xml", fixed(styleSheet)},
		{"xl/_rels/workbook.xml.rels", fixed(workbookRels)},
		{"docProps/core.xml", func(b *bufio.Writer) error { return writeCore(b, t.Title) }},
		{"xl/worksheets/sheet1.xml", func(b *bufio.Writer) error { return writeCover(b, t) }},
		{"xl/worksheets/sheet2.xml", func(b *bufio.Writer) (err error) { last, err = writeRows(b, t); return err }},
		{"xl/workbook.xml", func(b *bufio.Writer) error { return writeBook(b, t, last) }},
	} {
		f, err := z.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate, Modified: written})
		if err != nil {
			return err
		}
		b := bufio.NewWriter(f) // keeps the first error until Flush
		b.WriteString(xml.Header)
		if err := errors.Join(part.write(b), b.Flush()); err != nil {
			return err
		}
	}
	return z.Close()
}

// sheetName is the name with a capital; names are ours, and short.
func sheetName(name string) string {
	if name == "" {
		return "Table"
	}
	if name[0] >= 'a' && name[0] <= 'z' {
		return string(name[0]-'a'+'A') + name[1:]
	}
	return name
}

// writeCover writes the sheet of the facts, for a portrait page.
func writeCover(b *bufio.Writer, t *Table) error {
	b.WriteString(sheetStart + `<sheetViews><sheetView tabSelected="1" showGridLines="0" workbookViewId="0"/></sheetViews>` +
		sheetFormat)
	fmt.Fprintf(b, `<cols><col min="1" max="1" width="%d" customWidth="1"/><col min="2" max="2" width="%d" customWidth="1"/></cols><sheetData><row r="1" ht="%g">`, labelWidth, factWidth, titleLine)
	writeText(b, "A1", styleTitle, t.Title)
	b.WriteString(`</row>`)
	for i, fact := range t.Facts {
		row := strconv.Itoa(i + 3)
		b.WriteString(`<row r="` + row + `"` + rowHeight(max(linesOf(fact.Label, labelWidth), linesOf(fact.Value, factWidth))) + `>`)
		writeText(b, "A"+row, styleHeader, fact.Label)
		writeCell(b, "B"+row, fact.Value, fact.Date, styleBody)
		b.WriteString(`</row>`)
	}
	_, err := b.WriteString(`</sheetData>` + sheetPage("portrait"))
	return err
}

// writeRows writes the sheet of the rows, and says which was the last.
func writeRows(b *bufio.Writer, t *Table) (last int, err error) {
	b.WriteString(sheetStart + `<sheetViews><sheetView workbookViewId="0"><pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/>` +
		`<selection pane="topRight"/><selection pane="bottomLeft"/><selection pane="bottomRight"/></sheetView></sheetViews>` + sheetFormat + `<cols>`)
	names, widths := make([]string, len(t.Columns)), make([]float64, len(t.Columns))
	high := 1 // lines of the row
	for i, c := range t.Columns {
		names[i], widths[i] = letters(i), c.Width
		if c.Width == 0 {
			widths[i] = shortWidth
		}
		hidden := ""
		if c.Hidden {
			hidden = ` hidden="1"`
		} else {
			high = max(high, linesOf(c.Title, widths[i]))
		}
		fmt.Fprintf(b, `<col min="%d" max="%d" width="%g" customWidth="1"%s/>`, i+1, i+1, widths[i], hidden)
	}
	b.WriteString(`</cols><sheetData><row r="1"` + rowHeight(high) + `>`)
	for i, c := range t.Columns {
		writeText(b, names[i]+"1", styleHeader, c.Title)
	}
	b.WriteString(`</row>`)
	last = 1
	for cells := range t.Rows {
		if last++; last > sheetRows {
			return last, fmt.Errorf("une feuille ne peut pas avoir plus de %d lignes", sheetRows)
		}
		high = 1
		for i, c := range t.Columns {
			if !c.Hidden {
				high = max(high, linesOf(cells[i], widths[i]))
			}
		}
		row := strconv.Itoa(last)
		b.WriteString(`<row r="` + row + `"` + rowHeight(high) + `>`)
		for i, c := range t.Columns {
			style := styleBody
			if c.Answer {
				style = styleAnswer
			}
			writeCell(b, names[i]+row, cells[i], c.Date, style)
		}
		if _, err := b.WriteString(`</row>`); err != nil {
			return last, err
		}
	}
	fmt.Fprintf(b, `</sheetData><autoFilter ref="A1:%s%d"/>`, names[len(names)-1], last)
	if err := writeLists(b, t, last); err != nil {
		return last, err
	}
	_, err = b.WriteString(sheetPage("landscape"))
	return last, err
}

// writeLists writes the drop-down lists of the answers (18.3.1.32); a sheet
// without any may not have the element.
func writeLists(b *bufio.Writer, t *Table, last int) error {
	var lists strings.Builder
	n := 0
	for i, c := range t.Columns {
		if len(c.Choices) == 0 || last == 1 {
			continue
		}
		choices := strings.Join(c.Choices, ",")
		if len(utf16.Encode([]rune(choices))) > listLimit {
			return fmt.Errorf("la liste de la colonne %s dépasse %d caractères", c.Title, listLimit)
		}
		n++
		fmt.Fprintf(&lists, `<dataValidation type="list" errorStyle="stop" allowBlank="1" showErrorMessage="1" errorTitle="Réponse inconnue" error="Choisissez une réponse de la liste, ou laissez la cellule vide." sqref="%s2:%[1]s%d"><formula1>%s</formula1></dataValidation>`,
			letters(i), last, attribute(`"`+strings.ReplaceAll(choices, `"`, `""`)+`"`))
	}
	if n > 0 {
		fmt.Fprintf(b, `<dataValidations count="%d">%s</dataValidations>`, n, lists.String())
	}
	return nil
}

// writeCell writes a date as a date, and anything else as text.
func writeCell(b *bufio.Writer, ref, value string, date bool, style cellStyle) {
	if d, err := time.Parse(time.DateOnly, value); date && err == nil {
		if days, ok := serial(d); ok {
			fmt.Fprintf(b, `<c r="%s" s="%d"><v>%d</v></c>`, ref, styleDate, days)
			return
		}
		value = frenchDate(value)
	}
	writeText(b, ref, style, value)
}

func writeText(b *bufio.Writer, ref string, style cellStyle, value string) {
	b.WriteString(`<c r="` + ref + `" s="` + strconv.Itoa(int(style)) + `"`)
	if value = clip(value); value == "" {
		b.WriteString(`/>`)
		return
	}
	b.WriteString(` t="inlineStr"><is><t xml:space="preserve">`)
	xml.EscapeText(b, []byte(encodeXString(value))) // b keeps its error
	b.WriteString(`</t></is></c>`)
}

// clip keeps text within what a cell may hold.
func clip(s string) string {
	s = prose(s)
	if len(s) <= cellLimit {
		return s
	}
	units := utf16.Encode([]rune(s))
	if len(units) <= cellLimit {
		return s
	}
	units = units[:cellLimit-1]
	if last := units[len(units)-1]; last >= 0xd800 && last < 0xdc00 { // half a character
		units = units[:len(units)-1]
	}
	return string(utf16.Decode(units)) + "…"
}

// attribute makes text fit for an attribute or an element.
func attribute(s string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(clean(s))) // a Builder has no error
	return b.String()
}
