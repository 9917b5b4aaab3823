package profile

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/cct-mi/cct/content"
)

// Evaluate applies the conditions to a profile and the records of an edition.
// It fails when the catalog cannot be read.
func Evaluate(p Profile, c *content.Catalog) (*Verdict, error) {
	v, err := evaluate(p, c)
	if err != nil {
		return nil, fmt.Errorf("évaluer le profil : %w", err)
	}
	return v, nil
}

func evaluate(p Profile, c *content.Catalog) (*Verdict, error) {
	pages, err := c.Pages()
	if err != nil {
		return nil, err
	}
	at := func(files []string) string {
		for _, f := range files {
			for _, page := range pages {
				if page.Source == f {
					return "/pages/" + page.ID
				}
			}
		}
		return ""
	}
	table, err := tableOf(c, pages)
	if err != nil {
		return nil, err
	}
	v := &Verdict{Profile: p, Approval: approvalOf(p, at), Approvals: dutiesOf(p, approvalsToAsk(), at), Phases: phases(), Obligations: dutiesOf(p, obligations(), at)}
	v.Documents = verdicts(p)
	for i, d := range documents() {
		v.Documents[i].URL, v.Documents[i].Source = at(d.pages), at(pageMatrix)
	}
	exigences, err := c.Records(content.KindExigence)
	if err != nil {
		return nil, err
	}
	v.Exigences = make([]Bound, 0, len(exigences))
	for _, r := range exigences {
		v.Exigences = append(v.Exigences, Bound{r, table.reason(p, r, v.Documents)})
	}
	rules, err := c.Records(content.KindRegle)
	if err != nil {
		return nil, err
	}
	v.Regles = make([]Bound, 0, len(rules))
	for _, r := range rules {
		v.Regles = append(v.Regles, Bound{r, table.reason(p, r, v.Documents)})
	}
	v.Families, err = Families(c)
	for i := range v.Families {
		v.Families[i].Reason = table.of(p, v.Families[i].ID)
		if p.Has("evolution", "mineure") {
			v.Families[i].Because += " " + minorReview
		}
	}
	return v, err
}

// Reasons gives the verdict on one exigence or rule for each of some profiles.
func Reasons(r *content.Record, c *content.Catalog, profiles ...Profile) ([]Reason, error) {
	pages, err := c.Pages()
	if err != nil {
		return nil, fmt.Errorf("évaluer les profils : %w", err)
	}
	table, err := tableOf(c, pages)
	if err != nil {
		return nil, fmt.Errorf("évaluer les profils : %w", err)
	}
	var list []Reason
	for _, p := range profiles {
		list = append(list, table.reason(p, r, verdicts(p)))
	}
	return list, nil
}

// verdicts judges the five documents.
func verdicts(p Profile) []Document {
	var list []Document
	for _, d := range documents() {
		outcome, because := d.verdict(p)
		list = append(list, Document{ID: d.id, Title: d.title, Outcome: outcome, Because: because})
	}
	return list
}

// conditions is the table, by id; none is nil.
type conditions map[string]line

// official is the page by which the ministry's own folder is known. It has no
// table: the one that the program carries, which cites it, serves it.
const official = "1-chapeau/2-presentation-generale.md"

var carried = sync.OnceValues(func() ([]line, error) {
	raw, err := fs.ReadFile(content.Embedded(), TableFile)
	list, _ := parseTable(raw)
	return list, err
})

// tableOf gives the edition's own table, else the carried one for the official
// folder, else none.
func tableOf(c *content.Catalog, pages []content.PageHead) (conditions, error) {
	raw, err := c.Table(TableFile)
	if err != nil {
		return nil, err
	}
	list, _ := parseTable(raw) // Check says what is wrong with it
	isOfficial := slices.ContainsFunc(pages, func(p content.PageHead) bool { return p.Source == official })
	if len(list) == 0 && isOfficial {
		if list, err = carried(); err != nil {
			return nil, err
		}
	}
	if len(list) == 0 {
		return nil, nil
	}
	table := make(conditions, len(list))
	for _, one := range list {
		table[one.ID] = one
		if isOfficial {
			if id := placed(one, pages); id != "" {
				table[id] = one
			}
		}
	}
	return table, nil
}

// placed gives the id that a rule without a number has in the official folder,
// where it is made from the page's: "echanges-regle-2" is the second of the page
// that its source names.
func placed(one line, pages []content.PageHead) string {
	_, rank, ok := strings.Cut(one.ID, "-regle-")
	file, _, _ := strings.Cut(one.Source, ":")
	if !ok || file == "" {
		return ""
	}
	for _, p := range pages {
		if strings.HasSuffix("/"+p.Source, "/"+file) {
			return p.ID + "-regle-" + rank
		}
	}
	return ""
}

// noTable and noLine are for what the table doesn't judge.
const (
	noTable = "Ce dossier n’a pas de tableau d’applicabilité (" + TableFile + ") : rien n’est écarté."
	noLine  = "Le tableau d’applicabilité n’en parle pas : rien ne l’écarte."
)

// reason judges a record; one that the table doesn't hold follows its document.
func (t conditions) reason(p Profile, r *content.Record, documents []Document) Reason {
	i := slices.IndexFunc(documents, func(d Document) bool { return d.ID == r.Theme })
	if _, known := t[r.ID]; !known && t != nil && i >= 0 {
		d := documents[i]
		if d.Outcome == Dropped {
			return Reason{Outcome: Dropped, Because: "Document « " + d.Title + " », qui ne s’applique pas : " + lowerFirst(d.Because), Certainty: Certain, Addressee: []string{}}
		}
	}
	why := t.of(p, r.ID)
	if r.Kind == content.KindExigence && i >= 0 {
		why.Because = "Document « " + documents[i].Title + " ». " + why.Because
	}
	if p.Has("perimetre", "interministeriel") && why.Binds() && r.Kind == content.KindExigence {
		why.Because += " " + hosted
	}
	if p.Has("evolution", "mineure") {
		why.Because += " " + minorReview
	}
	return why
}

// of judges what has an id in the table.
func (t conditions) of(p Profile, id string) Reason {
	one, ok := t[id]
	if !ok {
		because := noLine
		if t == nil {
			because = noTable
		}
		return Reason{Outcome: MayApply, Because: because, Certainty: ToConfirm, Addressee: []string{}}
	}
	return judge(p, one)
}

// judge applies one line. A condition that can't be read, which Check reports,
// drops nothing.
func judge(p Profile, one line) Reason {
	why := Reason{Source: one.Source, Certainty: Certain, Addressee: codes(one.Addressee)}
	when, err := parseCondition(one.When)
	if err != nil {
		why.Outcome, why.Certainty, why.Because = MayApply, ToConfirm, "Sa condition ne se lit pas ("+err.Error()+") : rien ne l’écarte."
		return why
	}
	is := when.holds(p)
	why.Because = when.because(p, is)
	switch is {
	case no:
		why.Outcome = Dropped
		return why
	case unknown:
		why.Outcome = MayApply
	case yes:
		why.Outcome = Applies
		if !p.Known() {
			why.Outcome = MayApply // nothing is said of the application yet
		}
	}
	doubt, settled := doubtOf(p, one)
	switch {
	case doubt && settled != "":
		why.Because += " " + settled
	case doubt:
		why.Outcome, why.Certainty = MayApply, ToConfirm
		why.Because += " À confirmer : vaut si " + strings.TrimSuffix(one.Confirm, ".") + "."
	}
	return why
}

// doubtOf says whether a line is to be confirmed for this profile, and the
// answer that settles it.
func doubtOf(p Profile, one line) (doubt bool, settled string) {
	switch {
	case one.Certainty == certainWord:
		return false, ""
	case strings.HasPrefix(one.Certainty, confirmIf):
		only, err := parseCondition(strings.TrimPrefix(one.Certainty, confirmIf))
		return err != nil || only.holds(p) == yes, ""
	}
	by, err := parseCondition(one.Settled)
	if err == nil && len(by) > 0 && by.holds(p) == yes {
		return true, by.because(p, yes)
	}
	return true, ""
}

// The table's words for certainty.
const (
	certainWord = "certain"
	confirmWord = "à confirmer"
	confirmIf   = "à confirmer si "
)

func codes(words []string) []string {
	list := make([]string, 0, len(words))
	for _, w := range words {
		for _, a := range Addressees() {
			if a[1] == w {
				list = append(list, a[0])
			}
		}
	}
	return list
}

// Families gathers the products of an edition by chapter, in reading order; a
// product whose headings bear no code is in none. Within a family, recommended
// ones come first, then those admitted, then those to leave.
func Families(c *content.Catalog) ([]Family, error) {
	products, err := c.Records(content.KindProduit)
	if err != nil {
		return nil, err
	}
	list := []Family{}
	at := map[string]int{}
	for _, r := range products {
		id := FamilyOf(r)
		if id == "" {
			continue
		}
		i, ok := at[id]
		if !ok {
			i, at[id] = len(list), len(list)
			list = append(list, Family{ID: id, Title: chapterTitle(r.Produit.Chapter)})
		}
		list[i].Products = append(list[i].Products, r)
		if r.Produit.Status == "R" {
			list[i].Recommended++
		}
	}
	for _, f := range list {
		slices.SortStableFunc(f.Products, func(a, b *content.Record) int { return cmp.Compare(Rank(a), Rank(b)) })
	}
	return list, nil
}

// FamilyOf is the id of a product's family: "AT/T2"; "" for none.
func FamilyOf(r *content.Record) string {
	_, code, ok := strings.Cut(r.Produit.Chapter, "[")
	code = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(code), "]"))
	if !ok || r.Produit.PartCode == "" || code == "" {
		return ""
	}
	return r.Produit.PartCode + "/" + code
}

// chapterTitle is a chapter's name without its number and code: "Chapitre 4 :
// Tests - [ TS ]" is "Tests".
func chapterTitle(chapter string) string {
	name, _, _ := strings.Cut(chapter, "[")
	if _, after, ok := strings.Cut(name, ":"); ok && strings.HasPrefix(name, "Chapitre") {
		name = after
	}
	return strings.Trim(name, " -–\u00a0")
}

// Rank orders products for a choice: recommended (R), admitted (A), in
// observation (O), then to be left (M), the rest last.
func Rank(r *content.Record) int {
	if i := strings.Index("RAOM", r.Produit.Status); i >= 0 && r.Produit.Status != "" {
		return i
	}
	return 4
}
