package export

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/profile"
	"github.com/cct-mi/cct/ui/address"
)

// Titles of the annex's columns, by which Check finds them again.
const (
	titleID          = "Identifiant"
	titleKind        = "Nature"
	titleLevel       = "Niveau"
	titleName        = "Intitulé"
	titleText        = "Énoncé"
	titleNote        = "Remarque de l’éditeur"
	titleLink        = "Lien"
	titleBecause     = "Pourquoi"
	titleAddressee   = "À qui elle s’adresse"
	titleAnswer      = "Réponse"
	titleProof       = "Preuve"
	titleComment     = "Commentaire"
	titleEdition     = "Édition"
	titleSelection   = "Sélection"
	titleFingerprint = "Empreinte"
)

// Answers that a bidder can give, as the list of the column shows them.
const (
	conform    = "conforme"
	notConform = "non conforme"
	derogation = "dérogation"
	notMatter  = "sans objet"
)

// Answers lists them.
func Answers() []string { return []string{conform, notConform, derogation, notMatter} }

// EmptyError is an annex that would have no line: it is refused, since a file
// without a line would say that nothing is required.
type EmptyError struct{ Why string }

func (e *EmptyError) Error() string {
	return "rien à exporter : " + e.Why
}

// Matrix is the annex of a contract: what binds the application of a selection,
// a line for each requirement and rule, with the columns for the bidder's
// answer; last, hidden, what serves to check the file when it comes back. at is
// the site that links lead to (without a base they lead to the official text
// instead); now dates the cover. An annex without a line is an *EmptyError.
func Matrix(c *content.Catalog, s Selection, at address.Site, now time.Time) (*Table, error) {
	if err := s.Known(c); err != nil {
		return nil, err
	}
	v, err := profile.Evaluate(s.Profile, c)
	if err != nil {
		return nil, err
	}
	kept := s.Bound(v)
	if len(kept) == 0 {
		return nil, &EmptyError{s.whyEmpty(v)}
	}
	head := c.Head()
	t := &Table{
		Title:     annexTitle(head.Framework),
		Name:      "exigences",
		Framework: head.Framework,
		Levels:    head.Levels,
		Sheet:     "Exigences et règles",
		Columns:   annexColumns(),
		Facts: []Fact{
			{Key: "market", Label: "Marché (objet et numéro)", Fill: true},
			{Key: "lot", Label: "Lot", Fill: true},
			{Key: "bidder", Label: "Candidat", Fill: true},
			{Key: "profile", Label: "Application", Value: s.Profile.String()},
			{Key: "edition", Label: "Édition", Value: head.Name},
			{Key: "date", Label: "Exporté le", Value: now.Format(time.DateOnly), Date: true},
			{Key: "counts", Label: "Contenu", Value: counts(kept, head)},
		},
	}
	if f := s.filters(); f != "" {
		t.Facts = append(t.Facts, Fact{Key: "filters", Label: "Filtres", Value: f})
	}
	if head.Framework.Foreign() {
		t.Facts = append(t.Facts, Fact{Key: "wording", Label: "Énoncés", Value: "Les mots sont ceux du référentiel."})
	} else {
		t.Facts = append(t.Facts,
			Fact{Key: "approval", Label: "Accord", Value: v.Approval.Title + ". " + v.Approval.Because},
			Fact{Key: "wording", Label: "Énoncés", Value: wording(kept)})
	}
	t.Facts = append(t.Facts,
		Fact{Key: "source", Label: "Source", Value: head.Framework.Citation()},
		Fact{Key: "licence", Label: "Licence", Value: head.Framework.Licence})
	t.Parts = cover(v, head)
	ids := map[string]bool{}
	for _, b := range kept {
		ids[b.Record.ID] = true
	}
	t.Lineage = lineage(head.Name, func(id string) bool { return ids[id] })
	selection := cmp.Or(s.Values().Encode(), "toutes")
	t.Rows = func(yield func([]string) bool) {
		for _, b := range kept {
			r := b.Record
			level := levelOf(r)
			text := words(r)
			// « édition » before the name: a spreadsheet would read 2025-01 as a date.
			if !yield([]string{r.ID, kindOf(r), level, r.Name, text, r.Note, link(r, at), because(b), addressees(b), "", "", "",
				category(r), "édition " + head.Name, selection, fingerprint(level, text)}) {
				return
			}
		}
	}
	return t, nil
}

func annexColumns() []Column {
	return []Column{
		{Key: "id", Title: titleID, Width: 12},
		{Key: "kind", Title: titleKind, Width: 10},
		{Key: "level", Title: titleLevel, Width: 11},
		{Key: "title", Title: titleName, Width: 22},
		{Key: "text", Title: titleText, Width: 52},
		{Key: "note", Title: titleNote, Width: 18},
		{Key: "url", Title: titleLink, Width: 14, Link: true},
		{Key: "because", Title: titleBecause, Width: 28},
		{Key: "addressee", Title: titleAddressee, Width: 14},
		{Key: "answer", Title: titleAnswer, Width: 14, Choices: Answers(), Answer: true},
		{Key: "proof", Title: titleProof, Width: 22, Answer: true},
		{Key: "comment", Title: titleComment, Width: 30, Answer: true},
		{Key: "category", Title: "Catégorie", Hidden: true},
		{Key: "edition", Title: titleEdition, Hidden: true},
		{Key: "selection", Title: titleSelection, Hidden: true},
		{Key: "fingerprint", Title: titleFingerprint, Hidden: true},
	}
}

// Bound gives what of a verdict stays in the selection: requirements, then
// rules, each in reading order.
func (s Selection) Bound(v *profile.Verdict) []profile.Bound {
	var kept []profile.Bound
	for _, b := range slices.Concat(v.Exigences, v.Regles) {
		if b.Binds() && s.Matches(b.Record) {
			kept = append(kept, b)
		}
	}
	return kept
}

// whyEmpty says why nothing stays: the filters, or the answers.
func (s Selection) whyEmpty(v *profile.Verdict) string {
	if len(v.Exigences)+len(v.Regles) == 0 {
		return "cette édition ne contient ni exigence ni règle."
	}
	if s.filters() != "" {
		return "aucune exigence ni règle qui s’applique à ce profil ne passe les filtres (" + s.filters() + ") ; retirez-en."
	}
	return "aucune exigence ni règle ne s’applique à ce profil (" + s.Profile.String() + ")."
}

// cover gives the parts of the first sheet, after the facts.
func cover(v *profile.Verdict, head content.Head) []Part {
	documents := Part{Key: "documents", Title: "Documents du cadre"}
	for _, d := range v.Documents {
		documents.Facts = append(documents.Facts, Fact{Key: d.ID, Label: d.Title, Value: d.Outcome.Label() + ". " + d.Because})
	}
	asked := Part{Key: "approvals", Title: "Accords à demander"}
	for _, d := range v.Approvals {
		asked.Facts = append(asked.Facts, Fact{Key: d.ID, Label: d.Title, Value: d.Because})
	}
	duties := Part{Key: "obligations", Title: "Obligations"}
	for _, d := range v.Obligations {
		duties.Facts = append(duties.Facts, Fact{Key: d.ID, Label: d.Title, Value: d.Because})
	}
	families := Part{Key: "families", Title: "Familles de produits du référentiel"}
	for _, f := range v.Families {
		if f.Binds() {
			families.Facts = append(families.Facts, Fact{Key: f.ID, Label: f.Title, Value: f.Outcome.Label() + ". " + recommended(f)})
		}
	}
	aside := Part{Key: "dropped", Title: "Écarté par le profil"}
	for i, set := range v.SetAside() {
		aside.Facts = append(aside.Facts, Fact{Key: fmt.Sprintf("dropped%d", i+1), Label: strings.Join(set.IDs, ", "), Value: set.Because})
	}
	levels := Part{Key: "levels", Title: "Niveaux et statuts", Facts: []Fact{
		{Key: "bloquant", Label: "bloquant", Value: "Le plus contraignant des trois niveaux ; la source ne dit pas ce qu’il entraîne."},
		{Key: "primordial", Label: "primordial", Value: "Impérative : évaluée et notée ; y manquer peut écarter l’offre, sauf dérogation accordée."},
		{Key: "important", Label: "important", Value: "Prise en compte dans la note technique ; elle n’est pas bloquante."},
		{Key: noLevelName, Label: unstated, Value: "La source ne donne pas de niveau : à fixer par l’acheteur."},
		{Key: "rg", Label: "RG, rc", Value: "Statuts des règles, que la source n’explique pas : sans doute « règle » et « recommandation »."},
	}}
	if head.Framework.Foreign() { // the CCT's documents and approvals are not its own
		documents, duties, asked, levels = Part{}, Part{}, Part{}, foreignLevels(head)
	}
	parts := []Part{documents, duties, asked, levels,
		{Key: "howto", Title: "Comment répondre", Facts: []Fact{
			{Key: "answer", Label: titleAnswer, Value: "Choisissez dans la liste : " + strings.Join(Answers(), ", ") + "."},
			{Key: "proof", Label: titleProof, Value: "Où le dossier le démontre : document, page, lien."},
			{Key: "comment", Label: titleComment, Value: "Obligatoire pour une non-conformité ou une dérogation : dites laquelle, pourquoi, et ce que vous proposez."},
			{Key: "protection", Label: "Protection", Value: "Seules les cellules de réponse sont ouvertes ; la feuille se déprotège sans mot de passe. Ne changez ni les identifiants ni les colonnes masquées : elles servent à contrôler le fichier rempli (cct export --check)."},
		}},
		families, aside,
	}
	return slices.DeleteFunc(parts, func(p Part) bool { return len(p.Facts) == 0 })
}

// foreignLevels tells a framework's own words for levels, the most binding first.
func foreignLevels(head content.Head) Part {
	p := Part{Key: "levels", Title: "Niveaux"}
	for i, l := range head.Levels {
		value := "Niveau du référentiel."
		if l.Level != content.NoLevel {
			value = "Niveau du référentiel, lu comme « " + string(l.Level) + " »."
		}
		p.Facts = append(p.Facts, Fact{Key: fmt.Sprintf("level%d", i+1), Label: l.Name, Value: value})
	}
	return p
}

// recommended names what a family recommends.
func recommended(f profile.Family) string {
	var names []string
	for _, r := range f.Products[:f.Recommended] {
		name := strings.TrimSpace(r.Produit.Name + " " + r.Produit.Version)
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return fmt.Sprintf("%s, aucun recommandé.", plural(len(f.Products), "produit"))
	}
	return fmt.Sprintf("%s ; recommandés : %s.", plural(len(f.Products), "produit"), strings.Join(names, ", "))
}

func kindOf(r *content.Record) string {
	switch {
	case r.Kind == content.KindExigence:
		return "exigence"
	case r.Regle != nil && r.Regle.Kind == "regle-api":
		return "règle d’API"
	case r.Regle != nil && r.Regle.Kind == "principe-api":
		return "principe d’API"
	}
	return "règle"
}

// levelOf is a requirement's level, or a rule's status; "" for a rule without
// one.
func levelOf(r *content.Record) string {
	if r.Regle != nil {
		return r.Regle.Status
	}
	return cmp.Or(r.LevelWord(), unstated)
}

// unstated is how a line says that its requirement has no level.
const unstated = "non précisé"

// words are the record's: the official ones where the edition holds them.
func words(r *content.Record) string { return cmp.Or(r.Official.Text, r.Plain()) }

// wording says whose words the lines hold.
func wording(kept []profile.Bound) string {
	restated := 0
	for _, b := range kept {
		if b.Record.Restated && b.Record.Official.Text == "" {
			restated++
		}
	}
	switch restated {
	case 0:
		return "Les mots sont ceux du texte officiel."
	case len(kept):
		return "Reformulés : le texte officiel, au bout du lien de chaque ligne, prévaut."
	}
	return fmt.Sprintf("Reformulés pour %d lignes sur %d : le texte officiel prévaut.", restated, len(kept))
}

func category(r *content.Record) string {
	if r.Exigence == nil {
		return ""
	}
	return r.Exigence.Category
}

// link leads to the record's own page, else to its official row, else to its
// address within any site.
func link(r *content.Record, at address.Site) string {
	if at.Base == "" {
		return cmp.Or(r.Official.URL, at.URL(r.URL()))
	}
	return at.URL(r.URL())
}

func because(b profile.Bound) string { return b.Outcome.Label() + ". " + b.Because }

func addressees(b profile.Bound) string {
	var words []string
	for _, code := range b.Addressee {
		words = append(words, profile.AddresseeLabel(code))
	}
	return strings.Join(words, ", ")
}

// counts says how many lines there are: "58 exigences (primordial 30, important
// 27, non précisé 1), 12 règles".
func counts(kept []profile.Bound, head content.Head) string {
	by := map[string]int{}
	var records []*content.Record
	exigences := 0
	for _, b := range kept {
		if b.Record.Kind == content.KindExigence {
			exigences++
			by[b.Record.LevelWord()]++
			records = append(records, b.Record)
		}
	}
	var levels []string
	for _, l := range head.LevelsOf(records) {
		levels = append(levels, fmt.Sprintf("%s %d", cmp.Or(l, unstated), by[l]))
	}
	var said []string
	if exigences > 0 {
		said = append(said, fmt.Sprintf("%s (%s)", plural(exigences, "exigence"), strings.Join(levels, ", ")))
	}
	if rules := len(kept) - exigences; rules > 0 {
		said = append(said, plural(rules, "règle"))
	}
	return strings.Join(said, ", ")
}

func plural(n int, word string) string {
	if n > 1 {
		word += "s"
	}
	return fmt.Sprintf("%d %s", n, word)
}

// fingerprint names a level and a text, blanks aside, so that a change of
// either shows. It begins with a letter: digits alone would become a number.
func fingerprint(level, text string) string {
	sum := sha256.Sum256([]byte(level + "\n" + strings.Join(strings.Fields(clean(text)), " ")))
	return "x" + hex.EncodeToString(sum[:8])
}

// annexTitle is what the annex of a framework is called.
func annexTitle(f content.Framework) string {
	if !f.Foreign() {
		return "Annexe technique : exigences et règles du cadre de cohérence technique"
	}
	return "Annexe technique : exigences et règles, " + f.Name
}
