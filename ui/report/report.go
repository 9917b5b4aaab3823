// Package report writes the faults found in files in the forms that editors, forges
// and build servers read: SARIF 2.1.0, JUnit and GitLab’s Code Quality. A Report is
// what is reported, its Write writes it.
package report

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/url"
	"path"
	"strings"

	"github.com/cct-mi/cct/content"
)

// Report is what a command has found.
type Report struct {
	Command string // "cct check"
	Version string // of the program
	Base    string // folder that the files are named from, with slashes; "" for the current one
	Checked int    // files looked at; 0 when that is not known
	Faults  []content.Problem
}

// Formats are the names of the forms.
func Formats() []string { return []string{"sarif", "junit", "gitlab"} }

// Write writes the report in a form. The error is the writer's, or says that there
// is no such form.
func (r *Report) Write(w io.Writer, format string) error {
	switch format {
	case "sarif":
		return r.sarif(w)
	case "junit":
		return r.junit(w)
	case "gitlab":
		return r.gitlab(w)
	}
	return fmt.Errorf("la forme « %s » n’est pas connue", format)
}

// file is where a fault is, from the current folder on.
func (r *Report) file(f content.Problem) string {
	if r.Base == "" {
		return f.File
	}
	return path.Join(r.Base, f.File)
}

// severity is how bad a fault is: in the words of SARIF, and of GitLab.
type severity struct{ sarif, gitlab string }

var (
	severe = severity{"error", "major"}
	minor  = severity{"warning", "minor"}
	slight = severity{"note", "info"}
)

// severities are those of codes that are no warning.
var severities = map[string]severity{
	"lien-casse": severe, "ancre-cassee": severe, "image-cassee": severe, "lien-refuse": severe, "image-refusee": severe, "html-refuse": severe, "illisible": severe,
	"identifiant-double": severe, "identifiant-inconnu": severe, "entete-invalide": severe, "trop-grand": severe, "encodage-abime": severe,
	"page-ebauche": slight, "page-vide": slight, "page-orpheline": slight, "niveau-saute": slight, "image-sans-texte": slight, "lien-sans-texte": slight,
}

func severityOf(code string) severity {
	if s, ok := severities[code]; ok {
		return s
	}
	return minor
}

// fingerprint names a fault whatever its line, so that one that has only moved is
// still the same; the nth of those that are alike has a name of its own.
func fingerprint(f content.Problem, nth int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%s\x00%d", f.File, f.Code, f.What, nth))
	return hex.EncodeToString(sum[:16])
}

// fingerprints are those of all faults.
func (r *Report) fingerprints() []string {
	seen := map[string]int{}
	out := make([]string, len(r.Faults))
	for i, f := range r.Faults {
		key := f.File + "\x00" + f.Code + "\x00" + f.What
		out[i] = fingerprint(f, seen[key])
		seen[key]++
	}
	return out
}

func encode(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// The parts of SARIF 2.1.0 (OASIS, sarif-schema-2.1.0) that code scanning reads.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool struct {
			Driver sarifDriver `json:"driver"`
		} `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version,omitempty"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string       `json:"id"`
		ShortDescription sarifMessage `json:"shortDescription"`
	}
	sarifMessage struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID       string            `json:"ruleId"`
		RuleIndex    int               `json:"ruleIndex"`
		Level        string            `json:"level"`
		Message      sarifMessage      `json:"message"`
		Locations    []sarifLocation   `json:"locations"`
		Fingerprints map[string]string `json:"partialFingerprints"`
	}
	sarifLocation struct {
		Physical struct {
			Artifact struct {
				URI string `json:"uri"`
			} `json:"artifactLocation"`
			Region *sarifRegion `json:"region,omitempty"`
		} `json:"physicalLocation"`
	}
	sarifRegion struct {
		StartLine int `json:"startLine"`
	}
)

func (r *Report) sarif(w io.Writer) error {
	run := sarifRun{ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{Name: r.Command, Version: r.Version, Rules: []sarifRule{}}
	rules := map[string]int{}
	prints := r.fingerprints()
	for i, f := range r.Faults {
		rule, known := rules[f.Code]
		if !known {
			rule = len(run.Tool.Driver.Rules)
			rules[f.Code] = rule
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{f.Code, sarifMessage{strings.ReplaceAll(f.Code, "-", " ")}})
		}
		var at sarifLocation
		at.Physical.Artifact.URI = (&url.URL{Path: r.file(f)}).EscapedPath()
		if first, _, _ := strings.Cut(at.Physical.Artifact.URI, "/"); strings.Contains(first, ":") { // else it reads as a scheme
			at.Physical.Artifact.URI = "./" + at.Physical.Artifact.URI
		}
		// A fault of the whole file is shown at its first line: code scanning wants one.
		at.Physical.Region = &sarifRegion{max(f.Line, 1)}
		run.Results = append(run.Results, sarifResult{f.Code, rule, severityOf(f.Code).sarif, sarifMessage{f.What}, []sarifLocation{at}, map[string]string{"cct/v1": prints[i]}})
	}
	return encode(w, sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
}

type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name    string        `xml:"name,attr"`
		Class   string        `xml:"classname,attr"`
		File    string        `xml:"file,attr,omitempty"`
		Line    int           `xml:"line,attr,omitempty"`
		Failure *junitFailure `xml:"failure"`
	}
	junitFailure struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
)

// junit makes a suite of each file that has faults, and a failed test of each fault;
// one test that passes where there is none.
func (r *Report) junit(w io.Writer) error {
	all := junitSuites{Name: r.Command}
	suites := map[string]int{}
	for _, f := range r.Faults {
		name := r.file(f)
		i, known := suites[name]
		if !known {
			i = len(all.Suites)
			suites[name] = i
			all.Suites = append(all.Suites, junitSuite{Name: name})
		}
		at := name
		if f.Line > 0 {
			at = fmt.Sprintf("%s:%d", name, f.Line)
		}
		s := &all.Suites[i]
		s.Cases = append(s.Cases, junitCase{Name: clean(at + " " + f.Code), Class: clean(name), File: clean(name), Line: f.Line,
			Failure: &junitFailure{Message: clean(f.What), Type: f.Code, Text: clean(at + ": " + f.What)}})
		s.Tests++
		s.Failures++
		all.Tests++
		all.Failures++
	}
	if len(all.Suites) == 0 {
		all.Tests = 1
		all.Suites = []junitSuite{{Name: r.Command, Tests: 1, Cases: []junitCase{{Name: "aucune faute", Class: r.Command}}}}
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// clean leaves out what XML has no form for.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, s)
}

type gitlabFault struct {
	Description string `json:"description"`
	CheckName   string `json:"check_name"`
	Fingerprint string `json:"fingerprint"`
	Severity    string `json:"severity"`
	Location    struct {
		Path  string `json:"path"`
		Lines struct {
			Begin int `json:"begin"`
		} `json:"lines"`
	} `json:"location"`
}

func (r *Report) gitlab(w io.Writer) error {
	list := make([]gitlabFault, len(r.Faults))
	for i, print := range r.fingerprints() {
		f := r.Faults[i]
		g := &list[i]
		g.Description, g.CheckName, g.Fingerprint, g.Severity = f.What, f.Code, print, severityOf(f.Code).gitlab
		g.Location.Path, g.Location.Lines.Begin = r.file(f), max(f.Line, 1)
	}
	return encode(w, list)
}
