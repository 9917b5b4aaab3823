package export

import (
	"cmp"
	"crypto/sha1"
	"encoding/hex"
	"net/url"
	"strings"
	"time"
	"unicode"
)

// line is a row of an annex, its cells by name.
type line struct {
	id, kind, level, title, text, note, url, because, addressee, answer, proof, comment, category string
}

// lines reads the rows of an annex back.
func (t *Table) lines() []line {
	cell := t.Cells()
	var list []line
	for row := range t.Rows {
		of := func(key string) string { return clean(cell(row, key)) }
		list = append(list, line{of("id"), of("kind"), of("level"), of("title"), of("text"), of("note"), of("url"), of("because"), of("addressee"),
			of("answer"), of("proof"), of("comment"), of("category")})
	}
	return list
}

// whole says that an annex holds all of its edition: no profile and no filter.
func (t *Table) whole() bool {
	cell := t.Cells()
	for row := range t.Rows {
		return cell(row, "selection") == "toutes"
	}
	return false
}

// day is when an annex was made, at midnight UTC.
func (t *Table) day() string {
	d, err := time.Parse(time.DateOnly, t.Fact("date"))
	if err != nil {
		d = time.Unix(0, 0)
	}
	return d.UTC().Format(time.RFC3339)
}

// groups parts the lines of an annex as its documents do: requirements by
// category, rules by kind; each keeps the order of its first line.
func groups(lines []line) (names []string, of map[string][]line) {
	of = map[string][]line{}
	for _, l := range lines {
		name := l.category
		if name == "" {
			name = capitalKind(l.kind)
		}
		if of[name] == nil {
			names = append(names, name)
		}
		of[name] = append(of[name], l)
	}
	return names, of
}

func capitalKind(kind string) string {
	switch kind {
	case "exigence":
		return "Exigences"
	case "règle":
		return "Règles"
	case "règle d’API":
		return "Règles d’API"
	case "principe d’API":
		return "Principes d’API"
	}
	return kind
}

// token makes an id one that XML and OSCAL take as a name: its letters in lower
// case, other signs than letters, digits, dots, dashes and underscores as dashes,
// and never a digit first ("regle-1230").
func token(l line) string {
	id := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._-", r) {
			return unicode.ToLower(r)
		}
		return '-'
	}, l.id)
	if first := []rune(id); len(first) == 0 || !unicode.IsLetter(first[0]) {
		kind, _, _ := strings.Cut(plainWords(l.kind), " ")
		id = kind + "-" + id
	}
	return id
}

// space is the namespace of what names the table's framework to machines.
func (t *Table) space() string {
	f := t.framework()
	switch u, err := url.Parse(f.Source); {
	case !f.Foreign():
		return "https://github.com/dnum-mi/cct-mi"
	case err == nil && u.Scheme == "https" && u.Host != "":
		return f.Source
	}
	return "urn:cct:" + slug(f.Name)
}

// prefix begins the names that the framework has in other programs: "cct".
func (t *Table) prefix() string {
	if f := t.framework(); f.Foreign() {
		return cmp.Or(slug(clipRunes(f.Short(), 40)), "referentiel")
	}
	return "cct"
}

// uuid is of version 5 (RFC 9562): the same name of the same framework always has the
// same one, so that a file made twice is the same file.
func (t *Table) uuid(name string) string {
	urls := []byte{0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8} // the namespace of URLs
	sum := sha1.Sum(append(urls, t.space()+"#"+name...))
	sum[6], sum[8] = sum[6]&0x0f|0x50, sum[8]&0x3f|0x80
	s := hex.EncodeToString(sum[:16])
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}
