package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/history"
	"github.com/cct-mi/cct/content/ingest"
)

// source is where the content of one edition is read.
type source struct {
	folder      fs.FS
	edition     string // its name; "" for one folder that has none, which its content names
	assets      []fs.FS
	official    fs.FS  // the ministry's folder, whose words its records restate; nil without one
	officialDir string // its path
	dir         string // "" for the embedded content
	close       func()
}

// sources finds the content: of each --content one edition, or several where it
// holds folders or files named after dates. The newest comes first. No two
// have the same name.
func (c *config) sources() (list []*source, err error) {
	defer func() {
		if err != nil {
			closeAll(list)
			list = nil
		}
	}()
	if len(c.contents) == 0 {
		list = append(list, &source{folder: content.Embedded(), close: func() {}})
	}
	for _, name := range c.contents {
		held, err := openContent(name)
		list = append(list, held...)
		if err != nil {
			return list, err
		}
	}
	official, err := c.officialFolder()
	if err != nil {
		return list, err
	}
	if official != nil {
		first := list[0].close
		list[0].close = func() { first(); official.close() }
	}
	named := map[string]*source{}
	for _, s := range list {
		s.folder = ingest.Bounded{FS: s.folder, Max: c.maxFiles}
		if official != nil {
			s.official, s.officialDir = ingest.Bounded{FS: official.folder, Max: c.maxFiles}, official.dir
		}
		if s.edition == "" {
			if s.edition, err = ingest.DeclaredName(s.folder); err != nil {
				return list, err
			}
		}
		switch {
		case s.edition != "":
		case len(list) > 1:
			s.edition = filepath.Base(s.dir)
		default:
			s.edition = c.edition
		}
		if other := named[s.edition]; other != nil {
			return list, fmt.Errorf("deux éditions portent le nom %s (%s et %s) : renommez l’un des dossiers, ou n’en donnez qu’un", s.edition, other.place(), s.place())
		}
		named[s.edition] = s
	}
	slices.SortStableFunc(list, func(a, b *source) int { return history.Newest(a.edition, b.edition) })
	return list, nil
}

func closeAll(list []*source) {
	for _, s := range list {
		s.close()
	}
}

func (s *source) place() string {
	if s.dir == "" {
		return "le contenu intégré"
	}
	return s.dir
}

// source finds the edition that answers: the newest, or the one that --edition
// names.
func (c *config) source() (*source, error) {
	list, err := c.sources()
	if err != nil {
		return nil, err
	}
	chosen, err := c.choose(list)
	if err != nil {
		closeAll(list)
		return nil, err
	}
	s := *chosen
	s.close = func() { closeAll(list) }
	return &s, nil
}

// choose finds the edition that --edition names, else the newest.
func (c *config) choose(list []*source) (*source, error) {
	if c.edition == "" {
		return list[0], nil
	}
	var names []string
	for _, s := range list {
		if s.edition == c.edition {
			return s, nil
		}
		names = append(names, s.edition)
	}
	return nil, absent(c.edition, names)
}

// absent says that an edition is not there, and which are.
func absent(name string, held []string) error {
	return misuse("l’édition « %s » n’est pas là : choisissez parmi %s, ou ajoutez son dossier par --content", name, strings.Join(held, ", "))
}

// openContent opens what one --content names: a folder of Markdown, the official
// repository, a folder of dated editions, or one dated file.
func openContent(name string) ([]*source, error) {
	abs, err := filepath.Abs(name)
	if err != nil {
		return nil, fmt.Errorf("le dossier de contenu %s n’est pas un chemin : %w", name, err)
	}
	st, err := os.Stat(abs)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("le dossier de contenu %s n’existe pas : vérifiez --content", name)
	case err != nil:
		return nil, fmt.Errorf("le dossier de contenu %s ne peut pas être lu (%w) : vérifiez --content", name, err)
	case !st.IsDir() && history.IsDate(stem(abs)) && isMarkdown(abs):
		return openDated(filepath.Dir(abs), []string{filepath.Base(abs)})
	case !st.IsDir():
		return nil, fmt.Errorf("%s est un fichier : --content attend un dossier de fichiers Markdown", name)
	}
	return openFolder(repositoryContent(abs))
}

// repositoryContent is the folder of Markdown in the official repository's own, or
// the folder itself.
func repositoryContent(dir string) string {
	if inside := filepath.Join(dir, "content", "fr"); isDir(inside) {
		return inside
	}
	return dir
}

func isDir(path string) bool {
	st, err := os.Stat(path)
	return err == nil && st.IsDir()
}

func stem(name string) string {
	return strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
}

func isMarkdown(name string) bool {
	ext := strings.ToLower(filepath.Ext(name))
	return ext == ".md" || ext == ".markdown"
}

// openFolder opens a folder, and the dated folders or files that it holds.
func openFolder(dir string) (list []*source, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("le dossier de contenu %s ne peut pas être lu (%w) : vérifiez ses droits", dir, err)
	}
	var folders, files []string // with a date for name
	pages := 0                  // other Markdown
	var others []string
	for _, e := range entries {
		switch {
		case e.IsDir() && history.IsDate(e.Name()):
			folders = append(folders, e.Name())
		case e.IsDir() && !strings.HasPrefix(e.Name(), "."):
			others = append(others, e.Name())
		case e.Type().IsRegular() && isMarkdown(e.Name()) && history.IsDate(stem(e.Name())):
			files = append(files, e.Name())
		case e.Type().IsRegular() && isMarkdown(e.Name()) && !strings.EqualFold(stem(e.Name()), "readme"):
			pages++
		}
	}
	if pages > 0 {
		files = nil // dated pages among others are pages, as those of a blog
	}
	if len(folders)+len(files) == 0 {
		s, err := openOne(dir, nil)
		if err != nil {
			return nil, err
		}
		return []*source{s}, nil
	}
	add := func(more []*source, err2 error) {
		list = append(list, more...)
		err = errors.Join(err, err2)
	}
	if pages > 0 {
		s, err := openOne(dir, folders)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	for _, name := range folders {
		add(openFolder(repositoryContent(filepath.Join(dir, name))))
	}
	if len(files) > 0 {
		add(openDated(dir, files))
	}
	for _, name := range others {
		if inside := filepath.Join(dir, name); pages == 0 && len(files) == 0 && holdsDates(inside) {
			add(openFolder(inside))
		}
	}
	return list, err
}

// holdsDates says whether a folder holds files named after dates, and no other page
// than its own notice.
func holdsDates(dir string) bool {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return false
	}
	dated := 0
	for _, e := range entries {
		if !isMarkdown(e.Name()) || strings.EqualFold(stem(e.Name()), "readme") {
			continue
		}
		if !history.IsDate(stem(e.Name())) {
			return false
		}
		dated++
	}
	return dated > 0
}

// openOne opens a folder as one edition. It is opened as a root that no path nor
// symbolic link leads out of; but are folders at its root that are editions of their
// own.
func openOne(dir string, but []string) (*source, error) {
	files, closeFiles, err := openRegularFiles(dir)
	if err != nil {
		return nil, fmt.Errorf("le dossier de contenu %s ne peut pas être lu (%w) : vérifiez ses droits", dir, err)
	}
	s := &source{folder: files, dir: dir, close: closeFiles}
	if len(but) > 0 {
		s.folder = part{s.folder, func(name string) bool { return !slices.Contains(but, name) }}
	}
	// The official site shows images of a folder beside its content.
	if public, closePublic, err := openRegularFiles(filepath.Join(dir, "..", "..", "public")); err == nil {
		s.assets = append(s.assets, public)
		s.close = func() { closeFiles(); closePublic() }
	}
	for at := dir; ; at = filepath.Dir(at) {
		if history.IsDate(filepath.Base(at)) {
			s.edition = filepath.Base(at)
			break
		}
		if filepath.Dir(at) == at {
			break
		}
	}
	return s, nil
}

// openDated opens files named after dates as one edition each.
func openDated(dir string, names []string) (list []*source, err error) {
	for _, name := range names {
		s, err := openOne(dir, nil)
		if err != nil {
			return list, err
		}
		s.folder = part{s.folder, func(entry string) bool { return entry == name }}
		s.dir, s.edition = filepath.Join(dir, name), stem(name)
		list = append(list, s)
	}
	return list, nil
}

// part is a folder of which only some entries at the root are seen.
type part struct {
	fs.FS
	sees func(name string) bool
}

func (p part) Open(name string) (fs.File, error) {
	if first, _, _ := strings.Cut(path.Clean(name), "/"); first != "." && !p.sees(first) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	f, err := p.FS.Open(name)
	if list, ok := f.(fs.ReadDirFile); ok && err == nil && path.Clean(name) == "." {
		return partRoot{list, p.sees}, nil
	}
	return f, err
}

// partRoot is the root of a part.
type partRoot struct {
	fs.ReadDirFile
	sees func(name string) bool
}

func (r partRoot) ReadDir(n int) ([]fs.DirEntry, error) {
	for {
		list, err := r.ReadDirFile.ReadDir(n)
		kept := slices.DeleteFunc(list, func(e fs.DirEntry) bool { return !r.sees(e.Name()) })
		if len(kept) > 0 || err != nil || n <= 0 {
			if n > 0 && len(kept) == 0 && err == nil {
				err = io.EOF
			}
			return kept, err
		}
	}
}
