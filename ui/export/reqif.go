package export

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// The elements of ReqIF 1.2 (OMG formal/16-07-01) that the files hold. Attributes
// bear the names that Eclipse RMF (ProR) and DOORS give theirs ("ReqIF.Text").
type (
	reqifDocument struct {
		XMLName xml.Name    `xml:"http://www.omg.org/spec/ReqIF/20110401/reqif.xsd REQ-IF"`
		Header  reqifHeader `xml:"THE-HEADER>REQ-IF-HEADER"`
		Content struct {
			Datatypes struct {
				Strings []reqifStringType `xml:"DATATYPE-DEFINITION-STRING"`
				Enums   []reqifEnumType   `xml:"DATATYPE-DEFINITION-ENUMERATION"`
			} `xml:"DATATYPES"`
			Types struct {
				Objects       []reqifType `xml:"SPEC-OBJECT-TYPE"`
				Specification reqifType   `xml:"SPECIFICATION-TYPE"`
			} `xml:"SPEC-TYPES"`
			Objects        []reqifObject      `xml:"SPEC-OBJECTS>SPEC-OBJECT"`
			Specifications reqifSpecification `xml:"SPECIFICATIONS>SPECIFICATION"`
		} `xml:"CORE-CONTENT>REQ-IF-CONTENT"`
	}
	reqifHeader struct {
		ID      string `xml:"IDENTIFIER,attr"`
		Comment string `xml:"COMMENT"`
		Created string `xml:"CREATION-TIME"`
		Tool    string `xml:"REQ-IF-TOOL-ID"`
		Version string `xml:"REQ-IF-VERSION"`
		Source  string `xml:"SOURCE-TOOL-ID"`
		Title   string `xml:"TITLE"`
	}
	reqifIdentity struct {
		ID      string `xml:"IDENTIFIER,attr"`
		Changed string `xml:"LAST-CHANGE,attr"`
		Name    string `xml:"LONG-NAME,attr,omitempty"`
	}
	reqifStringType struct {
		reqifIdentity
		Max string `xml:"MAX-LENGTH,attr"`
	}
	reqifEnumType struct {
		reqifIdentity
		Values []reqifEnumValue `xml:"SPECIFIED-VALUES>ENUM-VALUE"`
	}
	reqifEnumValue struct {
		reqifIdentity
		Embedded struct {
			Key   string `xml:"KEY,attr"`
			Other string `xml:"OTHER-CONTENT,attr"`
		} `xml:"PROPERTIES>EMBEDDED-VALUE"`
	}
	reqifType struct {
		reqifIdentity
		Attributes *reqifAttributes `xml:"SPEC-ATTRIBUTES"`
	}
	reqifAttributes struct {
		Strings []reqifAttribute `xml:"ATTRIBUTE-DEFINITION-STRING"`
		Enums   []reqifChoice    `xml:"ATTRIBUTE-DEFINITION-ENUMERATION"`
	}
	reqifAttribute struct {
		reqifIdentity
		Editable string `xml:"IS-EDITABLE,attr"`
		Type     string `xml:"TYPE>DATATYPE-DEFINITION-STRING-REF"`
	}
	reqifChoice struct {
		reqifIdentity
		Editable string `xml:"IS-EDITABLE,attr"`
		Many     string `xml:"MULTI-VALUED,attr"`
		Type     string `xml:"TYPE>DATATYPE-DEFINITION-ENUMERATION-REF"`
	}
	reqifObject struct {
		reqifIdentity
		Strings []reqifString `xml:"VALUES>ATTRIBUTE-VALUE-STRING"`
		Enums   []reqifEnum   `xml:"VALUES>ATTRIBUTE-VALUE-ENUMERATION"`
		Type    string        `xml:"TYPE>SPEC-OBJECT-TYPE-REF"`
	}
	reqifString struct {
		Value      string `xml:"THE-VALUE,attr"`
		Definition string `xml:"DEFINITION>ATTRIBUTE-DEFINITION-STRING-REF"`
	}
	reqifEnum struct {
		Definition string `xml:"DEFINITION>ATTRIBUTE-DEFINITION-ENUMERATION-REF"`
		Value      string `xml:"VALUES>ENUM-VALUE-REF"`
	}
	reqifSpecification struct {
		reqifIdentity
		Type     string           `xml:"TYPE>SPECIFICATION-TYPE-REF"`
		Children []reqifHierarchy `xml:"CHILDREN>SPEC-HIERARCHY"`
	}
	reqifHierarchy struct {
		reqifIdentity
		Object   string           `xml:"OBJECT>SPEC-OBJECT-REF"`
		Children []reqifHierarchy `xml:"CHILDREN>SPEC-HIERARCHY"`
	}
)

// reqifColumns are the attributes of an object, by the name of a tool's own
// attribute where there is one, and whether the bidder fills them in. own begins the
// names of those that are ours.
func reqifColumns(own string) []struct {
	key, name string
	answer    bool
	of        func(line) string
} {
	return []struct {
		key, name string
		answer    bool
		of        func(line) string
	}{
		{"id", "ReqIF.ForeignID", false, func(l line) string { return l.id }},
		{"chapter", "ReqIF.ChapterName", false, func(line) string { return "" }},
		{"name", "ReqIF.Name", false, func(l line) string { return l.title }},
		{"text", "ReqIF.Text", false, func(l line) string { return l.text }},
		{"kind", own + ".Nature", false, func(l line) string { return l.kind }},
		{"note", own + ".Remarque", false, func(l line) string { return l.note }},
		{"url", own + ".Lien", false, func(l line) string { return l.url }},
		{"because", own + ".Pourquoi", false, func(l line) string { return l.because }},
		{"addressee", own + ".Destinataire", false, func(l line) string { return l.addressee }},
		{"proof", own + ".Preuve", true, func(l line) string { return l.proof }},
		{"comment", own + ".Commentaire", true, func(l line) string { return l.comment }},
	}
}

// own begins the names of the attributes that tools have none for.
func (t *Table) own() string {
	if t.framework().Foreign() {
		return "Annexe"
	}
	return "CCT"
}

// writeReqIF writes an annex in ReqIF 1.2: an object for each record with columns
// for the answer, in one specification parted as the annex is.
func writeReqIF(w io.Writer, t *Table) error {
	lines := t.lines()
	day := t.day()
	identity := func(id, name string) reqifIdentity { return reqifIdentity{"cct-" + id, day, name} }
	title := t.framework().Name + ", édition " + t.Fact("edition")
	var d reqifDocument
	d.Header = reqifHeader{ID: "cct-" + t.uuid("reqif "+t.Fact("edition")+t.Fact("profile")+t.Fact("filters")), Comment: t.Fact("profile") + ". " + t.Fact("wording"), Created: day, Tool: "cct", Version: "1.0", Source: "cct", Title: title}
	c := &d.Content
	c.Datatypes.Strings = []reqifStringType{{identity("type-texte", "Texte"), "32000"}}
	var levels []string
	seen := map[string]bool{}
	for _, l := range lines {
		if l.level != "" && !seen[l.level] {
			seen[l.level] = true
			levels = append(levels, l.level)
		}
	}
	enum := func(id, name string, values []string) reqifEnumType {
		e := reqifEnumType{reqifIdentity: identity("type-"+id, name)}
		for i, v := range values {
			one := reqifEnumValue{reqifIdentity: identity(id+"-"+slug(v), v)}
			one.Embedded.Key, one.Embedded.Other = strconv.Itoa(i), v
			e.Values = append(e.Values, one)
		}
		return e
	}
	c.Datatypes.Enums = []reqifEnumType{enum("niveau", "Niveau", levels), enum("reponse", "Réponse", Answers())}
	attributes := &reqifAttributes{Enums: []reqifChoice{
		{identity("a-niveau", t.own()+".Niveau"), "false", "false", "cct-type-niveau"},
		{identity("a-reponse", t.own()+".Réponse"), "true", "false", "cct-type-reponse"}}}
	for _, a := range reqifColumns(t.own()) {
		attributes.Strings = append(attributes.Strings, reqifAttribute{identity("a-"+a.key, a.name), strconv.FormatBool(a.answer), "cct-type-texte"})
	}
	c.Types.Objects = []reqifType{{identity("objet", "Exigence"), attributes},
		{identity("groupe", "Groupe"), &reqifAttributes{Strings: []reqifAttribute{{identity("g-chapter", "ReqIF.ChapterName"), "false", "cct-type-texte"}}}}}
	c.Types.Specification = reqifType{identity("specification", "Annexe"), nil}
	c.Specifications = reqifSpecification{reqifIdentity: identity("annexe", title), Type: "cct-specification"}
	names, of := groups(lines)
	for i, name := range names {
		id := fmt.Sprintf("groupe-%d", i+1)
		c.Objects = append(c.Objects, reqifObject{reqifIdentity: identity(id, name), Type: "cct-groupe", Strings: []reqifString{{name, "cct-g-chapter"}}})
		group := reqifHierarchy{reqifIdentity: identity("h-"+id, ""), Object: "cct-" + id}
		for _, l := range of[name] {
			object := reqifObject{reqifIdentity: identity(token(l), l.id), Type: "cct-objet"}
			for _, a := range reqifColumns(t.own()) {
				if v := a.of(l); v != "" {
					object.Strings = append(object.Strings, reqifString{v, "cct-a-" + a.key})
				}
			}
			for _, e := range [][2]string{{"niveau", l.level}, {"reponse", l.answer}} {
				if e[1] != "" {
					object.Enums = append(object.Enums, reqifEnum{"cct-a-" + e[0], "cct-" + e[0] + "-" + slug(e[1])})
				}
			}
			c.Objects = append(c.Objects, object)
			group.Children = append(group.Children, reqifHierarchy{reqifIdentity: identity("h-"+token(l), ""), Object: "cct-" + token(l)})
		}
		c.Specifications.Children = append(c.Specifications.Children, group)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("écrire le ReqIF : %w", err)
	}
	e := xml.NewEncoder(w)
	e.Indent("", " ")
	if err := errors.Join(e.Encode(d), e.Close()); err != nil {
		return fmt.Errorf("écrire le ReqIF : %w", err)
	}
	return nil
}
