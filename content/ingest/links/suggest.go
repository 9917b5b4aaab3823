package links

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/ingest/markdown"
)

// places is where pages stand, by names without their case, accents and number
// prefixes: what broken links mostly get wrong.
type places struct {
	whole  map[string][]*Page  // "socle/donnees/cycle-de-vie"
	stem   map[string][]*Page  // "cycle-de-vie"
	dir    map[string][]*Page  // "socle/donnees" → the pages in it
	folder map[string][]string // "donnees" → the folders of that name, as in dir
	word   map[string][]*Page  // word of a file's name
	title  map[string][]*Page  // slug of a title
	below  map[string][]*Page  // folder → the first page in it or below
}

// numberPrefix is what puts files in order: "3-", "1.2_", "x-".
var numberPrefix = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9x]+(\.[0-9]+)*[-_. ]+`) })

func loose(p string) string {
	parts := strings.Split(p, "/")
	for i, part := range parts {
		if l := markdown.Slug(numberPrefix().ReplaceAllString(part, "")); l != "" {
			parts[i] = l
		} else {
			parts[i] = markdown.Slug(part)
		}
	}
	return strings.Join(parts, "/")
}

func (s *Site) places() *places {
	if s.known != nil {
		return s.known
	}
	p := &places{whole: map[string][]*Page{}, stem: map[string][]*Page{}, dir: map[string][]*Page{}, folder: map[string][]string{}, word: map[string][]*Page{}, title: map[string][]*Page{}, below: map[string][]*Page{}}
	for _, d := range s.Pages {
		if t := markdown.Slug(d.Title); t != "" {
			p.title[t] = append(p.title[t], d)
		}
		for dir := path.Dir(d.Source); dir != "."; dir = path.Dir(dir) {
			if len(p.below[dir]) == 0 {
				p.below[dir] = append(p.below[dir], d)
			}
		}
		whole := loose(strings.TrimSuffix(d.Source, path.Ext(d.Source)))
		dir := path.Dir(whole)
		p.whole[whole] = append(p.whole[whole], d)
		p.stem[path.Base(whole)] = append(p.stem[path.Base(whole)], d)
		if p.dir[dir] == nil && dir != "." {
			p.folder[path.Base(dir)] = append(p.folder[path.Base(dir)], dir)
		}
		p.dir[dir] = append(p.dir[dir], d)
		for w := range strings.SplitSeq(path.Base(whole), "-") {
			if list := p.word[w]; len(w) > 3 && (len(list) == 0 || list[len(list)-1] != d) {
				p.word[w] = append(list, d)
			}
		}
	}
	s.known = p
	return p
}

// suggestion is suggest's, remembered for the pages of a folder: what is broken is
// mostly so on all of them.
func (s *Site) suggestion(p *Page, to string) string {
	key := [2]string{path.Dir(p.Source), to}
	if near, known := s.suggested[key]; known && near != p.Source {
		return near
	}
	near := s.suggest(p, to)
	if s.suggested == nil || len(s.suggested) > maxSuggested {
		s.suggested = map[[2]string]string{}
	}
	s.suggested[key] = near
	return near
}

const maxSuggested = 10_000

// suggest names the page that a broken link probably meant; "" when none is
// likely: a wrong idea costs an editor more than none.
func (s *Site) suggest(d *Page, href string) string {
	known := s.places()
	isFile := IsMarkdown(strings.TrimSuffix(href, "/"))
	base := d.Route
	if isFile {
		base = path.Dir(d.Source)
	}
	to := path.Join(base, href)
	if strings.HasPrefix(href, "/") {
		to = strings.TrimPrefix(strings.TrimPrefix(path.Clean(href), "/"), "fr/")
	}
	if isFile {
		to = strings.TrimSuffix(to, path.Ext(to))
	}
	whole := loose(strings.TrimLeft(to, "./"))
	dir, last := path.Dir(whole), path.Base(whole)

	if found := nearest(d, known.whole[whole], true); found != nil {
		return found.Source
	}
	if AssetType(href) != "" { // a document, and no page
		return ""
	}
	// The folder is right, or there is one of its name: a page of it.
	in := known.dir[dir]
	if in == nil || dir == "." {
		var named []*Page
		for _, f := range known.folder[path.Base(dir)] {
			named = append(named, known.dir[f]...)
		}
		if n := nearest(d, named, false); n != nil {
			in = known.dir[loose(path.Dir(n.Source))]
		}
	}
	if dir != "." && len(in) > 0 {
		return within(in, last, d).Source
	}
	if found := nearest(d, known.stem[last], false); found != nil {
		return found.Source
	}
	if found := closest(known.dir[loose(path.Dir(d.Source))], last, d); found != nil {
		return found.Source
	}
	// Some part of the address says it all: referentiel-des-produits/cct_pro.
	parts := strings.Split(whole, "/")
	for _, part := range slices.Backward(parts) {
		if found := nearest(d, known.holding(part), false); found != nil {
			return found.Source
		}
	}
	return ""
}

// within picks the page of a folder that a name may mean: the nearest spelling,
// or the folder's own page.
func within(list []*Page, name string, from *Page) *Page {
	if found := closest(list, name, from); found != nil {
		return found
	}
	entries := []string{"index", "readme", "introduction", "sommaire"}
	if slices.Contains([]string{"sommaire", "index", "introduction", "accueil", "presentation"}, name) {
		entries = []string{"introduction", "sommaire", "presentation", "index", "readme"}
	}
	for _, e := range entries {
		for _, d := range list {
			if d.name == e && d != from && d.State != content.Empty {
				return d
			}
		}
	}
	return list[0]
}

// closest finds the page whose name is a slip away.
func closest(list []*Page, name string, from *Page) *Page {
	var best *Page
	least := 1 + len(name)/6 // one slip in six letters
	for _, d := range list {
		if n := distance(d.name, name, least); n <= least && d != from && len(name) > 3 {
			best, least = d, n-1
		}
	}
	return best
}

// distance is the number of letters to add, drop or change between two words; more
// than the limit is told as one more.
func distance(a, b string, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			before, row[j] = row[j], min(row[j]+1, row[j-1]+1, before+cost)
		}
	}
	return min(row[len(b)], limit+1)
}

// holding lists the pages whose name has all the words of a part of an address,
// when these are two or more.
func (p *places) holding(part string) []*Page {
	var words []string
	for w := range strings.SplitSeq(part, "-") {
		if len(w) > 3 {
			words = append(words, w)
		}
	}
	if len(words) < 2 {
		return nil
	}
	rarest := p.word[words[0]]
	for _, w := range words[1:] {
		if list := p.word[w]; len(list) < len(rarest) {
			rarest = list
		}
	}
	var out []*Page
	for _, d := range rarest {
		name := "-" + d.name + "-"
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(name, "-"+w+"-") }) {
			out = append(out, d)
		}
	}
	return out
}

// nearest picks the page whose folder is nearest to another's.
func nearest(from *Page, list []*Page, empty bool) *Page {
	var best *Page
	most := -1
	for _, d := range list {
		if d == from || d.State == content.Empty && !empty {
			continue
		}
		shared := 0
		for shared < len(d.Source) && shared < len(from.Source) && d.Source[shared] == from.Source[shared] {
			shared++
		}
		if n := strings.Count(d.Source[:shared], "/"); n > most {
			best, most = d, n
		}
	}
	return best
}
