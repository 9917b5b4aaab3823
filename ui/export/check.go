package export

import (
	"cmp"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/profile"
)

// Report is what a filled annex says, against the edition that is served.
// Slices are never nil.
type Report struct {
	File          string  `json:"file"`
	Edition       string  `json:"edition"` // that the file was made from, "" when it doesn't say
	Current       string  `json:"current"` // that it is compared with
	Selection     string  `json:"selection"`
	Rows          int     `json:"rows"`
	Missing       []Gap   `json:"missing"`       // apply, and are not in the file
	Added         []Gap   `json:"added"`         // are in the file, and don't apply, don't exist or stand there twice
	Changed       []Gap   `json:"changed"`       // level or text changed since the edition of the file
	Altered       []Gap   `json:"altered"`       // level or text changed in the file
	Open          []Gap   `json:"unanswered"`    // no answer, an unknown one, or several that contradict each other
	NotConforming []Gap   `json:"nonconforming"` // primordial ones answered « non conforme », without a derogation
	Uncommented   []Gap   `json:"uncommented"`   // non-conformities and derogations without a comment
	Tally         []Tally `json:"tally"`         // per level, most binding first, then the rules
}

// Gap is one line that needs a look.
type Gap struct {
	ID   string `json:"id"`
	Row  int    `json:"row"` // in the file; 0 when it isn't there
	What string `json:"what"`
}

// Tally counts the answers of one level.
type Tally struct {
	Level      string `json:"level"`
	Total      int    `json:"total"`
	Conform    int    `json:"conforme"`
	NotConform int    `json:"non_conforme"`
	Derogation int    `json:"derogation"`
	NotMatter  int    `json:"sans_objet"`
	Open       int    `json:"unanswered"`
}

// Findings is a part of a report: a title and what needs a look under it.
type Findings struct {
	Title string
	Gaps  []Gap
}

// Findings gives the lists that aren't empty, the gravest first.
func (r *Report) Findings() []Findings {
	all := []Findings{
		{"Absentes du fichier", r.Missing},
		{"Primordiales non conformes, sans dérogation", r.NotConforming},
		{"Sans commentaire", r.Uncommented},
		{"Sans réponse utilisable", r.Open},
		{"En trop dans le fichier", r.Added},
		{"Changées depuis l’édition du fichier", r.Changed},
		{"Modifiées dans le fichier", r.Altered},
	}
	return slices.DeleteFunc(all, func(f Findings) bool { return len(f.Gaps) == 0 })
}

// Clean says whether nothing needs a look.
func (r *Report) Clean() bool { return len(r.Findings()) == 0 }

// filled is the annex found in a file: where its columns are, then its rows.
type filled struct {
	file, sheet string
	at          map[string]int // folded title → column
	rows        []filledRow
}

type filledRow struct {
	number int
	cells  []string
}

// earlier are the titles that earlier versions gave to the same columns.
var earlier = map[string]string{titleID: "ID", titleText: "Exigence"}

// Columns of earlier versions: one for each answer, where yes or no was written.
const (
	earlierConform    = "Conforme"
	earlierNotConform = "Non conforme"
	earlierDerogation = "Dérogation"
)

func (f *filled) has(title string) bool {
	_, ok := f.at[plainWords(title)]
	return ok
}

func (f *filled) cell(r filledRow, title string) string {
	i, ok := f.at[plainWords(title)]
	if !ok && earlier[title] != "" {
		i, ok = f.at[plainWords(earlier[title])]
	}
	if !ok || i >= len(r.cells) {
		return ""
	}
	return strings.TrimSpace(r.cells[i])
}

// Check reads a filled annex, CSV or XLSX, and compares it with the edition. s
// is the selection that it should hold; nil takes the one that the file names.
// A file that is no annex is a *FileError.
func Check(r io.Reader, name string, c *content.Catalog, s *Selection) (*Report, error) {
	f, err := openFilled(r, name)
	if err != nil {
		return nil, err
	}
	if s == nil {
		if s, err = f.selection(); err != nil {
			return nil, err
		}
	}
	return f.compare(c, *s)
}

func openFilled(r io.Reader, name string) (*filled, error) {
	sheets, err := read(r, name)
	if err != nil {
		return nil, err
	}
	return find(sheets, name)
}

// find looks for the sheet and row that hold the heads of an annex: an
// identifier, and an answer (or the three columns of earlier versions).
func find(sheets []sheet, name string) (*filled, error) {
	nearest := &FileError{Name: name, What: "aucune feuille n’a les colonnes Identifiant et Réponse : partez d’un export de cct (cct export --format xlsx)"}
	for _, s := range sheets {
		for i, row := range s.rows[:min(len(s.rows), 30)] {
			f := &filled{file: name, sheet: s.name, at: map[string]int{}}
			for j, title := range row {
				if t := plainWords(title); t != "" {
					if _, twice := f.at[t]; !twice {
						f.at[t] = j
					}
				}
			}
			hasID := f.has(titleID) || f.has(earlier[titleID])
			hasAnswer := f.has(titleAnswer) || f.has(earlierConform) && f.has(earlierNotConform) && f.has(earlierDerogation)
			switch {
			case hasID && hasAnswer:
				for j := i + 1; j < len(s.rows); j++ {
					if strings.TrimSpace(strings.Join(s.rows[j], "")) != "" {
						f.rows = append(f.rows, filledRow{s.numbers[j], s.rows[j]})
					}
				}
				return f, nil
			case hasID:
				nearest = &FileError{Name: name, Sheet: s.name, Row: s.numbers[i], What: "il manque la colonne " + titleAnswer + " : remettez-la, ou partez d’un nouvel export"}
			case hasAnswer:
				nearest = &FileError{Name: name, Sheet: s.name, Row: s.numbers[i], What: "il manque la colonne " + titleID + " : remettez-la, ou partez d’un nouvel export"}
			}
		}
	}
	return nil, nearest
}

// letters names a column as spreadsheets do: A, B, … Z, AA.
func letters(i int) string {
	s := ""
	for i++; i > 0; i = (i - 1) / 26 {
		s = string(rune('A'+(i-1)%26)) + s
	}
	return s
}

// selection reads the profile and filters from the file, as its first line that
// has them says.
func (f *filled) selection() (*Selection, error) {
	for _, r := range f.rows {
		text := f.cell(r, titleSelection)
		if text == "" || text == "toutes" {
			continue
		}
		v, err := url.ParseQuery(text)
		if err == nil {
			var s Selection
			if s, err = ParseSelection(v); err == nil {
				return &s, nil
			}
		}
		return nil, &FileError{Name: f.file, Sheet: f.sheet, Row: r.number, Column: "(" + titleSelection + ")",
			What: "« " + clipRunes(text, 60) + " » ne se lit pas : donnez le profil en options, ou partez d’un nouvel export"}
	}
	return &Selection{}, nil
}

// answerOf reads what a row answers; what is wrong with it is said, "" for
// nothing.
func (f *filled) answerOf(r filledRow) (answer, wrong string) {
	if f.has(titleAnswer) {
		cell := f.cell(r, titleAnswer)
		answer, ok := answered(cell)
		switch {
		case !ok:
			return "", "« " + clipRunes(cell, 40) + " » n’est pas une réponse : écrivez " + strings.Join(Answers(), ", ")
		case answer == "":
			return "", "sans réponse"
		}
		return answer, ""
	}
	return f.earlierAnswer(r)
}

// earlierAnswer reads the three columns of earlier versions.
func (f *filled) earlierAnswer(r filledRow) (answer, wrong string) {
	var yes, no [3]bool
	for i, title := range []string{earlierConform, earlierNotConform, earlierDerogation} {
		cell := f.cell(r, title)
		a, ok := answered(cell)
		switch {
		case plainWords(cell) == plainWords(title) && cell != "" || a == conform || a == derogation:
			yes[i] = true
		case a == notConform || strings.Trim(cell, "-–— ") == "" && cell != "": // a dash is a no
			no[i] = true
		case !ok:
			return "", "« " + clipRunes(cell, 40) + " » n’est pas une réponse : écrivez oui ou non, ou laissez vide"
		}
	}
	isNot := yes[1] || no[0] && !yes[0]
	switch {
	case yes[0] && (isNot || yes[2]):
		return "", "réponses contradictoires : conforme, et non conforme ou dérogation"
	case yes[0]:
		return conform, ""
	case yes[2]:
		return derogation, ""
	case isNot:
		return notConform, ""
	}
	return "", "sans réponse"
}

// compare sets the file beside the edition.
func (f *filled) compare(c *content.Catalog, s Selection) (*Report, error) {
	v, err := profile.Evaluate(s.Profile, c)
	if err != nil {
		return nil, err
	}
	rep := &Report{File: f.file, Current: c.Head().Name, Selection: s.Values().Encode(), Rows: len(f.rows), Tally: []Tally{},
		Missing: []Gap{}, Added: []Gap{}, Changed: []Gap{}, Altered: []Gap{}, Open: []Gap{}, NotConforming: []Gap{}, Uncommented: []Gap{}}
	all := slices.Concat(v.Exigences, v.Regles)
	verdicts := map[string]profile.Bound{}
	for _, b := range slices.Backward(all) { // a requirement's id wins over a rule's
		verdicts[strings.ToUpper(b.Record.ID)] = b
	}
	tally := map[string]*Tally{}
	seen := map[string]int{}
	for _, r := range f.rows {
		id := strings.ToUpper(f.cell(r, titleID))
		if rep.Edition == "" {
			rep.Edition = strings.TrimSpace(strings.TrimPrefix(f.cell(r, titleEdition), "édition"))
		}
		if id == "" {
			rep.Added = append(rep.Added, Gap{"", r.number, "la ligne n’a pas d’identifiant : remettez-le, ou supprimez-la"})
			continue
		}
		b, known := verdicts[id]
		if known {
			id = b.Record.ID
		}
		if first := seen[strings.ToUpper(id)]; first > 0 {
			rep.Added = append(rep.Added, Gap{id, r.number, "figure déjà à la ligne " + strconv.Itoa(first) + ", seule comptée : gardez une seule réponse"})
			continue
		}
		seen[strings.ToUpper(id)] = r.number
		level := f.cell(r, titleLevel)
		switch {
		case !known:
			rep.Added = append(rep.Added, Gap{id, r.number, "n’existe pas dans l’édition " + rep.Current})
		case !b.Binds():
			rep.Added = append(rep.Added, Gap{id, r.number, "ne s’applique pas : " + b.Because})
		case !s.Matches(b.Record):
			rep.Added = append(rep.Added, Gap{id, r.number, "est écartée par les filtres de l’export"})
		}
		if known {
			level = tallyName(b.Record)
			f.compareText(rep, r, b.Record)
		}
		if tally[level] == nil {
			tally[level] = &Tally{Level: level}
		}
		f.count(rep, tally[level], r, id, b.Record)
	}
	for _, b := range s.Bound(v) {
		id := strings.ToUpper(b.Record.ID)
		// Files of earlier versions held no rule: they lack none.
		if seen[id] == 0 && (f.has(titleAnswer) || b.Record.Kind == content.KindExigence) {
			rep.Missing = append(rep.Missing, Gap{b.Record.ID, 0, "manque dans le fichier"})
		}
	}
	for _, t := range tally {
		rep.Tally = append(rep.Tally, *t)
	}
	slices.SortFunc(rep.Tally, func(a, b Tally) int {
		return cmp.Or(cmp.Compare(tallyRank(c, a.Level), tallyRank(c, b.Level)), cmp.Compare(a.Level, b.Level))
	})
	return rep, nil
}

// tallyName is what a record is counted under: its level, or "règles".
func tallyName(r *content.Record) string {
	if r.Kind == content.KindRegle {
		return "règles"
	}
	return levelOf(r)
}

// tallyRank puts levels in their order, and rules last.
func tallyRank(c *content.Catalog, name string) int {
	if name == unstated {
		name = ""
	}
	return c.Head().LevelRank(name)
}

// compareText says what changed, in the edition or in the file. Without a
// fingerprint the two can't be told apart: the edition is then named.
func (f *filled) compareText(rep *Report, r filledRow, e *content.Record) {
	level, text := levelOf(e), words(e)
	now := fingerprint(level, text)
	made := f.cell(r, titleFingerprint)
	here := fingerprint(f.cell(r, titleLevel), f.cell(r, titleText))
	// Of one edition, the official words and ours say the same: which a file holds
	// depends on where it was made.
	if e.Restated && made != "" && here == made && rep.Edition == rep.Current {
		return
	}
	comparable := (f.has(titleText) || f.has(earlier[titleText])) && f.has(titleLevel) && len(text) < cellLimit
	switch {
	case made != "" && made != now:
		rep.Changed = append(rep.Changed, Gap{e.ID, r.number, "a changé depuis l’édition du fichier : relisez-la avant de reprendre la réponse"})
	case made == "" && comparable && here != now:
		rep.Changed = append(rep.Changed, Gap{e.ID, r.number, "n’a plus le niveau ou le texte du fichier : relisez-la avant de reprendre la réponse"})
	}
	if made != "" && comparable && here != made {
		rep.Altered = append(rep.Altered, Gap{e.ID, r.number, "son niveau ou son texte a été modifié dans le fichier"})
	}
}

// count counts a row's answer, and lists what is wrong with it. e is the edition's record, nil where it
// has none.
func (f *filled) count(rep *Report, t *Tally, r filledRow, id string, e *content.Record) {
	answer, wrong := f.answerOf(r)
	t.Total++
	switch answer {
	case conform:
		t.Conform++
	case notConform:
		t.NotConform++
		if e == nil {
			break
		}
		if level := e.Level(); level == content.Primordial || level == content.Bloquant {
			said := string(level) + "e"
			if own := e.OwnLevel(); own != "" {
				said = "de niveau « " + own + " »"
			}
			rep.NotConforming = append(rep.NotConforming, Gap{id, r.number, "est " + said + ", et répondue « non conforme » : demandez une dérogation, ou rendez-la conforme"})
		}
	case derogation:
		t.Derogation++
	case notMatter:
		t.NotMatter++
	default:
		t.Open++
		rep.Open = append(rep.Open, Gap{id, r.number, wrong})
		return
	}
	if (answer == notConform || answer == derogation) && f.cell(r, titleComment) == "" {
		rep.Uncommented = append(rep.Uncommented, Gap{id, r.number, "« " + answer + " » sans commentaire : dites laquelle, pourquoi, et ce qui est proposé"})
	}
}

func clipRunes(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}
