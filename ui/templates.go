package ui

import (
	"embed"
	"fmt"
	"html/template"
	"net/url"
	"strings"

	"github.com/cct-mi/cct/content"
)

//go:embed templates/*.tmpl
var templateFiles embed.FS

func (s *Site) parseTemplates() (*template.Template, error) {
	all := template.New("").Funcs(template.FuncMap{
		"url":        func(to string) string { return s.at().URL(to) },
		"asset":      func(name string) (string, error) { return s.assetURL(name) },
		"html":       func(html string) template.HTML { return template.HTML(s.at().HTML(html)) }, // made by ingest, which cleaned it
		"snippet":    func(html string) template.HTML { return template.HTML(html) },              // made by search: escaped text and <mark>
		"whose":      s.whose,
		"short":      func(name string) string { return cut(name, 15) }, // OpenSearch allows 16 characters
		"count":      count,
		"of":         func(counts map[content.Kind]int, kind string) string { return number(counts[content.Kind(kind)]) },
		"entry":      func(here, to, label string) menuEntry { return menuEntry{to, label, here == to} },
		"menuLabel":  menuLabel,
		"levelClass": func(v any) string { _, level := levelOf(v); return levelClass(level) },
		"ruleKind":   ruleKindLabel,
		"approval":   approvalLabel,
		"nonEmpty":   notEmpty,
		"begins":     begins,
		"plain":      func(s string) string { return strings.Trim(s, "*_ ") },
		"level":      func(v any) string { word, _ := levelOf(v); return levelLabel(word) }, // of a record, a hit or an address

		"levelInText": levelInText,
		"lower":       strings.ToLower,
		"join":        strings.Join,
		"kept":        pieceKept,
		"removed":     pieceRemoved,
		"lines":       func(s string) []string { return notEmpty(strings.Split(s, "\n")...) },
		"segment":     url.PathEscape,
		"access":      func() string { return s.o.Audit.AccessState() },
		"version":     func() string { return s.o.Version },
		"french":      func(s string) string { return s }, // every page is typeset whole

		"heading":     withoutCode,
		"status":      func(letter string) string { return content.StatusNamed(letter).Word },
		"meaning":     func(letter string) string { return content.StatusNamed(letter).Meaning },
		"code":        isCode,
		"statusLabel": statusLabel,
		"wholeTitle":  wholeTitle,
		"wholeName":   wholeName,
		"statuses":    func() string { return statusesURL },
		"stopToken":   func() string { return s.stopToken },
	})
	entries, err := templateFiles.ReadDir("templates")
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		source, err := templateFiles.ReadFile("templates/" + e.Name())
		if err != nil {
			return nil, err
		}
		if all, err = all.Parse(string(source)); err != nil {
			return nil, fmt.Errorf("lire le gabarit %s : %w", e.Name(), err)
		}
	}
	return all, nil
}

func (s *Site) assetURL(name string) (string, error) {
	a := s.assets[name]
	if a == nil {
		return "", fmt.Errorf("le fichier %s n’est pas dans le programme", name)
	}
	return s.at().URL("/static/" + a.name), nil
}

// count says a number and its noun: count 2 "exigence" "exigences". French
// counts zero and one in the singular.
func count(n int, one, many string) string {
	if n < 2 {
		return fmt.Sprintf("%d %s", n, one)
	}
	return fmt.Sprintf("%s %s", number(n), many)
}

// number groups thousands by a narrow no-break space, as French does.
func number(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return s
}

// begins says whether a statement begins by its title, which was then made of it
// and would be read twice.
func begins(text, title string) bool {
	return strings.HasPrefix(text, strings.TrimSuffix(title, "…"))
}

type menuEntry struct {
	URL, Label string
	Here       bool
}
