package records

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/ingest/markdown"
)

// SchemaFile is what declares a folder's framework, at its root.
const SchemaFile = "cct.yaml"

// Schema is what a folder declares of itself, where guessing can't tell. A nil one
// declares nothing.
type Schema struct {
	Name, Edition, Source, Licence string
	Levels                         []content.NamedLevel // the most binding first

	columns map[string]column // folded header → what it stands for
	kinds   []kindOf
}

// kindOf is the kind of the tables of some files.
type kindOf struct {
	pattern string
	kind    content.Kind
}

// roles are what a column may be declared as.
var roles = map[string]column{
	"id": colID, "identifiant": colID, "niveau": colLevel, "level": colLevel, "intitule": colName, "titre": colName, "title": colName, "name": colName,
	"exigence": colText, "texte": colText, "text": colText, "requirement": colText, "nature": colNature, "categorie": colCategory, "category": colCategory,
	"autre edition": colReplaces, "replaces": colReplaces, "terme": colTerm, "term": colTerm, "definition": colDefinition, "reference": colReference, "composant": colComponent, "produit": colComponent,
	"product": colComponent, "fournisseur": colVendor, "vendor": colVendor, "version": colVersion, "statut": colStatus, "status": colStatus, "licence": colLicence, "commentaire": colComment, "comment": colComment,
	"numero": colNumber, "number": colNumber, "regle": colRule, "rule": colRule, "norme": colNorm, "norm": colNorm,
}

// ParseSchema reads a declaration. What is wrong with it is told, and the rest holds.
//
//	name: Référentiel de sécurité
//	edition: 2026-01
//	source: https://exemple.fr
//	licence: CC-BY 4.0
//	columns: {Contrôle: exigence, Poids: niveau}
//	levels: [MUST: primordial, SHOULD: important, MAY]
//	kinds: {"mesures/*.md": exigence}
func ParseSchema(text string) (*Schema, []content.Problem) {
	s := &Schema{columns: map[string]column{}}
	problems := &markdown.Problems{File: SchemaFile}
	pairs, err := markdown.YAML(text)
	if err != nil {
		problems.Problem(1, "cadre-invalide", "la déclaration du cadre ne peut pas être lue : %v", err)
		return s, problems.List
	}
	for _, p := range pairs {
		str, _ := p.Value.(string)
		switch markdown.Fold(p.Key) {
		case "name", "nom", "titre", "title":
			s.Name = str
		case "edition":
			s.Edition = str
		case "source":
			s.Source = str
		case "licence", "license":
			s.Licence = str
		case "columns", "colonnes":
			s.readColumns(p.Value, problems)
		case "levels", "niveaux":
			s.readLevels(p, problems)
		case "kinds", "types", "genres":
			s.readKinds(p.Value, problems)
		default:
			problems.Problem(p.Line, "cadre-invalide", "« %s » n’est pas connu : choisissez name, edition, source, licence, columns, levels ou kinds", markdown.Clip(p.Key, 40))
		}
	}
	return s, problems.List
}

// readColumns takes a map: of headers, each with what its column holds.
func (s *Schema) readColumns(v any, problems *markdown.Problems) {
	pairs, _ := v.([]markdown.Pair)
	for _, p := range pairs {
		c, known := roles[markdown.Fold(fmt.Sprint(p.Value))]
		if !known {
			problems.Problem(p.Line, "cadre-invalide", "la colonne « %s » ne peut pas être « %v » : choisissez id, niveau, intitulé, exigence, catégorie, nature, terme, définition, règle…", p.Key, p.Value)
			continue
		}
		s.columns[markdown.Fold(p.Key)] = c
	}
}

// readKinds takes a map: of patterns of files, each with what its tables hold; the first
// that suits a file counts.
func (s *Schema) readKinds(v any, problems *markdown.Problems) {
	declarable := []content.Kind{content.KindExigence, content.KindTerme, content.KindProduit, content.KindRegle, content.KindNorme, content.KindLigne}
	pairs, _ := v.([]markdown.Pair)
	for _, p := range pairs {
		kind := content.Kind(markdown.Fold(fmt.Sprint(p.Value)))
		if _, err := path.Match(p.Key, ""); err != nil || !slices.Contains(declarable, kind) {
			problems.Problem(p.Line, "cadre-invalide", "les fichiers « %s » ne peuvent pas être de la sorte « %v » : choisissez exigence, produit, terme, regle, norme ou ligne", p.Key, p.Value)
			continue
		}
		s.kinds = append(s.kinds, kindOf{p.Key, kind})
	}
}

// readLevels takes a list or a map, whose order holds: of words, each with the level of
// the CCT that it amounts to or none.
func (s *Schema) readLevels(declared markdown.Pair, problems *markdown.Problems) {
	add := func(name string, level any, line int) {
		l := levelOf(fmt.Sprint(level))
		if str, _ := level.(string); l == content.NoLevel && str != "" {
			problems.Problem(line, "cadre-invalide", "le niveau « %s » ne peut pas valoir « %s » : choisissez bloquant, primordial ou important", name, markdown.Clip(str, 40))
		}
		s.Levels = append(s.Levels, content.NamedLevel{Name: name, Level: l})
	}
	items, list := declared.Value.([]any)
	if !list {
		items = []any{declared.Value}
	}
	for _, item := range items {
		switch item := item.(type) {
		case []markdown.Pair:
			for _, p := range item {
				add(p.Key, p.Value, p.Line)
			}
		case string:
			add(item, nil, declared.Line)
		}
	}
}

// declares says whether a folded word is one of the levels.
func (s *Schema) declares(folded string) bool {
	if s == nil {
		return false
	}
	for _, l := range s.Levels {
		if markdown.Fold(l.Name) == folded {
			return true
		}
	}
	return false
}

// levelOf reads a level as the folder declares it, as the CCT writes it, or as other
// frameworks do.
func (s *Schema) levelOf(text string) content.Level {
	folded := markdown.Fold(strings.Trim(text, "* "))
	if s != nil {
		for _, l := range s.Levels {
			if markdown.Fold(l.Name) == folded {
				return l.Level
			}
		}
	}
	if l := levelOf(text); l != content.NoLevel {
		return l
	}
	return knownLevels[folded]
}

// ownLevel is a level in the framework's own word; "" where that is the CCT's, or none.
func (s *Schema) ownLevel(text string) string {
	word := strings.Trim(text, "* ")
	if level := levelOf(word); level != content.NoLevel && level == s.levelOf(word) || strings.Trim(word, "-–—") == "" {
		return ""
	}
	return word
}

// Scale puts the words that the records bear for levels in order, each once however it
// is written: as declared, then by what they amount to, then by name, which suits A,
// AA, AAA and figures.
func (s *Schema) Scale(borne []content.NamedLevel) (scale []content.NamedLevel) {
	if s != nil {
		scale = slices.Clone(s.Levels)
	}
	slices.SortStableFunc(borne, func(a, b content.NamedLevel) int {
		return cmp.Or(cmp.Compare(a.Level.Rank(), b.Level.Rank()), strings.Compare(a.Name, b.Name))
	})
	for _, l := range borne {
		if Spelt(scale, l.Name) == "" {
			scale = append(scale, l)
		}
	}
	return scale
}

// Spelt is a word for a level as the scale writes it, "" when it has it not.
func Spelt(scale []content.NamedLevel, word string) string {
	for _, l := range scale {
		if markdown.Fold(l.Name) == markdown.Fold(word) {
			return l.Name
		}
	}
	return ""
}

// columnOf is what a header stands for.
func (s *Schema) columnOf(header string) column {
	folded := markdown.Fold(header)
	if s != nil {
		if c, declared := s.columns[folded]; declared {
			return c
		}
	}
	return columns[folded]
}

// kindFor is the kind that is declared for the tables of a file; "" for none.
func (s *Schema) kindFor(file string) content.Kind {
	if s == nil {
		return ""
	}
	for _, k := range s.kinds {
		if ok, _ := path.Match(k.pattern, file); ok {
			return k.kind
		}
	}
	return ""
}
