package report

import (
	"encoding/json"
	"encoding/xml"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cct-mi/cct/content"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

var some = []content.Problem{
	{File: "a/é b.md", Line: 3, Code: "lien-casse", What: "le lien « x » ne mène à aucune page <&\x01"},
	{File: "a/é b.md", Line: 9, Code: "lien-casse", What: "le lien « x » ne mène à aucune page <&\x01"},
	{File: "c:d.md", Code: "page-vide", What: "le fichier est vide"},
}

func write(t *testing.T, format string, faults ...content.Problem) string {
	t.Helper()
	var b strings.Builder
	r := &Report{Command: "cct check", Version: "1.2", Base: "docs", Faults: faults}
	if err := r.Write(&b, format); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestSARIF holds the report to the schema of OASIS.
func TestSARIF(t *testing.T) {
	root := os.Getenv("CCT_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	b, err := os.ReadFile(filepath.Join(root, "schemas", "sarif-2.1.0.json"))
	if err != nil {
		t.Skip("the schema of SARIF is not beside this checkout: ", err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(b)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("sarif.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, faults := range [][]content.Problem{some, nil} {
		out := write(t, "sarif", faults...)
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(out))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	}
	out := write(t, "sarif", some...)
	for _, want := range []string{`"uri": "docs/a/%C3%A9%20b.md"`, `"startLine": 9`, `"level": "error"`, `"level": "note"`, `"ruleId": "page-vide"`} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in %s", want, out)
		}
	}
}

func TestJUnit(t *testing.T) {
	var got junitSuites
	if err := xml.Unmarshal([]byte(write(t, "junit", some...)), &got); err != nil {
		t.Fatal(err)
	}
	if got.Tests != 3 || got.Failures != 3 || len(got.Suites) != 2 || got.Suites[0].Cases[1].Line != 9 || got.Suites[0].Name != "docs/a/é b.md" {
		t.Errorf("%+v", got)
	}
	if err := xml.Unmarshal([]byte(write(t, "junit")), &got); err != nil || got.Failures != 0 || got.Tests != 1 {
		t.Errorf("%v %+v", err, got)
	}
}

func TestGitLab(t *testing.T) {
	var got []gitlabFault
	if err := json.Unmarshal([]byte(write(t, "gitlab", some...)), &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != 3 || got[0].Location.Path != "docs/a/é b.md" || got[0].Location.Lines.Begin != 3 || got[0].Severity != "major" || got[0].Fingerprint == got[1].Fingerprint || got[2].Location.Lines.Begin != 1 {
		t.Errorf("%+v", got)
	}
	moved := some[0]
	moved.Line = 40
	var again []gitlabFault
	if err := json.Unmarshal([]byte(write(t, "gitlab", moved)), &again); err != nil || again[0].Fingerprint != got[0].Fingerprint {
		t.Errorf("a fault that has moved is another one: %v %+v", err, again)
	}
	if out := strings.TrimSpace(write(t, "gitlab")); out != "[]" {
		t.Errorf("no fault: %s", out)
	}
}

func TestUnknownFormat(t *testing.T) {
	if err := (&Report{}).Write(&strings.Builder{}, "pdf"); err == nil {
		t.Error("no error")
	}
}
