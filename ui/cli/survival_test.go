package cli

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// trials says how often a harm is tried: few times, or with CCT_SURVIVAL=1 as often
// as the README's figures ask.
func trials(few, many int) int {
	if os.Getenv("CCT_SURVIVAL") != "" {
		return many
	}
	return few
}

// TestSurvivesKills: two processes build one store, both are killed at any moment;
// the next start gives the right answer, and the one after it finds the store made.
func TestSurvivesKills(t *testing.T) {
	dir := t.TempDir()
	store := filepath.Join(dir, "cct.db")
	r := rand.New(rand.NewPCG(5, 6))
	wrong := 0
	n := trials(3, 1000)
	for range n {
		if err := os.RemoveAll(store); err != nil {
			t.Fatal(err)
		}
		first, second := process(t, "index", "--store", store), process(t, "index", "--store", store)
		if err := first.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(r.IntN(30)) * time.Millisecond)
		if err := second.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(r.IntN(400)) * time.Millisecond)
		_ = first.Process.Kill() // they may have ended
		_ = second.Process.Kill()
		_, _ = first.Wait(), second.Wait()
		for again := range 2 {
			out, err := process(t, "search", "--store", store, "--format", "tsv", "-n", "1", "EX2").CombinedOutput()
			if err != nil || !strings.HasPrefix(string(out), "EX2\t") || again == 1 && strings.Contains(string(out), "cct:") {
				wrong++
				t.Errorf("after a kill: %v: %s", err, out)
			}
		}
	}
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d kills of two racing processes: %d wrong answers; left beside the store: %d", n, wrong, len(left)-1)
	if len(left) > 3 { // a folder is swept once it is a minute old, unless its lock tells sooner
		t.Errorf("remains pile up: %v", left)
	}
}

// TestSurvivesDamage flips bits of the store, cuts it and adds to it, anywhere: each
// start after that gives the right answer.
func TestSurvivesDamage(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.CopyFS("contenu", os.DirFS(little(t))); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"CCT_CONTENT": "contenu", "CCT_STORE": "cct.db"}
	search := func() result { return cct(t, env, "search", "--format", "tsv", "-n", "1", "EX2") }
	want := search()
	whole, err := os.ReadFile("cct.db")
	if err != nil || want.code != done {
		t.Fatal(err, want.stderr)
	}
	r := rand.New(rand.NewPCG(7, 8))
	for _, harm := range []struct {
		what  string
		times int
		do    func(b []byte) []byte
	}{
		{"flips", trials(5, 500), func(b []byte) []byte { b[r.IntN(len(b))] ^= 1 << r.IntN(8); return b }},
		{"cuts", trials(4, 100), func(b []byte) []byte { return b[:r.IntN(len(b))] }},
		{"extensions", trials(4, 100), func(b []byte) []byte {
			more := bytes.Repeat([]byte{byte(r.Uint32())}, 1+r.IntN(20_000))
			return slices.Concat(b, more)
		}},
	} {
		wrong := 0
		for range harm.times {
			if err := os.WriteFile("cct.db", harm.do(bytes.Clone(whole)), 0o600); err != nil {
				t.Fatal(err)
			}
			if got := search(); got.code != done || got.stdout != want.stdout {
				wrong++
				t.Errorf("%s: exit %d, %q, %q", harm.what, got.code, got.stdout, got.stderr)
			}
		}
		t.Logf("%d %s: %d wrong answers", harm.times, harm.what, wrong)
	}
}
