package export

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"
)

// book is a workbook that is being read: SpreadsheetML in a package (ECMA-376
// part 1, 18, and part 2), as Excel, LibreOffice, Google and others write it.
type book struct {
	file     string
	parts    map[string]*zip.File // by name, in lower case: case doesn't count (part 2, 6.2.2)
	left     int64                // bytes that may still be unzipped
	text     int                  // bytes of text that cells may still hold
	shared   []string             // texts that cells name by their place
	dates    []bool               // whether a style shows numbers as dates, by its place
	from1904 bool
}

// errUnzipped says that the parts hold more than the archive told.
var errUnzipped = errors.New("too much to unzip")

const saveAgain = " : enregistrez le classeur de nouveau depuis le tableur"

func readXLSX(raw []byte, name string) ([]sheet, error) {
	b := &book{file: name, parts: map[string]*zip.File{}, left: maxUnzipped, text: maxUnzipped}
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, b.unreadable()
	}
	var size uint64
	for _, f := range z.File {
		if size += f.UncompressedSize64; size > maxUnzipped || f.UncompressedSize64 > maxUnzipped {
			return nil, b.tooLarge()
		}
		b.parts[strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))] = f
	}
	if b.parts["content.xml"] != nil && b.parts["mimetype"] != nil {
		return nil, &FileError{Name: name, What: "ce classeur est au format OpenDocument (ODS) : enregistrez-le en XLSX"}
	}
	sheets, err := b.sheets()
	var fault *FileError
	switch {
	case err == nil:
		return sheets, nil
	case errors.Is(err, errUnzipped):
		return nil, b.tooLarge()
	case errors.As(err, &fault):
		return nil, fault
	}
	return nil, b.unreadable()
}

func (b *book) unreadable() *FileError {
	return &FileError{Name: b.file, What: "ce n’est pas un classeur XLSX lisible : enregistrez-le de nouveau depuis le tableur"}
}

func (b *book) tooLarge() *FileError {
	return &FileError{Name: b.file, What: fmt.Sprintf("le classeur dépasse %d Mio une fois décompressé ; ce n’est pas une matrice exportée par cct", maxUnzipped>>20)}
}

// sheets reads every sheet, in the order of the workbook; those that hold a
// chart alone have no rows, and are left out.
func (b *book) sheets() ([]sheet, error) {
	top, err := b.relations("")
	if err != nil {
		return nil, err
	}
	main := ""
	for _, r := range top {
		if r.is("officeDocument") {
			main = r.part
		}
	}
	related, err := b.relations(main)
	if err != nil {
		return nil, err
	}
	for _, r := range related {
		switch {
		case r.is("sharedStrings"):
			err = b.readShared(r.part)
		case r.is("styles"):
			err = b.readStyles(r.part)
		}
		if err != nil {
			return nil, err
		}
	}
	var titles []string
	var places []relation
	err = b.read(main, func(d *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			b.from1904 = isTrue(attr(e, "date1904"))
		case "sheets":
			return children(d, func(e xml.StartElement) error {
				if r := related[relationID(e)]; r.is("worksheet") {
					titles, places = append(titles, attr(e, "name")), append(places, r)
				}
				return d.Skip()
			})
		}
		return d.Skip()
	})
	if err != nil {
		return nil, err
	}
	var all []sheet
	for i, r := range places {
		s, err := b.readSheet(titles[i], r.part)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// relation leads from a part to another (part 2, 6.5).
type relation struct{ kind, part string }

// is compares the last word of the type alone: what comes before tells the
// transitional files from the strict ones.
func (r relation) is(kind string) bool { return path.Base(r.kind) == kind }

// relations gives those of a part by their ids; "" is the package.
func (b *book) relations(part string) (map[string]relation, error) {
	dir, name := path.Split(part)
	all := map[string]relation{}
	err := b.read(dir+"_rels/"+name+".rels", func(d *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local == "Relationship" && attr(e, "TargetMode") != "External" {
			target := attr(e, "Target")
			if !strings.HasPrefix(target, "/") {
				target = path.Join("/", dir, target)
			}
			all[attr(e, "Id")] = relation{attr(e, "Type"), strings.TrimPrefix(path.Clean(target), "/")}
		}
		return d.Skip()
	})
	return all, err
}

func (b *book) readShared(part string) error {
	return b.read(part, func(d *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return d.Skip()
		}
		s, err := richText(d)
		b.shared = append(b.shared, s)
		return err
	})
}

// readStyles notes which styles show dates.
func (b *book) readStyles(part string) error {
	codes := map[string]string{}
	return b.read(part, func(d *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmts": // comes before cellXfs
			return children(d, func(e xml.StartElement) error {
				codes[attr(e, "numFmtId")] = attr(e, "formatCode")
				return d.Skip()
			})
		case "cellXfs":
			return children(d, func(e xml.StartElement) error {
				id := attr(e, "numFmtId")
				code, own := codes[id]
				n, err := strconv.Atoi(id)
				b.dates = append(b.dates, own && dateFormat(code) || !own && err == nil && builtinDate(n))
				return d.Skip()
			})
		}
		return d.Skip()
	})
}

// readSheet reads the rows that hold something.
func (b *book) readSheet(title, part string) (sheet, error) {
	s := sheet{name: title}
	number, inside := 0, false
	err := b.read(part, func(d *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local != "sheetData" {
			return d.Skip()
		}
		err := children(d, func(e xml.StartElement) error {
			if e.Name.Local != "row" {
				return d.Skip()
			}
			before := number
			number++ // a row that doesn't say its number follows the one before
			if r := attr(e, "r"); r != "" {
				n, err := strconv.Atoi(r)
				if err != nil || n <= before || n > sheetRows {
					return &FileError{Name: b.file, Sheet: title, Row: number, What: fmt.Sprintf("la ligne porte le numéro « %s », qui ne suit pas le précédent", clipRunes(r, 20)) + saveAgain}
				}
				number = n
			}
			inside = true
			cells, err := b.readRow(d, title, number)
			if err != nil {
				return err
			}
			if len(cells) == 0 {
				return nil
			}
			return s.add(cells, number, b.file)
		})
		inside = inside && err != nil
		return err
	})
	var fault *FileError
	switch {
	case err == nil || errors.As(err, &fault) || errors.Is(err, errUnzipped):
		return s, err
	case inside:
		return s, &FileError{Name: b.file, Sheet: title, Row: number, What: "la ligne ne peut pas être lue" + saveAgain}
	}
	return s, &FileError{Name: b.file, Sheet: title, What: "la feuille est abîmée" + saveAgain}
}

// readRow gives the cells of a row up to the last that holds something.
func (b *book) readRow(d *xml.Decoder, title string, number int) (cells []string, err error) {
	next := 0 // a cell that doesn't say its column follows the one before
	err = children(d, func(e xml.StartElement) error {
		if e.Name.Local != "c" {
			return d.Skip()
		}
		if r := attr(e, "r"); r != "" {
			column, row := place(r)
			if row != number {
				return &FileError{Name: b.file, Sheet: title, Row: number, What: fmt.Sprintf("« %s » n’est pas l’adresse d’une cellule de la ligne", clipRunes(r, 20)) + saveAgain}
			}
			next = column
		}
		v, err := b.readCell(d, e)
		var fault *FileError
		if errors.As(err, &fault) {
			fault.Sheet, fault.Row, fault.Column = title, number, letters(next)
		}
		if err != nil {
			return err
		}
		if b.text -= len(v); b.text < 0 { // one shared text in every cell: small to unzip, large to hold
			return errUnzipped
		}
		if v != "" {
			for len(cells) <= min(next, sheetColumns) {
				cells = append(cells, "")
			}
			cells[min(next, sheetColumns)] = v
		}
		next++
		return nil
	})
	return cells, err
}

// place reads "AB12": column from 0, row from 1. What is no cell's address has
// row 0.
func place(ref string) (column, row int) {
	digits := strings.TrimLeft(ref, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	name := ref[:len(ref)-len(digits)]
	if name == "" || len(name) > 3 {
		return 0, 0
	}
	for _, c := range name {
		column = column*26 + int(c-'A') + 1
	}
	row, err := strconv.Atoi(digits)
	if err != nil || column > sheetColumns || digits[0] == '+' {
		return 0, 0
	}
	return column - 1, row
}

// readCell gives what a cell shows (part 1, 18.3.1.4); formulas have their last
// result beside them.
func (b *book) readCell(d *xml.Decoder, cell xml.StartElement) (string, error) {
	var value, inline string
	err := children(d, func(e xml.StartElement) (err error) {
		switch e.Name.Local {
		case "v":
			value, err = plainText(d)
		case "is":
			inline, err = richText(d)
		default:
			err = d.Skip()
		}
		return err
	})
	if err != nil {
		return "", err
	}
	kind := attr(cell, "t")
	if kind == "inlineStr" {
		return inline, nil
	}
	if kind == "str" {
		return decodeXString(value), nil
	}
	if value = strings.TrimSpace(value); value == "" {
		return "", nil
	}
	switch kind {
	case "s":
		i, err := strconv.Atoi(value)
		if err != nil || i < 0 || i >= len(b.shared) {
			return "", &FileError{Name: b.file, What: fmt.Sprintf("la cellule renvoie au texte n° %s, que le classeur n’a pas", clipRunes(value, 20)) + saveAgain}
		}
		return b.shared[i], nil
	case "b":
		if isTrue(value) {
			return "VRAI", nil
		}
		return "FAUX", nil
	case "e":
		return value, nil // "#N/A"
	case "d":
		for _, layout := range []string{time.DateOnly, "2006-01-02T15:04:05", time.RFC3339} {
			if at, err := time.Parse(layout, value); err == nil {
				return at.Format("02/01/2006"), nil
			}
		}
		return value, nil
	case "", "n":
		return b.number(value, attr(cell, "s"))
	}
	return "", &FileError{Name: b.file, What: fmt.Sprintf("la cellule est d’un type inconnu, « %s »", clipRunes(kind, 20)) + saveAgain}
}

func (b *book) number(value, style string) (string, error) {
	n, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return "", &FileError{Name: b.file, What: fmt.Sprintf("« %s » n’est pas un nombre", clipRunes(value, 20)) + saveAgain}
	}
	if i, err := strconv.Atoi(style); err == nil && i >= 0 && i < len(b.dates) && b.dates[i] {
		if date, ok := serialDate(n, b.from1904); ok {
			return date, nil
		}
	}
	return strconv.FormatFloat(n, 'f', -1, 64), nil // files have 0.10000000000000001
}
