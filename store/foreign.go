package store

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

// errForeign says that the place holds something that is not ours to overwrite.
var errForeign = errors.New("n’est pas une base de cct")

// foreign says whether a file looks like somebody's document: a store that was
// damaged is replaced, but --store aimed at a report by mistake must not cost
// the report. What is named *.db, or looks like no known kind, is ours.
func foreign(path string) bool {
	if strings.EqualFold(filepath.Ext(path), ".db") {
		return false
	}
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 512)
	n, err := io.ReadFull(f, head)
	if n == 0 || err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false
	}
	if i, err := f.Stat(); err == nil && i.Size() > int64(sealSize) {
		end := make([]byte, sealSize)
		if _, err := f.ReadAt(end, i.Size()-int64(sealSize)); err == nil && bytes.HasPrefix(end, []byte(sealMagic)) {
			return false
		}
	}
	return http.DetectContentType(head[:n]) != "application/octet-stream"
}
