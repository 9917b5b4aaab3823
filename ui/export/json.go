package export

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// writeJSON writes one object: the facts, the parts of the cover, the columns' titles, then the rows as
// objects, one a line, keys in the order of the columns.
func writeJSON(w io.Writer, t *Table) error {
	b := bufio.NewWriter(w)
	var failed error
	text := func(s string) string {
		var buf bytes.Buffer
		e := json.NewEncoder(&buf)
		e.SetEscapeHTML(false)
		if err := e.Encode(clean(s)); err != nil {
			failed = err
		}
		return string(bytes.TrimSuffix(buf.Bytes(), []byte("\n")))
	}
	fmt.Fprintf(b, "{\n  \"title\": %s,\n", text(t.Title))
	for _, f := range t.Facts {
		fmt.Fprintf(b, "  %s: %s,\n", text(f.Key), text(f.Value))
	}
	for _, p := range t.Parts {
		fmt.Fprintf(b, "  %s: {\"title\": %s, \"lines\": [", text(p.Key), text(p.Title))
		for i, f := range p.Facts {
			if i > 0 {
				b.WriteString(", ")
			}
			fmt.Fprintf(b, `{"id": %s, "label": %s, "value": %s}`, text(f.Key), text(f.Label), text(f.Value))
		}
		b.WriteString("]},\n")
	}
	b.WriteString(`  "columns": {`)
	for i, c := range t.Columns {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(b, "%s: %s", text(c.Key), text(c.Title))
	}
	fmt.Fprintf(b, "},\n  %s: [", text(t.Name))
	first := true
	for cells := range t.Rows {
		if !first {
			b.WriteByte(',')
		}
		first = false
		b.WriteString("\n    {")
		for i, c := range t.Columns {
			if i > 0 {
				b.WriteString(", ")
			}
			fmt.Fprintf(b, "%s: %s", text(c.Key), text(cells[i]))
		}
		b.WriteByte('}')
		if failed != nil {
			break
		}
	}
	b.WriteString("\n  ]\n}\n")
	if err := b.Flush(); err != nil || failed != nil {
		return fmt.Errorf("écrire le JSON : %w", cmpErr(err, failed))
	}
	return nil
}

func cmpErr(first, second error) error {
	if first != nil {
		return first
	}
	return second
}
