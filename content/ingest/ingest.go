// Package ingest turns a folder of Markdown into an edition: Load reads, Hash
// names what would be read. It takes our own content, the official repository
// as it is, and any other folder, without configuration.
//
// Each file goes through the same steps, a source file of this package each:
// front matter (frontmatter.go), templates expanded (template.go), Markdown to
// HTML (markdown.go), HTML to one tree of the whole page (tree.go), cleaned by an
// allow list (clean.go), cut into sections (walk.go) and records (table.go,
// row.go, rules.go), and written once (write.go); then links are resolved across
// pages (links.go), put where they were marked (fill.go), and the whole is checked
// (check.go). What is peculiar to the official repository is in quirks.go. What a
// file needs on the way is used again for the next one (desk.go): most of the cost
// of a reading was memory.
//
// Nothing in a folder stops the reading: a fault is a content.Problem.
package ingest

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"github.com/cct-mi/cct/content"
)

// Version names how files are read; it is part of the store's stamp, so that a
// program that reads otherwise rebuilds.
const Version = "4"

// Limits that keep a hostile folder from taking the machine.
const (
	maxFile  = 16 << 20 // bytes of one Markdown file
	maxAsset = 8 << 20  // bytes of one image
	maxFiles = 100_000
	maxRows  = 50_000 // of one table
)

// Options change how a folder is read; the zero value suits any folder.
type Options struct {
	Edition  string                // name of the edition; "" lets the folder say, else its hash is used
	Assets   []fs.FS               // roots of images that stand outside the folder ("/img/…")
	Progress func(done, total int) // called now and then while files are read, by one goroutine at a time
	Memory   func() Memory         // asked for when the folder is large; nil, or giving nil, keeps nothing
}

// large is the number of files from which a reading takes long enough to be kept
// for the case that it is interrupted.
const large = 500

// synonymsFile is the thesaurus, at the folder's root.
const synonymsFile = "synonymes.txt"

// Load reads every Markdown file of the folder. What is wrong with a file is a
// Problem of the edition; an error is returned when ctx ends, or the folder
// cannot be read or holds no Markdown.
func Load(ctx context.Context, folder fs.FS, o Options) (*content.Edition, error) {
	l, err := list(folder)
	if err != nil {
		return nil, err
	}
	var memory Memory
	if o.Memory != nil && len(l.names) >= large {
		memory = o.Memory()
	}
	words := make(chan func(*content.Edition), 1)
	go func() { words <- synonyms(folder) }()
	docs, err := readAll(ctx, folder, l.names, memory, o.Progress)
	addSynonyms := <-words
	if err != nil {
		return nil, err
	}
	b := &builder{folder: folder, listing: l, assets: append([]fs.FS{folder}, o.Assets...), docs: docs, addSynonyms: addSynonyms, edition: &content.Edition{Problems: l.problems}}
	b.edition.Name = b.name(o)
	b.build()
	return b.edition, ctx.Err()
}

// Hash names the folder's content: it changes when any file that Load reads
// does. Images are named by path, size and time, not read.
func Hash(folder fs.FS) (string, error) {
	l, err := list(folder)
	if err != nil {
		return "", err
	}
	return l.hash(folder), nil
}

func (l *listing) hash(folder fs.FS) string {
	h := sha256.New()
	buf := make([]byte, 64<<10)
	one := func(name string) {
		f, err := folder.Open(name)
		if errors.Is(err, fs.ErrNotExist) {
			return
		}
		fmt.Fprintf(h, "%s\x00", name)
		if err != nil { // a problem of Load's
			fmt.Fprintf(h, "\x00illisible\x00")
			return
		}
		n, err := io.CopyBuffer(h, io.LimitReader(f, maxFile+1), buf)
		fmt.Fprintf(h, "\x00%d %t\x00", n, errors.Join(err, f.Close()) == nil)
	}
	for _, name := range l.names {
		one(name)
	}
	one(synonymsFile)
	for _, m := range l.images {
		if i, err := m.entry.Info(); err == nil {
			fmt.Fprintf(h, "%s\x00%d\x00%d\x00", m.name, i.Size(), i.ModTime().UnixNano())
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Glance tells cheaply whether a folder may have changed: names, sizes and times
// of what Hash reads, unread. A folder that can't be looked at gives another
// answer than any that can.
func Glance(folder fs.FS) string {
	h := sha256.New()
	err := fs.WalkDir(folder, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			if name == "." {
				return err
			}
			return nil // not read either
		}
		if d.IsDir() {
			return skipped(name)
		}
		if !isMarkdown(name) && imageType(name) == "" && name != synonymsFile {
			return nil
		}
		i, err := d.Info()
		if err != nil {
			return nil // gone meanwhile
		}
		fmt.Fprintf(h, "%s\x00%d\x00%d\x00", name, i.Size(), i.ModTime().UnixNano())
		return nil
	})
	if err != nil {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil))
}

// skipped leaves out hidden folders and node_modules.
func skipped(dir string) error {
	if base := path.Base(dir); dir != "." && (strings.HasPrefix(base, ".") || base == "node_modules") {
		return fs.SkipDir
	}
	return nil
}

func isMarkdown(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".md", ".markdown":
		return true
	}
	return false
}

// listing is what a folder holds.
type listing struct {
	names    []string // of the Markdown files, in the order in which they are read
	images   []imageEntry
	problems []content.Problem
}

type imageEntry struct {
	name  string
	entry fs.DirEntry
}

// list finds the Markdown files and the images. Hidden folders and node_modules
// are left out, as are symbolic links: they could lead out of the folder.
func list(folder fs.FS) (*listing, error) {
	l := &listing{}
	err := fs.WalkDir(folder, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			if name == "." {
				return err
			}
			l.problems = append(l.problems, problem(strings.ToValidUTF8(name, "\uFFFD"), 0, "illisible", "le fichier ou le dossier ne peut pas être lu : %v", err))
			return nil
		}
		if !d.IsDir() && imageType(name) != "" {
			l.images = append(l.images, imageEntry{name, d})
		}
		if !utf8.ValidString(name) { // an old export: no path of a file system in Go leads there
			l.problems = append(l.problems, problem(strings.ToValidUTF8(name, "\uFFFD"), 0, "nom-illisible", "le nom n’est pas écrit en UTF-8 : renommez le fichier ou le dossier pour qu’il soit lu"))
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if d.IsDir() {
			return skipped(name)
		}
		if d.Type()&fs.ModeSymlink != 0 {
			l.problems = append(l.problems, problem(name, 0, "lien-symbolique", "les liens symboliques ne sont pas suivis : placez le fichier lui-même dans le dossier"))
			return nil
		}
		if !isMarkdown(name) || !d.Type().IsRegular() {
			return nil
		}
		if len(l.names) == maxFiles {
			return fmt.Errorf("plus de %d fichiers Markdown : servez un dossier à la fois", maxFiles)
		}
		l.names = append(l.names, name)
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("le dossier de contenu n’existe pas : vérifiez --content")
	}
	if err != nil {
		return nil, fmt.Errorf("le dossier de contenu ne peut pas être lu : %w", err)
	}
	if len(l.names) == 0 {
		return nil, errors.New("le dossier de contenu ne contient aucun fichier Markdown (.md, .markdown) : vérifiez --content")
	}
	return l, nil
}

// readAll reads the files on all cores; the result is in the order of names.
func readAll(ctx context.Context, folder fs.FS, names []string, memory Memory, progress func(done, total int)) ([]*document, error) {
	docs := make([]*document, len(names))
	var next, done atomic.Int64
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			k := newDesk()
			for {
				i := int(next.Add(1)) - 1
				if i >= len(names) || ctx.Err() != nil {
					return
				}
				docs[i] = read(folder, names[i], memory, k)
				if n := done.Add(1); progress != nil && (n%100 == 0 || int(n) == len(names)) {
					mu.Lock()
					progress(int(n), len(names))
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	return docs, ctx.Err()
}

// read turns one file into a document; whatever goes wrong is one of its problems.
func read(folder fs.FS, name string, memory Memory, k *desk) (d *document) {
	d = &document{source: name}
	defer func() {
		if p := recover(); p != nil {
			*k = *newDesk() // what is on it is half done
			d = unread(name, "illisible", "le fichier n’a pas pu être compris, sa page reste vide (%v)", p)
		}
	}()
	f, err := folder.Open(name)
	if err != nil {
		return unread(name, "illisible", "le fichier ne peut pas être lu : %v", err)
	}
	defer f.Close()
	size := 0
	if i, err := f.Stat(); err == nil && i.Size() < maxFile {
		size = int(i.Size()) + 1 // one to see the end
	}
	raw, err := readInto(room(k.file, size), io.LimitReader(f, maxFile+1))
	k.file = raw
	if err != nil {
		return unread(name, "illisible", "le fichier ne peut pas être lu : %v", err)
	}
	if len(raw) > maxFile {
		return unread(name, "trop-grand", "le fichier dépasse %d Mio et n’est pas lu : découpez-le", maxFile>>20)
	}
	if memory == nil {
		d.parse(k, raw)
		return d
	}
	key := keyOf(name, raw)
	if !d.recall(memory.Get(key), raw) {
		d.parse(k, raw)
		if b := d.keep(); b != nil {
			memory.Put(key, b)
		}
	}
	return d
}

// readInto is io.ReadAll into a buffer that there is.
func readInto(b []byte, r io.Reader) ([]byte, error) {
	for {
		if len(b) == cap(b) {
			b = slices.Grow(b, 16<<10)
		}
		n, err := r.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		if err == io.EOF {
			return b, nil
		}
		if err != nil {
			return b, err
		}
	}
}

// unread is the page of a file that can't be read: it is there, and says so.
func unread(name, code, format string, args ...any) *document {
	d := &document{source: name, unread: true, page: content.Page{Source: name, Title: titleOf(name), State: content.Stub}}
	d.page.Sections = []content.Section{{Heading: d.page.Title, Path: []string{}, Line: 1}}
	d.problem(0, code, format, args...)
	return d
}

func problem(file string, line int, code, format string, args ...any) content.Problem {
	return content.Problem{File: file, Line: line, Code: code, What: fmt.Sprintf(format, args...)}
}

// builder puts the documents together.
type builder struct {
	folder   fs.FS
	listing  *listing
	assets   []fs.FS
	docs     []*document
	edition  *content.Edition
	routes   map[string]*document // "a/b" and "a/b.md" → the document
	byPageID map[string]*document
	ids      map[string]*content.Record // id in capitals → the first record that has it
	first    map[recordKey]holder       // the records, by what they are called
	assetOf  map[string]string          // path → name of the asset; "" when it can't be had
	known    *places                    // once a broken link asks
	titles   map[string]string          // of folders

	addSynonyms func(*content.Edition)
}

// name tells the edition's name.
func (b *builder) name(o Options) string {
	if o.Edition != "" {
		return o.Edition
	}
	for _, d := range b.docs {
		if d.front.Edition != "" && !strings.Contains(d.source, "/") {
			return d.front.Edition
		}
	}
	return "contenu " + b.listing.hash(b.folder)[:12]
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
	b := &builder{folder: folder, listing: l}
	for _, name := range l.names {
		if strings.Contains(name, "/") {
			continue
		}
		raw, err := fs.ReadFile(folder, name)
		if err != nil {
			continue // a problem of Load's
		}
		block, _, _ := splitFront(string(raw))
		if f, err := parseFront(block); err == nil {
			b.docs = append(b.docs, &document{source: name, front: f})
		}
	}
	return b.name(Options{}), nil
}

func (b *builder) build() {
	b.order()
	b.identify()
	b.resolve()
	b.menus()
	b.number()
	b.check()
	e := b.edition
	records, problems := 0, len(e.Problems)
	for _, d := range b.docs {
		records += len(d.records)
		problems += len(d.problems)
	}
	e.Pages = make([]*content.Page, 0, len(b.docs))
	if records > 0 {
		e.Records = make([]*content.Record, 0, records)
	}
	e.Problems = slices.Grow(e.Problems, problems-len(e.Problems))
	for i, d := range b.docs {
		d.page.Order = i
		page := d.page // a copy lets the document's source go
		e.Pages = append(e.Pages, &page)
		e.Records = append(e.Records, d.records...)
		e.Problems = append(e.Problems, d.problems...)
	}
	b.themes()
	b.addSynonyms(e)
	e.Title = "Cadre de cohérence technique"
	for _, d := range b.docs {
		if stem := strings.ToLower(stemOf(d.source)); !strings.Contains(d.source, "/") && (stem == "index" || stem == "readme") && d.page.Title != "" {
			e.Title = d.page.Title
			break
		}
	}
	slices.SortStableFunc(e.Problems, func(x, y content.Problem) int {
		return cmp.Or(strings.Compare(x.File, y.File), cmp.Compare(x.Line, y.Line), strings.Compare(x.Code, y.Code), strings.Compare(x.What, y.What))
	})
}

// synonyms reads the folder's thesaurus, and gives what adds it to an edition.
func synonyms(folder fs.FS) func(*content.Edition) {
	f, err := folder.Open(synonymsFile)
	if err != nil {
		return func(*content.Edition) {} // most folders have none
	}
	defer f.Close()
	groups, problems := content.ParseSynonyms(io.LimitReader(f, maxFile))
	return func(e *content.Edition) {
		e.Synonyms = groups
		for _, p := range problems {
			p.File = synonymsFile
			e.Problems = append(e.Problems, p)
		}
	}
}

func stemOf(name string) string { return strings.TrimSuffix(path.Base(name), path.Ext(name)) }
