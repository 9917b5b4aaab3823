package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/ingest/links"
	"github.com/cct-mi/cct/content/ingest/markdown"
	"github.com/cct-mi/cct/content/ingest/records"
)

// file is what stays in memory of a file between the two readings.
type file struct {
	links.Page
	Records []*record // of the page, in its order
	Blank   bool      // nothing in the file at all
	Unread  bool      // the file could not be read
	Written bool      // its text stands, short as it may be
	Digest  string    // of what was read
	crumbs  []content.Crumb
	assets  []*links.Asset // that it is the first to show
}

// record is what stays of a record. Of a row that is neither named nor names
// another it is its kind alone.
type record struct {
	links.Record
	Name    string
	Rule    string // kind of a règle
	Status  string
	Version string              // of a produit
	Level   *content.NamedLevel `json:",omitempty"` // of an exigence, in the framework's own word; nil where that is the CCT's
	Line    int
	Weak    bool // see records.Record
	dropped bool // named again: an ordinary heading
}

// alone says of a row that no link concerns it.
func (r *record) alone() bool { return r.Kind == content.KindLigne && len(r.Cited) == 0 }

// plainRow is every row that is alone: most records of a large folder are.
var plainRow = &record{Record: links.Record{Kind: content.KindLigne}}

// readFile gives the bytes of a file, and a problem of it: its code and what it is.
func readFile(folder fs.FS, name string) (raw []byte, code, what string) {
	f, err := folder.Open(name)
	if err != nil {
		return nil, "illisible", fmt.Sprintf("le fichier ne peut pas être lu : %v", err)
	}
	defer f.Close()
	raw, err = io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, "illisible", fmt.Sprintf("le fichier ne peut pas être lu : %v", err)
	}
	if len(raw) > maxFile {
		return nil, "trop-grand", fmt.Sprintf("le fichier dépasse %d Mio et n’est pas lu : découpez-le", maxFile>>20)
	}
	return raw, "", ""
}

// reading is a file that has been read, whole.
type reading struct {
	doc   *markdown.Document
	page  *records.Page
	found []links.Reference
}

// read makes a page of a file's bytes. A panic of a parser is the file's fault,
// and an error; so is the end of ctx.
func read(ctx context.Context, name string, raw []byte, schema *records.Schema) (r *reading, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("le fichier n’a pas pu être compris, sa page reste vide (%v)", p)
		}
	}()
	doc, err := markdown.Read(ctx, name, raw)
	if err != nil {
		return nil, err
	}
	page := records.Read(doc, schema)
	return &reading{doc, page, links.Collect(doc)}, nil
}

// survey reads a file for the first time; whatever goes wrong is one of its
// problems, but the end of ctx.
func (b *builder) survey(ctx context.Context, name string, memory Memory) (f *file) {
	defer func() {
		if p := recover(); p != nil {
			f = unread(name, 1, "illisible", fmt.Sprintf("le fichier n’a pas pu être lu, sa page reste vide (%v)", p))
		}
	}()
	raw, code, what := readFile(b.folder, name)
	if code != "" {
		return unread(name, 0, code, what)
	}
	digest := b.digestOf(name, raw)
	if memory != nil {
		if f := recall(memory.Get(digest)); f != nil {
			return f
		}
	}
	r, err := read(ctx, name, raw, b.schema)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		f = unread(name, 1, "illisible", err.Error())
		f.Digest = digest
		return f
	}
	f = r.summary(name, digest)
	if memory != nil {
		if b, err := json.Marshal(f); err == nil {
			memory.Put(digest, b)
		}
	}
	return f
}

func (r *reading) summary(name, digest string) *file {
	f := &file{Digest: digest, Blank: r.doc.Blank, Written: r.page.Written}
	f.Page = links.Page{Problems: r.doc.Problems, Source: name, Title: r.page.Title, State: r.page.State, Front: r.doc.Front, Words: r.page.Words,
		Route: links.RouteOf(name, r.doc.Front), Anchors: r.page.Anchors, Headings: r.page.Headings, Found: r.found}
	for i := range f.Found {
		f.Found[i] = f.Found[i].Alone()
	}
	for _, p := range r.page.Records {
		s := &record{Line: p.Line, Weak: p.Weak}
		s.Kind = p.Kind
		for from, to := links.NextID(p.Text, 0); from >= 0; from, to = links.NextID(p.Text, to) {
			s.Cited = append(s.Cited, strings.Clone(p.Text[from:to])) // not to hold the text
		}
		if s.alone() {
			f.Records = append(f.Records, plainRow)
			continue
		}
		f.Records = append(f.Records, s)
		s.ID, s.Title, s.Anchor, s.Name = strings.Clone(p.ID), strings.Clone(p.Title), strings.Clone(p.Anchor), strings.Clone(p.Name) // likewise
		if p.Regle != nil {
			s.Rule, s.Status = p.Regle.Kind, p.Regle.Status
		}
		if own := p.OwnLevel(); own != "" {
			s.Level = &content.NamedLevel{Name: strings.Clone(own), Level: p.Level()}
		}
		if p.Produit != nil {
			s.Version = strings.Clone(p.Produit.Version)
		}
	}
	return f
}

// recall is a summary read back; nil when the bytes are none.
func recall(b []byte) *file {
	var f file
	if b == nil || json.Unmarshal(b, &f) != nil || f.Digest == "" {
		return nil
	}
	for i, r := range f.Records {
		if r.alone() {
			f.Records[i] = plainRow
		}
	}
	return &f
}

// digestOf names what a file gives: its place, its content, and how it is read.
func (b *builder) digestOf(name string, raw []byte) string {
	h := sha256.New()
	h.Write([]byte(Version + "\x00" + b.declared + "\x00" + name + "\x00"))
	h.Write(raw)
	return hex.EncodeToString(h.Sum(nil))
}

// unread is the page of a file that can't be read: it is there, and says so.
func unread(name string, line int, code, what string) *file {
	f := &file{Unread: true}
	f.Page = links.Page{Problems: markdown.Problems{File: name}, Source: name, Title: records.TitleOf(name), State: content.Stub, Route: links.RouteOf(name, markdown.Front{})}
	f.Problem(line, code, "%s", what)
	return f
}
