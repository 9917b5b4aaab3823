package cli

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/profile"
	"github.com/cct-mi/cct/ui/address"
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
	name: "applicable", short: "dit quels documents, exigences, règles et produits s’appliquent à une application, et pourquoi",
	long:    "Décrivez l’application par les options ; ce que vous ne dites pas n’écarte rien.",
	example: []string{"cct applicable --type cloud-native --evolution nouvelle --taille grande", "cct applicable --type ent-legacy --marche oui --json", "cct applicable --interface web,mobile --api aucune --view resume --json"},
	flags: func(c *config) []setting {
		return append(append(storeFlags(c), profileFlags(c)...),
			setting{name: "view", value: &c.view, arg: "resume", help: "resume : sans les listes", values: []string{"resume"}}, jsonFlag(c),
			formatFlag(c, "une ligne par exigence et règle qui s’applique, comme « cct export »"))
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
			switch p.form() {
			case "csv", "tsv", "md":
				return p.writeMatrix(o, sel)
			case "json":
				b, err := api.ApplicableJSON(o.Catalog(), sel, address.Of(o.Library, ""), p.view != "")
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
	w := &verdictText{screen: p.screen(), whole: p.view == ""}
	n := v.Counts()
	w.line("", "Application : %s. Édition %s.", sel.Profile, o.Catalog().Head().Name)
	head := o.Catalog().Head()
	documents := ""
	if !head.Framework.Foreign() {
		documents = ", " + plural(n.Documents, "document", "documents")
	}
	w.line("", "%s, %s%s ; %s de produits ; %s.", plural(n.Exigences, "exigence", "exigences"), plural(n.Regles, "règle", "règles"), documents,
		plural(n.Families, "famille", "familles"), plural(n.Dropped, "exigence ou règle écartée", "exigences et règles écartées"))
	if !head.Framework.Foreign() {
		w.documents(v)
	}
	w.exigences(v, head)
	w.rules(v)
	w.families(v)
	if !head.Framework.Foreign() {
		w.process(v)
	}
	w.dropped(v)
	_, err = io.WriteString(p.Stdout, w.String())
	return err
}

// documents are the CCT's five.
func (w *verdictText) documents(v *profile.Verdict) {
	w.title("Documents")
	for _, d := range v.Documents {
		w.item("%s : %s. %s", d.Title, lowerFirst(d.Outcome.Label()), d.Because)
	}
}

// process is what the ministry asks of an application: approvals, phases, obligations.
func (w *verdictText) process(v *profile.Verdict) {
	w.title("Accord")
	w.item("%s. %s", v.Approval.Title, v.Approval.Because)
	for _, d := range v.Approvals {
		w.item("%s. %s", d.Title, d.Because)
	}
	w.title("Étapes")
	for _, ph := range v.Phases {
		if ph.UsesCCT {
			w.item("%s : %s", ph.Title, ph.Does)
		}
	}
	w.title("À faire")
	for _, d := range v.Obligations {
		w.item("%s. %s", d.Title, d.Because)
	}
}

// verdictText is a verdict being written for a terminal.
type verdictText struct {
	strings.Builder
	screen
	whole bool // with the lists
}

func (w *verdictText) line(indent, format string, args ...any) {
	w.WriteString(w.wrap(fmt.Sprintf(format, args...), indent) + "\n")
}

func (w *verdictText) title(format string, args ...any) {
	w.WriteString("\n" + w.bold(fmt.Sprintf(format, args...)) + "\n")
}

func (w *verdictText) item(format string, args ...any) { w.line("  ", format, args...) }

func (w *verdictText) exigences(v *profile.Verdict, head content.Head) {
	var records []*content.Record
	by := map[string][]profile.Bound{}
	for _, b := range v.Exigences {
		if b.Binds() {
			records, by[b.Record.LevelWord()] = append(records, b.Record), append(by[b.Record.LevelWord()], b)
		}
	}
	for _, l := range head.LevelsOf(records) {
		w.bound("Exigences, niveau "+cmp.Or(harmless(l), "non précisé"), by[l])
	}
	w.item("L’annexe à joindre : cct export --format xlsx --output annexe.xlsx, avec les mêmes options.")
}

func (w *verdictText) rules(v *profile.Verdict) {
	var kept []profile.Bound
	for _, b := range v.Regles {
		if b.Binds() {
			kept = append(kept, b)
		}
	}
	w.bound("Règles et principes", kept)
}

// bound writes what stays: its id, name and reason.
func (w *verdictText) bound(title string, kept []profile.Bound) {
	w.title("%s : %d", title, len(kept))
	if !w.whole {
		return
	}
	for _, b := range kept {
		whom := ""
		for i, code := range b.Addressee {
			whom += map[bool]string{true: ", pour : ", false: ", "}[i == 0] + profile.AddresseeLabel(code)
		}
		w.item("%s — %s%s. %s", b.Record.ID, b.Outcome.Label(), whom, b.Because)
	}
}

func (w *verdictText) families(v *profile.Verdict) {
	w.title("Familles de produits : %d", v.Counts().Families)
	for _, f := range v.Families {
		if f.Binds() && w.whole {
			w.item("%s %s (%d, dont %d recommandés) — %s. %s", f.ID, f.Title, len(f.Products), f.Recommended, f.Outcome.Label(), f.Because)
		}
	}
}

// dropped writes what is set aside, by reason.
func (w *verdictText) dropped(v *profile.Verdict) {
	sets := v.SetAside()
	if len(sets) == 0 {
		return
	}
	w.title("Écarté par vos réponses")
	for _, set := range sets {
		w.item("%s %s", set.Because, strings.Join(set.IDs, ", "))
	}
}

func lowerFirst(s string) string {
	r := []rune(s)
	return strings.ToLower(string(r[:1])) + string(r[1:])
}
