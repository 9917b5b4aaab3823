package main

import (
	"archive/zip"
	"bytes"
	"debug/buildinfo"
	"debug/pe"
	"encoding/json"
	"errors"
	"image/png"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestLicencesAreThoseOfTheBinary fails when a dependency is added or removed
// without renewing the file that the program prints.
func TestLicencesAreThoseOfTheBinary(t *testing.T) {
	t.Chdir("../..")
	want, err := licenceText()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("ui/cli/licences.txt")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("ui/cli/licences.txt is not up to date: run go run ./deploy/release -licences")
	}
}

func TestIcon(t *testing.T) {
	m, err := png.Decode(bytes.NewReader(icon(256)))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, _, a := m.At(0, 0).RGBA(); a != 0 {
		t.Error("the corner is not transparent")
	}
	if r, g, b, _ := m.At(60, 190).RGBA(); r != 0xffff || g != 0xffff || b != 0xffff {
		t.Error("the first bar is not white")
	}
}

// TestRelease builds two platforms twice: the same bytes, the sums right, the
// Windows file with its resources, signed on trial where osslsigncode is.
func TestRelease(t *testing.T) {
	if os.Getenv("CCT_RELEASE") == "" {
		t.Skip("it builds four binaries, which takes minutes: .ci/run sets CCT_RELEASE=1")
	}
	t.Chdir("../..")
	if _, err := exec.Command("git", "rev-parse", "HEAD").Output(); err != nil {
		t.Skip("not a git checkout: there is no commit to stamp")
	}
	// A copy of the commit: what somebody edits meanwhile is not the release's.
	checkout := t.TempDir()
	if out, err := exec.Command("git", "clone", "-q", ".", checkout).CombinedOutput(); err != nil {
		t.Fatalf("git clone: %v: %s", err, out)
	}
	t.Chdir(checkout)
	first, second := t.TempDir(), t.TempDir()
	for _, out := range []string{first, second} {
		if err := release("1.2.3", out, "windows/amd64,linux/amd64"); err != nil {
			if strings.Contains(err.Error(), "dial tcp") {
				t.Skip("the tools cannot be fetched: ", err)
			}
			t.Fatal(err)
		}
	}
	a, err := os.ReadFile(filepath.Join(first, "SHA256SUMS"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(second, "SHA256SUMS"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a, b) || strings.Count(string(a), "\n") != 4 {
		t.Errorf("two builds differ, or miss a file:\n%s\n%s", a, b)
	}
	exe := filepath.Join(first, "cct-1.2.3-windows-amd64.exe")
	f, err := pe.Open(exe)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if f.Section(".rsrc") == nil {
		t.Error("the Windows file has no resources")
	}
	if left, _ := filepath.Glob("rsrc_*.syso"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	for _, name := range []string{exe, filepath.Join(first, "cct-1.2.3-linux-amd64")} {
		i, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if i.Size() > largest {
			t.Errorf("%s takes %d bytes, %d at most", filepath.Base(name), i.Size(), largest)
		}
		if b, err := buildinfo.ReadFile(name); err != nil || !strings.Contains(b.String(), "CGO_ENABLED=0") {
			t.Errorf("%s: built with cgo? %v", filepath.Base(name), err)
		}
	}
	contents(t, filepath.Join(first, "cct-1.2.3-windows-amd64.zip"))
	sign(t, exe)
	wine(t, exe)
}

// largest is what a binary may take: 32 MiB.
const largest = 32 << 20

// contents looks into an archive: the program, the licences, the materials.
func contents(t *testing.T, archive string) {
	z, err := zip.OpenReader(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	held := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err := errors.Join(err, r.Close()); err != nil {
			t.Fatal(err)
		}
		held[strings.TrimPrefix(f.Name, "cct-1.2.3-windows-amd64/")] = b
	}
	if len(held["cct.exe"]) == 0 || !bytes.Contains(held["LICENCE.txt"], []byte("MIT")) || !bytes.Contains(held["LISEZMOI.txt"], []byte("SHA256SUMS")) {
		t.Errorf("the archive holds %v", slices.Sorted(maps.Keys(held)))
	}
	var bom struct {
		Format     string `json:"bomFormat"`
		Components []struct {
			Name, Version string
			Licenses      []struct{ Expression string }
		}
	}
	if err := json.Unmarshal(held["cct.cdx.json"], &bom); err != nil || bom.Format != "CycloneDX" {
		t.Fatalf("bill of materials: %v", err)
	}
	for _, c := range bom.Components {
		if strings.Contains(c.Name, "/") && (len(c.Licenses) != 1 || c.Licenses[0].Expression == "") {
			t.Errorf("%s has no licence in the bill of materials", c.Name)
		}
		if strings.Contains(c.Name, "/") && !bytes.Contains(held["LICENCES-TIERCES.txt"], []byte(c.Name+"\n")) {
			t.Errorf("%s is in the binary, and its licence is not in the archive", c.Name)
		}
	}
	if len(bom.Components) < 10 {
		t.Errorf("the bill of materials names %d components", len(bom.Components))
	}
}

// wine starts the Windows file where a Wine can: Go's runtime needs a DLL that
// Wine has since 8.13 (Debian 12 holds 8.0).
func wine(t *testing.T, exe string) {
	if _, err := exec.LookPath("wine"); err != nil {
		t.Log("not started under Wine: it is not installed")
		return
	}
	prefix := t.TempDir()
	run := func(args ...string) (string, error) {
		c := exec.CommandContext(t.Context(), "wine", append([]string{exe}, args...)...)
		c.Env = append(os.Environ(), "WINEPREFIX="+prefix, "WINEDEBUG=-all")
		out, err := c.Output()
		return string(out), err
	}
	defer exec.Command("env", "WINEPREFIX="+prefix, "wineserver", "-k").Run()
	if out, err := run("version"); err != nil {
		t.Logf("this Wine does not start it: %v %s", err, out)
		return
	}
	if out, err := run("search", "-n", "1", "--format", "tsv", "EX1"); err != nil || !strings.HasPrefix(out, "EX1\t") {
		t.Errorf("under Wine: %v: %s", err, out)
	}
}

// sign signs a copy with a certificate made for the occasion, to prove that the
// file can be signed as deploy/SIGNATURE.md tells.
func sign(t *testing.T, exe string) {
	for _, tool := range []string{"osslsigncode", "openssl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Logf("not signed on trial: no %s", tool)
			return
		}
	}
	dir := t.TempDir()
	key, cert, out := filepath.Join(dir, "key.pem"), filepath.Join(dir, "cert.pem"), filepath.Join(dir, "signed.exe")
	if b, err := exec.Command("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "1",
		"-subj", "/CN=essai", "-addext", "extendedKeyUsage=codeSigning").CombinedOutput(); err != nil {
		t.Fatalf("openssl: %v: %s", err, b)
	}
	if b, err := exec.Command("osslsigncode", "sign", "-certs", cert, "-key", key, "-h", "sha256", "-in", exe, "-out", out).CombinedOutput(); err != nil {
		t.Fatalf("osslsigncode: %v: %s", err, b)
	}
	f, err := pe.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	h, ok := f.OptionalHeader.(*pe.OptionalHeader64)
	if !ok || h.DataDirectory[4].Size == 0 {
		t.Error("the signed file holds no signature")
	}
}

// TestLicencesAreKnown: every module is under a licence that has a name.
func TestLicencesAreKnown(t *testing.T) {
	t.Chdir("../..")
	list, err := modules()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range list {
		text, err := licenceOf(m)
		if err != nil {
			t.Fatal(err)
		}
		name, err := identify(text)
		if err != nil {
			t.Errorf("%s: %v", m.Path, err)
		}
		want := map[string]string{"golang.org/x/net": "BSD-3-Clause", "go.etcd.io/bbolt": "MIT", "github.com/blevesearch/bleve/v2": "Apache-2.0", "go.yaml.in/yaml/v3": "Apache-2.0 AND MIT"}[m.Path]
		if want != "" && name != want {
			t.Errorf("%s is under %s, not %s", m.Path, want, name)
		}
	}
}
