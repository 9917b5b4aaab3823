package export_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"go.yaml.in/yaml/v3"

	"github.com/cct-mi/cct/ui/export"
)

// schema is a published schema, of the folder that CCT_SCHEMAS names or of those
// that stand beside the checkout; skips where it is not there.
func schema(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(cmp.Or(os.Getenv("CCT_SCHEMAS"), "../../../shared/schemas"), name))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Skipf("needs ../shared/schemas/%s", name)
	}
	return path
}

// judged holds a document against a schema by ajv, or by xmllint: what is wrong
// with it, "" for nothing. It skips where the judge is not installed.
func judged(t *testing.T, schema string, document []byte) string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "document")
	if err := os.WriteFile(file, document, 0o644); err != nil {
		t.Fatal(err)
	}
	var c *exec.Cmd
	if strings.HasSuffix(schema, ".xsd") {
		if _, err := exec.LookPath("xmllint"); err != nil {
			t.Skip("xmllint is not installed")
		}
		c = exec.CommandContext(t.Context(), "xmllint", "--noout", "--nonet", "--schema", schema, file)
	} else {
		modules, err := filepath.Abs("../testdata/node_modules")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(filepath.Join(modules, "ajv-formats")); err != nil {
			t.Skip("ajv is not installed: .ci/run does")
		}
		script, err := os.ReadFile("testdata/validate.mjs")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "validate.mjs"), script, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(modules, filepath.Join(dir, "node_modules")); err != nil {
			t.Skip(err)
		}
		c = exec.CommandContext(t.Context(), "node", filepath.Join(dir, "validate.mjs"), schema, file)
	}
	out, err := c.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if err == nil {
		return ""
	}
	return string(out) + err.Error()
}

// answers is an annex of the small edition, filled.
func answers(t *testing.T) *export.Table {
	t.Helper()
	c := catalog(t, "2025-01", exigences(), rules()...)
	file := fill(t, "csv", c, "type=cloud-native", func(rows [][]string) [][]string {
		for i, answer := range []string{"conforme", "non conforme", "dérogation", "sans objet"} {
			if i+1 < len(rows) {
				rows[i+1][answerAt], rows[i+1][commentAt] = answer, "voir le dossier"
			}
		}
		return rows
	})
	m, err := export.ReadFilled(bytes.NewReader(file), "reponse.csv", c, time.Date(2025, 3, 9, 10, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestOSCAL: the whole is a catalog, a choice a profile, a filled annex a component
// definition; each valid by NIST's schema, and not once it is spoilt.
func TestOSCAL(t *testing.T) {
	c := catalog(t, "2025-01", exigences(), rules()...)
	for model, m := range map[string]*export.Table{"catalog": matrix(t, c, ""), "profile": matrix(t, c, "type=cloud-native"), "component-definition": answers(t)} {
		t.Run(model, func(t *testing.T) {
			document := write(t, "oscal", m)
			var v map[string]map[string]any
			if err := json.Unmarshal(document, &v); err != nil || len(v) != 1 || v[model] == nil {
				t.Fatalf("%v: %s", err, document)
			}
			for row := range m.Rows {
				if model == "component-definition" && row[answerAt] == "" {
					continue
				}
				if id := strings.ToLower(row[0]); !strings.Contains(string(document), `"`+id+`"`) && !strings.Contains(string(document), `-`+id+`"`) {
					t.Errorf("%s is not there", row[0])
				}
			}
			if again := write(t, "oscal", m); !bytes.Equal(again, document) {
				t.Error("written twice, it is not the same")
			}
			name := map[string]string{"catalog": "oscal-catalog.schema.json", "profile": "oscal-profile.schema.json", "component-definition": "oscal-component.schema.json"}[model]
			s := schema(t, name)
			if wrong := judged(t, s, document); wrong != "" {
				t.Error(wrong)
			}
			if judged(t, s, bytes.Replace(document, []byte(`"uuid": "`), []byte(`"uuid": "x`), 1)) == "" {
				t.Error("a spoilt copy is taken for valid")
			}
		})
	}
}

func TestOSCALControls(t *testing.T) {
	c := catalog(t, "2025-01", exigences(), rules()...)
	var v struct {
		Catalog struct {
			Groups []struct {
				Controls []struct {
					ID    string
					Props []struct{ Name, Value string }
					Links []struct{ Href, Rel, Text string }
					Parts []struct{ Name, Prose string }
				}
			}
		}
	}
	if err := json.Unmarshal(write(t, "oscal", matrix(t, c, "")), &v); err != nil {
		t.Fatal(err)
	}
	var ids []string
	name := regexp.MustCompile(`^(\p{L}|_)(\p{L}|\p{N}|[.\-_])*$`)
	for _, g := range v.Catalog.Groups {
		for _, one := range g.Controls {
			ids = append(ids, one.ID)
			if !name.MatchString(one.ID) || one.Parts[0].Name != "statement" || strings.TrimSpace(one.Parts[0].Prose) == "" || one.Links[0].Rel != "reference" {
				t.Errorf("%+v", one)
			}
			if one.ID == "ex1" && !slices.ContainsFunc(one.Props, func(p struct{ Name, Value string }) bool { return p.Name == "level" && p.Value == "important" }) {
				t.Errorf("%+v", one.Props)
			}
			if one.ID == "ex1" && !slices.ContainsFunc(one.Links, func(l struct{ Href, Rel, Text string }) bool {
				return l.Rel == "successor-version" && strings.Contains(l.Text, "EXI-G-3")
			}) {
				t.Errorf("no lineage: %+v", one.Links)
			}
		}
	}
	if slices.Sort(ids); strings.Join(ids, " ") != "ex1 ex2 ex3 ex4 regle-1230 regle-2.2.1" {
		t.Error(ids)
	}
}

// TestCISO: every field that CISO Assistant's documentation asks for is there, the
// tree holds together, and the workbook tells the same; a spoilt copy is seen.
func TestCISO(t *testing.T) {
	c := catalog(t, "2025-01", exigences(), rules()...)
	m := matrix(t, c, "")
	document := write(t, "ciso-assistant", m)
	if wrong := cisoFaults(t, document); wrong != "" {
		t.Error(wrong)
	}
	for _, spoilt := range [][2]string{{"packager: cct\n", ""}, {"parent_urn: urn:cct:risk:req_node:cct-2025-01:g1", "parent_urn: urn:cct:risk:req_node:cct-2025-01:ailleurs"}, {"ref_id: EX2\n", "ref_id: EX1\n"}, {"depth: 2", "depth: 3"}} {
		copied := bytes.Replace(document, []byte(spoilt[0]), []byte(spoilt[1]), 1)
		if bytes.Equal(copied, document) || cisoFaults(t, copied) == "" {
			t.Errorf("without %q it is taken for sound", spoilt[0])
		}
	}
	f, ok := export.FormatNamed("ciso-assistant")
	if !ok {
		t.Fatal("no such format")
	}
	var b bytes.Buffer
	if err := f.Workbook(&b, m); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows("framework_content")
	if err != nil {
		t.Fatal(err)
	}
	var v struct {
		Objects struct {
			Framework struct {
				Nodes []struct {
					RefID string `yaml:"ref_id"`
				} `yaml:"requirement_nodes"`
			}
		}
	}
	if err := yaml.Unmarshal(document, &v); err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(v.Objects.Framework.Nodes)+1 {
		t.Errorf("%d rows, %d nodes", len(rows), len(v.Objects.Framework.Nodes))
	}
	for i, n := range v.Objects.Framework.Nodes {
		if rows[i+1][2] != n.RefID {
			t.Errorf("row %d: %s, not %s", i+2, rows[i+1][2], n.RefID)
		}
	}
	if a, b := string(write(t, "ciso-assistant", matrix(t, c, "type=cloud-native"))), string(document); strings.SplitN(a, "\n", 2)[0] == strings.SplitN(b, "\n", 2)[0] {
		t.Error("a part of the edition has the name of the whole")
	}
}

// cisoFaults says what of a library does not follow tools/README.md of CISO
// Assistant.
func cisoFaults(t *testing.T, document []byte) string {
	t.Helper()
	var v map[string]any
	if err := yaml.Unmarshal(document, &v); err != nil {
		return err.Error()
	}
	for _, key := range []string{"urn", "locale", "ref_id", "name", "description", "copyright", "version", "provider", "packager", "objects"} {
		if v[key] == nil || v[key] == "" {
			return "no " + key
		}
	}
	framework := v["objects"].(map[string]any)["framework"].(map[string]any)
	for _, key := range []string{"urn", "ref_id", "name", "description", "requirement_nodes"} {
		if framework[key] == nil || framework[key] == "" {
			return "framework: no " + key
		}
	}
	groups := []any{}
	for _, g := range framework["implementation_groups_definition"].([]any) {
		groups = append(groups, g.(map[string]any)["ref_id"])
	}
	urn := regexp.MustCompile(`^urn:([a-z0-9_-]+):([a-z0-9_-]+):([a-z0-9_-]+):([a-z0-9_.-]+)(:[a-z0-9_.-]+)*$`)
	depth := map[any]int{}
	refs := map[any]bool{}
	for _, x := range framework["requirement_nodes"].([]any) {
		n := x.(map[string]any)
		u := fmt.Sprint(n["urn"])
		switch {
		case !urn.MatchString(u):
			return "bad URN " + u
		case depth[u] != 0 || refs[n["ref_id"]]:
			return "twice: " + u + fmt.Sprint(n["ref_id"])
		case n["depth"] != 1 && depth[n["parent_urn"]] != n["depth"].(int)-1:
			return "no parent: " + u
		}
		for _, g := range asList(n["implementation_groups"]) {
			if !slices.Contains(groups, g) {
				return fmt.Sprint("no group ", g)
			}
		}
		if i := n["importance"]; i != nil && i != "mandatory" && i != "recommended" {
			return fmt.Sprint("importance ", i)
		}
		depth[u], refs[n["ref_id"]] = n["depth"].(int), true
	}
	return ""
}

func asList(v any) []any {
	list, _ := v.([]any)
	return list
}

// TestReqIF: each identifier is unique and a name of XML, each reference leads to
// one; valid by OMG's schema where it stands. A spoilt copy is seen.
func TestReqIF(t *testing.T) {
	c := catalog(t, "2025-01", exigences(), rules()...)
	for what, m := range map[string]*export.Table{"whole": matrix(t, c, ""), "filled": answers(t)} {
		document := write(t, "reqif", m)
		if wrong := reqifFaults(document); wrong != "" {
			t.Errorf("%s: %s", what, wrong)
		}
		for row := range m.Rows {
			if !bytes.Contains(document, []byte(`THE-VALUE="`+row[0]+`"`)) {
				t.Errorf("%s: %s is not there", what, row[0])
			}
		}
		for _, spoilt := range [][2]string{{`IDENTIFIER="cct-ex1"`, `IDENTIFIER="1 2"`}, {`IDENTIFIER="cct-ex2"`, `IDENTIFIER="cct-ex1"`}, {"<SPEC-OBJECT-REF>cct-ex1<", "<SPEC-OBJECT-REF>cct-ex9<"}} {
			if reqifFaults(bytes.Replace(document, []byte(spoilt[0]), []byte(spoilt[1]), 1)) == "" {
				t.Errorf("%s: with %s it is taken for sound", what, spoilt[1])
			}
		}
	}
	t.Run("schema", func(t *testing.T) {
		s := schema(t, "reqif.xsd")
		document := write(t, "reqif", matrix(t, c, ""))
		if wrong := judged(t, s, document); wrong != "" {
			t.Error(wrong)
		}
		if judged(t, s, bytes.Replace(document, []byte(` LAST-CHANGE="`), []byte(` LAST-CHANGED="`), 1)) == "" {
			t.Error("a spoilt copy is taken for valid")
		}
	})
}

func reqifFaults(document []byte) string {
	ids := map[string]bool{}
	var refs []string
	d := xml.NewDecoder(bytes.NewReader(document))
	inRef := false
	name := regexp.MustCompile(`^[\p{L}_][\p{L}\p{N}._-]*$`)
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err.Error()
		}
		switch e := token.(type) {
		case xml.StartElement:
			inRef = strings.HasSuffix(e.Name.Local, "-REF")
			for _, a := range e.Attr {
				if a.Name.Local != "IDENTIFIER" {
					continue
				}
				if ids[a.Value] || !name.MatchString(a.Value) {
					return "identifier " + a.Value
				}
				ids[a.Value] = true
			}
		case xml.CharData:
			if inRef {
				refs = append(refs, string(e))
			}
		case xml.EndElement:
			inRef = false
		}
	}
	for _, r := range refs {
		if !ids[r] {
			return "reference to " + r
		}
	}
	if len(refs) == 0 {
		return "no reference"
	}
	return ""
}

// TestForeignFiles: what is no annex of this edition is refused with a sentence.
func TestForeignFiles(t *testing.T) {
	c := catalog(t, "2025-01", exigences(), rules()...)
	for what, text := range map[string]string{
		"another framework": "Identifiant;Réponse\nISO-5.1;conforme\n", "no answer": "Identifiant;Réponse\nEX1;\n", "no annex": "a;b\n1;2\n",
	} {
		var wrong *export.FileError
		if _, err := export.ReadFilled(strings.NewReader(text), "f.csv", c, time.Now()); !errors.As(err, &wrong) || !strings.Contains(err.Error(), "f.csv") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func BenchmarkCompliance(b *testing.B) {
	c := catalog(b, "2025-01", exigences(), rules()...)
	m := matrix(b, c, "")
	for _, name := range []string{"oscal", "ciso-assistant", "reqif"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				write(b, name, m)
			}
		})
	}
}

// TestDossier: a skeleton answers nothing; each answer that is written in counts, in
// whatever spaces an editor leaves.
func TestDossier(t *testing.T) {
	c := catalog(t, "2025-01", exigences(), rules()...)
	var b bytes.Buffer
	if err := export.WriteDossier(&b, matrix(t, c, "type=cloud-native")); err != nil {
		t.Fatal(err)
	}
	filled := func(text string) (ids []string) {
		t.Helper()
		d, err := export.ReadDossier(text)
		if err != nil || d.Selection == nil || d.Selection.Values().Encode() != "type=cloud-native" {
			t.Fatalf("%+v, %v", d, err)
		}
		if n := len(d.Sections); n != 5 {
			t.Errorf("%d sections", n)
		}
		for _, s := range d.Sections {
			if s.Filled {
				ids = append(ids, s.ID)
			}
		}
		return ids
	}
	if ids := filled(b.String()); ids != nil {
		t.Errorf("empty, and %v answered", ids)
	}
	text := strings.Replace(b.String(), "- **Réponse** :\n", "- **Réponse**\u00a0: conforme\n", 1)
	if ids := filled(text); len(ids) != 1 || ids[0] != "EX1" {
		t.Error(ids)
	}
	if ids := filled(strings.ReplaceAll(b.String(), "- **Réponse** :\n", "- **Réponse** : sans objet\n")); len(ids) != 5 {
		t.Error(ids)
	}
	if _, err := export.ReadDossier("<!-- cct dossier ; édition 2025-01 ; sélection type=lune -->"); err == nil {
		t.Error("a selection that no profile has is taken")
	}
}
