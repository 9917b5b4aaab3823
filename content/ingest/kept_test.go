package ingest

import (
	"context"
	"fmt"
	"io/fs"
	"reflect"
	"sync"
	"testing"

	"github.com/cct-mi/cct/content"
)

// notes is a Memory in memory.
type notes struct {
	mu   sync.Mutex
	m    map[string][]byte
	hits int
}

func (n *notes) Get(key string) []byte {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.m[key] != nil {
		n.hits++
	}
	return n.m[key]
}

func (n *notes) Put(key string, value []byte) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.m[key] = value
}

// TestKeptReading: a reading that goes on from what another has kept gives the
// very same edition.
func TestKeptReading(t *testing.T) {
	many := folder()
	for n := range large {
		many[fmt.Sprintf("notes/%d.md", n)] = folder("x", fmt.Sprintf("# Note %d\n\nVoir [la suite](%d.md).\n", n, n+1))["x"]
	}
	err := fs.WalkDir(content.Embedded(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(content.Embedded(), name)
		many[name] = folder("x", string(b))["x"]
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	many["a/dur.md"] = folder("x", hostile+"\n[vers](../b.md) EX1 ![i](i.png)\n\n:::callout Titre\nTexte\n:::\n")["x"]
	plain, err := Load(context.Background(), many, Options{})
	if err != nil {
		t.Fatal(err)
	}
	mem := &notes{m: map[string][]byte{}}
	ctx, interrupt := context.WithCancel(context.Background())
	options := Options{Memory: func() Memory { return mem }, Progress: func(int, int) { interrupt() }}
	if _, err := Load(ctx, many, options); err == nil {
		t.Fatal("a reading that is interrupted ends")
	}
	done := len(mem.m)
	if done == 0 || done == len(plain.Pages) {
		t.Fatalf("%d of %d files were kept", done, len(plain.Pages))
	}
	for key := range mem.m { // one value is damaged: it is read again
		mem.m[key] = []byte("{")
		break
	}
	options.Progress = nil
	again, err := Load(context.Background(), many, options)
	if err != nil {
		t.Fatal(err)
	}
	if mem.hits != done {
		t.Errorf("%d files of the %d kept were used", mem.hits, done)
	}
	if !reflect.DeepEqual(plain, again) {
		for i := range plain.Pages {
			if !reflect.DeepEqual(plain.Pages[i], again.Pages[i]) {
				t.Errorf("page %s differs:\n%+v\n%+v", plain.Pages[i].Source, plain.Pages[i], again.Pages[i])
				break
			}
		}
		t.Error("the edition differs from one read at once")
	}
	third, err := Load(context.Background(), many, options)
	if err != nil || !reflect.DeepEqual(plain, third) {
		t.Errorf("read wholly from memory it differs (%v)", err)
	}
}
