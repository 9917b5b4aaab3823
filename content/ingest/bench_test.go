package ingest

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"testing"
	"testing/fstest"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/ingest/links"
)

// BenchmarkLoadLarge reads about 2,000 files of real prose and tables.
func BenchmarkLoadLarge(b *testing.B) {
	dir := os.DirFS(shared(b, "corpus/2025-01/content/fr"))
	large := fstest.MapFS{}
	var size int64
	err := fs.WalkDir(dir, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !links.IsMarkdown(name) {
			return err
		}
		text, err := fs.ReadFile(dir, name)
		for n := range 20 {
			large[fmt.Sprintf("copie-%02d/%s", n, name)] = &fstest.MapFile{Data: text}
			size += int64(len(text))
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(size)
	for b.Loop() {
		if _, err := Load(context.Background(), large, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLoadOfficial is the reading of one edition.
func BenchmarkLoadOfficial(b *testing.B) {
	for b.Loop() {
		loadOfficial(b)
	}
}

// BenchmarkLoadEmbedded is the reading of what comes with the program.
func BenchmarkLoadEmbedded(b *testing.B) {
	for b.Loop() {
		if _, err := Load(context.Background(), content.Embedded(), Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
