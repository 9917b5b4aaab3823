package records

import (
	"fmt"
	"path"
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
	values, err := markdown.YAML(text)
	if err != nil {
		problems.Problem(1, "cadre-invalide", "la déclaration du cadre ne peut pas être lue : %v", err)
		return s, problems.List
	}
	for key, v := range values {
		str, _ := v.(string)
		switch markdown.Fold(key) {
		case "name", "nom", "titre", "title":
			s.Name = str
		case "edition":
			s.Edition = str
		case "source":
			s.Source = str
		case "licence", "license":
			s.Licence = str
		case "columns", "colonnes":
			m, _ := v.(map[string]any)
			for header, role := range m {
				c, known := roles[markdown.Fold(fmt.Sprint(role))]
				if !known {
					problems.Problem(0, "cadre-invalide", "la colonne « %s » ne peut pas être « %v » : choisissez id, niveau, intitulé, exigence, catégorie, nature, terme, définition, règle…", header, role)
					continue
				}
				s.columns[markdown.Fold(header)] = c
			}
		case "levels", "niveaux":
			s.readLevels(v, problems)
		case "kinds", "types", "genres":
			m, _ := v.(map[string]any)
			for pattern, kind := range m {
				k := content.Kind(markdown.Fold(fmt.Sprint(kind)))
				if _, err := path.Match(pattern, ""); err != nil || k != content.KindExigence && k != content.KindTerme && k != content.KindProduit && k != content.KindRegle && k != content.KindNorme && k != content.KindLigne {
					problems.Problem(0, "cadre-invalide", "les fichiers « %s » ne peuvent pas être de la sorte « %v » : choisissez exigence, produit, terme, regle, norme ou ligne", pattern, kind)
					continue
				}
				s.kinds = append(s.kinds, kindOf{pattern, k})
			}
		default:
			problems.Problem(0, "cadre-invalide", "« %s » n’est pas connu : choisissez name, edition, source, licence, columns, levels ou kinds", markdown.Clip(key, 40))
		}
	}
	return s, problems.List
}

// readLevels takes a list, whose order holds, or a map: of words, each with the level
// of the CCT that it amounts to or none.
func (s *Schema) readLevels(v any, problems *markdown.Problems) {
	add := func(name string, level any) {
		l := levelOf(fmt.Sprint(level))
		if str, _ := level.(string); l == content.NoLevel && str != "" {
			problems.Problem(0, "cadre-invalide", "le niveau « %s » ne peut pas valoir « %s » : choisissez bloquant, primordial ou important", name, markdown.Clip(str, 40))
		}
		s.Levels = append(s.Levels, content.NamedLevel{Name: name, Level: l})
	}
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			switch item := item.(type) {
			case map[string]any:
				for name, level := range item {
					add(name, level)
				}
			case nil:
			default:
				add(fmt.Sprint(item), nil)
			}
		}
	case map[string]any:
		for name, level := range v {
			add(name, level)
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
