package store

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"
)

// TestClaimKnowsOurs damages a store of ours in many ways: it is known each time.
func TestClaimKnowsOurs(t *testing.T) {
	path, whole := finished(t)
	r := rand.New(rand.NewPCG(1, 2))
	noise := bytes.Repeat([]byte{0x5a}, 9000)
	claimed := func(what string, b []byte) {
		t.Helper()
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if target, err := Claim(path, false); err != nil || target != path {
			t.Errorf("%s: %s, %v", what, target, err)
		}
	}
	claimed("whole", whole)
	claimed("head and tail grown", append(bytes.Clone(whole), noise...))
	claimed("something before it", append(bytes.Clone(noise), whole...))
	claimed("its head overwritten", append(bytes.Clone(noise), whole[len(noise):]...))
	for size := range 200 {
		claimed("cut short", whole[:size])
	}
	for range 60 {
		at := r.IntN(len(whole))
		claimed("cut", whole[:at])
		b := bytes.Clone(whole)
		b[at] ^= 1 << r.IntN(8)
		claimed("flipped", b)
	}
	for at := 0; at < 512; at += 5 {
		b := bytes.Clone(whole)
		b[at] ^= 0x10
		claimed("flipped in its head", b)
	}
}

// foreigners are files that people keep, each by its first bytes, and what they
// are called.
var foreigners = map[string]struct{ head, looks string }{
	"base.sqlite":   {"SQLite format 3\x00\x10\x00\x01\x01", "SQLite"},
	"mots.kdbx":     {"\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5\x01\x00\x04\x00", "KeePass"},
	"courrier.pst":  {"!BDN\x00\x00\x00\x00SM", "Outlook"},
	"courrier.db":   {"!BDN\x00\x00\x00\x00SM", "Outlook"},
	"serveur.der":   {"\x30\x82\x03\x1d\x30\x82", "certificat"},
	"serveur.pem":   {"-----BEGIN CERTIFICATE-----\n", "certificat"},
	"disque.qcow2":  {"QFI\xfb\x00\x00\x00\x03", "image de disque"},
	"disque.img":    {strings.Repeat("\x00", 510) + "\x55\xaa", "image de disque"},
	"disque.iso":    {strings.Repeat("\x00", 32769) + "CD001", "image de disque"},
	"données.bin":   {"\x8f\x01\xff\x00\x92\x1c", "autre programme"},
	"zéros.bin":     {strings.Repeat("\x00", 5000), "autre programme"},
	"un octet.bin":  {"\x07", "autre programme"},
	"rapport.pdf":   {"%PDF-1.7", "PDF"},
	"rapport.docx":  {"PK\x03\x04", "bureautique"},
	"rapport.doc":   {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Office"},
	"rapport":       {"Rapport annuel\n", "texte"},
	"presque.db":    {"cct-magasi", "texte"},
	"programme.exe": {"MZ\x90\x00", "programme"},
}

func TestClaimLeavesWhatIsNotOurs(t *testing.T) {
	dir := t.TempDir()
	another := filepath.Join(dir, "autre.db")
	db, err := bolt.Open(another, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	b, err := os.ReadFile(another)
	if err != nil {
		t.Fatal(err)
	}
	foreigners["autre.db"] = struct{ head, looks string }{string(b), "bbolt"}
	for name, f := range foreigners {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(f.head), 0o640); err != nil {
			t.Fatal(err)
		}
		link := path + ".lien"
		if err := os.Symlink(name, link); err != nil {
			t.Skip("no links here:", err)
		}
		for _, p := range []string{path, link} {
			_, err := Claim(p, false)
			var foreign *ForeignError
			if !errors.As(err, &foreign) || !strings.Contains(err.Error(), f.looks) || !strings.Contains(err.Error(), "--force") {
				t.Errorf("%s: %v", p, err)
			}
			if target, err := Claim(p, true); err != nil || target != path {
				t.Errorf("%s, forced: %s, %v", p, target, err)
			}
		}
		if after, err := os.ReadFile(path); err != nil || string(after) != f.head {
			t.Errorf("%s was touched: %v", path, err)
		}
	}
	for _, p := range []string{dir, os.DevNull} {
		if _, err := Claim(p, true); err == nil {
			t.Errorf("%s is claimed by force", p)
		}
	}
}

// TestClaimFollowsLinks: the link stays, what it leads to becomes the store.
func TestClaimFollowsLinks(t *testing.T) {
	dir := t.TempDir()
	link, target := filepath.Join(dir, "lien.db"), filepath.Join(dir, "base.db")
	if err := os.Symlink("base.db", link); err != nil {
		t.Skip("no links here:", err)
	}
	for range 2 { // absent, then ours
		path, err := Claim(link, false)
		if err != nil || path != target {
			t.Fatalf("%s, %v", path, err)
		}
		calls := 0
		s, _ := mustOpen(t, Options{Path: path, Stamp: "a", Build: fill(&calls)})
		s.Close()
	}
	if to, err := os.Readlink(link); err != nil || to != "base.db" {
		t.Errorf("the link: %s, %v", to, err)
	}
	for _, name := range []string{"a", "b"} {
		if err := os.Symlink(map[string]string{"a": "b", "b": "a"}[name], filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Claim(filepath.Join(dir, "a"), true); err == nil {
		t.Error("a ring of links is claimed")
	}
}

// TestJournalIsOurs: what stands where the journal would go is left alone, and no
// link leads it elsewhere.
func TestJournalIsOurs(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "cct.db")
	notes, journal := filepath.Join(dir, "notes.txt"), path+journalName
	untouched := func(what, file string) {
		t.Helper()
		if j := OpenJournal(path); j != nil {
			j.Put("k", []byte("v"))
			j.Close()
			t.Errorf("%s: taken for a journal", what)
		}
		if b, err := os.ReadFile(file); err != nil || string(b) != "mes notes" {
			t.Errorf("%s: %q, %v", what, b, err)
		}
		os.Remove(journal)
	}
	for _, f := range []string{notes, journal} {
		if err := os.WriteFile(f, []byte("mes notes"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	untouched("a text", journal)
	if err := os.Symlink(notes, journal); err != nil {
		t.Skip("no links here:", err)
	}
	untouched("a link", notes)
}
