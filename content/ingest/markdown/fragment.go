package markdown

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Heading is what a fragment of an address may name: a heading, or the term of a
// definition.
type Heading struct {
	Text   string
	Anchor string // its id in the HTML
}

// generators make fragments of headings as the tools do that people write for, and
// number those that are alike.
var generators = []struct {
	fragment func(string) string
	number   string // between a fragment and its number
	first    int    // number of the second heading that is called so
}{
	{Slug, "-", 1},
	{githubFragment, "-", 1}, // GitHub, Gitea, Hugo, Docusaurus, Jekyll's GFM
	{gitlabFragment, "-", 1}, // GitLab
	{vuepressFragment, "-", 1},
	{pythonFragment, "_", 1},   // MkDocs, Python-Markdown
	{kramdownFragment, "-", 1}, // Jekyll
	{pandocFragment, "-", 1},
	{markdownItFragment, "-", 1}, // markdown-it-anchor
	{spokenFragment, "-", 1},     // Eleventy, whose slugs say "and" for &
}

// Fragments are the names of headings, as this site writes them or as the usual
// generators do, with the id that each leads to.
type Fragments map[string]string

// FragmentsOf names the headings of a page. What two generators call alike is the
// first one's.
func FragmentsOf(headings []Heading) Fragments {
	f := Fragments{}
	add := func(name, anchor string) {
		if _, taken := f[name]; !taken && name != "" {
			f[name] = anchor
		}
	}
	for _, g := range generators {
		seen := map[string]int{}
		for _, h := range headings {
			name := g.fragment(h.Text)
			n := seen[name]
			seen[name]++
			if n > 0 {
				name += g.number + strconv.Itoa(n-1+g.first)
			}
			add(name, h.Anchor)
		}
	}
	for _, h := range headings { // some generator that we do not know: the same letters are enough
		add("\x00"+loose(h.Text), h.Anchor)
	}
	return f
}

// Find finds the heading that a fragment names on some site.
func (f Fragments) Find(fragment string) (anchor string, found bool) {
	forms := []string{fragment}
	if decoded, err := url.PathUnescape(fragment); err == nil && decoded != fragment {
		forms = append(forms, decoded)
	}
	for _, form := range forms {
		form = strings.ToLower(norm.NFC.String(strings.TrimPrefix(form, "user-content-")))
		for _, name := range [...]string{form, "\x00" + loose(form)} {
			if anchor, found = f[name]; found && name != "\x00" {
				return anchor, true
			}
		}
	}
	return "", false
}

// loose is the letters and digits of a text alone.
func loose(s string) string { return strings.ReplaceAll(Slug(s), "-", "") }

// githubFragment: lower case; what is no letter, digit, blank, hyphen or underscore
// goes; each blank is a hyphen.
func githubFragment(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '-':
			return '-'
		case r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || unicode.Is(unicode.Nl, r):
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

var hyphens = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`-{2,}`) })

// gitlabFragment: as GitHub's, but hyphens are never two in a row.
func gitlabFragment(s string) string {
	return strings.Trim(hyphens().ReplaceAllString(githubFragment(s), "-"), "-")
}

func withoutAccents(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(s))
}

var vuepressMarks = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile("[\\s~`!@#$%^&*()\\-_+=[\\]{}|\\\\;:\"'“”‘’<>,.?/]+")
})

// vuepressFragment: VuePress and VitePress, which put an underscore before a digit.
func vuepressFragment(s string) string {
	s = strings.Trim(vuepressMarks().ReplaceAllString(withoutAccents(s), "-"), "-")
	if s != "" && s[0] >= '0' && s[0] <= '9' {
		s = "_" + s
	}
	return strings.ToLower(s)
}

// pythonFragment: ASCII alone; runs of blanks and hyphens are one hyphen.
func pythonFragment(s string) string {
	var b strings.Builder
	for _, r := range withoutAccents(s) {
		if r < 0x80 && (r == '_' || r == '-' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsSpace(r)) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return strings.Join(strings.FieldsFunc(b.String(), func(r rune) bool { return r == '-' || unicode.IsSpace(r) }), "-")
}

// kramdownFragment: what stands before the first ASCII letter goes, and all that is
// not ASCII.
func kramdownFragment(s string) string {
	started := false
	return strings.Map(func(r rune) rune {
		letter := r|0x20 >= 'a' && r|0x20 <= 'z' && r < 0x80
		started = started || letter
		switch {
		case !started:
			return -1
		case letter || r >= '0' && r <= '9' || r == '-':
			return unicode.ToLower(r)
		case r == ' ':
			return '-'
		}
		return -1
	}, s)
}

// pandocFragment: letters, digits, underscores, hyphens and dots, from the first
// letter on.
func pandocFragment(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return '-'
		}
		if r == '_' || r == '-' || r == '.' || unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, strings.Join(strings.Fields(s), " "))
	return strings.TrimLeftFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
}

// spokenFragment: a slug in which signs are words.
func spokenFragment(s string) string {
	return Slug(strings.NewReplacer("&", " and ", "%", " percent ", "$", " dollar ").Replace(s))
}

// markdownItFragment: the text itself, its blanks as hyphens.
func markdownItFragment(s string) string {
	return strings.ToLower(strings.Join(strings.Fields(s), "-"))
}
