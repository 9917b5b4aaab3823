package store

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestJournal: what an interrupted run has kept is there for the next, whatever
// happened to the end of the file.
func TestJournal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "neuf", "cct.db")
	j := OpenJournal(path)
	for n := range 100 {
		j.Put(fmt.Sprint("fichier ", n), []byte(fmt.Sprint("valeur ", n)))
	}
	if j.Get("fichier 1") != nil {
		t.Error("a run reads what it has itself kept")
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path + journalName)
	if err != nil {
		t.Fatal(err)
	}
	flipped := append([]byte{}, whole...)
	flipped[len(flipped)-1] ^= 1
	for _, c := range []struct {
		what  string
		bytes []byte
		kept  int
	}{{"whole", whole, 100}, {"cut", whole[:len(whole)-3], 99}, {"cut in a length", whole[:2], 0}, {"other bytes after it", append(append([]byte{}, whole...), "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"...), 100}, {"a value damaged", flipped, 99}, {"empty", nil, 0}} {
		if err := os.WriteFile(path+journalName, c.bytes, 0o600); err != nil {
			t.Fatal(err)
		}
		j := OpenJournal(path)
		kept := 0
		for n := range 100 {
			switch string(j.Get(fmt.Sprint("fichier ", n))) {
			case fmt.Sprint("valeur ", n):
				kept++
			case "":
			default:
				t.Errorf("%s: a wrong value of %d", c.what, n)
			}
		}
		if kept != c.kept {
			t.Errorf("%s: %d kept, want %d", c.what, kept, c.kept)
		}
		j.Put("encore", []byte("x"))
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		j = OpenJournal(path)
		if string(j.Get("encore")) != "x" {
			t.Errorf("%s: what is added afterwards is lost", c.what)
		}
		if err := j.Remove(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(path + journalName); err == nil {
		t.Error("a removed journal is still there")
	}
	var none *Journal
	none.Put("a", nil)
	if none.Get("a") != nil || none.Close() != nil || none.Remove() != nil {
		t.Error("no journal is no empty journal")
	}
	if OpenJournal("") != nil {
		t.Error("a journal of a store without a file")
	}
}
