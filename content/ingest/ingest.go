// Package ingest turns a folder of Markdown into an edition. Stream hands it over
// page by page, Load gives it whole, Hash names what would be read. It takes our own
// content, the official repository as it is, and any other folder, without
// configuration.
//
// The folder is read twice, so that memory follows the largest file and not the
// folder: first for what the other pages need to know of each (its id, anchors and
// records: file.go), then, once all links are known, for the pages themselves
// (stream.go). Each reading goes the same way: markdown makes a clean tree of a file,
// records cuts it into sections and records, links finds what it leads to. What
// puts pages in order and gives them their ids is in identify.go, what only the whole
// edition can tell in check.go, what is peculiar to the official repository in
// official.go and in records.
//
// Nothing in a folder stops the reading: a fault is a content.Problem.
package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/ingest/markdown"
	"github.com/cct-mi/cct/content/ingest/records"
)

// Version names how files are read; it is part of the store's stamp, so that a
// program that reads otherwise rebuilds.
const Version = "16"

// Limits that keep a hostile folder from taking the machine.
const (
	maxFile  = 2 << 20 // bytes of one Markdown file
	maxFiles = 100_000
)

// Options change how a folder is read; the zero value suits any folder.
type Options struct {
	Edition  string                // name of the edition; "" lets the folder say, else its hash is used
	Assets   []fs.FS               // roots of images that stand outside the folder ("/img/…")
	Named    func(name string)     // told the edition's name before its first page; nil is not
	Progress func(done, total int) // called now and then with how many readings of a file are over, of two for each; by one goroutine at a time
	Memory   func() Memory         // asked for when the folder is large; nil, or giving nil, keeps nothing

	Unchecked bool // nobody lists what is wrong: the edition has no Problems
}

// Memory keeps what the first reading of each file gave, by the file's content, so
// that the reading of a large folder that was interrupted goes on where it stopped.
type Memory interface {
	Get(key string) []byte // nil when it is not known
	Put(key string, value []byte)
}

// large is the number of files from which a reading takes long enough to be kept
// for the case that it is interrupted.
const large = 500

// synonymsFile is the thesaurus, at the folder's root.
const synonymsFile = "synonymes.txt"

// Load reads every Markdown file of the folder, and keeps all that they give. What
// is wrong with a file is a Problem of the edition; an error is returned when ctx
// ends, or the folder cannot be read or holds no Markdown.
func Load(ctx context.Context, folder fs.FS, o Options) (*content.Edition, error) {
	var pages []*content.Page
	var records []*content.Record
	var assets []content.Asset
	ed, err := Stream(ctx, folder, o, func(p Part) error {
		pages, records, assets = append(pages, p.Page), append(records, p.Records...), append(assets, p.Assets...)
		return nil
	})
	if err != nil {
		return nil, err
	}
	ed.Pages, ed.Records, ed.Assets = pages, records, assets
	return ed, nil
}

// Hash names the folder's content: it changes when any file that Load reads
// does. Images are named by path, size and time, not read.
func Hash(folder fs.FS) (string, error) {
	now, err := HashWith(folder, Manifest{})
	return now.Hash, err
}

// Glance tells cheaply whether a folder may have changed: names, sizes and times
// of what Hash reads, unread. A folder that can't be looked at gives "".
func Glance(folder fs.FS) string {
	l, err := list(folder)
	if err != nil && !errors.Is(err, errNothing) {
		return ""
	}
	h := sha256.New()
	for _, names := range [...][]string{l.names, l.images, l.tables, {synonymsFile, records.SchemaFile}} {
		for _, name := range names {
			if i := l.infos[name]; i != nil { // else it is gone meanwhile
				fmt.Fprintf(h, "%s\x00%d\x00%d\x00", name, i.Size(), i.ModTime().UnixNano())
			}
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// EditionName tells what Load would name the edition, without reading more than
// the files at the folder's root. asked is Options.Edition.
func EditionName(folder fs.FS, asked string) (string, error) {
	if asked != "" {
		return asked, nil
	}
	l, err := list(folder)
	if err != nil {
		return "", err
	}
	return l.name(folder, ""), nil
}

// name is what the edition is called where asked is what the user calls it.
func (l *listing) name(folder fs.FS, asked string) string {
	if asked != "" {
		return asked
	}
	if name := l.declaredName(folder); name != "" {
		return name
	}
	return l.defaultName(folder)
}

// DeclaredName is the name that cct.yaml or a page at the folder’s root gives the
// edition, "" when none does.
func DeclaredName(folder fs.FS) (string, error) {
	l, err := listRoot(folder)
	if err != nil {
		return "", err
	}
	return l.declaredName(folder), nil
}

func (l *listing) declaredName(folder fs.FS) string {
	if raw, err := fs.ReadFile(folder, records.SchemaFile); err == nil && len(raw) < maxFile {
		if s, _ := records.ParseSchema(string(raw)); s.Edition != "" {
			return s.Edition
		}
	}
	for _, name := range l.names {
		if strings.Contains(name, "/") {
			continue
		}
		raw, code, _ := readFile(folder, name)
		if code != "" {
			continue // a problem of Load's
		}
		if f := markdown.ReadFront(raw); f.Edition != "" {
			return f.Edition
		}
	}
	return ""
}

func (l *listing) defaultName(folder fs.FS) string {
	return "contenu " + l.hash(folder, Manifest{}, time.Now()).Hash[:12]
}
