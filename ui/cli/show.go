package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/ui/api"
)

var showCommand = &command{
	name: "show", args: "ID", short: "montre une exigence, un produit, une règle, un terme ou une page",
	long:     "Montre ce qui porte cet identifiant, écrit de n’importe quelle façon : EX7, ex 7, AT-1368, « règle 2.2.1 », l’identifiant d’une page. Quand plusieurs le portent, tous sont montrés.",
	example:  []string{"cct show EX33", "cct show AT-1368", "cct show --json 1166"},
	flags:    func(c *config) []setting { return append(storeFlags(c), jsonFlag(c)) },
	complete: knownIDs,
	run: func(ctx context.Context, p *program) error {
		id := strings.TrimSpace(strings.Join(p.args, " "))
		if id == "" {
			return misuse("il manque l’identifiant : cct show EX33")
		}
		return p.withLibrary(ctx, func(o *opened) error { return p.show(ctx, o, id) })
	},
}

func (p *program) show(ctx context.Context, o *opened, id string) error {
	found, err := named(o, id)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		hint := ""
		if a, err := o.Search(ctx, search.Request{Query: id, Limit: 1}); err == nil && len(a.Suggestions) > 0 {
			hint = ", peut-être " + strings.Join(a.Suggestions, ", ")
		}
		fmt.Fprintf(p.Stderr, "cct: rien ne porte l’identifiant « %s »%s ; pour chercher des mots : cct search %s\n", oneLine(id), hint, oneLine(id))
		return errNothing
	}
	if p.json {
		b, err := api.RecordJSON(o.Catalog(), found[0].Kind, found[0].ID, "")
		if err != nil {
			return err
		}
		_, err = p.Stdout.Write(b)
		return err
	}
	for i, r := range found {
		if i > 0 {
			if _, err := fmt.Fprintln(p.Stdout); err != nil {
				return err
			}
		}
		if err := p.describe(o.Catalog(), r); err != nil {
			return err
		}
	}
	return nil
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

// describe writes one record or page for people.
func (p *program) describe(c *content.Catalog, ref content.Ref) error {
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
			return err
		}
		b.WriteString(s.bold(harmless(pg.Title)) + "\n")
		fact("Thème", c.ThemeTitle(pg.Theme))
		fact("Adresse", pg.URL())
		b.WriteString("\n")
		headings := map[string]bool{}
		for _, sec := range pg.Sections {
			headings[sec.Heading] = sec.Anchor != ""
		}
		for para := range strings.SplitSeq(pg.Text, "\n") {
			switch {
			case headings[para]:
				b.WriteString("\n" + s.bold(s.wrap(harmless(para), "")) + "\n")
			case para != "":
				b.WriteString(s.wrap(harmless(para), "") + "\n")
			}
		}
		_, err = io.WriteString(p.Stdout, b.String())
		return err
	}
	r, err := c.Record(ref.Kind, ref.ID)
	if err != nil {
		return err
	}
	b.WriteString(s.bold(s.wrap(harmless(r.Title), "")) + "\n\n")
	for para := range strings.SplitSeq(r.Text, "\n") {
		if para != "" {
			b.WriteString(s.wrap(harmless(para), "") + "\n")
		}
	}
	if r.Text != "" {
		b.WriteString("\n")
	}
	switch {
	case r.Exigence != nil:
		level := string(r.Exigence.Level)
		if level == "" {
			level = "non précisé par la source"
		}
		fact("Niveau", level)
		fact("Catégorie", r.Exigence.Category)
		fact("Nature", r.Exigence.Nature)
		fact("Autre édition", r.Exigence.Replaces)
	case r.Produit != nil:
		q := r.Produit
		fact("Fournisseur", q.Vendor)
		fact("Version", q.Version)
		fact("Statut", q.Status)
		fact("Licence", map[string]string{"open": "libre", "nonopen": "propriétaire"}[q.Licence])
		fact("Évolution", map[string]string{"inc": "inchangé", "new": "nouveau", "maj": "mis à jour"}[q.Change])
		fact("Support logiciel libre", q.Supported)
		fact("Partie", q.Part)
		fact("Chapitre", q.Chapter)
	case r.Terme != nil:
		fact("Autres noms", strings.Join(r.Terme.Aliases, ", "))
	case r.Regle != nil:
		fact("Statut", r.Regle.Status)
	}
	fact("Thème", c.ThemeTitle(r.Theme))
	fact("Adresse", r.URL())
	for _, l := range r.Links {
		fact("Voir", l.Title)
	}
	_, err = io.WriteString(p.Stdout, b.String())
	return err
}
