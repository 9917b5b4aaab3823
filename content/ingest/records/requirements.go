package records

import (
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/ingest/markdown"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Requirements of any framework: tables by many names of columns, lists and headings
// "R12 – …", one page each, elements with an id and a title. What guessing can't tell
// is declared, see Schema.

// The names that columns of requirements have, folded.
var (
	idNames = set("id", "identifiant", "n", "no", "num", "numero", "ref", "reference", "code", "cle", "key", "critere", "criterion", "regle", "rule", "exigence n", "n exigence", "id exigence", "requirement id", "req")
	// These say by themselves that the rows bind.
	bindingNames = set("exigence", "exigences", "exigence s", "mesure", "mesures", "mesure s", "critere", "criteres", "requirement", "requirements", "recommandation", "recommandations", "controle", "controles", "control",
		"controls", "obligation", "obligations", "regle", "regles", "rule", "rules", "measure", "measures")
	// These do where a level stands beside them.
	textNames  = set("libelle", "enonce", "description", "intitule", "texte", "text", "statement", "titre", "title", "contenu", "objet", "detail", "details", "name", "nom")
	titleNames = set("libelle", "intitule", "titre", "title", "name", "nom", "objet")
	levelNames = set("niveau", "level", "levels", "type", "priorite", "priority", "criticite", "severity", "severite", "obligation", "must should", "must should may", "a aa aaa", "niveau a aa aaa", "obligatoire",
		"obligatoire recommande", "obligatoire recommandee", "obligatoire ou recommande", "caractere", "force", "moscow", "niveau d exigence", "exigence niveau", "conformance", "wcag", "statut", "status", "applicabilite")
)

func set(list ...string) map[string]bool {
	m := make(map[string]bool, len(list))
	for _, s := range list {
		m[s] = true
	}
	return m
}

// requirementID is how frameworks number: R12, REQ-001, SEC/AUT/01, RGAA 1.1, 12.3.4.
var requirementID = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:\p{L}{1,12}[ ._/-]?){0,4}\d{1,6}(?:[._/-]\d{1,6}){0,4}[a-z]?$`)
})

// looksLikeID says whether a cell holds such a number, and whether letters are in it.
func looksLikeID(s string) (id, lettered bool) {
	s = strings.Trim(s, "*`[]() .")
	if len(s) > 40 || !requirementID().MatchString(s) {
		return false, false
	}
	return true, strings.IndexFunc(s, func(r rune) bool { return r|0x20 >= 'a' && r|0x20 <= 'z' }) >= 0
}

// knownLevels are the words that other frameworks have for how binding a requirement
// is, folded; "" for those that the CCT has no word for.
var knownLevels = map[string]content.Level{
	"must": content.Primordial, "must not": content.Primordial, "shall": content.Primordial, "shall not": content.Primordial, "required": content.Primordial, "mandatory": content.Primordial,
	"doit": content.Primordial, "obligatoire": content.Primordial, "requis": content.Primordial, "requise": content.Primordial, "imperatif": content.Primordial, "imperative": content.Primordial, "exige": content.Primordial,
	"should": content.Important, "should not": content.Important, "recommended": content.Important, "devrait": content.Important, "recommande": content.Important, "recommandee": content.Important, "recommandation": content.Important,
	"may": "", "could": "", "won t": "", "optional": "", "optionnel": "", "optionnelle": "", "facultatif": "", "facultative": "", "peut": "", "souhaitable": "", "informatif": "", "a": "", "aa": "", "aaa": "",
	"l1": "", "l2": "", "l3": "", "standard": "", "renforce": "", "minimal": "", "avance": "", "faible": "", "moyen": "", "moyenne": "", "eleve": "", "elevee": "", "haut": "", "haute": "", "bas": "", "basse": "", "low": "",
	"medium": "", "high": "", "critical": "", "critique": "", "majeur": "", "mineur": "", "1": "", "2": "", "3": "", "4": "", "5": "", "oui": "", "non": "", "yes": "", "no": "",
}

// isLevel says whether a cell holds a level of any vocabulary.
func (s *Schema) isLevel(text string) bool {
	folded := markdown.Fold(strings.Trim(text, "* "))
	_, known := knownLevels[folded]
	return known || levelOf(text) != content.NoLevel || s.declares(folded)
}

// requirements tells of a table that is of no other kind whether it holds
// requirements, and which of its columns are what. doubt says why it was not taken
// for them, when it looks much like it.
func (t *table) requirements(headers []string) (cols []column, doubt string) {
	p := t.parts(headers)
	if p.id < 0 || p.text < 0 {
		return nil, ""
	}
	if p.level < 0 {
		t.marks = t.markColumns(headers)
	}
	if !p.binding && p.level < 0 && len(t.marks) == 0 {
		if p.lettered && len(t.grid.body) >= 3 {
			return nil, "aucune colonne ne dit « Exigence » ni le niveau"
		}
		return nil, ""
	}
	cols = make([]column, len(headers))
	cols[p.id], cols[p.text] = colID, colText
	if p.title >= 0 {
		cols[p.title] = colName
	}
	if p.level >= 0 {
		cols[p.level] = colLevel
	}
	for i, h := range headers {
		if c := columns[markdown.Fold(h)]; cols[i] == other && (c == colNature || c == colCategory || c == colReplaces) {
			cols[i] = c
		}
	}
	return cols, ""
}

// parts are the columns of a table that may hold requirements, -1 for those that it has
// not.
type parts struct {
	id, text, title, level int
	binding                bool // the text's header says that it binds
	lettered               bool // the ids have letters
}

func (t *table) parts(headers []string) parts {
	p := parts{id: -1, text: -1, title: -1, level: -1}
	for i, h := range headers {
		name := markdown.Fold(h)
		ids, letters := t.idsIn(i)
		switch {
		case p.id < 0 && ids && (idNames[name] || name == "" || letters && i == 0):
			p.id, p.lettered = i, letters
		case p.level < 0 && levelNames[name] && t.levelsIn(i):
			p.level = i
		case bindingNames[name] && !p.binding:
			p.text, p.binding = i, true
		case titleNames[name] && p.title < 0:
			p.title = i
		case textNames[name] && p.text < 0:
			p.text = i
		}
	}
	if p.text < 0 {
		p.text, p.title = p.title, -1
	}
	return p
}

// idsIn says whether the cells of a column are ids, each another one, and have
// letters.
func (t *table) idsIn(column int) (ids, lettered bool) {
	seen := map[string]bool{}
	found, letters, filled := 0, 0, 0
	var last *html.Node
	for _, row := range t.grid.body {
		if column >= len(row.cells) || row.cells[column] == nil || row.cells[column] == last || len(row.own) == 1 && t.grid.columns > 1 {
			continue
		}
		last = row.cells[column]
		s := markdown.TextOf(last)
		if strings.Trim(s, "—- ") == "" {
			continue
		}
		filled++
		if id, with := looksLikeID(s); id && !seen[s] {
			seen[s] = true
			found++
			if with {
				letters++
			}
		}
	}
	return found > 0 && found*10 >= filled*8, letters*2 > found
}

// levelsIn says whether most of the cells of a column are levels.
func (t *table) levelsIn(column int) bool {
	levels, filled := 0, 0
	for _, row := range t.grid.body {
		if column >= len(row.cells) || row.cells[column] == nil {
			continue
		}
		s := markdown.TextOf(row.cells[column])
		if strings.Trim(s, "—- ") == "" {
			continue
		}
		filled++
		if t.schema.isLevel(s) {
			levels++
		}
	}
	return levels > 0 && levels*10 >= filled*6
}

// markColumn is a column that is headed by a level, and whose cells only say by a mark
// whether it is the row's: L1, L2, L3.
type markColumn struct {
	at    int
	level string
}

func (t *table) markColumns(headers []string) (list []markColumn) {
	for i, h := range headers {
		if h != "" && t.schema.isLevel(h) && t.marksIn(i) {
			list = append(list, markColumn{i, h})
		}
	}
	return list
}

// marksIn says whether a column holds nothing but marks, and one at least.
func (t *table) marksIn(column int) bool {
	found := false
	for _, row := range t.grid.body {
		if column >= len(row.cells) || row.cells[column] == nil {
			continue
		}
		switch s := strings.TrimSpace(markdown.TextOf(row.cells[column])); {
		case isMark(s):
			found = true
		case utf8.RuneCountInString(s) > 1 && !notMarks[markdown.Fold(s)]:
			return false
		}
	}
	return found
}

// isMark says whether a cell says yes.
func isMark(s string) bool {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "✓", "✔", "✔️", "✅", "☑", "☒", "x", "●", "•", "⬤", "■", "[x]", "oui", "yes", "r":
		return true
	}
	return false
}

// notMarks are the words that say no.
var notMarks = set("non", "no", "n a", "na", "sans objet")

// marked is the level of a row: the first of the columns that mark it.
func (t *table) marked(row gridRow) string {
	for _, m := range t.marks {
		if m.at < len(row.cells) && row.cells[m.at] != nil && isMark(markdown.TextOf(row.cells[m.at])) {
			return m.level
		}
	}
	return ""
}

// numbered is "R12 – text", as items of lists and headings have it.
var numbered = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\[?(\p{Lu}[\p{Lu}\p{N}]{0,11}(?:[ ._/-]?\p{Lu}{1,12}){0,3}[ ._/-]?\d{1,6}(?:[._/-]\d{1,6}){0,3})\]?\s*(?:[–—:]|-\s)\s*(\S.*)$`)
})

// called is a criterion or the like, as a heading has it: "Critère 1.1 [A] …".
var called = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?i:crit[èe]re|criterion|exigence|mesure|recommandation|requirement|contr[ôo]le|control)\s+(?:[nN]°\s*)?(\d{1,4}(?:\.\d{1,4}){0,3})(?:\s*[\[(](A{1,3})[\])])?\s*[:.–—-]?\s+(\S.*)$`)
})

// dated is the beginning of a text that is the date of a version rather than what it
// asks: of a list of changes.
var dated = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:\d{4}-\d{2}|\d{1,2}(?:st|nd|rd|th|er)?[ ./-](?:\p{L}+\.?|\d{1,2})[ ./-]\d{4}|\p{L}+ \d{1,2}(?:st|nd|rd|th)?,? \d{4})\b`)
})

// numberOf reads the number at the head of an item or a heading, and what follows it.
func numberOf(s string) (id, rest string, ok bool) {
	m := numbered().FindStringSubmatch(s)
	if m == nil || dated().MatchString(m[2]) {
		return "", "", false
	}
	return m[1], m[2], true
}

// headingNumber does so for a heading, which may also call its requirement by a word; its
// level is "" where it gives none.
func headingNumber(s string) (id, level, rest string, ok bool) {
	if m := called().FindStringSubmatch(s); m != nil {
		return m[1], m[2], m[3], true
	}
	id, rest, ok = numberOf(s)
	return id, "", rest, ok
}

// listRequirements makes a record of each item of a list that are all numbered so.
func (r *reader) listRequirements() {
	path := []string{r.page.Title}
	sections := r.byAnchor()
	markdown.Walk(r.page.Root, func(n *html.Node) bool {
		switch {
		case r.levels[n] > 0:
			path = []string{r.page.Title}
			if s := sections[markdown.Attr(n, "id")]; s != nil {
				path = append(append([]string{}, s.Path...), s.Heading)
			}
			return false
		case n.DataAtom == atom.Table:
			return false
		case n.DataAtom == atom.Div && markdown.Attr(n, "title") != "":
			if id, _ := looksLikeID(markdown.Attr(n, "id")); id {
				rec := r.requirement(markdown.Attr(n, "id"), markdown.TextOf(n), path, markdown.LineOf(n, r.doc.BodyLine))
				rec.Name = markdown.Attr(n, "title")
				rec.Title, rec.Anchor = rec.ID+" — "+rec.Name, markdown.Attr(n, "id")
				rec.shown = []part{{node: n, inside: true}}
				r.page.Records = append(r.page.Records, rec)
			}
			return true
		case n.DataAtom != atom.Ul && n.DataAtom != atom.Ol:
			return true
		}
		var items []*html.Node
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.DataAtom == atom.Li {
				if _, _, ok := numberOf(markdown.TextOf(c)); !ok {
					return true
				}
				items = append(items, c)
			}
		}
		if len(items) < 2 {
			return true
		}
		for _, li := range items {
			id, rest, _ := numberOf(markdown.TextOf(li))
			rec := r.requirement(id, rest, path, markdown.LineOf(li, r.doc.BodyLine))
			rec.Weak = true
			rec.Anchor = r.unique(rec.ID)
			r.page.Anchors[rec.Anchor] = rec.Anchor
			markdown.SetAttr(li, "id", rec.Anchor)
			rec.shown = []part{{node: li, inside: true}}
			r.page.Records = append(r.page.Records, rec)
		}
		return false
	})
}

// requirement makes a record of a number and what it says.
func (r *reader) requirement(id, text string, path []string, line int) *Record {
	rec := &Record{}
	rec.Kind, rec.ID, rec.Label, rec.Text, rec.Path, rec.Line, rec.Cells = content.KindExigence, id, id, text, path, line, []content.Cell{}
	rec.Name = short(text)
	rec.Title = id + " — " + rec.Name
	rec.Exigence = &content.Exigence{}
	return rec
}

// headingRequirements makes a record of each heading that is numbered so, where a
// page has several.
func (r *reader) headingRequirements(headings []*html.Node) {
	var list []*html.Node
	for _, h := range headings {
		if _, _, _, ok := headingNumber(r.texts[h]); ok {
			list = append(list, h)
		}
	}
	if len(list) < 2 {
		return
	}
	sections := r.byAnchor()
	for _, h := range list {
		section := sections[markdown.Attr(h, "id")]
		if section == nil || section.Record != "" {
			continue
		}
		id, level, name, _ := headingNumber(r.texts[h])
		text := markdown.Lines()
		var shown []part
		for n := h.NextSibling; n != nil && (r.levels[n] == 0 || r.levels[n] > r.levels[h]); n = n.NextSibling {
			if _, _, _, next := headingNumber(r.texts[n]); next && r.levels[n] > 0 {
				break
			}
			shown = append(shown, part{node: n})
			text.Add(n)
		}
		rec := r.requirement(id, text.String(), section.Path, section.Line)
		rec.Weak, rec.Name = true, name
		rec.Exigence.Level, rec.Exigence.RawLevel, rec.Exigence.OwnLevel = r.schema.levelOf(level), level, r.schema.ownLevel(level)
		rec.Title, rec.Label, rec.Anchor, rec.shown, rec.Addresses = rec.ID+" — "+rec.Name, r.texts[h], markdown.Attr(h, "id"), shown, text.Addresses
		if rec.Text == "" {
			rec.Text = rec.Name
		}
		section.Record = rec.ID
		r.page.Records = append(r.page.Records, rec)
	}
}

// titleNumber is the number that a page's title is or begins by, where the file is named
// after it, and the rest of the title.
func (r *reader) titleNumber() (id, name string) {
	title := strings.TrimSpace(r.page.Title)
	id, name, ok := numberOf(title)
	if is, lettered := looksLikeID(title); !ok && is && lettered {
		id, name = title, ""
	}
	if family := id[:max(strings.IndexAny(id, "0123456789"), 0)]; family != strings.ToUpper(family) {
		return "", "" // Page 12, Annexe 2, Module 3: a page among others
	}
	if slug := markdown.Slug(id); slug == "" || !strings.HasPrefix(markdown.Slug(Stem(r.doc.File))+"-", slug+"-") {
		return "", ""
	}
	return id, name
}

// pageRequirement makes a record of a page that is one: its front matter gives the
// number.
func (r *reader) pageRequirement() {
	values := r.doc.Front.Values
	id := firstOf(r.doc.Front.ID, values["identifiant"], values["ref"], values["reference"], values["code"], values["numero"])
	name := r.page.Title
	if id == "" {
		id, name = r.titleNumber()
	}
	if is, lettered := looksLikeID(id); !is || !lettered || r.doc.Blank {
		return
	}
	for _, rec := range r.page.Records {
		if rec.Kind == content.KindExigence {
			return // the page holds several: the number is its own
		}
	}
	level := firstOf(values["niveau"], values["level"], values["priorite"], values["priority"], values["obligation"], values["severite"], values["severity"])
	var texts []string
	for _, s := range r.page.Sections {
		if s.Text != "" {
			texts = append(texts, s.Text)
		}
	}
	rec := r.requirement(id, strings.Join(texts, "\n"), []string{r.page.Title}, 1)
	if name != "" {
		rec.Name = name
	}
	rec.Title = id + " — " + rec.Name
	rec.Exigence = &content.Exigence{Level: r.schema.levelOf(level), RawLevel: level, OwnLevel: r.schema.ownLevel(level), Category: firstOf(values["categorie"], values["category"]), Nature: values["nature"]}
	rec.Anchor = r.unique(id)
	r.page.Anchors[rec.Anchor] = rec.Anchor
	top := markdown.Element(atom.Span, "")
	markdown.SetAttr(top, "id", rec.Anchor)
	r.page.Root.InsertBefore(top, r.page.Root.FirstChild)
	rec.shown = []part{{node: r.page.Root, inside: true}}
	r.page.Records = append(r.page.Records, rec)
}
