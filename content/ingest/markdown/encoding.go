package markdown

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
	"golang.org/x/text/unicode/norm"
)

// marks are the byte order marks that tell an encoding; the longer ones first, as
// that of UTF-16 begins that of UTF-32.
var marks = []struct {
	mark string
	enc  encoding.Encoding
}{
	{"\xff\xfe\x00\x00", utf32.UTF32(utf32.LittleEndian, utf32.ExpectBOM)},
	{"\x00\x00\xfe\xff", utf32.UTF32(utf32.BigEndian, utf32.ExpectBOM)},
	{"\xff\xfe", unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)},
	{"\xfe\xff", unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM)},
}

// decode reads the bytes of the file as text. What is not UTF-8 is read as what
// it most likely is, and named.
func (d *Document) decode(raw []byte) {
	for _, m := range marks {
		if bytes.HasPrefix(raw, []byte(m.mark)) {
			if b, err := m.enc.NewDecoder().Bytes(raw); err == nil {
				d.Text = normalise(string(b))
				return
			}
		}
	}
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if utf8.Valid(raw) {
		if enc := withoutMark(raw); enc != nil {
			if b, err := enc.NewDecoder().Bytes(raw); err == nil {
				d.Problem(1, "encodage-utf-16", "le fichier est en UTF-16 sans marque d’ordre : enregistrez-le en UTF-8")
				raw = b
			}
		}
		d.Text = normalise(string(raw))
		return
	}
	line := 1 + bytes.Count(raw[:firstInvalid(raw)], []byte("\n"))
	if enc := withoutMark(raw); enc != nil {
		if b, err := enc.NewDecoder().Bytes(raw); err == nil {
			d.Problem(1, "encodage-utf-16", "le fichier est en UTF-16 sans marque d’ordre : enregistrez-le en UTF-8")
			d.Text = normalise(string(b))
			return
		}
	}
	if valid, invalid := sequences(raw); valid > invalid {
		d.Problem(line, "encodage-abime", "des octets ne sont pas de l’UTF-8, ils sont remplacés par « \uFFFD » : corrigez-les")
		d.Text = normalise(string(raw))
		return
	}
	b, err := charmap.Windows1252.NewDecoder().Bytes(raw)
	if err != nil { // every byte has a meaning there
		b = raw
	}
	if hasC1(raw) {
		d.Problem(line, "encodage-cp1252", "le fichier est en Windows-1252, non en UTF-8 : il est lu ainsi ; enregistrez-le en UTF-8")
	} else {
		d.Problem(line, "encodage-latin-1", "le fichier est en Latin-1 (ISO 8859-1), non en UTF-8 : il est lu ainsi ; enregistrez-le en UTF-8")
	}
	d.Text = normalise(string(b))
}

// withoutMark tells UTF-16 by its zeros: of Latin text, every other byte.
func withoutMark(raw []byte) encoding.Encoding {
	head := raw[:min(len(raw), 400)&^1]
	if len(head) < 4 || bytes.IndexByte(head, 0) < 0 {
		return nil
	}
	var zeros [2]int
	for i, b := range head {
		if b == 0 {
			zeros[i%2]++
		}
	}
	switch most := len(head) / 2 * 3 / 4; {
	case zeros[1] > most && zeros[0] == 0:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case zeros[0] > most && zeros[1] == 0:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	}
	return nil
}

func firstInvalid(raw []byte) int {
	for i := 0; i < len(raw); {
		r, n := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(raw)
}

// sequences counts the characters of several bytes that are UTF-8, and the bytes
// that are not.
func sequences(raw []byte) (valid, invalid int) {
	for i := 0; i < len(raw); {
		r, n := utf8.DecodeRune(raw[i:])
		if n > 1 {
			valid++
		} else if r == utf8.RuneError {
			invalid++
		}
		i += n
	}
	return valid, invalid
}

// hasC1 says whether a byte is a control in Latin-1, and a character (’, €, œ) in
// Windows-1252.
func hasC1(raw []byte) bool {
	for _, b := range raw {
		if b >= 0x80 && b < 0xa0 {
			return true
		}
	}
	return false
}

// normalise gives a text in NFC, valid, with \n as the line end and without NUL.
func normalise(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = norm.NFC.String(s)
	s = strings.TrimPrefix(s, "\uFEFF")
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	return strings.ReplaceAll(s, "\x00", "")
}
