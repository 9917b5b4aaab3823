package markdown

import (
	"fmt"

	"github.com/cct-mi/cct/content"
)

// Problems are the faults of one file. What it repeats without end is counted
// rather than listed. The zero value, with its File, is ready to use.
type Problems struct {
	File     string
	List     []content.Problem
	reported map[string]int // by code
	ignored  bool
}

// Ignore lets go the faults that were noted, and those to come: only who checks a
// folder lists them.
func (p *Problems) Ignore() { p.List, p.reported, p.ignored = nil, nil, true }

// maxAlike is how many problems of one code a file names one by one.
const maxAlike = 200

// Problem notes a fault; line is 0 where it concerns the whole file.
func (p *Problems) Problem(line int, code, format string, args ...any) {
	if p.ignored {
		return
	}
	if p.reported == nil {
		p.reported = map[string]int{}
	}
	p.reported[code]++
	switch n := p.reported[code]; {
	case n < maxAlike:
		p.List = append(p.List, content.Problem{File: p.File, Line: line, Code: code, What: fmt.Sprintf(format, args...)})
	case n == maxAlike:
		p.List = append(p.List, content.Problem{File: p.File, Line: line, Code: code, What: "le fichier a d’autres fautes de cette sorte, qui ne sont pas énumérées"})
	}
}

// once names a fault whose code is named once a file.
func (p *Problems) once(code string, line int, format string, args ...any) {
	if p.reported[code] == 0 {
		p.Problem(line, code, format, args...)
	}
}
