package export

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Limits on a file that is read back: an annex of 150 rows takes 40 KiB, and a
// hostile file must not take the machine.
const (
	maxFile    = 16 << 20 // bytes of the file
	maxRows    = 20_000
	maxColumns = 200
	maxCells   = 1_000_000
)

// FileError is a fault of a file that was given to be read, in words that say
// where to look.
type FileError struct {
	Name   string // of the file
	Sheet  string // "" in a CSV
	Row    int    // from 1, as the spreadsheet numbers it; 0: the whole sheet
	Column string // letter, or letter and title; "" when it concerns the whole row
	What   string // what is wrong and what to do
	More   int    // other faults of the same file
}

func (e *FileError) Error() string {
	var b strings.Builder
	b.WriteString(e.Name)
	if e.Sheet != "" {
		fmt.Fprintf(&b, ", feuille « %s »", e.Sheet)
	}
	if e.Row > 0 {
		fmt.Fprintf(&b, ", ligne %d", e.Row)
	}
	if e.Column != "" {
		fmt.Fprintf(&b, ", colonne %s", e.Column)
	}
	fmt.Fprintf(&b, " : %s", e.What)
	if e.More == 1 {
		b.WriteString(" (et un autre défaut)")
	} else if e.More > 1 {
		fmt.Fprintf(&b, " (et %d autres défauts)", e.More)
	}
	return b.String()
}

// sheet is what a reader gives: rows of text, with their numbers in the file.
type sheet struct {
	name    string
	rows    [][]string
	numbers []int
}

// read takes a CSV or a workbook, whichever the bytes are; the name serves
// messages alone.
func read(r io.Reader, name string) ([]sheet, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("%s ne peut pas être lu (%w) : donnez un fichier CSV ou XLSX", name, err)
	}
	switch {
	case len(raw) > maxFile:
		return nil, &FileError{Name: name, What: fmt.Sprintf("le fichier dépasse %d Mio ; ce n’est pas une annexe exportée par cct", maxFile>>20)}
	case len(bytes.TrimSpace(raw)) == 0:
		return nil, &FileError{Name: name, What: "le fichier est vide"}
	case bytes.HasPrefix(raw, []byte("PK")):
		return readXLSX(raw, name)
	case bytes.HasPrefix(raw, []byte{0xd0, 0xcf, 0x11, 0xe0}):
		return nil, &FileError{Name: name, What: "ce classeur est protégé par un mot de passe ou à l’ancien format XLS : enregistrez-le en XLSX, sans mot de passe"}
	case bytes.HasPrefix(bytes.TrimSpace(raw), []byte("{")):
		return nil, &FileError{Name: name, What: "c’est du JSON, qui n’a pas de colonne où répondre : donnez le fichier CSV ou XLSX rempli"}
	}
	return readCSV(raw, name)
}

func readCSV(raw []byte, name string) ([]sheet, error) {
	text, err := decode(raw)
	if err != nil {
		return nil, &FileError{Name: name, What: err.Error()}
	}
	comma := separator(text)
	if line := tooWide(text, comma); line > 0 {
		return nil, &FileError{Name: name, Row: line, What: fmt.Sprintf("plus de %d colonnes ; ce n’est pas une annexe exportée par cct", maxColumns)}
	}
	c := csv.NewReader(strings.NewReader(text))
	c.Comma, c.FieldsPerRecord = comma, -1
	var s sheet
	inside := 0 // line breaks inside cells so far: a spreadsheet numbers rows without them
	for {
		cells, err := c.Read()
		if errors.Is(err, io.EOF) {
			return []sheet{s}, nil
		}
		var bad *csv.ParseError
		if errors.As(err, &bad) {
			what := "la ligne ne suit pas le format CSV"
			switch {
			case errors.Is(bad.Err, csv.ErrQuote):
				what = "un guillemet est mal placé : doublez les guillemets qui sont dans le texte"
			case errors.Is(bad.Err, csv.ErrBareQuote):
				what = "un guillemet apparaît dans une cellule sans guillemets : entourez la cellule, et doublez ceux du texte"
			}
			return nil, &FileError{Name: name, Row: max(1, bad.StartLine-inside), Column: fmt.Sprintf("(caractère %d)", bad.Column), What: what}
		}
		if err != nil {
			return nil, fmt.Errorf("lire %s : %w", name, err)
		}
		line, _ := c.FieldPos(0)
		line -= inside
		for i := range cells {
			inside += strings.Count(cells[i], "\n")
			cells[i] = unguard(cells[i])
		}
		if e := s.add(cells, line, name); e != nil {
			return nil, e
		}
	}
}

func (s *sheet) add(cells []string, number int, file string) error {
	if len(s.rows) >= maxRows {
		return &FileError{Name: file, Sheet: s.name, Row: number, What: fmt.Sprintf("plus de %d lignes ; ce n’est pas une annexe exportée par cct", maxRows)}
	}
	if len(cells) > maxColumns {
		return &FileError{Name: file, Sheet: s.name, Row: number, What: fmt.Sprintf("plus de %d colonnes ; ce n’est pas une annexe exportée par cct", maxColumns)}
	}
	s.rows, s.numbers = append(s.rows, cells), append(s.numbers, number)
	return nil
}

// tooWide gives the first line with more columns than any file of ours has, 0
// for none: the reader of CSV would take memory for each.
func tooWide(text string, comma rune) int {
	line, columns, quoted := 1, 1, false
	for _, r := range text {
		switch {
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '\n':
			line, columns = line+1, 1
		case r == comma:
			if columns++; columns > maxColumns {
				return line
			}
		}
	}
	return 0
}

// separator guesses the separator from the first line.
func separator(text string) rune {
	line, _, _ := strings.Cut(text, "\n")
	best, most := ';', 0
	for _, c := range []rune{';', '\t', ','} {
		if n := strings.Count(line, string(c)); n > most {
			best, most = c, n
		}
	}
	return best
}

// decode turns a file's bytes into text: UTF-8 with or without a byte order
// mark, UTF-16 ("Texte Unicode" of Excel), else Windows-1252 (its plain "CSV").
func decode(raw []byte) (string, error) {
	for mark, big := range map[string]bool{"\xff\xfe": false, "\xfe\xff": true} {
		if !bytes.HasPrefix(raw, []byte(mark)) {
			continue
		}
		units := make([]uint16, 0, len(raw)/2)
		for i := 2; i+1 < len(raw); i += 2 {
			lo, hi := raw[i], raw[i+1]
			if big {
				lo, hi = hi, lo
			}
			units = append(units, uint16(lo)|uint16(hi)<<8)
		}
		return string(utf16.Decode(units)), nil
	}
	raw = bytes.TrimPrefix(raw, []byte(byteOrderMark))
	if bytes.IndexByte(raw, 0) >= 0 {
		return "", errors.New("ce n’est ni un classeur XLSX ni un fichier CSV")
	}
	if utf8.Valid(raw) {
		return string(raw), nil
	}
	var b strings.Builder
	for _, c := range raw {
		if c >= 0x80 && c < 0xa0 {
			b.WriteRune(windows1252[c-0x80])
			continue
		}
		b.WriteRune(rune(c))
	}
	return b.String(), nil
}

// windows1252 gives the characters 0x80 to 0x9F; the others are Latin-1's. Five
// have none (encoding.spec.whatwg.org, index windows-1252, keeps the controls).
var windows1252 = [32]rune{
	'€', 0x81, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0x8d, 'Ž', 0x8f,
	0x90, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0x9d, 'ž', 'Ÿ',
}
