package cli

import (
	"context"
	"fmt"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/history"
	"github.com/cct-mi/cct/content/ingest"
	"github.com/cct-mi/cct/ui/api"
	"github.com/cct-mi/cct/ui/export"
)

var diffCommand = &command{
	name: "diff", args: "A B", short: "ce qui a changé d’une édition à une autre",
	long: "Compare deux éditions, par leur nom : compte ce qui est resté, ce qui a changé de texte ou de niveau, ce qui a été scindé, fondu, retiré ou ajouté, puis le détaille mot à mot, les changements de niveau d’abord. " +
		"La table " + history.LineageFile + " du contenu dit quelle exigence est devenue laquelle ; les textes disent le reste. Une application décrite par les options n’en garde que ce qui la concerne. --propose écrit une telle table d’après les textes de plusieurs éditions, dans l’ordre du temps, à relire par une personne.",
	example: []string{"cct diff --content ../cct-2024-02 --content ../cct-2025-01 2024-02 2025-01", "cct diff --content ./liste --format csv 2024-04-21 2024-06-23", "cct diff --content ./liste --propose 2024-04-21 2024-05-12 2024-06-23"},
	flags: func(c *config) []setting {
		return append(append(contentFlags(c), profileFlags(c)...),
			setting{name: "format", value: &c.format, arg: "md|csv|tsv|json", help: "forme de la réponse", preset: "md", values: []string{"md", "csv", "tsv", "json"}},
			setting{name: "propose", value: &c.propose, help: "écrit la table de filiation que les textes laissent proposer"},
			jsonFlag(c))
	},
	run: func(ctx context.Context, p *program) error {
		if p.json {
			p.format = "json"
		}
		if len(p.args) < 2 || len(p.args) > 2 && !p.propose {
			return misuse("il faut deux éditions : cct diff 2024-02 2025-01")
		}
		sel, err := p.selection()
		if err != nil {
			return err
		}
		editions, catalogs, tables, err := p.compared(ctx)
		if err != nil {
			return p.locate(err)
		}
		if p.propose {
			return history.WriteLineage(p.Stdout, history.Propose(editions...))
		}
		c := history.Compare(editions[0], editions[1], tables.Rows, tables.Dated)
		if sel.Profile.Known() {
			if c, err = export.ChangesFor(c, sel.Profile, catalogs...); err != nil {
				return err
			}
		}
		if p.format == "json" {
			b, err := api.ChangesJSON(c)
			if err != nil {
				return err
			}
			_, err = p.Stdout.Write(b)
			return err
		}
		f, _ := export.FormatNamed(p.format)
		return f.Write(p.Stdout, export.Changes(c))
	},
}

// compared reads the editions that the arguments name, and what tables say of them.
// Faults of the tables are told on standard error, and their rows left out.
func (p *program) compared(ctx context.Context) (out []*history.Edition, catalogs []*content.Catalog, tables *history.Tables, err error) {
	list, err := p.sources()
	if err != nil {
		return nil, nil, nil, err
	}
	defer closeAll(list)
	var names []string
	by := map[string]*source{}
	for _, s := range list {
		names, by[s.edition] = append(names, s.edition), s
	}
	tables = history.Embedded()
	var told []content.Problem
	for _, name := range p.args {
		s := by[name]
		if s == nil {
			return nil, nil, nil, absent(name, names)
		}
		ed, err := ingest.Load(ctx, s.folder, ingest.Options{Edition: s.edition, Assets: s.assets})
		if err != nil {
			return nil, nil, nil, err
		}
		if _, _, err := s.giveOfficial(ctx, ed); err != nil {
			return nil, nil, nil, err
		}
		cat, err := catalogOf(ed)
		if err != nil {
			return nil, nil, nil, err
		}
		side, err := history.From(cat)
		if err != nil {
			return nil, nil, nil, err
		}
		out, catalogs = append(out, side), append(catalogs, cat)
		if s.dir == "" {
			continue // its tables are those of the program
		}
		own, problems := tablesOf(ed)
		for i := range own.Rows {
			own.Rows[i].File = s.within(own.Rows[i].File)
		}
		for _, f := range problems {
			f.File = s.within(f.File)
			told = append(told, f)
		}
		tables = tables.With(own)
	}
	for _, f := range append(told, history.Unknown(tables.Between(out...), out, tables.Dated)...) {
		fmt.Fprintf(p.Stderr, "cct: %s:%d: %s\n", f.File, f.Line, oneLine(f.What))
	}
	return out, catalogs, tables, nil
}

// catalogOf reads an edition as from a store, without one.
func catalogOf(ed *content.Edition) (*content.Catalog, error) {
	values := map[[2]string][]byte{}
	if err := ed.Write(func(bucket, key string, value []byte) error { values[[2]string{bucket, key}] = value; return nil }); err != nil {
		return nil, err
	}
	return content.OpenCatalog(func(bucket, key string) ([]byte, error) { return values[[2]string{bucket, key}], nil })
}

// tablesOf reads the tables of an edition's folder.
func tablesOf(ed *content.Edition) (*history.Tables, []content.Problem) {
	return history.ReadTables(func(name string) []byte {
		for _, t := range ed.Tables {
			if t.Name == name {
				return t.Data
			}
		}
		return nil
	})
}
