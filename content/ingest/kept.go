package ingest

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/cct-mi/cct/content"
)

// Memory keeps what each file gave, by the file's content, so that the reading
// of a large folder that was interrupted goes on where it stopped.
type Memory interface {
	Get(key string) []byte // nil when it is not known
	Put(key string, value []byte)
}

// kept is a document as read, before the others are known.
type kept struct {
	Front    front
	Page     content.Page
	Records  []*content.Record
	Problems []content.Problem
	Blank    bool
	Anchors  map[string]string
	Links    []keptRef // link.to is found later
	Images   []keptRef
	Cites    []keptRef
}

// keptRef is a link, an image or a cited id.
type keptRef struct {
	To, Text string
	Line     int
}

// keyOf names what a file gives: its place, its content, and how it is read.
func keyOf(name string, raw []byte) string {
	h := sha256.New()
	h.Write([]byte(Version + "\x00" + name + "\x00"))
	h.Write(raw)
	return hex.EncodeToString(h.Sum(nil))
}

// keep writes the document; nil when it can't be.
func (d *document) keep() []byte {
	k := kept{Front: d.front, Page: d.page, Records: d.records, Problems: d.problems, Blank: d.blank, Anchors: d.allAnchors()}
	for _, l := range d.links {
		k.Links = append(k.Links, keptRef{l.href, l.text, l.line})
	}
	for _, i := range d.images {
		k.Images = append(k.Images, keptRef{i.src, i.alt, i.line})
	}
	for _, c := range d.cites {
		k.Cites = append(k.Cites, keptRef{c.id, "", c.line})
	}
	b, err := json.Marshal(k)
	if err != nil {
		return nil
	}
	return b
}

// recall is keep's inverse; false when the bytes are no document's.
func (d *document) recall(b, raw []byte) bool {
	var k kept
	if b == nil || json.Unmarshal(b, &k) != nil {
		return false
	}
	d.front, d.page, d.records, d.problems, d.blank, d.anchors = k.Front, k.Page, k.Records, k.Problems, k.Blank, k.Anchors
	if d.front.NavKey != "" {
		d.keyLine = lineHolding(normalise(raw), "key:")
	}
	for _, l := range k.Links {
		d.links = append(d.links, link{href: l.To, text: l.Text, line: l.Line})
	}
	for _, i := range k.Images {
		d.images = append(d.images, image{i.To, i.Text, i.Line})
	}
	for _, c := range k.Cites {
		d.cites = append(d.cites, cite{c.To, c.Line})
	}
	return true
}
