package export

import (
	"bufio"
	"fmt"
	"strings"
	"time"
)

// The parts of a workbook that don't depend on its rows. Programs are strict on
// the order of the elements: it is that of ECMA-376 part 1, annex A.

const (
	spreadsheetML = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	officeRels    = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packageML     = "http://schemas.openxmlformats.org/package/2006"
	spreadsheet   = "application/vnd.openxmlformats-officedocument.spreadsheetml"

	contentTypes = `<Types xmlns="` + packageML + `/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="` + spreadsheet + `.sheet.main+xml"/>` +
		`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="` + spreadsheet + `.worksheet+xml"/>` +
		`<Override PartName="/xl/worksheets/sheet2.xml" ContentType="` + spreadsheet + `.worksheet+xml"/>` +
		`<Override PartName="/xl/styles.xml" ContentType="` + spreadsheet + `.styles+xml"/>` +
		`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>` +
		`</Types>`

	packageRels = `<Relationships xmlns="` + packageML + `/relationships">` +
		`<Relationship Id="rId1" Type="` + officeRels + `/officeDocument" Target="xl/workbook.xml"/>` +
		`<Relationship Id="rId2" Type="` + packageML + `/relationships/metadata/core-properties" Target="docProps/core.xml"/>` +
		`</Relationships>`

	workbookRels = `<Relationships xmlns="` + packageML + `/relationships">` +
		`<Relationship Id="rId1" Type="` + officeRels + `/worksheet" Target="worksheets/sheet1.xml"/>` +
		`<Relationship Id="rId2" Type="` + officeRels + `/worksheet" Target="worksheets/sheet2.xml"/>` +
		`<Relationship Id="rId3" Type="` + officeRels + `/styles" Target="styles.xml"/>` +
		`</Relationships>`
)

// cellStyle is the place of a style in cellXfs.
type cellStyle int

const (
	_ cellStyle = iota // that of cells that name none
	styleTitle
	styleHeader
	styleBody
	styleAnswer
	styleDate
)

// styleSheet has the styles in the order of their constants. The first two
// fills are those that spreadsheets expect there, whatever is written; without
// a theme, the font is named.
const styleSheet = `<styleSheet xmlns="` + spreadsheetML + `">` +
	`<numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts>` +
	`<fonts count="3">` +
	`<font><sz val="11"/><name val="Calibri"/><family val="2"/></font>` +
	`<font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font>` +
	`<font><b/><sz val="16"/><name val="Calibri"/><family val="2"/></font>` +
	`</fonts>` +
	`<fills count="4">` +
	`<fill><patternFill patternType="none"/></fill>` +
	`<fill><patternFill patternType="gray125"/></fill>` +
	`<fill><patternFill patternType="solid"><fgColor rgb="FFD9E1EC"/><bgColor indexed="64"/></patternFill></fill>` +
	`<fill><patternFill patternType="solid"><fgColor rgb="FFFFF8DC"/><bgColor indexed="64"/></patternFill></fill>` +
	`</fills>` +
	`<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>` +
	`<border><left/><right/><top/><bottom style="thin"><color rgb="FFBFC7D1"/></bottom><diagonal/></border></borders>` +
	`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
	`<cellXfs count="6">` +
	`<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
	`<xf numFmtId="0" fontId="2" fillId="0" borderId="0" xfId="0" applyFont="1"/>` +
	`<xf numFmtId="0" fontId="1" fillId="2" borderId="1" xfId="0" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>` +
	`<xf numFmtId="0" fontId="0" fillId="0" borderId="1" xfId="0" applyBorder="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>` +
	`<xf numFmtId="0" fontId="0" fillId="3" borderId="1" xfId="0" applyFill="1" applyBorder="1" applyAlignment="1" applyProtection="1"><alignment vertical="top" wrapText="1"/><protection locked="0"/></xf>` +
	`<xf numFmtId="164" fontId="0" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyBorder="1" applyAlignment="1"><alignment horizontal="left" vertical="top"/></xf>` +
	`</cellXfs>` +
	`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>` +
	`</styleSheet>`

// sheetStart opens a sheet; fitToPage makes the page setup's fit count.
const sheetStart = `<worksheet xmlns="` + spreadsheetML + `"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>`

// sheetFormat gives the height of the rows that don't say theirs.
const sheetFormat = `<sheetFormatPr defaultRowHeight="15"/>`

// sheetPage closes a sheet with how it prints: A4, one page wide, as many high
// as needed, each with its number.
func sheetPage(orientation string) string {
	return `<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>` +
		`<pageSetup paperSize="9" orientation="` + orientation + `" fitToWidth="1" fitToHeight="0"/>` +
		`<headerFooter><oddFooter>&amp;L&amp;A&amp;RPage &amp;P / &amp;N</oddFooter></headerFooter></worksheet>`
}

func fixed(part string) func(*bufio.Writer) error {
	return func(b *bufio.Writer) error {
		_, err := b.WriteString(part)
		return err
	}
}

// writeCore writes the properties of the document (part 2, 11).
func writeCore(b *bufio.Writer, title string) error {
	date := written.Format(time.RFC3339)
	_, err := fmt.Fprintf(b, `<cp:coreProperties xmlns:cp="`+packageML+`/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`+
		`<dc:title>%s</dc:title><dc:creator>cct</dc:creator><dc:language>fr-FR</dc:language>`+
		`<dcterms:created xsi:type="dcterms:W3CDTF">%s</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">%[2]s</dcterms:modified></cp:coreProperties>`, attribute(title), date)
	return err
}

// writeBook writes the list of the sheets, with the names that filters, repeated
// header rows and what prints go by (part 1, 18.2.5). What comes after the last
// answer isn't printed: the whole width on A4 would be too small to read.
func writeBook(b *bufio.Writer, t *Table, last int) error {
	name := sheetName(t.Name)
	quoted := attribute("'" + strings.ReplaceAll(name, "'", "''") + "'")
	printed := len(t.Columns)
	for i, c := range t.Columns {
		if c.Answer {
			printed = i + 1
		}
	}
	_, err := fmt.Fprintf(b, `<workbook xmlns="`+spreadsheetML+`" xmlns:r="`+officeRels+`"><bookViews><workbookView/></bookViews>`+
		`<sheets><sheet name="%s" sheetId="1" r:id="rId1"/><sheet name="%s" sheetId="2" r:id="rId2"/></sheets>`+
		`<definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="1" hidden="1">%s!$A$1:$%s$%d</definedName>`+
		`<definedName name="_xlnm.Print_Area" localSheetId="1">%[3]s!$A$1:$%[6]s$%[5]d</definedName>`+
		`<definedName name="_xlnm.Print_Titles" localSheetId="1">%[3]s!$1:$1</definedName></definedNames></workbook>`,
		attribute(coverSheet), attribute(name), quoted, letters(len(t.Columns)-1), last, letters(printed-1))
	return err
}
