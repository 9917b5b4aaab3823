package content

import (
	"embed"
	"io/fs"
)

//go:embed all:fr
var embedded embed.FS

// Embedded is the content that the program carries: the framework in our own
// words, rooted at the folder that --content would name.
func Embedded() fs.FS {
	sub, err := fs.Sub(embedded, "fr")
	if err != nil {
		panic(err) // the folder is embedded by the line above
	}
	return sub
}
