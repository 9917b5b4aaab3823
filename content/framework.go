package content

import "strings"

// Framework is whose rules an edition holds, as everything that leaves the site says.
type Framework struct {
	Name    string `json:"name"`
	Source  string `json:"source,omitempty"`  // where it is published; "" when the folder doesn't say
	Licence string `json:"licence,omitempty"` // of its text; the same
	CCT     bool   `json:"cct,omitempty"`     // the ministry's own: an official text prevails
}

// CCT is the framework that this program is made for.
func CCT() Framework {
	return Framework{Name: "Cadre de cohérence technique du ministère de l’Intérieur", Source: "https://github.com/dnum-mi/cct-mi", Licence: "Licence Ouverte 2.0 (Etalab)", CCT: true}
}

// Foreign says that the rules are not the ministry's: what holds for the CCT alone does
// not concern them. The zero value is the CCT.
func (f Framework) Foreign() bool { return !f.CCT && f.Name != "" }

// Citation says in one line where the rules come from.
func (f Framework) Citation() string {
	s := f.Name
	if f.Source != "" {
		s += ", " + f.Source
	}
	if f.CCT {
		s += ". Le texte officiel prévaut."
	}
	return s
}

// Long is the framework's name with its acronym.
func (f Framework) Long() string {
	if f.CCT {
		return "Cadre de cohérence technique (CCT) du ministère de l’Intérieur"
	}
	return f.Name
}

// Short is the framework's name in a title.
func (f Framework) Short() string {
	if !f.Foreign() {
		return "Cadre de cohérence technique"
	}
	return strings.TrimSpace(f.Name)
}

// Acronym is the framework's name where space is short.
func (f Framework) Acronym() string {
	if !f.Foreign() {
		return "CCT"
	}
	return f.Short()
}

// InText is the framework's name as a sentence takes it: "chercher dans le CCT".
func (f Framework) InText() string {
	if !f.Foreign() {
		return "le CCT"
	}
	return "« " + f.Short() + " »"
}

// Of is the same after "de": "les exigences du CCT".
func (f Framework) Of() string {
	if !f.Foreign() {
		return "du CCT"
	}
	return "de « " + f.Short() + " »"
}

// To is the same after "à": "la conformité au CCT".
func (f Framework) To() string {
	if !f.Foreign() {
		return "au CCT"
	}
	return "à « " + f.Short() + " »"
}

// Notice says at the foot of a page or a printed answer where its words come from.
func (f Framework) Notice() string {
	if !f.Foreign() {
		return "Établi d’après le CCT public (dnum-mi/cct-mi, licence Etalab 2.0) ; seule la publication officielle fait foi."
	}
	s := "Établi d’après " + f.InText()
	for _, of := range []string{f.Source, f.Licence} {
		if of != "" {
			s += ", " + of
		}
	}
	return s + "."
}
