package ui

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Audit is what an operator declares of the site's accessibility.
type Audit struct {
	State      string // "non conforme", "partiellement conforme", "totalement conforme"
	Paragraphs []string
}

// auditStates are the only ones that the law knows (décret 2019-768).
var auditStates = [...]string{"non conforme", "partiellement conforme", "totalement conforme"}

// ParseAudit reads an operator's statement: the state on the first line, then
// plain paragraphs parted by empty lines (who audited, when, the rate, what is
// not conformant, whom to write to).
func ParseAudit(r io.Reader) (*Audit, error) {
	lines := bufio.NewScanner(io.LimitReader(r, 1<<20))
	a := &Audit{}
	paragraph := ""
	flush := func() {
		if paragraph != "" {
			a.Paragraphs = append(a.Paragraphs, paragraph)
			paragraph = ""
		}
	}
	for lines.Scan() {
		line := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))
		switch {
		case line == "":
			flush()
		case a.State == "":
			for _, s := range auditStates {
				if strings.EqualFold(strings.TrimSuffix(line, "."), s) {
					a.State = s
				}
			}
			if a.State == "" {
				return nil, fmt.Errorf("la première ligne de la déclaration d’accessibilité est « %s » : écrivez-y l’une de ces mentions : %s", cut(line, 60), strings.Join(auditStates[:], ", "))
			}
		case paragraph == "":
			paragraph = line
		default:
			paragraph += " " + line
		}
	}
	flush()
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("lire la déclaration d’accessibilité : %w", err)
	}
	if a.State == "" {
		return nil, fmt.Errorf("la déclaration d’accessibilité est vide : écrivez sur sa première ligne l’une de ces mentions : %s", strings.Join(auditStates[:], ", "))
	}
	return a, nil
}

// AccessState is what every page's footer must say.
func (a *Audit) AccessState() string {
	if a == nil {
		return auditStates[0]
	}
	return a.State
}
