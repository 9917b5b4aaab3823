package cli

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/cct-mi/cct/content/profile"
	"github.com/cct-mi/cct/ui/api"
	"github.com/cct-mi/cct/ui/export"
)

func questions() []profile.Question { return profile.Questions() }

// selection is the profile and filters that the flags give.
func (c *config) selection() (export.Selection, error) {
	v := url.Values{}
	for i, q := range questions() {
		if c.profile[i] != "" {
			v.Set(q.Name, c.profile[i])
		}
	}
	for name, value := range map[string]string{"level": c.levels, "category": c.categories, "nature": c.natures} {
		if value != "" {
			v.Set(name, value)
		}
	}
	s, err := export.ParseSelection(v)
	if err != nil {
		return s, misuse("%v", err)
	}
	return s, nil
}

var applicableCommand = &command{
	name: "applicable", short: "dit quels documents et exigences s’appliquent à une application",
	long:    "Décrivez l’application par les options ; ce que vous ne dites pas n’écarte rien.",
	example: []string{"cct applicable --type cloud-native --evolution nouvelle --taille grande", "cct applicable --type ent-legacy --marche oui --json"},
	flags: func(c *config) []setting {
		return append(append(storeFlags(c), profileFlags(c)...), jsonFlag(c))
	},
	run: func(ctx context.Context, p *program) error {
		if err := p.noArgs(); err != nil {
			return err
		}
		sel, err := p.selection()
		if err != nil {
			return err
		}
		return p.withLibrary(ctx, func(o *opened) error {
			if p.json {
				b, err := api.ApplicableJSON(o.Catalog(), sel, "")
				if err != nil {
					return err
				}
				_, err = p.Stdout.Write(b)
				return err
			}
			return p.writeVerdict(o, sel)
		})
	},
}

func (p *program) writeVerdict(o *opened, sel export.Selection) error {
	v, err := profile.Evaluate(sel.Profile, o.Catalog())
	if err != nil {
		return err
	}
	s := p.screen()
	var b strings.Builder
	title := func(t string) { b.WriteString("\n" + s.bold(t) + "\n") }
	item := func(format string, args ...any) { b.WriteString(s.wrap(fmt.Sprintf(format, args...), "  ") + "\n") }
	b.WriteString(s.wrap(fmt.Sprintf("Application : %s. Édition %s.", sel.Profile, o.Catalog().Head().Name), "") + "\n")
	title("Documents")
	for _, d := range v.Documents {
		item("%s %s : %s", yes(d.Applies), d.Title, d.Because)
	}
	n := 0
	levels := map[string]int{}
	for _, e := range v.Exigences {
		if e.Applies {
			n++
			levels[string(e.Exigence.Level())]++
		}
	}
	title(fmt.Sprintf("Exigences : %d sur %d", n, len(v.Exigences)))
	for _, l := range []string{"bloquant", "primordial", "important", ""} {
		if levels[l] == 0 {
			continue
		}
		name := l
		if l == "" {
			name = "niveau non précisé"
		}
		item("%d %s", levels[l], name)
	}
	item("La liste : cct export --format xlsx (ou csv, json, md), avec les mêmes options.")
	title("Accord")
	item("%s. %s", v.Approval.Title, v.Approval.Because)
	title("Étapes")
	for _, ph := range v.Phases {
		if ph.UsesCCT {
			item("%s : %s", ph.Title, ph.Does)
		}
	}
	if len(v.Obligations) > 0 {
		title("À faire")
		for _, ob := range v.Obligations {
			item("%s. %s", ob.Title, ob.Because)
		}
	}
	_, err = io.WriteString(p.Stdout, b.String())
	return err
}

func yes(b bool) string {
	if b {
		return "oui"
	}
	return "non"
}
