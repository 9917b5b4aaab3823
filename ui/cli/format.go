package cli

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/cct-mi/cct/ui/export"
)

// answerFormats are the forms of what a command answers, alike in all that list
// something.
func answerFormats() []string { return []string{"text", "csv", "tsv", "json", "md"} }

// formatFlag is --format with these forms, and others that the command knows.
func formatFlag(c *config, columns string, more ...string) setting {
	values := append(answerFormats(), more...)
	return setting{name: "format", value: &c.format, arg: strings.Join(values, "|"), values: values, preset: "text",
		help: "forme de la réponse ; csv (avec en-tête) et tsv (sans) : " + columns}
}

// form is the form that was asked for.
func (p *program) form() string {
	if p.json {
		return "json"
	}
	return p.format
}

// writeList writes rows in a form of ui/export.
func (p *program) writeList(format, name string, columns []string, rows [][]string) error {
	f, ok := export.FormatNamed(format)
	if !ok {
		return misuse("--format ne peut pas valoir « %s »", format)
	}
	t := &export.Table{Title: "cct " + p.command.name, Name: name, Rows: slices.Values(rows)}
	for _, c := range columns {
		t.Columns = append(t.Columns, export.Column{Key: c, Title: c})
	}
	var b bytes.Buffer
	if err := f.Write(&b, t); err != nil {
		return err
	}
	_, err := b.WriteTo(p.Stdout)
	return err
}

// writeJSON writes a value of the command’s own, indented.
func (p *program) writeJSON(v any) error {
	e := json.NewEncoder(p.Stdout)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// maxLines bounds the questions or ids that standard input may hold.
const maxLines = 10_000

func yes(b bool) string {
	if b {
		return "oui"
	}
	return "non"
}
