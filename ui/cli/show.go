package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/ui/address"
	"github.com/cct-mi/cct/ui/api"
	"github.com/cct-mi/cct/ui/markdown"
)

var showCommand = &command{
	name: "show", args: "ID…", short: "montre une exigence, un produit, une règle, un terme ou une page",
	long:    "Montre ce qui porte ces identifiants, écrits de n’importe quelle façon : EX7, ex 7, AT-1368, « règle 2.2.1 », l’identifiant d’une page. Quand plusieurs le portent, tous sont montrés. « - » lit un identifiant par ligne sur l’entrée standard. Code de sortie : 1 si l’un d’eux n’existe pas.",
	example: []string{"cct show EX33", "cct show EX1 EX2 AT-1368", "cct show --json 1166", "cct show --format csv - < identifiants.txt"},
	flags: func(c *config) []setting {
		return append(storeFlags(c), jsonFlag(c), formatFlag(c, "identifiant, type, niveau, titre, adresse et texte"))
	},
	complete: knownIDs,
	run: func(ctx context.Context, p *program) error {
		ids := p.args
		if len(ids) == 1 && ids[0] == "-" {
			var err error
			if ids, err = p.lines(); err != nil {
				return err
			}
		}
		if strings.TrimSpace(strings.Join(ids, " ")) == "" {
			return misuse("il manque l’identifiant : cct show EX33")
		}
		return p.withLibrary(ctx, func(o *opened) error { return p.show(ctx, o, ids) })
	},
}

// show shows what bears the ids, each apart or, as "ex 7", all together.
func (p *program) show(ctx context.Context, o *opened, ids []string) error {
	ids, told, err := p.showDated(o, ids)
	if err != nil || told && len(ids) == 0 {
		return err
	}
	found, unknown, err := p.find(o, ids)
	if err != nil {
		return err
	}
	for _, id := range unknown {
		hint := ""
		if a, err := o.Search(ctx, search.Request{Query: id, Limit: 1}); err == nil && len(a.Suggestions) > 0 {
			hint = ", peut-être " + strings.Join(a.Suggestions, ", ")
		}
		fmt.Fprintf(p.Stderr, "cct: rien ne porte l’identifiant « %s »%s ; pour chercher des mots : cct search %s\n", oneLine(id), hint, oneLine(id))
	}
	if len(found) > 0 {
		if err := p.writeFound(o.Library, found); err != nil {
			return err
		}
	}
	if len(unknown) > 0 {
		return errNothing
	}
	return nil
}

// find lists what bears the ids, each once, and the ids that nothing bears. What
// was typed as one, "ex 2" or "API management", is one.
func (p *program) find(o *opened, ids []string) (found []content.Ref, unknown []string, err error) {
	for i := 0; i < len(ids); i++ {
		var refs []content.Ref
		if i+1 < len(ids) && beforeNumber(ids[i], ids[i+1]) {
			if refs, err = named(o, ids[i]+" "+ids[i+1]); err != nil {
				return nil, nil, err
			}
		}
		if len(refs) > 0 {
			i++
		} else if refs, err = named(o, strings.TrimSpace(ids[i])); err != nil {
			return nil, nil, err
		}
		if len(refs) == 0 {
			unknown = append(unknown, ids[i])
		}
		for _, r := range refs {
			if !slices.ContainsFunc(found, func(f content.Ref) bool { return f.Kind == r.Kind && f.ID == r.ID }) {
				found = append(found, r)
			}
		}
	}
	if len(found) == 0 && len(ids) > 1 && len(ids) == len(p.args) {
		whole := strings.Join(ids, " ")
		if found, err = named(o, whole); len(found) == 0 {
			return nil, []string{whole}, err
		}
		return found, nil, nil
	}
	return found, unknown, nil
}

// beforeNumber says whether a word is one that a number follows: "ex 2".
func beforeNumber(word, next string) bool {
	const digits = "0123456789"
	return !strings.ContainsAny(word, digits) && next != "" && strings.ContainsAny(next[:1], digits)
}

// writeFound shows records and pages as asked; of several, JSON has a line each.
func (p *program) writeFound(lib *search.Library, found []content.Ref) error {
	if f := p.form(); f == "csv" || f == "tsv" {
		return p.writeFoundList(lib.Catalog(), f, found)
	}
	for i, ref := range found {
		var err error
		var text string
		switch p.form() {
		case "json":
			var b []byte
			b, err = api.RecordJSON(lib.Catalog(), ref.Kind, ref.ID, address.Of(lib, ""))
			text = string(b)
		case "md":
			text, err = markdown.Named(lib.Catalog(), ref, address.Of(lib, ""))
		default:
			text, err = p.describe(lib.Catalog(), ref)
		}
		if err != nil {
			return err
		}
		if i > 0 && p.form() != "json" {
			text = "\n" + text
		}
		if _, err := io.WriteString(p.Stdout, text); err != nil {
			return err
		}
	}
	return nil
}

func (p *program) writeFoundList(c *content.Catalog, format string, found []content.Ref) error {
	var rows [][]string
	for _, ref := range found {
		if ref.Kind == content.KindSection {
			pg, err := c.Page(ref.ID)
			if err != nil {
				return err
			}
			rows = append(rows, []string{pg.ID, "page", "", pg.Title, pg.URL(), pg.Plain()})
			continue
		}
		r, err := c.Record(ref.Kind, ref.ID)
		if err != nil {
			return err
		}
		rows = append(rows, []string{r.ID, string(r.Kind), r.LevelWord(), r.Title, r.URL(), r.Plain()})
	}
	return p.writeList(format, "fiches", []string{"id", "type", "level", "title", "url", "text"}, rows)
}

// named lists what bears an id: records however it is typed, terms and pages by
// theirs.
func named(o *opened, id string) ([]content.Ref, error) {
	if refs := o.Resolve(id); len(refs) > 0 {
		return refs, nil
	}
	c := o.Catalog()
	for _, kind := range content.Kinds() {
		if kind == content.KindSection {
			continue
		}
		for _, try := range []string{id, strings.ToLower(id), strings.ToUpper(id)} {
			r, err := c.Record(kind, try)
			if err == nil {
				return []content.Ref{{Kind: kind, ID: r.ID, Title: r.Title, URL: r.URL()}}, nil
			}
			if !errors.Is(err, content.ErrNotFound) {
				return nil, err
			}
		}
	}
	for _, try := range []string{id, strings.ToLower(id)} {
		pg, err := c.Page(try)
		if err == nil {
			return []content.Ref{{Kind: content.KindSection, ID: pg.ID, Title: pg.Title, URL: pg.URL()}}, nil
		}
		if !errors.Is(err, content.ErrNotFound) {
			return nil, err
		}
	}
	return nil, nil
}

// describe is one record or page for people.
func (p *program) describe(c *content.Catalog, ref content.Ref) (string, error) {
	s := p.screen()
	var b strings.Builder
	fact := func(name, value string) {
		if value != "" {
			b.WriteString(s.wrap(name+" : "+harmless(value), "  ") + "\n")
		}
	}
	if ref.Kind == content.KindSection {
		pg, err := c.Page(ref.ID)
		if err != nil {
			return "", err
		}
		b.WriteString(s.bold(s.wrap(harmless(pg.Title), "")) + "\n")
		fact("Thème", c.ThemeTitle(pg.Theme))
		fact("Adresse", pg.URL())
		b.WriteString("\n")
		headings := map[string]bool{}
		for _, sec := range pg.Sections {
			headings[sec.Heading] = sec.Anchor != ""
		}
		for para := range strings.SplitSeq(pg.Plain(), "\n") {
			switch {
			case headings[para]:
				b.WriteString("\n" + s.bold(s.wrap(harmless(para), "")) + "\n")
			case para != "":
				b.WriteString(s.wrap(harmless(para), "") + "\n")
			}
		}
		return b.String(), nil
	}
	r, err := c.Record(ref.Kind, ref.ID)
	if err != nil {
		return "", err
	}
	b.WriteString(s.bold(s.wrap(harmless(r.Title), "")) + "\n\n")
	for para := range strings.SplitSeq(r.Plain(), "\n") {
		if para != "" {
			b.WriteString(s.wrap(harmless(para), "") + "\n")
		}
	}
	if r.Text != "" {
		b.WriteString("\n")
	}
	for _, f := range markdown.Facts(c, r) {
		fact(f.Name, f.Value)
	}
	if r.Restated {
		fact("Texte officiel", r.Official.Text)
	}
	fact("Ligne officielle", r.Official.URL)
	fact("Adresse", r.URL())
	for _, l := range r.Links {
		fact("Voir", l.Title)
	}
	return b.String(), nil
}
