package export

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/profile"
)

// noLevelName is how filters name exigences without a level.
const noLevelName = "non-precise"

// Selection is which exigences a matrix holds: those that apply to a profile,
// narrowed by any of the filters. The zero value holds them all.
type Selection struct {
	Profile    profile.Profile
	Levels     []string // "bloquant", "primordial", "important", "non-precise"
	Categories []string // as the source writes them; case doesn't count, and several may stand in one, comma separated
	Natures    []string
	IDs        []string // nil: any; empty: none
}

// LevelNames lists the values that the level filter takes.
func LevelNames() []string {
	var names []string
	for _, l := range content.Levels() {
		names = append(names, string(l))
	}
	return append(names, noLevelName)
}

// ParseSelection reads a selection from query parameters; a filter takes several
// values, repeated or comma separated. A value that isn't known is a
// *profile.BadAnswer, here or from Known.
func ParseSelection(v url.Values) (Selection, error) {
	p, err := profile.Parse(profile.Given(v))
	if err != nil {
		return Selection{}, err
	}
	s := Selection{Profile: p, Levels: list(v["level"]), Categories: given(v["category"]), Natures: given(v["nature"]), IDs: list(v["id"])}
	for i, l := range s.Levels {
		s.Levels[i] = strings.ToLower(l)
		if !contains(LevelNames(), l) {
			return Selection{}, &profile.BadAnswer{Name: "level", Value: l, Allowed: LevelNames()}
		}
	}
	return s, nil
}

// Known is an error when a filter holds a value that no exigence of the edition
// has, since a file without a line would say that nothing is required.
func (s Selection) Known(c *content.Catalog) error {
	records, err := c.Records(content.KindExigence)
	if err != nil {
		return err
	}
	for _, f := range []struct {
		name   string
		values []string
		of     func(*content.Record) string
	}{
		{"category", s.Categories, func(r *content.Record) string { return r.Exigence.Category }},
		{"nature", s.Natures, func(r *content.Record) string { return r.Exigence.Nature }},
		{"id", s.IDs, func(r *content.Record) string { return r.ID }},
	} {
		var known []string
		for _, r := range records {
			if v := named(f.of(r)); !contains(known, v) {
				known = append(known, v)
			}
		}
		for _, v := range f.values {
			if contains(known, v) {
				continue
			}
			for _, part := range list([]string{v}) {
				if !contains(known, part) {
					return &profile.BadAnswer{Name: f.name, Value: part, Allowed: known}
				}
			}
		}
	}
	return nil
}

// named gives the word by which filters ask for what has no value.
func named(v string) string {
	if v == "" {
		return noLevelName
	}
	return v
}

// given leaves out values of nothing; a category may hold a comma, so none is
// split before it is compared.
func given(values []string) []string {
	var out []string
	for _, v := range values {
		if v = strings.TrimSpace(v); v != "" {
			out = append(out, v)
		}
	}
	return out
}

// oneOf says whether v is among what was given, whole or between two commas.
func oneOf(given []string, v string) bool {
	v = named(v)
	return contains(given, v) || contains(list(given), v)
}

// list splits the values of a parameter that takes several.
func list(values []string) []string {
	var out []string
	for _, v := range values {
		for part := range strings.SplitSeq(v, ",") {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
	}
	return out
}

func contains(all []string, v string) bool {
	for _, a := range all {
		if strings.EqualFold(a, v) {
			return true
		}
	}
	return false
}

// Among narrows a selection to some exigences.
func (s Selection) Among(ids []string) Selection {
	kept := []string{} // not nil, which would be any
	for _, id := range ids {
		if s.IDs == nil || contains(s.IDs, id) {
			kept = append(kept, id)
		}
	}
	s.IDs = kept
	return s
}

// Values gives the selection as the parameters that ParseSelection reads.
func (s Selection) Values() url.Values {
	v := s.Profile.Values("")
	for name, values := range map[string][]string{"level": s.Levels, "id": s.IDs} {
		if len(values) > 0 {
			v.Set(name, strings.Join(values, ","))
		}
	}
	for name, values := range map[string][]string{"category": s.Categories, "nature": s.Natures} {
		if len(values) > 0 {
			v[name] = values
		}
	}
	return v
}

// Matches says whether an exigence passes the filters, whatever the profile.
func (s Selection) Matches(r *content.Record) bool {
	return (len(s.Levels) == 0 || contains(s.Levels, named(string(r.Level())))) &&
		(len(s.Categories) == 0 || oneOf(s.Categories, r.Exigence.Category)) &&
		(len(s.Natures) == 0 || oneOf(s.Natures, r.Exigence.Nature)) &&
		(s.IDs == nil || contains(s.IDs, r.ID))
}

// Titles of the columns that Check looks for.
const (
	titleID          = "ID"
	titleLevel       = "Niveau"
	titleText        = "Exigence"
	titleConform     = "Conforme"
	titleNotConform  = "Non conforme"
	titleDerogation  = "Dérogation"
	titleComment     = "Commentaire"
	titleEdition     = "Édition"
	titleSelection   = "Sélection"
	titleFingerprint = "Empreinte"
)

// Matrix is the table of the exigences of a selection, one a line: id, level,
// text, why it applies, the columns for the bidder's answer, then what helps to
// sort them and to check the file when it comes back. now dates the cover.
func Matrix(c *content.Catalog, s Selection, now time.Time) (*Table, error) {
	if err := s.Known(c); err != nil {
		return nil, err
	}
	v, err := profile.Evaluate(s.Profile, c)
	if err != nil {
		return nil, err
	}
	var kept []profile.Applies
	count := map[content.Level]int{}
	for _, a := range v.Exigences {
		if a.Applies && s.Matches(a.Exigence) {
			kept = append(kept, a)
			count[a.Exigence.Level()]++
		}
	}
	head := c.Head()
	yesNo := []string{"oui", "non"}
	t := &Table{
		Title: "Exigences du cadre de cohérence technique",
		Name:  "exigences",
		Columns: []Column{
			{Key: "id", Title: titleID, Width: 9},
			{Key: "level", Title: titleLevel, Width: 12},
			{Key: "text", Title: titleText, Width: 70},
			{Key: "because", Title: "Pourquoi elle s’applique", Width: 36},
			{Key: "conforme", Title: titleConform, Width: 11, Choices: yesNo, Answer: true},
			{Key: "non_conforme", Title: titleNotConform, Width: 11, Choices: yesNo, Answer: true},
			{Key: "derogation", Title: titleDerogation, Width: 12, Choices: yesNo, Answer: true},
			{Key: "commentaire", Title: titleComment, Width: 50, Answer: true},
			{Key: "title", Title: "Intitulé", Width: 36},
			{Key: "category", Title: "Catégorie", Width: 24},
			{Key: "nature", Title: "Nature", Width: 14},
			{Key: "edition", Title: titleEdition, Width: 16},
			{Key: "selection", Title: titleSelection, Width: 24, Hidden: true},
			{Key: "fingerprint", Title: titleFingerprint, Width: 20, Hidden: true},
		},
		Facts: []Fact{
			{Key: "profile", Label: "Application", Value: s.Profile.String()},
			{Key: "edition", Label: "Édition", Value: head.Name},
			{Key: "date", Label: "Exporté le", Value: now.Format(time.DateOnly), Date: true},
			{Key: "counts", Label: "Exigences", Value: counts(len(kept), count)},
		},
	}
	if f := s.filters(); f != "" {
		t.Facts = append(t.Facts, Fact{Key: "filters", Label: "Filtres", Value: f})
	}
	t.Facts = append(t.Facts,
		Fact{Key: "approval", Label: "Accord", Value: v.Approval.Title + ". " + v.Approval.Because},
		Fact{Key: "source", Label: "Source", Value: "Cadre de cohérence technique du ministère de l’Intérieur, https://github.com/dnum-mi/cct-mi. Le texte officiel prévaut."},
		Fact{Key: "licence", Label: "Licence", Value: "Licence Ouverte 2.0 (Etalab)"},
		Fact{Key: "howto", Label: "Réponse", Value: "Pour chaque ligne, répondez « oui » dans une des colonnes Conforme, Non conforme ou Dérogation, et expliquez en commentaire. Ne changez ni les identifiants ni les colonnes masquées : elles servent à contrôler le fichier rempli (cct export --check)."})
	selection := s.Values().Encode()
	if selection == "" {
		selection = "toutes"
	}
	t.Rows = func(yield func([]string) bool) {
		for _, a := range kept {
			r := a.Exigence
			// « édition » before the name: a spreadsheet would read 2025-01 as a date.
			if !yield([]string{r.ID, levelName(r.Level()), r.Text, a.Because, "", "", "", "", r.Name, r.Exigence.Category, r.Exigence.Nature,
				"édition " + head.Name, selection, fingerprint(levelName(r.Level()), r.Text)}) {
				return
			}
		}
	}
	return t, nil
}

func levelName(l content.Level) string {
	if l == content.NoLevel {
		return "non précisé"
	}
	return string(l)
}

func counts(total int, by map[content.Level]int) string {
	parts := []string{}
	for _, l := range append(content.Levels(), content.NoLevel) {
		if by[l] > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", levelName(l), by[l]))
		}
	}
	if len(parts) == 0 {
		return "aucune"
	}
	return fmt.Sprintf("%d (%s)", total, strings.Join(parts, ", "))
}

func (s Selection) filters() string {
	var parts []string
	for _, f := range []struct {
		label  string
		values []string
	}{{"niveau", s.Levels}, {"catégorie", s.Categories}, {"nature", s.Natures}, {"choix", s.IDs}} {
		if len(f.values) > 0 {
			parts = append(parts, f.label+" : "+strings.Join(f.values, ", "))
		}
	}
	return strings.Join(parts, " ; ")
}

// fingerprint names a level and a text, blanks aside, so that a change of
// either shows. It begins with a letter: digits alone would become a number.
func fingerprint(level, text string) string {
	sum := sha256.Sum256([]byte(level + "\n" + strings.Join(strings.Fields(clean(text)), " ")))
	return "x" + hex.EncodeToString(sum[:8])
}
