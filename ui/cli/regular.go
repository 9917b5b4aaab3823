package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// errNotRegular says that a path names a FIFO, a socket or a device, whose opening
// or reading might never end.
var errNotRegular = errors.New("ce n’est pas un fichier ordinaire")

// openRegular opens a file that somebody named, if it is a regular one.
func openRegular(path string) (*os.File, error) {
	if st, err := os.Stat(path); err != nil {
		return nil, err
	} else if !st.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "open", Path: path, Err: errNotRegular}
	}
	return os.Open(path)
}

// regularFiles is a folder of which only folders and regular files are opened, and
// nothing that lies outside.
type regularFiles struct {
	fs.FS
	dir string // its path
}

// openRegularFiles opens a folder as a root that no path nor symbolic link leads out of.
func openRegularFiles(dir string) (r regularFiles, close func(), err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return r, nil, err
	}
	return regularFiles{root.FS(), dir}, func() { _ = root.Close() }, nil
}

// Open refuses what is neither a folder nor a regular file.
func (r regularFiles) Open(name string) (fs.File, error) {
	st, err := fs.Stat(r.FS, name)
	if err != nil {
		return nil, err
	}
	if !st.IsDir() && !st.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errNotRegular}
	}
	return r.FS.Open(name)
}

// ReadDir lists a folder by its path, which whoever walks knows to be within: through
// the root each folder above it is opened too, and each entry looked at, which at ten
// thousand files is a third of a start.
func (r regularFiles) ReadDir(name string) ([]fs.DirEntry, error) {
	local, err := filepath.Localize(name)
	if err != nil {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrInvalid}
	}
	return os.ReadDir(filepath.Join(r.dir, local))
}

// Stat tells what a name is without opening it.
func (r regularFiles) Stat(name string) (fs.FileInfo, error) { return fs.Stat(r.FS, name) }
