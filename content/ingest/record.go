package ingest

import (
	"regexp"
	"strings"
	"sync"

	"github.com/cct-mi/cct/content"
	"golang.org/x/net/html"
)

// nameLength is how long a made-up title may be, in characters.
const nameLength = 90

// short makes a title of a statement: its first sentence when that is short
// enough, else its beginning, cut between words.
func short(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	for i, r := range s {
		if i >= 25 && i <= nameLength && (r == '.' || r == ';') && (i+1 == len(s) || s[i+1] == ' ') {
			return s[:i]
		}
	}
	if cut := clipWords(s, nameLength); cut != s {
		return cut + "…"
	}
	return strings.TrimRight(s, ".")
}

// levelOf reads a level as the source writes it.
func levelOf(s string) content.Level {
	switch fold(strings.Trim(s, "* ")) {
	case "b", "bloquant", "bloquante":
		return content.Bloquant
	case "p", "primordial", "primordiale":
		return content.Primordial
	case "i", "important", "importante":
		return content.Important
	}
	return content.NoLevel
}

func (d *document) exigence(r *content.Record, v *values) {
	r.ID = strings.Trim(v[colID], "* ")
	r.Label = r.ID
	r.Text = v[colText]
	r.Name = v[colName]
	if r.Name == "" {
		r.Name = short(r.Text)
	}
	r.Title = d.desk.words.join(r.ID, " — ", r.Name)
	r.Exigence = &content.Exigence{Level: levelOf(v[colLevel]), RawLevel: d.rawLevel(r.ID, v[colLevel]), Category: v[colCategory], Nature: v[colNature], Replaces: v[colReplaces]}
}

// rawLevel is the level with its Markdown, as the source line has it: "**P**".
func (d *document) rawLevel(id, level string) string {
	if level == "" || level == "—" {
		return ""
	}
	if l := d.lineOf("| "+id+" ", 1); l > 0 && strings.Contains(d.line(l), "**"+level+"**") {
		return d.desk.words.join("**", level, "**")
	}
	return level
}

func licenceOf(s string) string {
	switch fold(s) {
	case "libre", "open", "open source", "ouverte":
		return "open"
	case "proprietaire", "nonopen", "non libre":
		return "nonopen"
	}
	return ""
}

func licenceWord(code string) string {
	switch code {
	case "open":
		return "libre"
	case "nonopen":
		return "propriétaire"
	}
	return ""
}

func changeOf(s string) string {
	switch fold(s) {
	case "inchange", "inc":
		return "inc"
	case "nouveau", "new":
		return "new"
	case "mis a jour", "maj":
		return "maj"
	}
	return ""
}

func changeWord(code string) string {
	switch code {
	case "inc":
		return "inchangé"
	case "new":
		return "nouveau"
	case "maj":
		return "mis à jour"
	}
	return ""
}

var hiddenClass = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(inc|new|maj)_(open|nonopen)$`) })

// partHeading is "Partie 5 : Poste de travail - [ PT ]" and the like.
var partHeading = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(Partie|Chapitre)\s+\d+`) })

// partCode is the code that ends such a heading.
var partCode = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\[\s*([A-Z]{2})\s*\]\s*$`) })

func (d *document) produit(r *content.Record, v *values, first *html.Node, path []string) {
	r.ID = v[colReference]
	p := r.Produit
	*p = content.Produit{
		Name: v[colComponent], Vendor: v[colVendor], Version: v[colVersion], Status: v[colStatus], Supported: v[colSupport],
		Licence: licenceOf(v[colLicence]), Change: changeOf(v[colChange]), Comment: v[colComment],
	}
	for c := range strings.FieldsSeq(attr(first, "class")) {
		if m := hiddenClass().FindStringSubmatch(c); m != nil {
			p.Change, p.Licence = m[1], m[2]
		}
	}
	for _, h := range path {
		if !strings.HasPrefix(h, "Partie") && !strings.HasPrefix(h, "Chapitre") { // most, without the cost of the expression
			continue
		}
		switch m := partHeading().FindStringSubmatch(h); {
		case m == nil:
		case m[1] == "Partie":
			p.Part, p.PartCode = h, ""
			if c := partCode().FindStringSubmatch(h); c != nil {
				p.PartCode = c[1]
			}
		default:
			p.Chapter = h
		}
	}
	if p.PartCode == "" && len(r.ID) > 2 {
		p.PartCode = r.ID[:2]
	}
	if p.Chapter == "" && len(path) > 1 {
		p.Chapter = path[len(path)-1]
	}
	r.Name, r.Text, r.Label = p.Name, p.Comment, r.ID
	r.Title = d.desk.words.join(r.ID, " — ", p.Name)
}

var parenthesis = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(.+?)\s*\(([^()]+)\)$`) })

func (d *document) terme(r *content.Record, v *values) {
	t := &content.Terme{Term: v[colTerm], Definition: v[colDefinition], Aliases: []string{}}
	for a := range strings.FieldsFuncSeq(v[colAliases], func(r rune) bool { return r == ';' }) {
		if a = strings.TrimSpace(a); a != "" && a != "—" && a != "-" {
			t.Aliases = append(t.Aliases, a)
		}
	}
	if !strings.HasSuffix(t.Term, ")") {
	} else if m := parenthesis().FindStringSubmatch(t.Term); m != nil {
		t.Aliases = append(t.Aliases, m[1], m[2])
	}
	r.Terme = t
	r.ID = slug(t.Term)
	r.Name, r.Title, r.Label, r.Text = t.Term, t.Term, t.Term, t.Definition
}

func (d *document) regle(r *content.Record, v *values, path []string) {
	number := strings.Trim(v[colNumber], "*- ")
	status := strings.Trim(v[colStatus], "*- ")
	r.Regle = &content.Regle{Status: status, Kind: "regle"}
	r.ID, r.Text, r.Name = number, v[colRule], short(v[colRule])
	r.Label = number
	if number == "" {
		r.Label = path[len(path)-1]
		r.Title = r.Name // its id is made when all pages are known
		return
	}
	r.Title = d.desk.words.join("Règle ", number, " — ", r.Name)
}

func (d *document) norme(r *content.Record, v *values) {
	r.Name = v[colNorm]
	r.Text = v[colGoverns]
	if r.Name == "" {
		r.Name = r.Label
		var rest []string
		for _, c := range r.Cells[1:] {
			rest = append(rest, c.Text)
		}
		r.Text = strings.Join(rest, " ")
	}
	r.Title = r.Name
}

func (d *document) ligne(r *content.Record) {
	r.Name, r.Title = r.Label, r.Label
	if r.Name == "" && len(r.Cells) > 1 {
		r.Name, r.Title = short(r.Cells[1].Text), short(r.Cells[1].Text)
	}
	var list [16]string
	rest := list[:0]
	for _, c := range r.Cells[1:] {
		if c.Text != "" {
			if len(rest) > 0 {
				rest = append(rest, " | ")
			}
			rest = append(rest, c.Text)
		}
	}
	switch len(rest) {
	case 0:
		r.Text = ""
	case 1:
		r.Text = rest[0]
	default:
		r.Text = d.desk.words.join(rest...)
	}
}
