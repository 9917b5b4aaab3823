package export

import (
	"archive/zip"
	"fmt"
	"io"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

const (
	coverSheet  = "Présentation"
	cellLimit   = 32767 // UTF-16 units that a cell may hold (Excel's specifications and limits)
	shortWidth  = 14.0
	headerShade = "D9E1EC"
	answerShade = "FFF8DC"
)

// writeXLSX writes a workbook: a cover with the facts, and a sheet with a
// frozen header, filters, widths, and a drop-down list in every answer column.
// Text is written as inline strings, which no spreadsheet takes for formulas.
func writeXLSX(w io.Writer, t *Table) (err error) {
	f := excelize.NewFile()
	defer func() {
		if e := f.Close(); err == nil && e != nil {
			err = e
		}
		if err != nil {
			err = fmt.Errorf("écrire le XLSX : %w", err)
		}
	}()
	if err := f.SetSheetName("Sheet1", coverSheet); err != nil {
		return err
	}
	if _, err := f.NewSheet(sheetName(t.Name)); err != nil {
		return err
	}
	s, err := newStyles(f)
	if err != nil {
		return err
	}
	if err := writeCover(f, t, s); err != nil {
		return err
	}
	if err := writeSheet(f, t, s); err != nil {
		return err
	}
	// Fixed dates: the same table gives the same bytes, and so the same ETag.
	if err := f.SetDocProps(&excelize.DocProperties{Title: clean(t.Title), Creator: "cct", Language: "fr-FR", Created: "2025-01-18T00:00:00Z", Modified: "2025-01-18T00:00:00Z"}); err != nil {
		return err
	}
	// The library would hold the whole archive back; this sends each part as it comes.
	f.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(w) })
	_, err = f.WriteToBuffer()
	return err
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

type styles struct{ title, header, body, answer, date int }

func newStyles(f *excelize.File) (s styles, err error) {
	top := &excelize.Alignment{Vertical: "top", WrapText: true}
	french := "dd/mm/yyyy"
	for _, want := range []struct {
		id    *int
		style excelize.Style
	}{
		{&s.title, excelize.Style{Font: &excelize.Font{Bold: true, Size: 16}}},
		{&s.header, excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: top, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{headerShade}}}},
		{&s.body, excelize.Style{Alignment: top}},
		{&s.answer, excelize.Style{Alignment: top, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{answerShade}}, Protection: &excelize.Protection{Locked: false}}},
		{&s.date, excelize.Style{Alignment: &excelize.Alignment{Vertical: "top", Horizontal: "left"}, CustomNumFmt: &french}},
	} {
		if *want.id, err = f.NewStyle(&want.style); err != nil {
			return s, err
		}
	}
	return s, nil
}

// writeCover doesn't stream: with two streams, the library would write them in
// any order, and the same table would give other bytes.
func writeCover(f *excelize.File, t *Table, s styles) error {
	put := func(cell string, v any, style int) error {
		if err := f.SetCellValue(coverSheet, cell, v); err != nil {
			return err
		}
		return f.SetCellStyle(coverSheet, cell, cell, style)
	}
	if err := f.SetColWidth(coverSheet, "A", "A", 26); err != nil {
		return err
	}
	if err := f.SetColWidth(coverSheet, "B", "B", 90); err != nil {
		return err
	}
	if err := put("A1", clip(t.Title), s.title); err != nil {
		return err
	}
	for i, fact := range t.Facts {
		var value any = clip(fact.Value)
		style := s.body
		if d, err := time.Parse(time.DateOnly, fact.Value); fact.Date && err == nil {
			value, style = d, s.date
		}
		if err := put(fmt.Sprintf("A%d", i+3), clip(fact.Label), s.header); err != nil {
			return err
		}
		if err := put(fmt.Sprintf("B%d", i+3), value, style); err != nil {
			return err
		}
	}
	return nil
}

func writeSheet(f *excelize.File, t *Table, s styles) error {
	sheet := sheetName(t.Name)
	sw, err := f.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	header := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		width := c.Width
		if width == 0 {
			width = shortWidth
		}
		if err := sw.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
		if c.Hidden {
			if err := sw.SetColVisible(i+1, i+1, false); err != nil {
				return err
			}
		}
		header[i] = excelize.Cell{StyleID: s.header, Value: clip(c.Title)}
	}
	if err := sw.SetPanes(&excelize.Panes{Freeze: true, XSplit: 1, YSplit: 1, TopLeftCell: "B2", ActivePane: "bottomRight"}); err != nil {
		return err
	}
	if err := sw.SetRow("A1", header); err != nil {
		return err
	}
	last := 1
	row := make([]any, len(t.Columns))
	for cells := range t.Rows {
		last++
		for i, c := range t.Columns {
			row[i] = cell(cells[i], c, s)
		}
		if err := sw.SetRow(fmt.Sprintf("A%d", last), row); err != nil {
			return err
		}
	}
	corner, err := excelize.CoordinatesToCellName(len(t.Columns), last)
	if err != nil {
		return err
	}
	if err := f.AutoFilter(sheet, "A1:"+corner, nil); err != nil {
		return err
	}
	for i, c := range t.Columns {
		if len(c.Choices) == 0 || last == 1 {
			continue
		}
		name, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		dv := excelize.NewDataValidation(true)
		dv.SetSqref(fmt.Sprintf("%s2:%s%d", name, name, last))
		if err := dv.SetDropList(c.Choices); err != nil {
			return err
		}
		dv.SetError(excelize.DataValidationErrorStyleStop, "Réponse inconnue", "Choisissez une réponse de la liste, ou laissez la cellule vide.")
		if err := f.AddDataValidation(sheet, dv); err != nil {
			return err
		}
	}
	landscape, paper, fit := "landscape", 9, 0 // A4, as many pages high as needed
	if err := f.SetPageLayout(sheet, &excelize.PageLayoutOptions{Orientation: &landscape, Size: &paper, FitToHeight: &fit}); err != nil {
		return err
	}
	if err := f.SetHeaderFooter(sheet, &excelize.HeaderFooterOptions{OddFooter: "&RPage &P / &N"}); err != nil {
		return err
	}
	return sw.Flush()
}

func cell(v string, c Column, s styles) excelize.Cell {
	if c.Date {
		if d, err := time.Parse(time.DateOnly, v); err == nil {
			return excelize.Cell{StyleID: s.date, Value: d}
		}
	}
	style := s.body
	if c.Answer {
		style = s.answer
	}
	if v == "" {
		return excelize.Cell{StyleID: style}
	}
	return excelize.Cell{StyleID: style, Value: clip(v)}
}

// clip keeps text within what a cell may hold.
func clip(s string) string {
	s = clean(s)
	if len(s) <= cellLimit {
		return s
	}
	units := utf16.Encode([]rune(s))
	if len(units) <= cellLimit {
		return s
	}
	return string(utf16.Decode(units[:cellLimit-2])) + "…"
}
