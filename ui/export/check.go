package export

import (
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/profile"
)

// Report is what a filled matrix says, against the edition that is served.
// Slices are never nil.
type Report struct {
	File      string  `json:"file"`
	Edition   string  `json:"edition"` // that the file was made from, "" when it doesn't say
	Current   string  `json:"current"` // that it is compared with
	Selection string  `json:"selection"`
	Rows      int     `json:"rows"`
	Missing   []Gap   `json:"missing"`    // apply, and are not in the file
	Added     []Gap   `json:"added"`      // are in the file, and don't apply or don't exist
	Changed   []Gap   `json:"changed"`    // level or text changed since the edition of the file
	Altered   []Gap   `json:"altered"`    // level or text changed in the file
	Open      []Gap   `json:"unanswered"` // no answer, or answers that contradict each other
	Tally     []Tally `json:"tally"`      // per level, most binding first
}

// Gap is one exigence that needs a look.
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
	Derogation int    `json:"derogation"` // among those not conform, or alone
	Open       int    `json:"unanswered"`
}

// Clean says whether nothing needs a look.
func (r *Report) Clean() bool {
	return len(r.Missing)+len(r.Added)+len(r.Changed)+len(r.Altered)+len(r.Open) == 0
}

// filled is the matrix found in a file: where its columns are, then its rows.
type filled struct {
	file, sheet string
	at          map[string]int // folded title → column
	rows        []filledRow
}

type filledRow struct {
	number int
	cells  []string
}

func (f *filled) cell(r filledRow, title string) string {
	i, ok := f.at[folded(title)]
	if !ok || i >= len(r.cells) {
		return ""
	}
	return strings.TrimSpace(r.cells[i])
}

// Check reads a filled matrix, CSV or XLSX, and compares it with the edition.
// s is the selection that it should hold; nil takes the one that the file
// names. A file that is no matrix is a *FileError.
func Check(r io.Reader, name string, c *content.Catalog, s *Selection) (*Report, error) {
	sheets, err := read(r, name)
	if err != nil {
		return nil, err
	}
	f, err := find(sheets, name)
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

// find looks for the sheet and row that hold the header of a matrix.
func find(sheets []sheet, name string) (*filled, error) {
	wanted := []string{titleID, titleConform, titleNotConform, titleDerogation}
	nearest, least := &FileError{Name: name, What: "aucune feuille n’a les colonnes ID, Conforme, Non conforme et Dérogation : partez d’un export de cct (cct export --format xlsx)"}, len(wanted)
	for _, s := range sheets {
		for i, row := range s.rows[:min(len(s.rows), 30)] {
			at := map[string]int{}
			for j, title := range row {
				if t := folded(title); t != "" {
					if _, twice := at[t]; !twice {
						at[t] = j
					}
				}
			}
			var lacking []string
			for _, w := range wanted {
				if _, ok := at[folded(w)]; !ok {
					lacking = append(lacking, w)
				}
			}
			if len(lacking) > 0 {
				if len(lacking) < least {
					least = len(lacking)
					nearest = &FileError{Name: name, Sheet: s.name, Row: s.numbers[i], What: "il manque la colonne " + strings.Join(lacking, ", ") + " : remettez-la, ou partez d’un nouvel export"}
				}
				continue
			}
			f := &filled{file: name, sheet: s.name, at: at}
			for j := i + 1; j < len(s.rows); j++ {
				if strings.TrimSpace(strings.Join(s.rows[j], "")) != "" {
					f.rows = append(f.rows, filledRow{s.numbers[j], s.rows[j]})
				}
			}
			return f, nil
		}
	}
	return nil, nearest
}

// folded makes titles comparable: case, blanks and the accents of our own
// titles don't count.
func folded(s string) string {
	return strings.NewReplacer("é", "e", "è", "e", "ê", "e", "’", "'", "\u00a0", " ", "\ufeff", "").Replace(strings.ToLower(strings.Join(strings.Fields(s), " ")))
}

func (f *filled) fault(r filledRow, title, format string, args ...any) *FileError {
	e := &FileError{Name: f.file, Sheet: f.sheet, Row: r.number, What: fmt.Sprintf(format, args...)}
	if i, ok := f.at[folded(title)]; ok && title != "" {
		e.Column = letters(i) + " (" + title + ")"
	}
	return e
}

// letters names a column as spreadsheets do: A, B, … Z, AA.
func letters(i int) string {
	s := ""
	for i++; i > 0; i = (i - 1) / 26 {
		s = string(rune('A'+(i-1)%26)) + s
	}
	return s
}

func (f *filled) selection() (*Selection, error) {
	for _, r := range f.rows {
		text := f.cell(r, titleSelection)
		if text == "" || text == "toutes" {
			continue
		}
		v, err := url.ParseQuery(text)
		if err != nil {
			return nil, f.fault(r, titleSelection, "« %s » ne se lit pas : donnez le profil en options, ou partez d’un nouvel export", text)
		}
		s, err := ParseSelection(v)
		if err != nil {
			return nil, f.fault(r, titleSelection, "%v", err)
		}
		return &s, nil
	}
	return &Selection{}, nil
}

// answer reads an answer cell: yes, no, or nothing.
func answer(s string) (yes, no, ok bool) {
	switch folded(s) {
	case "":
		return false, false, true
	case "oui", "o", "x", "✓", "✔", "1", "vrai", "yes", "true":
		return true, false, true
	case "non", "n", "0", "faux", "-", "no", "false":
		return false, true, true
	}
	return false, false, false
}

func (f *filled) compare(c *content.Catalog, s Selection) (*Report, error) {
	v, err := profile.Evaluate(s.Profile, c)
	if err != nil {
		return nil, err
	}
	rep := &Report{File: f.file, Current: c.Head().Name, Selection: s.Values().Encode(), Rows: len(f.rows),
		Missing: []Gap{}, Added: []Gap{}, Changed: []Gap{}, Altered: []Gap{}, Open: []Gap{}}
	verdicts := map[string]profile.Applies{}
	for _, a := range v.Exigences {
		verdicts[strings.ToUpper(a.Exigence.ID)] = a
	}
	tally := map[string]*Tally{}
	for _, l := range append(content.Levels(), content.NoLevel) {
		tally[levelName(l)] = &Tally{Level: levelName(l)}
	}
	seen := map[string]int{}
	var faults []*FileError
	for _, r := range f.rows {
		id := strings.ToUpper(f.cell(r, titleID))
		if id == "" {
			faults = append(faults, f.fault(r, titleID, "la ligne n’a pas d’identifiant : remettez-le, ou supprimez la ligne"))
			continue
		}
		if first := seen[id]; first > 0 {
			faults = append(faults, f.fault(r, titleID, "%s figure déjà à la ligne %d : gardez une seule réponse", id, first))
			continue
		}
		seen[id] = r.number
		if rep.Edition == "" {
			rep.Edition = strings.TrimSpace(strings.TrimPrefix(f.cell(r, titleEdition), "édition"))
		}
		level := folded(f.cell(r, titleLevel))
		a, known := verdicts[id]
		switch {
		case !known:
			rep.Added = append(rep.Added, Gap{id, r.number, "n’existe pas dans l’édition " + rep.Current})
		case !a.Applies:
			rep.Added = append(rep.Added, Gap{id, r.number, "ne s’applique pas : " + a.Because})
		case !s.Matches(a.Exigence):
			rep.Added = append(rep.Added, Gap{id, r.number, "est écartée par les filtres de l’export"})
		}
		if known {
			id, level = a.Exigence.ID, levelName(a.Exigence.Level())
			f.compareText(rep, r, a.Exigence)
		}
		t := tally[level]
		if t == nil {
			t = tally[levelName(content.NoLevel)]
		}
		if e := f.count(rep, t, r, id); e != nil {
			faults = append(faults, e)
		}
	}
	if len(faults) > 0 {
		faults[0].More = len(faults) - 1
		return nil, faults[0]
	}
	for _, a := range v.Exigences {
		if a.Applies && s.Matches(a.Exigence) && seen[strings.ToUpper(a.Exigence.ID)] == 0 {
			rep.Missing = append(rep.Missing, Gap{a.Exigence.ID, 0, "manque dans le fichier"})
		}
	}
	for _, l := range append(content.Levels(), content.NoLevel) {
		if t := tally[levelName(l)]; t.Total > 0 {
			rep.Tally = append(rep.Tally, *t)
		}
	}
	if rep.Tally == nil {
		rep.Tally = []Tally{}
	}
	return rep, nil
}

// compareText says what changed, in the edition or in the file. Without a
// fingerprint the two can't be told apart: the edition is then named.
func (f *filled) compareText(rep *Report, r filledRow, e *content.Record) {
	now := fingerprint(levelName(e.Level()), e.Text)
	made := f.cell(r, titleFingerprint)
	_, hasText := f.at[folded(titleText)]
	_, hasLevel := f.at[folded(titleLevel)]
	here := fingerprint(f.cell(r, titleLevel), f.cell(r, titleText))
	comparable := hasText && hasLevel && len(e.Text) < cellLimit
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

func (f *filled) count(rep *Report, t *Tally, r filledRow, id string) *FileError {
	var yes, no [3]bool
	for i, title := range []string{titleConform, titleNotConform, titleDerogation} {
		v := f.cell(r, title)
		var ok bool
		if yes[i], no[i], ok = answer(v); !ok {
			return f.fault(r, title, "« %s » n’est pas une réponse : écrivez oui ou non, ou laissez vide", clipRunes(v, 40))
		}
	}
	t.Total++
	notConform := yes[1] || no[0] && !yes[0]
	switch {
	case yes[0] && (notConform || yes[2]):
		t.Open++
		rep.Open = append(rep.Open, Gap{id, r.number, "réponses contradictoires : conforme, et " + map[bool]string{true: "non conforme", false: "dérogation"}[notConform]})
	case yes[0]:
		t.Conform++
	case notConform || yes[2]:
		if notConform {
			t.NotConform++
		}
		if yes[2] {
			t.Derogation++
		}
	default:
		t.Open++
		rep.Open = append(rep.Open, Gap{id, r.number, "sans réponse"})
	}
	return nil
}

func clipRunes(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}

// WriteText writes the report for people, in French.
func (r *Report) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s : %d exigences", r.File, r.Rows)
	if r.Edition != "" {
		fmt.Fprintf(&b, ", édition %s", r.Edition)
	}
	fmt.Fprintf(&b, ", comparées à l’édition %s\n", r.Current)
	for _, part := range []struct {
		title string
		gaps  []Gap
	}{
		{"Manquent dans le fichier", r.Missing}, {"En trop", r.Added}, {"Changées depuis l’édition du fichier", r.Changed},
		{"Modifiées dans le fichier", r.Altered}, {"Sans réponse utilisable", r.Open},
	} {
		if len(part.gaps) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n%s : %d\n", part.title, len(part.gaps))
		for _, g := range part.gaps {
			if g.Row > 0 {
				fmt.Fprintf(&b, "  %s (ligne %d) : %s\n", g.ID, g.Row, g.What)
			} else {
				fmt.Fprintf(&b, "  %s : %s\n", g.ID, g.What)
			}
		}
	}
	b.WriteString("\nRéponses par niveau\n")
	for _, t := range r.Tally {
		fmt.Fprintf(&b, "  %-12s %d : conformes %d, non conformes %d, dérogations %d, sans réponse %d\n", t.Level, t.Total, t.Conform, t.NotConform, t.Derogation, t.Open)
	}
	if r.Clean() {
		b.WriteString("\nRien à signaler.\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}
