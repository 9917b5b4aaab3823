package markdown

import (
	"fmt"

	"github.com/cct-mi/cct/content"
)

// Problems are the faults of one file. What it repeats without end is counted
// rather than listed. The zero value, with its File, is ready to use.
type Problems struct {
	File  string
	List  []content.Problem
	max   int               // how many of one code are named one by one; 0 is maxAlike
	alike map[string]*alike // by code

	ignored bool
}

// Ignore lets go the faults that were noted, and those to come: only who checks a
// folder lists them.
func (p *Problems) Ignore() { p.List, p.alike, p.ignored = nil, nil, true }

// alike are the problems of one code.
type alike struct {
	count int
	rest  int // place in the list of the problem that counts those that are not named
}

// maxAlike is how many problems of one code a file names one by one; the last of them
// counts the others.
const maxAlike = 200

// Problem notes a fault; line is 0 where it concerns the whole file.
func (p *Problems) Problem(line int, code, format string, args ...any) {
	if p.ignored {
		return
	}
	if a := p.alike[code]; a != nil && a.count >= p.most() {
		p.more(a, 1)
		return
	}
	p.note(content.Problem{File: p.File, Line: line, Code: code, What: fmt.Sprintf(format, args...)})
}

func (p *Problems) most() int {
	if p.max > 0 {
		return p.max
	}
	return maxAlike
}

// note takes a problem that is made; it stands for the others where it is one too many.
func (p *Problems) note(x content.Problem) {
	if p.alike == nil {
		p.alike = map[string]*alike{}
	}
	a := p.alike[x.Code]
	if a == nil {
		a = &alike{}
		p.alike[x.Code] = a
	}
	switch {
	case a.count < p.most()-1:
		a.count++
		p.List = append(p.List, x)
	case a.count == p.most()-1:
		a.rest = len(p.List)
		p.List = append(p.List, x)
		p.more(a, 1)
	default:
		p.more(a, 1)
	}
}

// more counts problems that are not named.
func (p *Problems) more(a *alike, n int) {
	a.count += n
	p.List[a.rest].What = fmt.Sprintf("le fichier a d’autres fautes de cette sorte, qui ne sont pas énumérées : %d", a.count-p.most()+1)
}

// Limit lowers how many problems of one code are named one by one, and counts the
// others: a folder of very many files must not take its memory for them.
func (p *Problems) Limit(most int) {
	before := p.most()
	if p.max = min(most, before); p.max == before {
		return
	}
	named, counted := p.List, p.alike
	p.List, p.alike = nil, nil
	for _, x := range named {
		p.note(x)
	}
	for code, a := range counted {
		if a.count > before {
			p.more(p.alike[code], a.count-before)
		}
	}
}

// once names a fault whose code is named once a file.
func (p *Problems) once(code string, line int, format string, args ...any) {
	if p.alike[code] == nil {
		p.Problem(line, code, format, args...)
	}
}
