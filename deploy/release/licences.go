package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// module is one dependency that is part of the binary.
type module struct{ Path, Version, Dir string }

// modules lists the dependencies linked into the program on any of the
// platforms, by path.
func modules() ([]module, error) {
	found := map[string]module{}
	for _, t := range targets {
		c := exec.Command("go", "list", "-deps", "-json=Module", ".")
		c.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+t.os, "GOARCH="+t.arch)
		b, err := c.Output()
		if err != nil {
			return nil, fmt.Errorf("go list for %s/%s: %w", t.os, t.arch, err)
		}
		for d := json.NewDecoder(bytes.NewReader(b)); ; {
			var p struct {
				Module *struct {
					Path, Version, Dir string
					Main               bool
				}
			}
			if err := d.Decode(&p); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				return nil, err
			}
			if m := p.Module; m != nil && !m.Main {
				found[m.Path] = module{m.Path, m.Version, m.Dir}
			}
		}
	}
	out := slices.Collect(maps.Values(found))
	slices.SortFunc(out, func(a, b module) int { return strings.Compare(a.Path, b.Path) })
	return out, nil
}

var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents)`)

// licenceText is the licence of every module in the binary and of Go itself,
// each text once with the modules that it covers.
func licenceText() ([]byte, error) {
	list, err := modules()
	if err != nil {
		return nil, err
	}
	root, err := output("go", "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	list = append(list, module{"Go (bibliothèque standard)", "", root})
	covers := map[string][]string{}
	var order []string
	for _, m := range list {
		text, err := licenceOf(m)
		if err != nil {
			return nil, err
		}
		if covers[text] == nil {
			order = append(order, text)
		}
		covers[text] = append(covers[text], m.Path)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "cct comprend les composants suivants, sous les licences qui suivent leurs noms.\n")
	for _, text := range order {
		fmt.Fprintf(&b, "\n%s\n%s\n%s\n\n%s\n", strings.Repeat("=", 80), strings.Join(covers[text], "\n"), strings.Repeat("=", 80), text)
	}
	return b.Bytes(), nil
}

// phrases by which the licences of our dependencies are known, with their names at
// SPDX.
var phrases = []struct{ spdx, phrase, without string }{
	{"Apache-2.0", "Apache License Version 2.0, January 2004", ""},
	{"Apache-2.0", "Licensed under the Apache License, Version 2.0", ""},
	{"MIT", "Permission is hereby granted, free of charge, to any person obtaining a copy", ""},
	{"BSD-3-Clause", "Neither the name of", ""},
	{"BSD-2-Clause", "Redistributions in binary form must reproduce", "Neither the name of"},
	{"ISC", "Permission to use, copy, modify, and/or distribute this software for any purpose", ""},
	{"MPL-2.0", "Mozilla Public License Version 2.0", ""},
	{"Unlicense", "This is free and unencumbered software released into the public domain", ""},
}

// identify names the licences that a text holds, "Apache-2.0 AND MIT" where there are
// several: parts of such a module are under one, parts under the other.
func identify(text string) (string, error) {
	text = strings.ToLower(strings.Join(strings.Fields(text), " "))
	var found []string
	for _, p := range phrases {
		if !slices.Contains(found, p.spdx) && strings.Contains(text, strings.ToLower(p.phrase)) && (p.without == "" || !strings.Contains(text, strings.ToLower(p.without))) {
			found = append(found, p.spdx)
		}
	}
	if len(found) == 0 {
		return "", fmt.Errorf("no known licence in %.80q", text)
	}
	return strings.Join(found, " AND "), nil
}

func licenceOf(m module) (string, error) {
	files, err := os.ReadDir(m.Dir)
	if err != nil {
		return "", err
	}
	var texts []string
	for _, f := range files {
		if f.IsDir() || !licenceFile.MatchString(f.Name()) {
			continue
		}
		b, err := os.ReadFile(filepath.Join(m.Dir, f.Name()))
		if err != nil {
			return "", err
		}
		texts = append(texts, strings.TrimSpace(strings.ReplaceAll(string(b), "\r\n", "\n")))
	}
	if len(texts) == 0 {
		return "", fmt.Errorf("%s %s has no licence file", m.Path, m.Version)
	}
	return strings.Join(texts, "\n\n"), nil
}
