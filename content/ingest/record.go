package ingest

import (
	"regexp"
	"strings"

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

func (d *document) exigence(r *content.Record, v map[column]string) {
	r.ID = strings.Trim(v[colID], "* ")
	r.Label = r.ID
	r.Text = v[colText]
	r.Name = v[colName]
	if r.Name == "" {
		r.Name = short(r.Text)
	}
	r.Title = r.ID + " — " + r.Name
	r.Exigence = &content.Exigence{Level: levelOf(v[colLevel]), RawLevel: d.rawLevel(r.ID, v[colLevel]), Category: v[colCategory], Nature: v[colNature], Replaces: v[colReplaces]}
}

// rawLevel is the level with its Markdown, as the source line has it: "**P**".
func (d *document) rawLevel(id, level string) string {
	if level == "" || level == "—" {
		return ""
	}
	if l := d.lineOf("| "+id+" ", 1); l > 0 && strings.Contains(d.lines[l-1], "**"+level+"**") {
		return "**" + level + "**"
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
	return map[string]string{"open": "libre", "nonopen": "propriétaire"}[code]
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
	return map[string]string{"inc": "inchangé", "new": "nouveau", "maj": "mis à jour"}[code]
}

var hiddenClass = regexp.MustCompile(`^(inc|new|maj)_(open|nonopen)$`)

// partHeading is "Partie 5 : Poste de travail - [ PT ]" and the like.
var partHeading = regexp.MustCompile(`^(Partie|Chapitre)\s+\d+`)

// partCode is the code that ends such a heading.
var partCode = regexp.MustCompile(`\[\s*([A-Z]{2})\s*\]\s*$`)

func (d *document) produit(r *content.Record, v map[column]string, first *html.Node, path []string) {
	r.ID = v[colReference]
	p := &content.Produit{
		Name: v[colComponent], Vendor: v[colVendor], Version: v[colVersion], Status: v[colStatus], Supported: v[colSupport],
		Licence: licenceOf(v[colLicence]), Change: changeOf(v[colChange]), Comment: v[colComment],
	}
	for c := range strings.FieldsSeq(attr(first, "class")) {
		if m := hiddenClass.FindStringSubmatch(c); m != nil {
			p.Change, p.Licence = m[1], m[2]
		}
	}
	for _, h := range path {
		switch m := partHeading.FindStringSubmatch(h); {
		case m == nil:
		case m[1] == "Partie":
			p.Part, p.PartCode = h, ""
			if c := partCode.FindStringSubmatch(h); c != nil {
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
	r.Produit = p
	r.Name, r.Text, r.Label = p.Name, p.Comment, r.ID
	r.Title = r.ID + " — " + p.Name
}

var parenthesis = regexp.MustCompile(`^(.+?)\s*\(([^()]+)\)$`)

func (d *document) terme(r *content.Record, v map[column]string) {
	t := &content.Terme{Term: v[colTerm], Definition: v[colDefinition], Aliases: []string{}}
	for a := range strings.FieldsFuncSeq(v[colAliases], func(r rune) bool { return r == ';' }) {
		if a = strings.TrimSpace(a); a != "" && a != "—" && a != "-" {
			t.Aliases = append(t.Aliases, a)
		}
	}
	if m := parenthesis.FindStringSubmatch(t.Term); m != nil {
		t.Aliases = append(t.Aliases, m[1], m[2])
	}
	r.Terme = t
	r.ID = slug(t.Term)
	r.Name, r.Title, r.Label, r.Text = t.Term, t.Term, t.Term, t.Definition
}

func (d *document) regle(r *content.Record, v map[column]string, path []string) {
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
	r.Title = "Règle " + number + " — " + r.Name
}

func (d *document) norme(r *content.Record, v map[column]string) {
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
	var rest []string
	for _, c := range r.Cells[1:] {
		if c.Text != "" {
			rest = append(rest, c.Text)
		}
	}
	r.Text = strings.Join(rest, " | ")
}

// rowText is all that a row says, for the page's plain text.
func rowText(r *content.Record) string {
	var all []string
	for _, c := range r.Cells {
		if c.Text != "" {
			all = append(all, c.Text)
		}
	}
	return strings.Join(all, " | ")
}
