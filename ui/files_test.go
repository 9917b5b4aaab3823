package ui

import (
	"encoding/xml"
	"testing"
)

// TestOpenSearch reads the description as a browser does: as XML, from its
// first byte, which a template for HTML once escaped.
func TestOpenSearch(t *testing.T) {
	s := newSite(t, little(t), Options{BasePath: "/cct"})
	var d struct {
		XMLName   xml.Name `xml:"http://a9.com/-/spec/opensearch/1.1/ OpenSearchDescription"`
		ShortName string
		Image     string
		URL       struct {
			Type     string `xml:"type,attr"`
			Template string `xml:"template,attr"`
		} `xml:"Url"`
	}
	body := get(s, "/cct/opensearch.xml").Body.String()
	if err := xml.Unmarshal([]byte(body), &d); err != nil || body[0] != '<' {
		t.Fatalf("%v: %.60s", err, body)
	}
	if d.ShortName != "CCT" || d.URL.Type != "text/html" || d.URL.Template != "http://example.com/cct/recherche?q={searchTerms}" || get(s, d.Image[len("http://example.com"):]).Code != 200 {
		t.Errorf("%+v", d)
	}
}
