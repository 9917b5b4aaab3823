// Package markdown turns the bytes of one file into a Document: what its front
// matter says, and its text as one clean tree of HTML whose elements know the line
// of the source that they come from.
//
// Each step has a file of its own: the encoding (encoding.go), front matter
// (front.go), templates (template.go, literals.go), Markdown to HTML (convert.go,
// and callout.go, wiki.go, math.go for what goldmark does not know), HTML to a tree
// (tree.go) that an allow list has cleaned (clean.go), diagrams as text
// (mermaid.go), and plain text (text.go).
//
// Nothing in a file stops the reading: a fault is a content.Problem.
package markdown

import (
	"context"
	"path"
	"sort"
	"strings"

	"golang.org/x/net/html"
)

// Document is one file, read.
type Document struct {
	Problems // its faults, and the file's path
	Front    Front
	Text     string     // the source, decoded: NFC, with \n as the line end
	BodyLine int        // line of the source that the body begins with, from 1
	Blank    bool       // nothing in the file at all
	Root     *html.Node // a <div> that holds the page; its elements bear lines, see LineOf

	lines []int // where the lines of the source begin
}

// Read turns a file into a document. The error is that of ctx, when it ends
// before the file is read.
func Read(ctx context.Context, source string, raw []byte) (*Document, error) {
	d := &Document{Problems: Problems{File: source}}
	d.decode(raw)
	d.Blank = strings.TrimSpace(d.Text) == ""
	d.findLines()
	body := d.readFront()
	if strings.EqualFold(path.Ext(source), ".mdx") {
		body = d.withoutModules(body)
	}
	page := expand(body, func(line int, code, format string, args ...any) {
		d.Problem(line+d.BodyLine-1, code, format, args...)
	})
	out, err := d.convert(ctx, page)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		d.Problem(0, "illisible", "le Markdown ne peut pas être lu : %v", err)
	}
	d.Root, err = parse(out)
	if err != nil {
		d.Problem(0, "illisible", "le HTML ne peut pas être lu : %v", err)
	}
	d.clean(d.Root)
	alerts(d.Root)
	nameBlocks(d.Root)
	diagrams(d.Root)
	return d, nil
}

func (d *Document) findLines() {
	d.lines = append(d.lines, 0)
	for at := 0; ; {
		i := strings.IndexByte(d.Text[at:], '\n')
		if i < 0 {
			return
		}
		at += i + 1
		d.lines = append(d.lines, at)
	}
}

// How many lines are looked through for a text: more would be quadratic in a file
// of many rows. What is near stands in the same block.
const (
	farLines  = 3000
	nearLines = 100
	lineBytes = 300 // that a line has, more or less
)

// Find gives the first line of the source that holds s, from a line on; 0 when
// none does that is not too far.
func (d *Document) Find(s string, from int) int { return d.find(s, from, farLines) }

// FindNear is Find within a block.
func (d *Document) FindNear(s string, from int) int { return d.find(s, from, nearLines) }

func (d *Document) find(s string, from, reach int) int {
	if from = max(from, 1); s == "" || from > len(d.lines) || strings.IndexByte(s, '\n') >= 0 {
		return 0
	}
	start, end := d.lines[from-1], len(d.Text)
	if last := from + reach; last < len(d.lines) {
		end = d.lines[last]
	}
	end = min(end, start+reach*lineBytes)
	i := strings.Index(d.Text[start:end], s)
	if i < 0 {
		return 0
	}
	return sort.SearchInts(d.lines, start+i+1)
}

// Line gives the text of a line of the source, from 1.
func (d *Document) Line(n int) string {
	if n < 1 || n > len(d.lines) {
		return ""
	}
	line, _, _ := strings.Cut(d.Text[d.lines[n-1]:], "\n")
	return line
}
