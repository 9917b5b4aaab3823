package markdown

import (
	"fmt"
	"strings"
)

// maxValues is how many values a list of literals may have.
const maxValues = 50_000

// literals reads JavaScript literals: objects with bare or quoted keys, arrays,
// strings in either quote (over several lines too), numbers, bare words, each
// with any number of "| filter" after it, and trailing commas.
type literals struct {
	src string
	at  int
}

func (p *literals) skip() {
	for p.at < len(p.src) && strings.IndexByte(" \t\r\n", p.src[p.at]) >= 0 {
		p.at++
	}
}

func (p *literals) word() string {
	from := p.at
	for p.at < len(p.src) {
		c := p.src[p.at]
		if c != '_' && c != '.' && c != '-' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			break
		}
		p.at++
	}
	return p.src[from:p.at]
}

func (p *literals) expect(c byte) error {
	p.skip()
	if p.at >= len(p.src) || p.src[p.at] != c {
		return fmt.Errorf("« %c » attendu", c)
	}
	p.at++
	return nil
}

func (p *literals) peek() byte {
	p.skip()
	if p.at >= len(p.src) {
		return 0
	}
	return p.src[p.at]
}

// maxLiterals bounds the nesting of literals, and so the stack.
const maxLiterals = 32

func (p *literals) value(depth int) (any, error) {
	if depth > maxLiterals {
		return nil, fmt.Errorf("trop d’imbrications")
	}
	var v any
	var err error
	switch c := p.peek(); c {
	case '"', '\'':
		v, err = p.text(c)
	case '[':
		v, err = p.array(depth)
	case '{':
		v, err = p.object(depth)
	default:
		w := p.word()
		if w == "" {
			return nil, fmt.Errorf("valeur attendue")
		}
		v = w
	}
	for err == nil && p.peek() == '|' {
		p.at++
		p.skip()
		if p.word() == "" {
			err = fmt.Errorf("filtre attendu après « | »")
		}
	}
	return v, err
}

func (p *literals) text(quote byte) (string, error) {
	if end := strings.IndexByte(p.src[p.at+1:], quote); end >= 0 { // mostly as it stands
		if in := p.src[p.at+1 : p.at+1+end]; strings.IndexByte(in, '\\') < 0 {
			p.at += end + 2
			return in, nil
		}
	}
	var b strings.Builder
	for p.at++; p.at < len(p.src); p.at++ {
		switch c := p.src[p.at]; c {
		case quote:
			p.at++
			return b.String(), nil
		case '\\':
			p.at++
			if p.at >= len(p.src) {
				return "", fmt.Errorf("chaîne sans fin")
			}
			switch e := p.src[p.at]; e {
			case 'n', 't', 'r':
				b.WriteByte(' ')
			default:
				b.WriteByte(e)
			}
		default:
			b.WriteByte(c)
		}
	}
	return "", fmt.Errorf("chaîne sans fin")
}

func (p *literals) array(depth int) ([]any, error) {
	p.at++
	out := []any{}
	for {
		if p.peek() == ']' {
			p.at++
			return out, nil
		}
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
		if len(out) > maxValues {
			return nil, fmt.Errorf("plus de %d valeurs", maxValues)
		}
		if p.peek() == ',' {
			p.at++
		} else if p.peek() != ']' {
			return nil, fmt.Errorf("« , » ou « ] » attendu")
		}
	}
}

func (p *literals) object(depth int) (map[string]any, error) {
	p.at++
	out := map[string]any{}
	for {
		c := p.peek()
		if c == '}' {
			p.at++
			return out, nil
		}
		var key string
		var err error
		if c == '"' || c == '\'' {
			key, err = p.text(c)
		} else if key = p.word(); key == "" {
			err = fmt.Errorf("nom attendu")
		}
		if err != nil {
			return nil, err
		}
		if err := p.expect(':'); err != nil {
			return nil, err
		}
		if out[key], err = p.value(depth + 1); err != nil {
			return nil, err
		}
		if p.peek() == ',' {
			p.at++
		} else if p.peek() != '}' {
			return nil, fmt.Errorf("« , » ou « } » attendu")
		}
	}
}
