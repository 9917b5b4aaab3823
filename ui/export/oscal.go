package export

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// oscalVersion is that of NIST's models whose schemas the files follow.
const oscalVersion = "1.1.2"

type oscalProp struct {
	Name  string `json:"name"`
	NS    string `json:"ns,omitempty"`
	Value string `json:"value"`
}

type oscalLink struct {
	Href string `json:"href"`
	Rel  string `json:"rel,omitempty"`
	Text string `json:"text,omitempty"`
}

type oscalMetadata struct {
	Title    string      `json:"title"`
	Modified string      `json:"last-modified"`
	Version  string      `json:"version"`
	OSCAL    string      `json:"oscal-version"`
	Props    []oscalProp `json:"props,omitempty"`
	Links    []oscalLink `json:"links,omitempty"`
	Remarks  string      `json:"remarks,omitempty"`
}

type oscalPart struct {
	ID    string `json:"id,omitempty"`
	Name  string `json:"name"`
	Prose string `json:"prose"`
}

type oscalControl struct {
	ID    string      `json:"id"`
	Class string      `json:"class"`
	Title string      `json:"title"`
	Props []oscalProp `json:"props,omitempty"`
	Links []oscalLink `json:"links,omitempty"`
	Parts []oscalPart `json:"parts"`
}

type oscalGroup struct {
	ID       string         `json:"id"`
	Title    string         `json:"title"`
	Controls []oscalControl `json:"controls"`
}

type oscalRlink struct {
	Href      string `json:"href"`
	MediaType string `json:"media-type"`
}

type oscalResource struct {
	UUID        string       `json:"uuid"`
	Title       string       `json:"title"`
	Description string       `json:"description"`
	Rlinks      []oscalRlink `json:"rlinks"`
}

type oscalBackMatter struct {
	Resources []oscalResource `json:"resources"`
}

// writeOSCAL writes an annex in the OSCAL of NIST, as JSON: the whole edition is a
// catalog; a choice, by profile or filters, a profile of it; a filled annex, a
// component definition that says how each control is met.
func writeOSCAL(w io.Writer, t *Table) error {
	lines := t.lines()
	var document map[string]any
	switch {
	case slices.ContainsFunc(lines, func(l line) bool { return l.answer != "" }):
		document = map[string]any{"component-definition": t.oscalComponents(lines)}
	case t.whole():
		document = map[string]any{"catalog": t.oscalCatalog(lines)}
	default:
		document = map[string]any{"profile": t.oscalProfile(lines)}
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(document); err != nil {
		return fmt.Errorf("écrire l’OSCAL : %w", err)
	}
	return nil
}

func (t *Table) oscalMetadata(what string) oscalMetadata {
	m := oscalMetadata{Title: what + ", édition " + t.Fact("edition"), Modified: t.day(), Version: t.Fact("edition"), OSCAL: oscalVersion, Remarks: t.Fact("source") + " " + t.Fact("wording")}
	for _, f := range []string{"profile", "filters"} {
		if v := t.Fact(f); v != "" && !t.whole() {
			m.Props = append(m.Props, oscalProp{f, t.space(), v})
		}
	}
	if source := t.framework().Source; source != "" {
		m.Links = []oscalLink{{Href: source, Rel: "source", Text: "Texte officiel"}}
	}
	return m
}

func (t *Table) oscalCatalog(lines []line) any {
	var list []oscalGroup
	names, of := groups(lines)
	for i, name := range names {
		g := oscalGroup{ID: fmt.Sprintf("groupe-%d", i+1), Title: name}
		for _, l := range of[name] {
			g.Controls = append(g.Controls, t.oscalControl(l))
		}
		list = append(list, g)
	}
	return struct {
		UUID     string        `json:"uuid"`
		Metadata oscalMetadata `json:"metadata"`
		Groups   []oscalGroup  `json:"groups"`
	}{t.uuid("catalog " + t.Fact("edition")), t.oscalMetadata(t.framework().Name), list}
}

func (t *Table) oscalControl(l line) oscalControl {
	id := token(l)
	c := oscalControl{ID: id, Class: plainClass(l.kind), Title: l.title, Parts: []oscalPart{{id + "_smt", "statement", l.text}}}
	if c.Title == "" {
		c.Title = l.id
	}
	if strings.TrimSpace(l.text) == "" {
		c.Parts[0].Prose = c.Title
	}
	c.Props = append(c.Props, oscalProp{"label", "", l.id})
	for _, p := range [][2]string{{"level", l.level}, {"category", l.category}, {"addressee", l.addressee}} {
		if p[1] != "" {
			c.Props = append(c.Props, oscalProp{p[0], t.space(), p[1]})
		}
	}
	if l.note != "" {
		c.Parts = append(c.Parts, oscalPart{id + "_gdn", "guidance", l.note})
	}
	if l.url != "" {
		c.Links = append(c.Links, oscalLink{Href: l.url, Rel: "reference"})
	}
	for _, a := range t.Lineage[l.id] {
		c.Links = append(c.Links, oscalLink{Href: a.address(), Rel: a.rel(), Text: a.ID + ", édition " + a.Edition + " : " + a.Relation})
	}
	return c
}

// plainClass is a kind as a token: "regle-d-api".
func plainClass(kind string) string { return strings.ReplaceAll(plainWords(kind), " ", "-") }

// catalogResource is where profiles and components find the catalog: a file beside
// them, named as the program names its exports.
func (t *Table) catalogResource() oscalBackMatter {
	edition := t.Fact("edition")
	return oscalBackMatter{[]oscalResource{{t.uuid("resource " + edition), t.framework().Name + ", édition " + edition, "Le catalogue, par « cct export --format oscal » sans profil ni filtre.",
		[]oscalRlink{{t.prefix() + "-" + edition + ".oscal.json", "application/oscal.catalog+json"}}}}}
}

func (t *Table) oscalProfile(lines []line) any {
	type adds struct {
		Props []oscalProp `json:"props"`
	}
	type alter struct {
		ControlID string `json:"control-id"`
		Adds      []adds `json:"adds"`
	}
	var ids []string
	var alters []alter
	for _, l := range lines {
		ids = append(ids, token(l))
		if l.because != "" {
			alters = append(alters, alter{token(l), []adds{{[]oscalProp{{"applicability", t.space(), strings.Join(strings.Fields(l.because), " ")}}}}})
		}
	}
	m := t.oscalMetadata("Ce qui s’applique : " + t.framework().Name)
	resources := t.catalogResource()
	profile := map[string]any{
		"uuid": t.uuid("profile " + t.Fact("edition") + " " + t.Fact("profile") + " " + t.Fact("filters")), "metadata": m,
		"imports":     []any{map[string]any{"href": "#" + resources.Resources[0].UUID, "include-controls": []any{map[string]any{"with-ids": ids}}}},
		"merge":       map[string]any{"as-is": true},
		"back-matter": resources,
	}
	if len(alters) > 0 {
		profile["modify"] = map[string]any{"alters": alters}
	}
	return profile
}

// oscalStatus is an answer in the words of OSCAL's own property.
var oscalStatus = map[string]string{conform: "implemented", notConform: "planned", derogation: "alternative", notMatter: "not-applicable"}

func (t *Table) oscalComponents(lines []line) any {
	type requirement struct {
		UUID        string      `json:"uuid"`
		ControlID   string      `json:"control-id"`
		Description string      `json:"description"`
		Props       []oscalProp `json:"props"`
		Remarks     string      `json:"remarks,omitempty"`
	}
	edition := t.Fact("edition")
	title := t.Fact("bidder")
	if title == "" {
		title = "Application"
	}
	var list []requirement
	for _, l := range lines {
		if l.answer == "" {
			continue
		}
		r := requirement{UUID: t.uuid("answer " + edition + " " + title + " " + l.id), ControlID: token(l), Description: l.proof, Remarks: l.comment,
			Props: []oscalProp{{"implementation-status", "", oscalStatus[l.answer]}, {"answer", t.space(), l.answer}}}
		if r.Description == "" {
			r.Description = capitalAnswer(l.answer)
		}
		list = append(list, r)
	}
	resources := t.catalogResource()
	m := t.oscalMetadata("Réponses aux exigences : " + t.framework().Name)
	return map[string]any{
		"uuid": t.uuid("components " + edition + " " + title), "metadata": m,
		"components": []any{map[string]any{
			"uuid": t.uuid("component " + edition + " " + title), "type": "software", "title": title, "description": t.Fact("profile") + ".",
			"control-implementations": []any{map[string]any{
				"uuid": t.uuid("implementation " + edition + " " + title), "source": "#" + resources.Resources[0].UUID,
				"description": "Réponses lues dans l’annexe remplie, édition " + edition + ".", "implemented-requirements": list}},
		}},
		"back-matter": resources,
	}
}

func capitalAnswer(answer string) string {
	return map[string]string{conform: "Conforme.", notConform: "Non conforme.", derogation: "Dérogation demandée.", notMatter: "Sans objet."}[answer]
}
