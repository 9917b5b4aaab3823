package ingest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/ingest/links"
	"github.com/cct-mi/cct/content/ingest/records"
)

// listing is what a folder holds.
type listing struct {
	folder   fs.FS
	names    []string // of the Markdown files, in the order in which they are read
	images   []string // and of the other files that pages may show
	tables   []string // tables of data at the root
	files    []string // all paths, those of folders too: what a link may lead to
	problems []content.Problem
	infos    map[string]fs.FileInfo // of the files that Hash looks at
	flat     bool                   // leave out what stands in folders
	within   []stater               // the folders that enclose the place, asked where a symbolic link leads to a folder
}

// stater tells what the system says of a file.
type stater func() (fs.FileInfo, error)

var errNothing = errors.New("le dossier de contenu ne contient aucun fichier Markdown (.md, .markdown, .mdx) : vérifiez --content")

// list finds the Markdown files and the images. Hidden folders and node_modules
// are left out. Symbolic links are followed as long as they stay in the folder; a
// ConfigMap of Kubernetes is made of them.
func list(folder fs.FS) (*listing, error) {
	l, err := listing{folder: folder}.read()
	if err == nil && len(l.names) == 0 {
		err = errNothing
	}
	return l, err
}

// listRoot does so for the files that stand in no folder within.
func listRoot(folder fs.FS) (*listing, error) { return listing{folder: folder, flat: true}.read() }

// read finds what a new listing is to hold.
func (l listing) read() (*listing, error) {
	l.infos = map[string]fs.FileInfo{}
	l.within = []stater{func() (fs.FileInfo, error) { return fs.Stat(l.folder, ".") }}
	err := l.walk(".", 0)
	if errors.Is(err, fs.ErrNotExist) {
		err = errors.New("le dossier de contenu n’existe pas : vérifiez --content")
	} else if err != nil {
		err = fmt.Errorf("le dossier de contenu ne peut pas être lu : %w", err)
	}
	return &l, err
}

// Bounded is a folder of which up to Max Markdown files are read, rather than
// maxFiles.
type Bounded struct {
	fs.FS
	Max int
}

// Stat tells what a name is without opening it.
func (b Bounded) Stat(name string) (fs.FileInfo, error) { return fs.Stat(b.FS, name) }

// ReadDir lists a folder.
func (b Bounded) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(b.FS, name) }

// limit is how many Markdown files may be read: a folder given by mistake, as a
// whole disk, is not read for hours.
func (l *listing) limit() int {
	if b, ok := l.folder.(Bounded); ok && b.Max > 0 {
		return b.Max
	}
	return maxFiles
}

// maxFolders is how deep folders may be in each other.
const maxFolders = 100

func (l *listing) walk(dir string, depth int) error {
	entries, err := fs.ReadDir(l.folder, dir)
	if err != nil && len(entries) == 0 {
		if dir == "." {
			return err
		}
		l.problem(dir, "illisible", "le fichier ou le dossier ne peut pas être lu : %v", err)
		return nil
	}
	for _, e := range entries {
		name := e.Name()
		if dir != "." {
			name = dir + "/" + name
		}
		if !utf8.ValidString(name) { // an old export: no path of a file system in Go leads there
			l.problem(name, "nom-illisible", "le nom n’est pas écrit en UTF-8 : renommez le fichier ou le dossier pour qu’il soit lu")
			continue
		}
		if err := l.entry(name, e, depth); err != nil {
			return err
		}
	}
	return nil
}

func (l *listing) entry(name string, e fs.DirEntry, depth int) error {
	mode, state := e.Type(), stater(e.Info)
	linked := mode&fs.ModeSymlink != 0
	if linked {
		if hidden(name) {
			return nil
		}
		info, err := l.follow(name)
		if err != nil {
			l.problem(name, "lien-symbolique", "le lien symbolique n’est pas suivi : %v", err)
			return nil
		}
		state = func() (fs.FileInfo, error) { return info, nil }
		if mode = info.Mode().Type(); mode.IsDir() {
			for _, above := range l.within {
				if above, err := above(); err == nil && os.SameFile(above, info) {
					l.problem(name, "lien-symbolique", "le lien symbolique n’est pas suivi : il mène à un dossier qui le contient")
					return nil
				}
			}
		}
	}
	switch {
	case mode.IsDir():
		if hidden(name) {
			return nil
		}
		if depth == maxFolders {
			l.problem(name, "trop-profond", "plus de %d dossiers imbriqués : la suite n’est pas lue", maxFolders)
			return nil
		}
		if l.flat {
			return nil
		}
		l.files = append(l.files, name)
		l.within = append(l.within, state)
		defer func() { l.within = l.within[:len(l.within)-1] }()
		return l.walk(name, depth+1)
	case !mode.IsRegular():
		return nil
	}
	l.files = append(l.files, name)
	if !strings.Contains(name, "/") && strings.EqualFold(path.Ext(name), ".csv") {
		l.note(name, state)
		l.tables = append(l.tables, name)
	}
	if name == synonymsFile || name == records.SchemaFile {
		l.note(name, state)
	}
	switch {
	case links.AssetType(name) != "":
		l.note(name, state)
		l.images = append(l.images, name)
	case links.IsMarkdown(name):
		if len(l.names) == l.limit() {
			return fmt.Errorf("plus de %d fichiers Markdown : servez un dossier à la fois, ou permettez-en plus par --max-files", l.limit())
		}
		l.note(name, state)
		l.names = append(l.names, name)
	}
	return nil
}

// note keeps what the system says of a file; one that is gone meanwhile has nothing.
func (l *listing) note(name string, state stater) {
	if i, err := state(); err == nil {
		l.infos[name] = i
	}
}

// hidden leaves out what begins with a dot, and node_modules.
func hidden(name string) bool {
	base := path.Base(name)
	return strings.HasPrefix(base, ".") && name != "." || base == "node_modules"
}

// follow looks where a symbolic link leads; an error when that is out of the folder.
func (l *listing) follow(name string) (fs.FileInfo, error) {
	if err := l.inside(name); err != nil {
		return nil, err
	}
	info, err := fs.Stat(l.folder, name)
	if err != nil {
		return nil, errors.New("il ne mène nulle part, ou hors du dossier")
	}
	return info, nil
}

// maxLinks is how many symbolic links one path may follow.
const maxLinks = 40

// inside follows a path, part by part, through all the links that it meets.
func (l *listing) inside(name string) error {
	outside := errors.New("il mène hors du dossier ; placez-y le fichier lui-même")
	folder := l.folder
	if b, ok := folder.(Bounded); ok {
		folder = b.FS
	}
	at, rest := ".", strings.Split(name, "/")
	for links := 0; len(rest) > 0; {
		next := path.Join(at, rest[0])
		to, err := fs.ReadLink(folder, next)
		if err != nil { // no link, or a file system that follows them itself
			at, rest = next, rest[1:]
			continue
		}
		if links++; links > maxLinks {
			return errors.New("il mène à lui-même")
		}
		if to = strings.ReplaceAll(to, `\`, "/"); path.IsAbs(to) || strings.Contains(to, ":") {
			return outside
		}
		to = path.Join(at, to)
		if to == ".." || strings.HasPrefix(to, "../") {
			return outside
		}
		at, rest = ".", append(strings.Split(to, "/"), rest[1:]...)
	}
	return nil
}

func (l *listing) problem(name, code, format string, args ...any) {
	l.problems = append(l.problems, content.Problem{File: strings.ToValidUTF8(name, "\uFFFD"), Code: code, What: fmt.Sprintf(format, args...)})
}
