package export

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

var inTSV = strings.NewReplacer("\t", " ", "\r\n", " ", "\n", " ", "\r", " ")

// writeTSV writes the rows alone, a line each, their cells separated by tabs: for
// cut, awk and the like. A tab or line break of a cell is a space.
func writeTSV(w io.Writer, t *Table) error {
	b := bufio.NewWriter(w)
	for cells := range t.Rows {
		for i, c := range cells {
			if i > 0 {
				b.WriteByte('\t')
			}
			inTSV.WriteString(b, c)
		}
		b.WriteByte('\n')
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("écrire le TSV : %w", err)
	}
	return nil
}
