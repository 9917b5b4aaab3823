package export

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Limits on a workbook, checked before it is parsed: its parts are small XML
// elements that take many times their size in memory.
const (
	maxUnzipped = 24 << 20 // bytes of all parts together, pictures too
	maxXML      = 6 << 20  // bytes of those that are parsed; an annex has .5 MiB
	maxStrings  = 3 << 20  // bytes of the table of strings, or of the styles
	maxParts    = 2_000
	maxSheets   = 50
)

// readXLSX reads the sheets of a workbook as text.
func readXLSX(raw []byte, name string) (sheets []sheet, err error) {
	fault := func(what string) ([]sheet, error) { return nil, &FileError{Name: name, What: what} }
	const damaged = "le classeur est abîmé, ou n’en est pas un : ouvrez-le dans un tableur et enregistrez-le à nouveau en XLSX"
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return fault(damaged)
	}
	if len(z.File) > 0 && z.File[0].Name == "mimetype" {
		return fault("c’est un document OpenDocument (ODS) : enregistrez-le en XLSX")
	}
	if what := tooLarge(z); what != "" {
		return fault(what)
	}
	defer func() { // the library reads what anybody may have written
		if recover() != nil {
			sheets, err = fault(damaged)
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(raw), excelize.Options{UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped})
	if err != nil {
		return fault(damaged)
	}
	defer f.Close()
	list := f.GetSheetList()
	if len(list) == 0 {
		return fault(damaged)
	}
	if len(list) > maxSheets {
		return fault(fmt.Sprintf("le classeur a %d feuilles ; ce n’est pas une annexe exportée par cct", len(list)))
	}
	cells, text := 0, 0
	for _, title := range list {
		s := sheet{name: title}
		rows, err := f.Rows(title)
		if err != nil {
			continue // a chart, which has no rows
		}
		for number := 1; rows.Next(); number++ {
			columns, err := rows.Columns()
			if err != nil {
				return fault(damaged)
			}
			for _, c := range columns {
				text += len(c)
			}
			if cells += len(columns) + 1; cells > maxCells || text > maxXML {
				return fault("le classeur a trop de cellules ; ce n’est pas une annexe exportée par cct")
			}
			if len(columns) == 0 {
				continue
			}
			if err := s.add(columns, number, name); err != nil {
				return nil, err
			}
		}
		if err := errors.Join(rows.Error(), rows.Close()); err != nil {
			return fault(damaged)
		}
		sheets = append(sheets, s)
	}
	return sheets, nil
}

// tooLarge says what makes a package too large to be parsed, "" for nothing.
// The sizes are those that it declares, which archive/zip enforces.
func tooLarge(z *zip.Reader) string {
	const notOurs = " ; ce n’est pas une annexe exportée par cct"
	if len(z.File) > maxParts {
		return fmt.Sprintf("le classeur a %d parties%s", len(z.File), notOurs)
	}
	var all, parsed, largest uint64
	sheets := 0
	for _, f := range z.File {
		all += f.UncompressedSize64
		name := strings.ToLower(f.Name)
		if strings.HasSuffix(name, ".xml") || strings.HasSuffix(name, ".rels") || strings.HasPrefix(name, "xl/worksheets/") {
			parsed += f.UncompressedSize64
		}
		if f.UncompressedSize64 > maxUnzipped || all > maxUnzipped || parsed > maxXML {
			return fmt.Sprintf("le classeur dépasse %d Mio une fois décompressé (%d sans les images)%s", maxUnzipped>>20, maxXML>>20, notOurs)
		}
		switch {
		case strings.HasPrefix(name, "xl/worksheets/"):
			largest = max(largest, f.UncompressedSize64)
		case f.UncompressedSize64 > maxStrings && strings.HasSuffix(name, ".xml"):
			return fmt.Sprintf("une partie du classeur (%s) dépasse %d Mio%s", f.Name, maxStrings>>20, notOurs)
		case name == "xl/workbook.xml":
			sheets = sheetsNamed(f)
		}
	}
	// Several sheets may name one part: each is read.
	if uint64(sheets)*largest > maxXML || sheets > maxSheets {
		return fmt.Sprintf("le classeur a %d feuilles, trop grandes ensemble%s", sheets, notOurs)
	}
	return ""
}

// sheetsNamed counts the sheets that a workbook lists, on the large side.
func sheetsNamed(f *zip.File) int {
	r, err := f.Open()
	if err != nil {
		return 0
	}
	defer r.Close()
	raw, err := io.ReadAll(io.LimitReader(r, maxStrings))
	if err != nil {
		return 0
	}
	return bytes.Count(raw, []byte("sheetId="))
}
