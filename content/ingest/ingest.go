// Package ingest turns a folder of Markdown into an edition.
package ingest

import (
	"context"
	"errors"
	"io/fs"

	"github.com/cct-mi/cct/content"
)

// Options change how a folder is read; the zero value suits any folder.
type Options struct {
	Edition  string                // name of the edition; "" lets the folder say, else its hash is used
	Assets   []fs.FS               // roots of images that stand outside the folder ("/img/…")
	Progress func(done, total int) // called now and then while files are read
}

// Load reads every Markdown file of the folder. What is wrong with a file is a
// Problem of the edition; an error is returned when ctx ends, or the folder
// cannot be read or holds no Markdown.
func Load(ctx context.Context, folder fs.FS, o Options) (*content.Edition, error) {
	return nil, errors.New("not built yet")
}

// Hash names the folder's content: it changes when any file that Load reads does.
func Hash(folder fs.FS) (string, error) { return "", errors.New("not built yet") }
