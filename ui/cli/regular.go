package cli

import (
	"errors"
	"io/fs"
	"os"
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

// regularFiles is a folder of which only folders and regular files are opened.
type regularFiles struct{ fs.FS }

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

// ReadDir lists a folder, which whoever walks knows to be one: looking first would
// open each folder above it twice.
func (r regularFiles) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(r.FS, name) }

// Stat tells what a name is without opening it.
func (r regularFiles) Stat(name string) (fs.FileInfo, error) { return fs.Stat(r.FS, name) }
