package filestate

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestOf: a file written anew with the same size and time is in another state where
// the system has change times, and one that has just changed is in none.
func TestOf(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	long := time.Now().Add(-time.Hour)
	write := func(text string) State {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, long, long); err != nil {
			t.Fatal(err)
		}
		i, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return Of(i)
	}
	first := write("un")
	if first.Text == "" {
		t.Fatal("the system tells nothing of a plain file")
	}
	if first.Sure && first.At(time.Now()) != "" {
		t.Error("a file that has just changed is taken for settled")
	}
	if first.At(time.Now().Add(2*Settled)) != first.Text {
		t.Error("a file that changed long ago has no state")
	}
	time.Sleep(20 * time.Millisecond) // more than a tick of the file system's clock
	if second := write("de"); first.Sure && second.Text == first.Text {
		t.Error("a file written anew is in the same state")
	}
	if Of(nil) != (State{}) {
		t.Error("no file has a state")
	}
}
