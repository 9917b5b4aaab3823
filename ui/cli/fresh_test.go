package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/cct-mi/cct/search"
)

// patience is how long a change may take to be served on a busy machine.
const patience = 2 * time.Minute

// TestWatch changes a folder in every way while searches go on: each change is
// served in the end, and no search fails meanwhile.
func TestWatch(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "contenu")
	write := func(name, text string) {
		t.Helper()
		if err := errors.Join(os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755), os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	write("index.md", "# Accueil\n\nLa sauvegarde est toujours là.\n")
	p := &program{config: config{contents: []string{dir}, store: filepath.Join(t.TempDir(), "cct.db"), watch: true}}
	ctx, stop := context.WithCancel(context.Background())
	o, err := p.openLibrary(ctx, nil)
	must(err)
	s := &served{}
	s.replace(o)
	var going sync.WaitGroup
	going.Go(func() { p.keepFresh(ctx, s, slog.New(slog.DiscardHandler)) })
	found := func(word string) bool {
		a, err := s.library().Search(ctx, search.Request{Query: word, Limit: 1, NoCorrect: true})
		if err != nil && ctx.Err() == nil {
			t.Errorf("a search for %s failed: %v", word, err)
		}
		return err == nil && a.Confident && a.Total > 0
	}
	going.Go(func() {
		for ctx.Err() == nil {
			if !found("sauvegarde") && ctx.Err() == nil {
				t.Error("what never went is not found")
				return
			}
			time.Sleep(time.Millisecond)
		}
	})
	served := func(word string, want bool) {
		t.Helper()
		for until := time.Now().Add(patience); found(word) != want; time.Sleep(20 * time.Millisecond) {
			if time.Now().After(until) {
				t.Fatalf("%s: served otherwise than %t", word, want)
			}
		}
	}
	write("a.md", "# A\n\nUn zorglub.\n")
	served("zorglub", true)
	write("neuf/sous/b.markdown", "# B\n\nUn kwyjibo.\n") // a folder that was not watched
	served("kwyjibo", true)
	write("neuf/sous/c.md", "# C\n\nUn frobnitz.\n")
	served("frobnitz", true)
	must(os.Remove(filepath.Join(dir, "a.md")))
	served("zorglub", false)
	must(os.Rename(dir, dir+".parti")) // gone: the edition in service stays
	time.Sleep(2 * settle)
	if !found("frobnitz") {
		t.Error("a folder that is moved away takes its edition with it")
	}
	must(os.Rename(dir+".parti", dir))
	write("neuf/d.md", "# D\n\nUn xylolog.\n")
	served("xylolog", true)
	write("mal.md", "---\n: [\n---\n{{ component(\"table\", {\xff\x00")
	for n := range 30 { // never at rest
		write("journal.md", fmt.Sprintf("# Journal\n\nEntrée %d, pandiculer.\n", n))
		time.Sleep(settle / 3)
	}
	served("pandiculer", true)
	stop()
	going.Wait()
	must(s.current.Swap(nil).Close())
}

// TestContentThatChangesWhileRead: the store bears the stamp of what is in it.
func TestContentThatChangesWhileRead(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "note-00000.md")
	for n := range 600 {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("note-%05d.md", n)), []byte("# Note\n\nUn mot.\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	p := &program{config: config{contents: []string{dir}, store: filepath.Join(t.TempDir(), "cct.db")}}
	changed := false
	o, err := p.openLibrary(context.Background(), func(done, total int) {
		if done == total && !changed { // once it has been read
			changed = true
			if err := os.WriteFile(name, []byte("# Autre\n\nUn zorglub.\n"), 0o644); err != nil {
				t.Error(err)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if a, err := o.Search(context.Background(), search.Request{Query: "zorglub", Limit: 1}); err != nil || a.Total != 1 {
		t.Errorf("what was read before the change is served: %v %+v", err, a)
	}
	nothingLeft(t, p.store)
}

// TestInterruptedReading: what a large folder's reading has done is beside the
// store when it is interrupted, and gone when the store stands.
func TestInterruptedReading(t *testing.T) {
	dir := t.TempDir()
	for n := range 2000 {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("note-%d.md", n)), fmt.Appendf(nil, "# Note %d\n\nUn mot.\n", n), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	p := &program{config: config{contents: []string{dir}, store: filepath.Join(t.TempDir(), "cct.db")}}
	ctx, interrupt := context.WithCancel(context.Background())
	if _, err := p.openLibrary(ctx, func(done, total int) { interrupt() }); !errors.Is(err, context.Canceled) {
		t.Fatalf("interrupted: %v", err)
	}
	left, _ := filepath.Glob(p.store + ".*")
	if len(left) != 1 {
		t.Fatalf("beside the store: %v", left)
	}
	if st, err := os.Stat(left[0]); err != nil || st.Size() < 10_000 {
		t.Errorf("little was kept: %v %v", st, err)
	}
	o, err := p.openLibrary(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if n := o.Catalog().Head().Pages; n != 2000 {
		t.Errorf("%d pages", n)
	}
	nothingLeft(t, p.store)
}

// nothingLeft: of the files beside a store only those stay that the next start uses.
func nothingLeft(t *testing.T, store string) {
	t.Helper()
	left, err := filepath.Glob(store + ".*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range left {
		if name != store+manifestSuffix {
			t.Errorf("left behind: %s", name)
		}
	}
}
