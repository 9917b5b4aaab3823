package export

import (
	"encoding/xml"
	"io"
	"io/fs"
	"strings"
)

// known are the namespaces of what is read: those of the transitional files, of
// the strict ones, and of relations. Prefixes are the writer's choice; what
// other namespaces hold is skipped.
var known = map[string]bool{
	spreadsheetML: true,
	"http://purl.oclc.org/ooxml/spreadsheetml/main": true,
	packageML + "/relationships":                    true,
}

// read has visit see each element of the part's root. visit reads the element
// up to its end, or skips it.
func (b *book) read(part string, visit func(d *xml.Decoder, e xml.StartElement) error) error {
	f := b.parts[strings.ToLower(part)]
	if f == nil {
		return fs.ErrNotExist
	}
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	d := xml.NewDecoder(&budget{r, &b.left})
	return children(d, func(xml.StartElement) error {
		return children(d, func(e xml.StartElement) error { return visit(d, e) })
	})
}

// budget reads as long as bytes are left: an archive may hold more than it says,
// and two sheets may be the same part.
type budget struct {
	r    io.Reader
	left *int64
}

func (b *budget) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if *b.left -= int64(n); *b.left < 0 {
		return 0, errUnzipped
	}
	return n, err
}

// children has visit see each element inside the one that was begun, up to its
// end; at the top, up to the end of the part. visit reads it up to its end.
func children(d *xml.Decoder, visit func(e xml.StartElement) error) error {
	for {
		token, err := d.Token()
		if err == io.EOF { // the decoder gives it at the top alone
			return nil
		}
		if err != nil {
			return err
		}
		switch e := token.(type) {
		case xml.EndElement:
			return nil
		case xml.StartElement:
			if known[e.Name.Space] {
				err = visit(e)
			} else {
				err = d.Skip()
			}
			if err != nil {
				return err
			}
		}
	}
}

// plainText gives the text of the element that was begun.
func plainText(d *xml.Decoder) (string, error) {
	var b strings.Builder
	for {
		token, err := d.Token()
		if err != nil {
			return "", err
		}
		switch e := token.(type) {
		case xml.CharData:
			b.Write(e)
		case xml.StartElement:
			if err := d.Skip(); err != nil {
				return "", err
			}
		case xml.EndElement:
			return b.String(), nil
		}
	}
}

// richText gives the text of the element that was begun, whole or in runs that
// each have their font; how it is pronounced (rPh) is no part of it (ECMA-376
// part 1, 18.4.8).
func richText(d *xml.Decoder) (string, error) {
	var b strings.Builder
	piece := func() error {
		s, err := plainText(d)
		b.WriteString(decodeXString(s))
		return err
	}
	err := children(d, func(e xml.StartElement) error {
		switch e.Name.Local {
		case "t":
			return piece()
		case "r":
			return children(d, func(e xml.StartElement) error {
				if e.Name.Local == "t" {
					return piece()
				}
				return d.Skip()
			})
		}
		return d.Skip()
	})
	return b.String(), err
}

// attr gives an attribute that has no namespace, as nearly all.
func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// relationID gives r:id, whose namespace depends on the kind of file.
func relationID(e xml.StartElement) string {
	for _, a := range e.Attr {
		if a.Name.Local == "id" && a.Name.Space != "" {
			return a.Value
		}
	}
	return ""
}

// isTrue reads a boolean of XML Schema.
func isTrue(s string) bool { return s == "1" || s == "true" }
