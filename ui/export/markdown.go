package export

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// inTable makes text safe inside a cell: a pipe would end it, a line break the
// row, and < or a backtick would be markup.
var inTable = strings.NewReplacer("|", `\|`, "\n", "<br>", "<", "&lt;", ">", "&gt;", "&", "&amp;", "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, `\`, `\\`)

// writeMarkdown writes a title, the facts as a list, the parts of the cover and a GFM
// table, without
// the columns meant for machines.
func writeMarkdown(w io.Writer, t *Table) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "# %s\n\n", inTable.Replace(prose(t.Title)))
	facts := func(list []Fact) {
		for _, f := range list {
			v := prose(f.Value)
			if f.Date {
				v = frenchDate(v)
			}
			fmt.Fprintf(b, "- %s : %s\n", inTable.Replace(prose(f.Label)), inTable.Replace(v))
		}
	}
	facts(t.Facts)
	for _, p := range t.Parts {
		fmt.Fprintf(b, "\n## %s\n\n", inTable.Replace(prose(p.Title)))
		facts(p.Facts)
	}
	b.WriteString("\n|")
	rule := "|"
	for _, c := range t.Columns {
		if !c.Hidden {
			fmt.Fprintf(b, " %s |", inTable.Replace(prose(c.Title)))
			rule += " --- |"
		}
	}
	fmt.Fprintf(b, "\n%s\n", rule)
	for cells := range t.Rows {
		b.WriteByte('|')
		for i, c := range t.Columns {
			if c.Hidden {
				continue
			}
			v := prose(cells[i])
			if c.Date {
				v = frenchDate(v)
			}
			fmt.Fprintf(b, " %s |", inTable.Replace(v))
		}
		b.WriteByte('\n')
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("écrire le Markdown : %w", err)
	}
	return nil
}
