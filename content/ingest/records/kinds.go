package records

import (
	"regexp"
	"strings"
	"sync"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/ingest/markdown"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
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
	if cut := markdown.ClipWords(s, nameLength); cut != s {
		return cut + "…"
	}
	return strings.TrimRight(s, ".")
}

// levelOf reads a level as the source writes it.
func levelOf(s string) content.Level {
	switch markdown.Fold(strings.Trim(s, "* ")) {
	case "b", "bloquant", "bloquante":
		return content.Bloquant
	case "p", "primordial", "primordiale":
		return content.Primordial
	case "i", "important", "importante":
		return content.Important
	}
	return content.NoLevel
}

func exigence(r *content.Record, v *values, level *html.Node, s *Schema) {
	r.ID = strings.Trim(v[colID], "* ")
	r.Label = r.ID
	r.Text = v[colText]
	r.Name = v[colName]
	if r.Name == "" {
		r.Name = short(r.Text)
	}
	r.Title = r.ID + " — " + r.Name
	r.Exigence = &content.Exigence{Level: s.levelOf(v[colLevel]), RawLevel: rawLevel(level, v[colLevel]), OwnLevel: s.ownLevel(v[colLevel]), Category: v[colCategory], Nature: v[colNature], Replaces: v[colReplaces]}
}

// rawLevel is the level with its Markdown: "**P**".
func rawLevel(cell *html.Node, level string) string {
	if level == "" || level == "—" {
		return ""
	}
	if c := onlyChild(cell); c != nil && (c.DataAtom == atom.Strong || c.DataAtom == atom.B) {
		return "**" + level + "**"
	}
	return level
}

// onlyChild is the one child of a node that is no blank; nil where it has several.
func onlyChild(n *html.Node) (only *html.Node) {
	if n == nil {
		return nil
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode && strings.TrimSpace(c.Data) == "" {
			continue
		}
		if only != nil {
			return nil
		}
		only = c
	}
	return only
}

func licenceOf(s string) string {
	switch markdown.Fold(s) {
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
	switch markdown.Fold(s) {
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

func produit(r *content.Record, v *values, first *html.Node, path []string) {
	r.ID = v[colReference]
	r.Produit = &content.Produit{
		Name: v[colComponent], Vendor: v[colVendor], Version: v[colVersion], Status: v[colStatus], Supported: v[colSupport],
		Licence: licenceOf(v[colLicence]), Change: changeOf(v[colChange]), Comment: v[colComment],
	}
	p := r.Produit
	for c := range strings.FieldsSeq(markdown.Attr(first, "class")) {
		if m := hiddenClass().FindStringSubmatch(c); m != nil {
			p.Change, p.Licence = m[1], m[2]
		}
	}
	for _, h := range path {
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
	r.Title = r.ID + " — " + p.Name
}

var parenthesis = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(.+?)\s*\(([^()]+)\)$`) })

func terme(r *content.Record, v *values) {
	t := &content.Terme{Term: v[colTerm], Definition: v[colDefinition], Aliases: []string{}}
	for a := range strings.FieldsFuncSeq(v[colAliases], func(r rune) bool { return r == ';' }) {
		if a = strings.TrimSpace(a); a != "" && a != "—" && a != "-" {
			t.Aliases = append(t.Aliases, a)
		}
	}
	if m := parenthesis().FindStringSubmatch(t.Term); m != nil {
		t.Aliases = append(t.Aliases, m[1], m[2])
	}
	r.Terme = t
	r.ID = markdown.Slug(t.Term)
	r.Name, r.Title, r.Label, r.Text = t.Term, t.Term, t.Term, t.Definition
}

func regle(r *content.Record, v *values, path []string) {
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

func norme(r *content.Record, v *values) {
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

func ligne(r *content.Record) {
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
