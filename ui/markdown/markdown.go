// Package markdown writes records, pages and answers as Markdown: for files,
// the terminal and assistants alike. Record, Page, Answer and Index give whole
// documents; Facts is what a record is beyond its text, which other writers show
// in their own way.
//
// What a page holds is sanitised HTML (see content/ingest); its tree is turned
// into CommonMark with GitHub's tables. Links keep the site's addresses, under
// the base path or the origin that is given.
package markdown

import (
	"cmp"
	"fmt"
	"strings"
	"sync"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/base"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/commonmark"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/table"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/ui/address"
)

// Fact is one property of a record, in words.
type Fact struct{ Name, Value string }

// Facts lists what a record is beyond its text, leaving out what is unknown, but
// for the level of a requirement, whose absence means something.
func Facts(c *content.Catalog, r *content.Record) (facts []Fact) {
	add := func(name, value string) {
		if value != "" {
			facts = append(facts, Fact{name, value})
		}
	}
	add("Remarque de l’éditeur", r.Note)
	switch {
	case r.Exigence != nil:
		level := string(r.Exigence.Level)
		if level == "" {
			level = "non précisé par la source"
		}
		if own := r.OwnLevel(); own != "" && level == "non précisé par la source" {
			level = own
		} else if own != "" {
			level += " (" + own + ")"
		}
		add("Niveau", level)
		add("Catégorie", r.Exigence.Category)
		add("Nature", r.Exigence.Nature)
		add("Autre édition", r.Exigence.Replaces)
	case r.Produit != nil:
		q := r.Produit
		add("Fournisseur", q.Vendor)
		add("Version", q.Version)
		add("Statut", status(q.Status))
		add("Licence", map[string]string{"open": "libre", "nonopen": "propriétaire"}[q.Licence])
		add("Évolution", map[string]string{"inc": "inchangé", "new": "nouveau", "maj": "mis à jour"}[q.Change])
		add("Support logiciel libre", q.Supported)
		add("Partie", q.Part)
		add("Chapitre", q.Chapter)
	case r.Terme != nil:
		add("Autres noms", strings.Join(r.Terme.Aliases, ", "))
	case r.Regle != nil:
		add("Statut", status(r.Regle.Status))
	}
	switch r.Wording() {
	case content.WordsRestated:
		add("Texte", "reformulé par ce service ; seul le texte officiel fait foi")
	case content.WordsOfficial:
		add("Texte", "officiel, mot à mot")
	}
	add("Thème", c.ThemeTitle(r.Theme))
	return facts
}

// Record is a record as a document; at is put before the site's addresses ("",
// "/cct", "https://cct.exemple.fr").
func Record(c *content.Catalog, r *content.Record, at address.Site) (string, error) {
	text, err := fromHTML(r.HTML, at)
	if err != nil {
		return "", fmt.Errorf("écrire %s en Markdown : %w", r.ID, err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n", escape(r.Title))
	if text != "" {
		b.WriteString(text + "\n\n")
	}
	for _, f := range Facts(c, r) {
		fmt.Fprintf(&b, "- **%s** : %s\n", f.Name, escape(f.Value))
	}
	page, err := c.Page(r.PageID)
	if err != nil {
		return "", err
	}
	fmt.Fprintf(&b, "- **Page** : %s\n- **Adresse** : %s\n- **Édition** : %s\n", link(page.Title, r.PageURL(), at), at.URL(r.URL()), escape(c.Head().Name))
	if r.Official.Text != "" {
		fmt.Fprintf(&b, "\n## Texte officiel\n\n%s\n", quote(r.Official.Text))
	}
	if r.Official.URL != "" {
		fmt.Fprintf(&b, "\n[Ligne officielle](%s)\n", r.Official.URL)
	}
	writeRefs(&b, "Voir aussi", r.Links, at)
	writeRefs(&b, "Cité par", r.Backlinks, at)
	return b.String(), nil
}

// Page is a page of the framework as a document.
func Page(c *content.Catalog, p *content.Page, at address.Site) (string, error) {
	text, err := fromHTML(p.HTML, at)
	if err != nil {
		return "", fmt.Errorf("écrire la page %s en Markdown : %w", p.ID, err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n", escape(p.Title))
	if text != "" {
		b.WriteString(text + "\n\n")
	}
	fmt.Fprintf(&b, "---\n\n- **Thème** : %s\n- **Adresse** : %s\n- **Source** : %s\n- **Édition** : %s\n", escape(c.ThemeTitle(p.Theme)), at.URL(p.URL()), escape(p.Source), escape(c.Head().Name))
	return b.String(), nil
}

// Named is the document of what a reference names.
func Named(c *content.Catalog, ref content.Ref, at address.Site) (string, error) {
	if ref.Kind == content.KindSection {
		p, err := c.Page(ref.ID)
		if err != nil {
			return "", err
		}
		return Page(c, p, at)
	}
	r, err := c.Record(ref.Kind, ref.ID)
	if err != nil {
		return "", err
	}
	return Record(c, r, at)
}

func writeRefs(b *strings.Builder, title string, refs []content.Ref, at address.Site) {
	if len(refs) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## %s\n\n", title)
	for _, r := range refs {
		fmt.Fprintf(b, "- %s\n", link(r.Title, r.URL, at))
	}
}

// Answer is a search's answer: what was understood, then each hit with its
// address.
func Answer(a *search.Answer, at address.Site) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n", escape(a.Query))
	if a.Corrected != "" {
		fmt.Fprintf(&b, "Résultats pour « %s ».\n\n", escape(a.Corrected))
	}
	for _, e := range a.Expanded {
		fmt.Fprintf(&b, "- %s : aussi %s\n", escape(e.Term), escape(strings.Join(e.With, ", ")))
	}
	switch {
	case len(a.Hits) == 0:
		b.WriteString("\nRien n’est trouvé.\n")
	case !a.Confident:
		b.WriteString("\nRien de sûr ; le plus proche :\n")
	default:
		fmt.Fprintf(&b, "\n%d résultats, édition %s.\n", a.Total, escape(a.Edition))
	}
	for i, h := range a.Hits {
		level := ""
		if said := cmp.Or(h.OwnLevel, h.Level); said != "" {
			level = " (" + said + ")"
		}
		snippet, err := fromHTML(strings.NewReplacer("<mark>", "<strong>", "</mark>", "</strong>").Replace(h.Snippet), at)
		if err != nil {
			snippet = "" // an answer without its extract still leads to the record
		}
		fmt.Fprintf(&b, "\n%d. %s%s — `%s`, %s\n", a.Offset+i+1, link(h.Title, h.URL, at), level, h.ID, escape(h.Page.Title))
		if snippet != "" {
			fmt.Fprintf(&b, "   %s\n", strings.ReplaceAll(snippet, "\n", "\n   "))
		}
	}
	return b.String()
}

// Index is the file llms.txt (llmstxt.org): what the service holds and where each
// page stands as Markdown.
func Index(c *content.Catalog, at address.Site) (string, error) {
	pages, err := c.Pages()
	if err != nil {
		return "", err
	}
	h := c.Head()
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n> %s, édition %s : %d pages, %d exigences, %d produits référencés, %d règles.\n\n",
		escape(h.Title), escape(h.Framework.Long()), escape(h.Name), h.Pages, h.Counts[content.KindExigence], h.Counts[content.KindProduit], h.Counts[content.KindRegle])
	b.WriteString("Chaque page et chaque fiche se lit aussi en Markdown et en JSON : ajoutez .md ou .json à son adresse.\n")
	for _, t := range append(h.Themes, content.Theme{Title: "Autres pages"}) {
		first := true
		for _, p := range pages {
			if p.Theme != t.ID {
				continue
			}
			if first {
				fmt.Fprintf(&b, "\n## %s\n\n", escape(t.Title))
				first = false
			}
			fmt.Fprintf(&b, "- %s", link(p.Title, "/pages/"+p.ID+".md", at))
			if p.Description != "" {
				b.WriteString(": " + escape(p.Description))
			}
			b.WriteString("\n")
		}
	}
	b.WriteString("\n## Fiches et recherche\n\n")
	for _, l := range [][2]string{{"Toutes les exigences", "/exigences.md"}, {"Tous les produits référencés", "/produits.md"}, {"Toutes les règles", "/regles.md"}, {"Le glossaire", "/glossaire.md"}, {"Description de l’API (OpenAPI 3.1)", "/api/v1/openapi.json"}} {
		fmt.Fprintf(&b, "- %s\n", link(l[0], l[1], at))
	}
	return b.String(), nil
}

// status says a letter in words, with the doubt; "" for none.
func status(letter string) string {
	s := content.StatusNamed(letter)
	if s.Word == "" {
		return letter
	}
	return s.String() + ", lecture à confirmer"
}

// Collection lists the records of a kind, with a line each.
func Collection(c *content.Catalog, title string, records []*content.Record, at address.Site) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%d fiches, édition %s.\n\n", escape(title), len(records), escape(c.Head().Name))
	for _, r := range records {
		about := r.LevelWord()
		switch {
		case r.Produit != nil:
			about = strings.Trim(r.Produit.Vendor+", "+r.Produit.Version+", "+content.StatusNamed(r.Produit.Status).String(), ", ")
		case r.Terme != nil:
			about = r.Terme.Definition
		case r.Regle != nil:
			about = content.StatusNamed(r.Regle.Status).String()
		}
		fmt.Fprintf(&b, "- %s", link(r.Title, r.URL(), at))
		if about != "" {
			fmt.Fprintf(&b, " : %s", escape(strings.Join(strings.Fields(about), " ")))
		}
		b.WriteString("\n")
	}
	return b.String()
}

func link(title, to string, at address.Site) string {
	return "[" + escape(title) + "](" + strings.NewReplacer(" ", "%20", "(", "%28", ")", "%29").Replace(at.URL(to)) + ")"
}

// quote makes plain text a quotation, none of whose lines begins a list or a
// heading.
func quote(text string) string {
	var b strings.Builder
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			b.WriteString("\n")
		}
		line = escape(strings.TrimSpace(line))
		digits := len(line) - len(strings.TrimLeft(line, "0123456789"))
		switch {
		case line != "" && strings.ContainsRune("#+-=~", rune(line[0])):
			line = `\` + line
		case digits > 0 && digits < len(line) && (line[digits] == '.' || line[digits] == ')'):
			line = line[:digits] + `\` + line[digits:]
		}
		b.WriteString("> " + line)
	}
	return b.String()
}

var marks = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "|", `\|`)

// escape makes plain text stand for itself in Markdown.
func escape(text string) string { return marks.Replace(text) }

var commonMark = sync.OnceValue(func() *converter.Converter {
	return converter.NewConverter(converter.WithPlugins(
		base.NewBasePlugin(),
		commonmark.NewCommonmarkPlugin(commonmark.WithHeadingStyle(commonmark.HeadingStyleATX)),
		table.NewTablePlugin(table.WithNewlineBehavior(table.NewlineBehaviorPreserve), table.WithSpanCellBehavior(table.SpanBehaviorMirror), table.WithHeaderPromotion(true), table.WithCellPaddingBehavior(table.CellPaddingBehaviorMinimal)),
	))
})

// fromHTML turns sanitised HTML into Markdown.
func fromHTML(fragment string, at address.Site) (string, error) {
	root := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(fragment), root)
	if err != nil {
		return "", err
	}
	for _, n := range nodes {
		root.AppendChild(n)
	}
	plain(root, at)
	out, err := commonMark().ConvertNode(root)
	return strings.TrimSpace(string(out)), err
}

// plain leaves out of a tree what only a browser shows, and gives links their
// whole addresses.
func plain(n *html.Node, at address.Site) {
	var next *html.Node
	for c := n.FirstChild; c != nil; c = next {
		next = c.NextSibling
		if c.Type != html.ElementNode {
			continue
		}
		class := attribute(c, "class")
		switch {
		case c.DataAtom == atom.A && class == "ancre", class == "vh":
			n.RemoveChild(c)
			continue
		case c.DataAtom == atom.A && class == "id" && strings.HasPrefix(attribute(c, "href"), "#"): // a row's link to itself
			plain(c, at)
			for c.FirstChild != nil {
				child := c.FirstChild
				c.RemoveChild(child)
				n.InsertBefore(child, c)
			}
			n.RemoveChild(c)
			continue
		case c.DataAtom == atom.Div && attribute(c, "role") == "note":
			c.Data, c.DataAtom = "blockquote", atom.Blockquote
		case c.DataAtom == atom.Caption: // above the table, where every reader shows it
			if t := n.Parent; n.DataAtom == atom.Table && t != nil {
				n.RemoveChild(c)
				c.Data, c.DataAtom = "p", atom.P
				t.InsertBefore(c, n)
			}
		}
		for i, a := range c.Attr {
			if a.Key == "href" || a.Key == "src" {
				c.Attr[i].Val = at.URL(a.Val)
			}
		}
		plain(c, at)
	}
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
