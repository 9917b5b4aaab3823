// Command release builds what people download: six archives with one binary
// each, the licences of all that is in it and its bill of materials, and the
// SHA-256 sums of all files. Built twice from the same commit, the bytes are
// the same: paths are trimmed, times are the commit's, archives are sorted.
//
//	go run ./deploy/release -version 1.2.0          into dist/
//	go run ./deploy/release -licences               renews ui/cli/licences.txt
//
// It runs two tools from the module proxy, by name and version: go-winres (the
// version resource and icon of Windows files) and cyclonedx-gomod (the bill of
// materials).
package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	winres    = "github.com/tc-hib/go-winres@v0.3.3"
	cyclonedx = "github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0"
	stamps    = "github.com/cct-mi/cct/ui/cli"
)

// target is one platform that is released.
type target struct{ os, arch string }

var targets = []target{
	{"windows", "amd64"}, {"windows", "arm64"}, {"darwin", "arm64"}, {"darwin", "amd64"}, {"linux", "amd64"}, {"linux", "arm64"},
}

func main() {
	version := flag.String("version", "", "version to stamp, as 1.2.3 (default: the tag, else 0.0.0)")
	out := flag.String("out", "dist", "folder to write to")
	only := flag.String("only", "", "platforms to build, as linux/amd64,windows/amd64 (default: all)")
	licences := flag.Bool("licences", false, "write the licences of the dependencies to ui/cli/licences.txt, and stop")
	flag.Parse()
	err := func() error {
		if *licences {
			text, err := licenceText()
			if err != nil {
				return err
			}
			return os.WriteFile("ui/cli/licences.txt", text, 0o644)
		}
		return release(*version, *out, *only)
	}()
	if err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

var numbers = regexp.MustCompile(`^\d+\.\d+\.\d+([-+][0-9A-Za-z.-]+)?$`)

func release(version, out, only string) error {
	commit, when, err := revision()
	if err != nil {
		return err
	}
	if version == "" {
		version = "0.0.0"
		if tag, err := output("git", "describe", "--tags", "--exact-match"); err == nil {
			version = strings.TrimPrefix(tag, "v")
		}
	}
	if !numbers.MatchString(version) {
		return fmt.Errorf("%q is not a version: write it as 1.2.3", version)
	}
	licences, err := licenceText()
	if err != nil {
		return err
	}
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	var written []string
	for _, t := range targets {
		if only != "" && !slices.Contains(strings.Split(only, ","), t.os+"/"+t.arch) {
			continue
		}
		files, err := build(t, version, commit, when, out, licences)
		if err != nil {
			return fmt.Errorf("%s/%s: %w", t.os, t.arch, err)
		}
		written = append(written, files...)
	}
	if len(written) == 0 {
		return fmt.Errorf("no platform is named %s", only)
	}
	return sums(out, written)
}

// revision is the commit and its time; a changed tree is marked, so that nobody
// takes its binary for the commit's.
func revision() (string, time.Time, error) {
	commit, err := output("git", "rev-parse", "--short=12", "HEAD")
	if err != nil {
		return "", time.Time{}, err
	}
	seconds, err := output("git", "log", "-1", "--format=%ct")
	if err != nil {
		return "", time.Time{}, err
	}
	n, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return "", time.Time{}, err
	}
	changed, err := output("git", "status", "--porcelain", "--untracked-files=no")
	if err != nil {
		return "", time.Time{}, err
	}
	if changed != "" {
		commit += "-modifie"
	}
	return commit, time.Unix(n, 0).UTC(), nil
}

func output(name string, args ...string) (string, error) {
	var errs bytes.Buffer
	c := exec.Command(name, args...)
	c.Stderr = &errs
	b, err := c.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, strings.TrimSpace(errs.String()))
	}
	return strings.TrimSpace(string(b)), nil
}

// entry is one file of an archive.
type entry struct {
	name string
	mode os.FileMode
	data []byte
}

func build(t target, version, commit string, when time.Time, out string, licences []byte) (files []string, err error) {
	name := fmt.Sprintf("cct-%s-%s-%s", version, t.os, t.arch)
	exe := filepath.Join(out, name)
	if t.os == "windows" {
		exe += ".exe"
		remove, err := resource(t, version, when)
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, remove()) }()
	}
	ldflags := fmt.Sprintf("-s -w -buildid= -X %s.version=%s -X %s.commit=%s", stamps, version, stamps, commit)
	c := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags", ldflags, "-o", exe, ".")
	c.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+t.os, "GOARCH="+t.arch, "GOAMD64=v1", "GOFLAGS=")
	if b, err := c.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build: %w: %s", err, b)
	}
	bom, err := materials(exe, version, when)
	if err != nil {
		return nil, err
	}
	binary, err := os.ReadFile(exe)
	if err != nil {
		return nil, err
	}
	own, err := os.ReadFile("LICENSE")
	if err != nil {
		return nil, err
	}
	inside := "cct"
	if t.os == "windows" {
		inside += ".exe"
	}
	entries := []entry{
		{inside, 0o755, binary},
		{"LICENCE.txt", 0o644, own},
		{"LICENCES-TIERCES.txt", 0o644, licences},
		{"LISEZMOI.txt", 0o644, readme(t, version)},
		{"cct.cdx.json", 0o644, bom},
	}
	archive := filepath.Join(out, name+".tar.gz")
	write := writeTar
	if t.os == "windows" {
		archive, write = filepath.Join(out, name+".zip"), writeZip
	}
	if err := write(archive, name, entries, when); err != nil {
		return nil, err
	}
	fmt.Printf("%s  %.1f MiB, archive %s\n", exe, float64(len(binary))/(1<<20), filepath.Base(archive))
	return []string{exe, archive}, nil
}

func readme(t target, version string) []byte {
	how := "Ouvrez un terminal dans ce dossier et lancez : ./cct\n"
	if t.os == "windows" {
		how = "Double-cliquez sur cct.exe. Si Windows prévient que l’éditeur est inconnu,\nvérifiez d’abord l’empreinte du fichier (SHA256SUMS) auprès de qui vous l’a remis.\n"
	}
	text := "cct " + version + " — le cadre de cohérence technique, hors ligne\n\n" + how +
		"\nLe programme ouvre votre navigateur sur ce poste seulement ; rien n’est envoyé ailleurs.\n" +
		"Pour l’aide : cct help. Pour les licences : cct version --licences.\n"
	if t.os == "windows" {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	return []byte(text)
}

// resource makes the .syso file that gives a Windows binary its name, version
// and icon in the explorer; the linker takes it from the main package's folder.
func resource(t target, version string, when time.Time) (remove func() error, err error) {
	dir, err := os.MkdirTemp("", "cct-winres")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(filepath.Join(dir, "icone.png"), icon(256), 0o644); err != nil {
		return nil, err
	}
	plain, _, _ := strings.Cut(strings.NewReplacer("+", "-").Replace(version), "-")
	conf := map[string]any{
		"RT_GROUP_ICON": map[string]any{"APP": map[string]any{"0000": "icone.png"}},
		"RT_MANIFEST": map[string]any{"#1": map[string]any{"0409": map[string]any{
			"identity":               map[string]any{"name": "cct", "version": plain + ".0"},
			"description":            "Cadre de cohérence technique",
			"minimum-os":             "win7",
			"execution-level":        "as invoker",
			"long-path-aware":        true,
			"use-common-controls-v6": false,
		}}},
		"RT_VERSION": map[string]any{"#1": map[string]any{"0000": map[string]any{
			"fixed": map[string]any{"file_version": plain + ".0", "product_version": plain + ".0", "timestamp": when.Format(time.RFC3339)},
			"info": map[string]any{"040C": map[string]any{
				"CompanyName": "cct", "FileDescription": "Cadre de cohérence technique : recherche hors ligne", "FileVersion": version,
				"InternalName": "cct", "LegalCopyright": "Licence MIT ; contenu sous Licence Ouverte 2.0", "OriginalFilename": "cct.exe",
				"ProductName": "cct", "ProductVersion": version,
			}},
		}}},
	}
	b, err := json.Marshal(conf)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, "winres.json"), b, 0o644); err != nil {
		return nil, err
	}
	if _, err := output("go", "run", winres, "make", "--in", filepath.Join(dir, "winres.json"), "--out", "rsrc", "--arch", t.arch); err != nil {
		return nil, err
	}
	return func() error { return os.Remove("rsrc_windows_" + t.arch + ".syso") }, nil
}

// materials writes the bill of materials of a binary, without the parts that
// would differ from one run to the next.
func materials(exe, version string, when time.Time) ([]byte, error) {
	text, err := output("go", "run", cyclonedx, "bin", "-json", "-licenses=false", "-noserial", "-version", "v"+version, exe)
	if err != nil {
		return nil, err
	}
	var bom map[string]any
	if err := json.Unmarshal([]byte(text), &bom); err != nil {
		return nil, fmt.Errorf("bill of materials: %w", err)
	}
	if meta, ok := bom["metadata"].(map[string]any); ok {
		meta["timestamp"] = when.Format(time.RFC3339)
		delete(meta, "tools") // holds hashes of a binary built for the occasion
	}
	if err := addLicences(bom); err != nil {
		return nil, err
	}
	return json.MarshalIndent(bom, "", "  ")
}

// addLicences says in a bill of materials under which licence each module is. The
// tool's own guesses took golang.org/x for another BSD licence.
func addLicences(bom map[string]any) error {
	list, err := modules()
	if err != nil {
		return err
	}
	components, _ := bom["components"].([]any)
	for _, c := range components {
		component, ok := c.(map[string]any)
		if !ok {
			continue
		}
		i := slices.IndexFunc(list, func(m module) bool { return m.Path == component["name"] })
		if i < 0 {
			continue // Go itself, or the program
		}
		text, err := licenceOf(list[i])
		if err != nil {
			return err
		}
		name, err := identify(text)
		if err != nil {
			return fmt.Errorf("%s: %w", list[i].Path, err)
		}
		component["licenses"] = []any{map[string]any{"expression": name}}
	}
	return nil
}

func writeTar(file, folder string, entries []entry, when time.Time) (err error) {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	z, err := gzip.NewWriterLevel(f, gzip.BestCompression)
	if err != nil {
		return err
	}
	w := tar.NewWriter(z)
	for _, e := range entries {
		h := &tar.Header{Name: folder + "/" + e.name, Mode: int64(e.mode), Size: int64(len(e.data)), ModTime: when, Format: tar.FormatPAX}
		if err := w.WriteHeader(h); err != nil {
			return err
		}
		if _, err := w.Write(e.data); err != nil {
			return err
		}
	}
	return errors.Join(w.Close(), z.Close())
}

func writeZip(file, folder string, entries []entry, when time.Time) (err error) {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := zip.NewWriter(f)
	for _, e := range entries {
		h := &zip.FileHeader{Name: folder + "/" + e.name, Method: zip.Deflate, Modified: when}
		h.SetMode(e.mode)
		to, err := w.CreateHeader(h)
		if err != nil {
			return err
		}
		if _, err := to.Write(e.data); err != nil {
			return err
		}
	}
	return w.Close()
}

// sums writes SHA256SUMS in the form that sha256sum -c reads.
func sums(out string, files []string) error {
	slices.Sort(files)
	var b strings.Builder
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			return err
		}
		h := sha256.New()
		if _, err := io.Copy(h, f); err != nil {
			return errors.Join(err, f.Close())
		}
		if err := f.Close(); err != nil {
			return err
		}
		fmt.Fprintf(&b, "%x  %s\n", h.Sum(nil), filepath.Base(file))
	}
	return os.WriteFile(filepath.Join(out, "SHA256SUMS"), []byte(b.String()), 0o644)
}
