package export

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

const (
	coverSheet = "Présentation"
	cellLimit  = excelize.TotalCellChars // UTF-16 units that a cell may hold

	labelWidth = 30.0 // of the cover's columns, in characters
	factWidth  = 110.0
	shortWidth = 14.0
)

// written dates the document: the same table gives the same bytes, and so the
// same ETag.
const written = "2025-01-18T00:00:00Z"

// writeXLSX writes a workbook: a cover with the facts and parts, and a sheet
// with a frozen header, filters, widths, and a drop-down list in every answer
// column. Where there is something to fill in, both sheets are protected,
// without a password, and only those cells are open. Cells are inline strings,
// which no spreadsheet takes for formulas.
func writeXLSX(w io.Writer, t *Table) error {
	f := excelize.NewFile()
	defer f.Close()
	b := &book{File: f, table: t}
	b.styles()
	b.cover()
	b.rows()
	b.does(f.SetDocProps(&excelize.DocProperties{Title: t.Title, Creator: "cct", Language: "fr-FR", Created: written, Modified: written}))
	if b.err == nil {
		b.does(f.Write(w))
	}
	if b.err != nil {
		return fmt.Errorf("écrire le XLSX : %w", b.err)
	}
	return nil
}

// book is a workbook being written. It keeps the first error, as bufio.Writer
// does.
type book struct {
	*excelize.File
	table                                         *Table
	err                                           error
	title, part, header, body, answer, date, link int // styles
}

func (b *book) does(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (b *book) styles() {
	font := func(size float64, bold bool) *excelize.Font {
		return &excelize.Font{Family: "Calibri", Size: size, Bold: bold}
	}
	fill := func(color string) excelize.Fill {
		return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{color}}
	}
	wrap := &excelize.Alignment{Vertical: "top", WrapText: true}
	line := []excelize.Border{{Type: "bottom", Style: 1, Color: "BFC7D1"}}
	dateFormat := "dd/mm/yyyy"
	add := func(style *excelize.Style) int {
		id, err := b.NewStyle(style)
		b.does(err)
		return id
	}
	b.title = add(&excelize.Style{Font: font(16, true)})
	b.part = add(&excelize.Style{Font: font(13, true)})
	b.header = add(&excelize.Style{Font: font(11, true), Fill: fill("D9E1EC"), Border: line, Alignment: wrap})
	b.body = add(&excelize.Style{Font: font(11, false), Border: line, Alignment: wrap})
	b.answer = add(&excelize.Style{Font: font(11, false), Border: line, Alignment: wrap, Fill: fill("FFF8DC"), Protection: &excelize.Protection{Locked: false}})
	b.date = add(&excelize.Style{Font: font(11, false), Border: line, Alignment: &excelize.Alignment{Vertical: "top", Horizontal: "left"}, CustomNumFmt: &dateFormat})
	b.link = add(&excelize.Style{Font: &excelize.Font{Family: "Calibri", Size: 11, Color: "0B5A55", Underline: "single"}, Border: line, Alignment: wrap})
}

// cover writes the first sheet: facts, then parts.
func (b *book) cover() {
	b.does(b.SetSheetName("Sheet1", coverSheet))
	b.fits(coverSheet)
	b.does(b.SetColWidth(coverSheet, "A", "A", labelWidth))
	b.does(b.SetColWidth(coverSheet, "B", "B", factWidth))
	row := 1
	text := func(column, value string, style int) {
		at := fmt.Sprint(column, row)
		b.does(b.SetCellStr(coverSheet, at, clip(prose(value))))
		b.does(b.SetCellStyle(coverSheet, at, at, style))
	}
	facts := func(list []Fact) {
		for _, fact := range list {
			row++
			text("A", fact.Label, b.header)
			at := fmt.Sprint("B", row)
			d, isDate := calendar(fact.Value)
			switch {
			case fact.Fill:
				b.does(b.SetCellStyle(coverSheet, at, at, b.answer))
			case fact.Date && isDate:
				b.does(b.SetCellValue(coverSheet, at, d))
				b.does(b.SetCellStyle(coverSheet, at, at, b.date))
			default:
				text("B", fact.Value, b.body)
			}
			b.does(b.SetRowHeight(coverSheet, row, rowHeight(max(linesOf(fact.Label, labelWidth), linesOf(fact.Value, factWidth)))))
		}
	}
	text("A", b.table.Title, b.title)
	b.does(b.SetRowHeight(coverSheet, row, titleLine))
	row++
	facts(b.table.Facts)
	for _, part := range b.table.Parts {
		row += 2
		text("A", part.Title, b.part)
		facts(part.Facts)
	}
	b.page(coverSheet, fmt.Sprintf("$A$1:$B$%d", row), "")
	hidden := false
	b.does(b.SetSheetView(coverSheet, 0, &excelize.ViewOptions{ShowGridLines: &hidden}))
	if b.table.filled() {
		b.does(b.ProtectSheet(coverSheet, protection()))
	}
}

// filled says whether the reader has something to fill in.
func (t *Table) filled() bool {
	for _, c := range t.Columns {
		if c.Answer {
			return true
		}
	}
	return false
}

// protection locks what is not an answer; filters and heights stay free.
func protection() *excelize.SheetProtectionOptions {
	return &excelize.SheetProtectionOptions{SelectLockedCells: true, SelectUnlockedCells: true, FormatRows: true, FormatColumns: true, AutoFilter: true, Sort: true}
}

// fits makes the fit of page count.
func (b *book) fits(sheet string) {
	fit := true
	b.does(b.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fit}))
}

// page sets how a sheet prints: A4 landscape, one page wide, as many high as
// needed, the area alone, its heads on each page, and the page's number.
func (b *book) page(sheet, area, heads string) {
	size, orientation, wide, high := 9, "landscape", 1, 0
	b.does(b.SetPageLayout(sheet, &excelize.PageLayoutOptions{Size: &size, Orientation: &orientation, FitToWidth: &wide, FitToHeight: &high}))
	side, top, bottom, edge := 0.4, 0.5, 0.6, 0.3
	b.does(b.SetPageMargins(sheet, &excelize.PageLayoutMarginsOptions{Left: &side, Right: &side, Top: &top, Bottom: &bottom, Header: &edge, Footer: &edge}))
	b.does(b.SetHeaderFooter(sheet, &excelize.HeaderFooterOptions{OddFooter: "&L&A&RPage &P / &N"}))
	quoted := "'" + strings.ReplaceAll(sheet, "'", "''") + "'!"
	b.does(b.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", RefersTo: quoted + area, Scope: sheet}))
	if heads != "" {
		b.does(b.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: quoted + heads, Scope: sheet}))
	}
}

// rows writes the sheet of the rows.
func (b *book) rows() {
	t := b.table
	if n := len(t.Columns); n == 0 || n > excelize.MaxColumns {
		b.does(fmt.Errorf("une feuille ne peut pas avoir %d colonnes", n))
		return
	}
	sheet := t.Sheet
	if sheet == "" {
		sheet = sheetName(t.Name)
	}
	_, err := b.NewSheet(sheet)
	b.does(err)
	if b.err != nil {
		return
	}
	b.fits(sheet) // a stream writes it first
	s, err := b.NewStreamWriter(sheet)
	if b.does(err); b.err != nil {
		return
	}
	heads, widths := make([]any, len(t.Columns)), make([]float64, len(t.Columns))
	high, printed := 1, 0
	for i, c := range t.Columns {
		widths[i] = c.Width
		if c.Width == 0 {
			widths[i] = shortWidth
		}
		heads[i] = excelize.Cell{StyleID: b.header, Value: clip(prose(c.Title))}
		b.does(s.SetColWidth(i+1, i+1, widths[i]))
		if c.Hidden {
			b.does(s.SetColVisible(i+1, i+1, false))
			continue
		}
		printed = i + 1
		high = max(high, linesOf(c.Title, widths[i]))
	}
	b.does(s.SetPanes(&excelize.Panes{Freeze: true, XSplit: 1, YSplit: 1, TopLeftCell: "B2", ActivePane: "bottomRight"}))
	b.does(s.SetRow("A1", heads, excelize.RowOpts{Height: rowHeight(high)}))
	last := 1
	for cells := range t.Rows {
		last++
		b.row(s, sheet, last, cells, widths)
		if b.err != nil {
			return
		}
	}
	b.lists(sheet, last)
	if last > 1 { // an id such as 1230 is text, and no fault to be marked
		b.does(b.AddIgnoredErrors(sheet, fmt.Sprintf("A2:%s%d", letters(len(t.Columns)-1), last), excelize.IgnoredErrorsNumberStoredAsText))
	}
	b.page(sheet, fmt.Sprintf("$A$1:$%s$%d", letters(printed-1), last), "$1:$1")
	if last > 1 {
		b.does(b.AutoFilter(sheet, fmt.Sprintf("A1:%s%d", letters(len(t.Columns)-1), last), nil))
	}
	if t.filled() {
		b.does(b.ProtectSheet(sheet, protection()))
	}
	if b.err == nil {
		b.does(s.Flush())
	}
}

func (b *book) row(s *excelize.StreamWriter, sheet string, number int, cells []string, widths []float64) {
	values := make([]any, len(cells))
	high := 1
	for i, c := range b.table.Columns {
		cell := excelize.Cell{StyleID: b.body, Value: clip(prose(cells[i]))}
		d, isDate := calendar(cells[i])
		switch {
		case c.Date && isDate:
			cell = excelize.Cell{StyleID: b.date, Value: d}
		case c.Date:
			cell.Value = frenchDate(cells[i])
		case c.Answer:
			cell.StyleID = b.answer
		case c.Link && strings.HasPrefix(cells[i], "http"):
			cell.StyleID = b.link
			b.does(b.SetCellHyperLink(sheet, fmt.Sprint(letters(i), number), cells[i], "External"))
		}
		if cell.Value == "" {
			cell.Value = nil
		}
		values[i] = cell
		if !c.Hidden && !c.Link {
			high = max(high, linesOf(cells[i], widths[i]))
		}
	}
	b.does(s.SetRow(fmt.Sprint("A", number), values, excelize.RowOpts{Height: rowHeight(high)}))
}

// calendar reads a date that spreadsheets agree on: they count days, and not
// alike before March 1900.
func calendar(s string) (d time.Time, ok bool) {
	d, err := time.Parse(time.DateOnly, s)
	return d, err == nil && !d.Before(time.Date(1900, time.March, 1, 0, 0, 0, 0, time.UTC))
}

// lists gives the answer columns their drop-down lists.
func (b *book) lists(sheet string, last int) {
	for i, c := range b.table.Columns {
		if len(c.Choices) == 0 || last == 1 {
			continue
		}
		v := excelize.NewDataValidation(true)
		v.Sqref = fmt.Sprintf("%s2:%[1]s%d", letters(i), last)
		b.does(v.SetDropList(c.Choices))
		v.SetError(excelize.DataValidationErrorStyleStop, "Réponse inconnue", "Choisissez une réponse de la liste, ou laissez la cellule vide.")
		b.does(b.AddDataValidation(sheet, v))
	}
}

// sheetName is the name with a capital; names are ours, and short.
func sheetName(name string) string {
	if name == "" {
		return "Table"
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

// clip keeps text within what a cell may hold.
func clip(s string) string {
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
