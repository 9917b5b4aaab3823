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
	if f.CCT {
		return "Cadre de cohérence technique"
	}
	return strings.TrimSpace(f.Name)
}
