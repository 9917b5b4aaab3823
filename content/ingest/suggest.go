package ingest

import (
	"path"
	"slices"
	"strings"

	"github.com/cct-mi/cct/content"
)

// places is where pages stand, by names without their case, accents and number
// prefixes: what broken links mostly get wrong.
type places struct {
	whole  map[string][]*document // "socle/donnees/cycle-de-vie"
	stem   map[string][]*document // "cycle-de-vie"
	dir    map[string][]*document // "socle/donnees" → the pages in it
	folder map[string][]string    // "donnees" → the folders of that name, as in dir
	word   map[string][]*document // word of a file's name
}

func loose(p string) string {
	parts := strings.Split(p, "/")
	for i, s := range parts {
		if l := slug(numberPrefix().ReplaceAllString(s, "")); l != "" {
			parts[i] = l
		} else {
			parts[i] = slug(s)
		}
	}
	return strings.Join(parts, "/")
}

func (b *builder) places() *places {
	if b.known != nil {
		return b.known
	}
	p := &places{whole: map[string][]*document{}, stem: map[string][]*document{}, dir: map[string][]*document{}, folder: map[string][]string{}, word: map[string][]*document{}}
	for _, d := range b.docs {
		whole := loose(strings.TrimSuffix(d.source, path.Ext(d.source)))
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
	b.known = p
	return p
}

// suggest names the page that a broken link probably meant; "" when none is
// likely: a wrong idea costs an editor more than none.
func (b *builder) suggest(d *document, href string) string {
	known := b.places()
	isFile := isMarkdown(strings.TrimSuffix(href, "/"))
	base := routeOf(d)
	if isFile {
		base = path.Dir(d.source)
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
		return found.source
	}
	if imageType(href) != "" { // a document, and no page
		return ""
	}
	// The folder is right, or there is one of its name: a page of it.
	in := known.dir[dir]
	if in == nil || dir == "." {
		var named []*document
		for _, f := range known.folder[path.Base(dir)] {
			named = append(named, known.dir[f]...)
		}
		if n := nearest(d, named, false); n != nil {
			in = known.dir[loose(path.Dir(n.source))]
		}
	}
	if dir != "." && len(in) > 0 {
		return within(in, last, d).source
	}
	if found := nearest(d, known.stem[last], false); found != nil {
		return found.source
	}
	if found := closest(known.dir[loose(path.Dir(d.source))], last, d); found != nil {
		return found.source
	}
	// Some part of the address says it all: referentiel-des-produits/cct_pro.
	parts := strings.Split(whole, "/")
	for _, part := range slices.Backward(parts) {
		if found := nearest(d, known.holding(part), false); found != nil {
			return found.source
		}
	}
	return ""
}

// within picks the page of a folder that a name may mean: the nearest spelling,
// or the folder's own page.
func within(list []*document, name string, from *document) *document {
	if found := closest(list, name, from); found != nil {
		return found
	}
	entries := []string{"index", "readme", "introduction", "sommaire"}
	if slices.Contains([]string{"sommaire", "index", "introduction", "accueil", "presentation"}, name) {
		entries = []string{"introduction", "sommaire", "presentation", "index", "readme"}
	}
	for _, e := range entries {
		for _, d := range list {
			if loose(strings.ToLower(stemOf(d.source))) == e && d != from && d.page.State != content.Empty {
				return d
			}
		}
	}
	return list[0]
}

// closest finds the page whose name is a slip away.
func closest(list []*document, name string, from *document) *document {
	var best *document
	least := 1 + len(name)/6 // one slip in six letters
	for _, d := range list {
		if n := slips(loose(stemOf(d.source)), name, least); n <= least && d != from && len(name) > 3 {
			best, least = d, n-1
		}
	}
	return best
}

// slips is the number of letters to add, drop or change between two words; more
// than the limit is told as one more.
func slips(a, b string, limit int) int {
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
func (p *places) holding(part string) []*document {
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
	var out []*document
	for _, d := range rarest {
		name := "-" + loose(stemOf(d.source)) + "-"
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(name, "-"+w+"-") }) {
			out = append(out, d)
		}
	}
	return out
}

// nearest picks the page whose folder is nearest to another's.
func nearest(from *document, list []*document, empty bool) *document {
	var best *document
	most := -1
	for _, d := range list {
		if d == from || d.page.State == content.Empty && !empty {
			continue
		}
		shared := 0
		for shared < len(d.source) && shared < len(from.source) && d.source[shared] == from.source[shared] {
			shared++
		}
		if n := strings.Count(d.source[:shared], "/"); n > most {
			best, most = d, n
		}
	}
	return best
}
