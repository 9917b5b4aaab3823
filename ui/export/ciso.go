package export

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
	"go.yaml.in/yaml/v3"
)

// cisoLibrary is a library of CISO Assistant (intuitem), as its importer reads it.
type cisoLibrary struct {
	URN         string      `yaml:"urn"`
	Locale      string      `yaml:"locale"`
	RefID       string      `yaml:"ref_id"`
	Name        string      `yaml:"name"`
	Description string      `yaml:"description"`
	Copyright   string      `yaml:"copyright"`
	Version     int         `yaml:"version"`
	Published   cisoDate    `yaml:"publication_date"`
	Provider    string      `yaml:"provider"`
	Packager    string      `yaml:"packager"`
	Objects     cisoObjects `yaml:"objects"`
}

// cisoDate is a day, which YAML writes without quotes.
type cisoDate string

func (d cisoDate) MarshalYAML() (any, error) {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!timestamp", Value: string(d)}, nil
}

type cisoObjects struct {
	Framework cisoFramework `yaml:"framework"`
}

type cisoFramework struct {
	URN         string      `yaml:"urn"`
	RefID       string      `yaml:"ref_id"`
	Name        string      `yaml:"name"`
	Description string      `yaml:"description"`
	Groups      []cisoGroup `yaml:"implementation_groups_definition"`
	Nodes       []cisoNode  `yaml:"requirement_nodes"`
}

// cisoGroup is a set of requirements that an audit may choose: here a level.
type cisoGroup struct {
	RefID       string `yaml:"ref_id"`
	Name        string `yaml:"name"`
	Description string `yaml:"description"`
}

type cisoNode struct {
	URN         string   `yaml:"urn"`
	Assessable  bool     `yaml:"assessable"`
	Depth       int      `yaml:"depth"`
	Parent      string   `yaml:"parent_urn,omitempty"`
	RefID       string   `yaml:"ref_id"`
	Name        string   `yaml:"name"`
	Description string   `yaml:"description,omitempty"`
	Annotation  string   `yaml:"annotation,omitempty"`
	Importance  string   `yaml:"importance,omitempty"`
	Groups      []string `yaml:"implementation_groups,omitempty"`
}

// cisoImportance is a level in their three degrees.
var cisoImportance = map[string]string{"bloquant": "mandatory", "primordial": "mandatory", "important": "recommended", "RG": "mandatory", "rc": "recommended"}

// ciso makes a library of an annex; part of an edition has a name of its own.
func (t *Table) ciso() cisoLibrary {
	edition := t.Fact("edition")
	name := t.prefix() + "-" + slug(edition)
	title := t.framework().Name + ", édition " + edition
	if !t.whole() {
		sum := sha256.Sum256([]byte(t.Fact("profile") + "\n" + t.Fact("filters")))
		name += "-" + hex.EncodeToString(sum[:4])
		title += " — " + cmp.Or(t.Fact("filters"), t.Fact("profile"))
	}
	about := "Exigences et règles : " + t.framework().Long() + ". " + t.Fact("wording") + " Application : " + t.Fact("profile") + "."
	framework := cisoFramework{URN: "urn:cct:risk:framework:" + name, RefID: strings.ToUpper(name), Name: title, Description: about}
	seen := map[string]bool{}
	names, of := groups(t.lines())
	// Their converter makes the same URNs of the workbook's ref_id.
	urn := func(id string) string {
		return "urn:cct:risk:req_node:" + name + ":" + strings.ToLower(strings.Join(strings.Fields(id), "-"))
	}
	for i, group := range names {
		id := "G" + strconv.Itoa(i+1)
		parent := urn(id)
		framework.Nodes = append(framework.Nodes, cisoNode{URN: parent, Depth: 1, RefID: id, Name: group})
		for _, l := range of[group] {
			node := cisoNode{URN: urn(l.id), Assessable: true, Depth: 2, Parent: parent, RefID: l.id, Name: l.title, Description: l.text,
				Annotation: strings.TrimSpace(l.because + "\n" + l.note + "\n" + l.url), Importance: cisoImportance[t.amounts(l.level)]}
			if level := slug(cmp.Or(l.level, "sans-statut")); level != "" {
				node.Groups = []string{level}
				if !seen[level] {
					seen[level] = true
					framework.Groups = append(framework.Groups, cisoGroup{level, cmp.Or(l.level, "sans statut"), cisoMeaning(l.level)})
				}
			}
			framework.Nodes = append(framework.Nodes, node)
		}
	}
	return cisoLibrary{URN: "urn:cct:risk:library:" + name, Locale: "fr", RefID: framework.RefID, Name: title, Description: about, Copyright: t.framework().Licence, Version: 1,
		Published: cisoDate(t.Fact("date")), Provider: t.provider(), Packager: "cct", Objects: cisoObjects{framework}}
}

// amounts is what a line's level comes to among the CCT's.
func (t *Table) amounts(level string) string {
	for _, l := range t.Levels {
		if l.Name == level {
			return string(l.Level)
		}
	}
	return level
}

// provider is who publishes the framework.
func (t *Table) provider() string {
	if !t.framework().Foreign() {
		return "Ministère de l’Intérieur"
	}
	return t.framework().Name
}

func cisoMeaning(level string) string {
	switch level {
	case "RG":
		return "Règle."
	case "rc":
		return "Recommandation."
	case "":
		return "Règles sans statut."
	}
	return "Exigences de niveau " + level + "."
}

// slug makes a name that a URN takes.
func slug(s string) string { return strings.ReplaceAll(plainWords(s), " ", "-") }

// writeCISO writes an annex as a library of CISO Assistant, in YAML.
func writeCISO(w io.Writer, t *Table) error {
	e := yaml.NewEncoder(w)
	e.SetIndent(2)
	err := e.Encode(t.ciso())
	if err == nil {
		err = e.Close()
	}
	if err != nil {
		return fmt.Errorf("écrire la bibliothèque CISO Assistant : %w", err)
	}
	return nil
}

// writeCISOWorkbook writes the workbook, of the format "v2", from which CISO
// Assistant's own converter makes the same library.
func writeCISOWorkbook(w io.Writer, t *Table) error {
	l := t.ciso()
	f := excelize.NewFile()
	defer f.Close()
	framework := l.Objects.Framework
	content := [][]string{{"assessable", "depth", "ref_id", "name", "description", "annotation", "importance", "implementation_groups"}}
	for _, n := range framework.Nodes {
		assessable := ""
		if n.Assessable {
			assessable = "x"
		}
		content = append(content, []string{assessable, strconv.Itoa(n.Depth), n.RefID, n.Name, n.Description, n.Annotation, n.Importance, strings.Join(n.Groups, ",")})
	}
	levels := [][]string{{"ref_id", "name", "description"}}
	for _, g := range framework.Groups {
		levels = append(levels, []string{g.RefID, g.Name, g.Description})
	}
	for _, sheet := range []struct {
		name string
		rows [][]string
	}{
		{"library_meta", [][]string{{"type", "library"}, {"urn", l.URN}, {"version", strconv.Itoa(l.Version)}, {"locale", l.Locale}, {"ref_id", l.RefID}, {"name", l.Name}, {"description", l.Description},
			{"copyright", l.Copyright}, {"provider", l.Provider}, {"packager", l.Packager}, {"publication_date", string(l.Published)}}},
		{"framework_meta", [][]string{{"type", "framework"}, {"base_urn", strings.TrimSuffix(strings.Replace(framework.URN, ":framework:", ":req_node:", 1), ":")}, {"urn", framework.URN}, {"ref_id", framework.RefID}, {"name", framework.Name},
			{"description", framework.Description}, {"implementation_groups_definition", "niveaux"}}},
		{"framework_content", content},
		{"niveaux_meta", [][]string{{"type", "implementation_groups"}, {"name", "niveaux"}}},
		{"niveaux_content", levels},
	} {
		if _, err := f.NewSheet(sheet.name); err != nil {
			return fmt.Errorf("écrire le classeur CISO Assistant : %w", err)
		}
		for i, row := range sheet.rows {
			cells := make([]any, len(row))
			for j, cell := range row {
				cells[j] = cell
			}
			if err := f.SetSheetRow(sheet.name, "A"+strconv.Itoa(i+1), &cells); err != nil {
				return fmt.Errorf("écrire le classeur CISO Assistant : %w", err)
			}
		}
	}
	if err := f.DeleteSheet("Sheet1"); err != nil {
		return fmt.Errorf("écrire le classeur CISO Assistant : %w", err)
	}
	if _, err := f.WriteTo(w); err != nil {
		return fmt.Errorf("écrire le classeur CISO Assistant : %w", err)
	}
	return nil
}
