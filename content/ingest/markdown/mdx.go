package markdown

import "strings"

// withoutModules takes out of a page of MDX what it imports and exports, a block up
// to a blank line each. Its components stay as what they hold: HTML that is not
// known is text.
func (d *Document) withoutModules(body string) string {
	isCode := codeIn(body)
	var out strings.Builder
	out.Grow(len(body))
	at, line, begins, module := 0, d.BodyLine, true, false
	for text := range strings.SplitAfterSeq(body, "\n") {
		blank := strings.TrimSpace(text) == ""
		if begins && !isCode(at) && (strings.HasPrefix(text, "import ") || strings.HasPrefix(text, "export ")) {
			module = true
			d.once("mdx-partiel", line, "les modules et composants de MDX ne sont pas exécutés : la page garde le texte qu’ils entourent")
		}
		if module = module && !blank; module {
			if strings.HasSuffix(text, "\n") {
				out.WriteByte('\n')
			}
		} else {
			out.WriteString(text)
		}
		at += len(text)
		line++
		begins = blank || begins && module
	}
	return out.String()
}
