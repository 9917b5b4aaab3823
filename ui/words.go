package ui

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search"
)

// noLevel is how an address says "an exigence without a level".
const noLevel = search.NoLevel

// kindLabel names one thing, kindLabels several.
func kindLabel(k content.Kind) string {
	switch k {
	case content.KindExigence:
		return "Exigence"
	case content.KindProduit:
		return "Produit"
	case content.KindTerme:
		return "Terme"
	case content.KindRegle:
		return "Règle"
	case content.KindNorme:
		return "Norme"
	case content.KindLigne:
		return "Extrait de tableau"
	}
	return "Section"
}

func kindLabels(k content.Kind) string {
	if k == content.KindLigne {
		return "Extraits de tableaux"
	}
	return kindLabel(k) + "s"
}

// levelLabel names a level as it stands in a record, an address or a hit.
// A framework's own word stays as it is.
func levelLabel(word string) string {
	switch level := content.Level(word); level {
	case content.Bloquant, content.Primordial, content.Important:
		return strings.ToUpper(word[:1]) + word[1:]
	case content.NoLevel, noLevel:
		return "Non précisé"
	}
	return word
}

// levelOf is the level of a record or a hit, as its framework calls it and as the CCT
// does; any other value is the word itself.
func levelOf(v any) (word string, level content.Level) {
	switch v := v.(type) {
	case *content.Record:
		return v.LevelWord(), v.Level()
	case hit:
		return cmp.Or(v.OwnLevel, v.Level), content.Level(v.Level)
	}
	word = fmt.Sprint(v)
	return word, content.Level(word)
}

// levelInText is a level within a sentence: "important", "MUST".
func levelInText(v any) string {
	word, level := levelOf(v)
	if word == string(level) {
		return strings.ToLower(levelLabel(word))
	}
	return word
}

// levelClass is the level's shape in the style sheet.
func levelClass(level content.Level) string {
	switch level {
	case content.Bloquant:
		return "niv-b"
	case content.Primordial:
		return "niv-p"
	case content.Important:
		return "niv-i"
	}
	return "niv-0"
}

// menuLabel names the menu's places.
func menuLabel(to string) string {
	switch to {
	case "/exigences":
		return "Exigences"
	case "/produits":
		return "Produits"
	case "/regles":
		return "Règles"
	}
	return "Glossaire"
}

// approvalLabel says in two words who decides.
func approvalLabel(decision string) string {
	switch decision {
	case "go-comite":
		return "Comité d’architecture"
	case "autonomie":
		return "En autonomie"
	}
	return "À préciser"
}

// levelMeaning says what a level entails, in our words.
func levelMeaning(word string) string {
	switch content.Level(word) {
	case content.Bloquant:
		return "le plus contraignant des trois niveaux ; la source ne précise pas ce qu’il entraîne."
	case content.Primordial:
		return "l’exigence est impérative. Le respect en est évalué et noté quand les offres sont comparées ; y manquer peut conduire à écarter l’offre, sauf dérogation accordée."
	case content.Important:
		return "l’exigence est prise en compte dans la note technique de l’offre. Elle n’est pas bloquante."
	}
	if word != "" {
		return "le référentiel le nomme ainsi."
	}
	return "la source ne donne pas de niveau à cette exigence."
}

// statusesURL is where the doubt about statuses is told.
const statusesURL = "/a-propos#statuts"

// statusLabel says a status at the head of a line: "Recommandé (R)".
func statusLabel(letter string) string {
	status := content.StatusNamed(letter)
	if status.Word == "" {
		return "Statut " + letter
	}
	first, size := utf8.DecodeRuneInString(status.Word)
	return string(unicode.ToUpper(first)) + status.String()[size:]
}

func ruleKindLabel(kind string) string {
	switch kind {
	case "regle-api":
		return "Règle d’API"
	case "principe-api":
		return "Principe d’API"
	}
	return "Règle"
}

func licenceLabel(licence string) string {
	switch licence {
	case "open":
		return "Libre"
	case "nonopen":
		return "Propriétaire"
	}
	return unknownLabel
}

func changeLabel(change string) string {
	switch change {
	case "inc":
		return "Inchangé depuis l’édition précédente"
	case "new":
		return "Nouveau dans cette édition"
	case "maj":
		return "Mis à jour dans cette édition"
	}
	return ""
}

// unknownLabel is how lists show a value that the source leaves empty.
const unknownLabel = "Non précisé"

// splitID parts a title such as "EX33 — Sauvegarde…" into the id and the name;
// the id is empty when the title does not begin by it.
func splitID(id, title string) (string, string) {
	if name, ok := strings.CutPrefix(title, id+" — "); ok && id != "" {
		return id, name
	}
	return "", title
}

// plainQuery makes words to search out of a piece of an address.
func plainQuery(s string) string {
	s = strings.NewReplacer("_", " ", "--", " ", ".html", "", ".md", "").Replace(s)
	if r := []rune(s); len(r) > 80 {
		s = string(r[:80])
	}
	return strings.TrimSpace(strings.ToValidUTF8(s, ""))
}

var trailingCode = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\s*-?\s*\[\s*[A-Z0-9]{2}\s*\]$`) })

// withoutCode takes off the two letters that the official lists put after the
// name of a part or chapter ("Chapitre 3 : Sauvegardes - [ SV ]").
func withoutCode(heading string) string { return trailingCode().ReplaceAllString(heading, "") }
