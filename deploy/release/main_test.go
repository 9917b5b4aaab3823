package main

import (
	"bytes"
	"debug/pe"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
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
	if testing.Short() {
		t.Skip("builds four binaries")
	}
	t.Chdir("../..")
	if _, err := exec.Command("git", "rev-parse", "HEAD").Output(); err != nil {
		t.Skip("not a git checkout: there is no commit to stamp")
	}
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
	sign(t, exe)
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
