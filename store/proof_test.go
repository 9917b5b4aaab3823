package store

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/cct-mi/cct/store/filestate"
)

// TestProofs: a file that was read whole is not read again until it is written to, be
// its size and its time as before; and never where it has just changed.
func TestProofs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cct.db")
	if err := os.Mkdir(path+keptSuffix, 0o700); err != nil {
		t.Fatal(err)
	}
	write := func(text string) {
		t.Helper()
		long := time.Now().Add(-time.Hour)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, long, long); err != nil {
			t.Fatal(err)
		}
	}
	proves := func(p *proofs, want checksum) bool {
		t.Helper()
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		ok, err := p.proves(f, want)
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	write("tout est là")
	i, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if !filestate.Of(i).Sure {
		t.Skip("this system tells no change time: files are read whole at each start")
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	right, err := checksumOf(f)
	if err != nil {
		t.Fatal(err)
	}
	wrong := right
	wrong.CRC++ // tells a file that is read from one that is not
	young := proofsOf(path, "somme")
	if !proves(young, right) || proves(young, wrong) {
		t.Error("a file that has just changed is not read")
	}
	later := func() *proofs {
		p := proofsOf(path, "somme")
		p.now = p.now.Add(time.Hour)
		return p
	}
	first := later()
	if proves(first, wrong) || !proves(first, right) || !proves(first, wrong) {
		t.Error("the file is not read, or read twice")
	}
	if err := first.save(); err != nil {
		t.Fatal(err)
	}
	if next := later(); !proves(next, wrong) {
		t.Error("the next start reads the file again")
	}
	time.Sleep(20 * time.Millisecond) // more than a tick of the file system's clock
	write("tout est lue")
	if next := later(); proves(next, right) {
		t.Error("a file that was altered passes for what it was")
	}
	if err := os.WriteFile(first.note, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if next := later(); proves(next, right) {
		t.Error("broken notes prove something")
	}
}
