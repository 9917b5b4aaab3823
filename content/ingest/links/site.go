package links

import (
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/ingest/markdown"
	"golang.org/x/text/unicode/norm"
)

// Page is what links know of a page.
type Page struct {
	markdown.Problems
	Source   string // the file's path
	ID       string
	Title    string
	State    content.State
	Route    string // see RouteOf
	Front    markdown.Front
	Words    int
	Theme    string
	Anchors  map[string]string // names that an address may use → the id in the HTML
	Headings []markdown.Heading
	Records  []*Record // that an id names
	Found    []Reference

	Targets   []Target // of Found, once resolved
	Links     []content.Ref
	Backlinks []content.Ref
	Menu      []*Page // below this entry of the menu
	fragments markdown.Fragments
	name      string // of the file, as loose has it
}

// URL is the page's address.
func (p *Page) URL() string { return "/pages/" + p.ID }

// Ref points at the page.
func (p *Page) Ref() content.Ref {
	return content.Ref{Kind: content.KindSection, ID: p.ID, Title: p.Title, URL: p.URL()}
}

// Forget lets go what others need to know of the page to lead there.
func (p *Page) Forget() {
	p.Anchors, p.Headings, p.fragments = nil, nil, nil
}

// Site is all that a link may lead to.
type Site struct {
	Pages []*Page            // in reading order
	IDs   map[string]*Record // id in capitals → the first record that has it
	files map[string]string  // path in NFC → path, of every file and folder
	roots []fs.FS            // of assets: the folder first

	routes   map[string]*Page // "a/b" and "a/b.md" → the page
	hugo     bool             // the folder is one of that generator
	lower    map[string]*Page // the same in lower case, once it is asked for
	declared []address
	hidden   map[string]map[string]string // of a folder that is left out: name in NFC → name
	byID     map[string]*Page
	assets   map[string]*Asset // path → what it gives; nil when it can't be had
	order    []*Asset
	byName   map[string]*Asset
	known    *places // once a broken link asks
	shapes   map[string]bool
	inFiles  map[string][]string // name of a file → its paths
	names    map[string]bool     // of all files, once one is asked for
	byKey    map[content.Kind]map[string]*Record

	suggested map[[2]string]string // folder of a page and address → the file that it may mean
}

// NewSite makes a site of pages that have their ids. files are the paths of all
// that the folder holds; roots are where images are, the folder first.
func NewSite(pages []*Page, files []string, roots []fs.FS) *Site {
	s := &Site{Pages: pages, IDs: map[string]*Record{}, files: make(map[string]string, len(files)), roots: roots, routes: map[string]*Page{}, byID: map[string]*Page{},
		assets: map[string]*Asset{}, byName: map[string]*Asset{}, byKey: map[content.Kind]map[string]*Record{}}
	for _, f := range files {
		s.files[norm.NFC.String(f)] = f
	}
	indexes := map[string]*Page{}
	for _, p := range pages {
		s.byID[p.ID] = p
		p.name = loose(stem(p.Source))
		for _, r := range []string{p.Source, strings.TrimSuffix(p.Source, path.Ext(p.Source)), p.Route} {
			if r = norm.NFC.String(r); s.routes[r] == nil {
				s.routes[r] = p
			}
		}
		for _, r := range p.Front.Addresses {
			if !strings.HasPrefix(r, "/") {
				r = path.Join(path.Dir(p.Source), r)
			}
			s.declared = append(s.declared, address{strings.TrimPrefix(norm.NFC.String(path.Clean(r)), "/"), p})
		}
		if IsIndex(p.Source) {
			dir := path.Dir(norm.NFC.String(p.Source))
			s.hugo = s.hugo || stem(p.Source) == "_index"
			if indexes[dir] == nil || stem(p.Source) == "index" {
				indexes[dir] = p
			}
		}
		for _, r := range p.Records {
			if s.byKey[r.Kind] == nil {
				s.byKey[r.Kind] = map[string]*Record{}
			}
			s.byKey[r.Kind][r.ID] = r
			if up := strings.ToUpper(r.ID); s.IDs[up] == nil && r.Kind != content.KindTerme && r.Kind != content.KindNorme && r.Kind != content.KindLigne {
				s.IDs[up] = r
			}
		}
	}
	for dir, p := range indexes {
		if dir == "." {
			dir = ""
		}
		if s.routes[dir] == nil {
			s.routes[dir] = p
		}
	}
	for _, a := range s.declared { // a file at that path comes first
		if s.routes[a.path] == nil {
			s.routes[a.path] = a.page
		}
	}
	s.declared = nil
	return s
}

// address is one that a page's front matter gives it.
type address struct {
	path string
	page *Page
}

// lowered finds a page by an address in lower case whose file has capitals: Hugo writes
// all addresses so, other generators don't. A file's own name is another matter.
func (s *Site) lowered(p *Page, to string) *Page {
	if to == "" || !s.hugo || to != strings.ToLower(to) || path.Ext(strings.TrimSuffix(to, "/")) != "" && !strings.HasSuffix(to, "/") {
		return nil
	}
	if s.lower == nil {
		s.lower = map[string]*Page{}
		for route, page := range s.routes {
			low := strings.ToLower(route)
			if known, twice := s.lower[low]; twice && known != page {
				page = nil // two files whose names differ by their case: neither
			}
			s.lower[low] = page
		}
	}
	for _, t := range s.tries(p, to) {
		if found := s.lower[strings.ToLower(strings.Trim(t, "/"))]; found != nil {
			return found
		}
	}
	return nil
}

// IsIndex says whether a file is its folder's own page.
func IsIndex(source string) bool {
	switch strings.ToLower(stem(source)) {
	case "index", "readme", "_index": // the last is Hugo's
		return true
	}
	return false
}

func stem(source string) string { return strings.TrimSuffix(path.Base(source), path.Ext(source)) }

// RouteOf is the address of a page on the official site: the page is a folder, an
// index is its folder, and slugOverride replaces the last part.
func RouteOf(source string, front markdown.Front) string {
	r := strings.TrimSuffix(source, path.Ext(source))
	if s := stem(source); s == "index" || s == "_index" {
		r = strings.TrimSuffix(strings.TrimSuffix(r, s), "/")
	}
	if s := markdown.Slug(front.Slug); s != "" {
		if i := strings.LastIndexByte(r, '/'); i >= 0 {
			return r[:i+1] + s
		}
		return s
	}
	return r
}

// Resolve finds where the references of a page lead.
func (s *Site) Resolve(p *Page) {
	noted := map[content.Ref]bool{}
	note := func(r content.Ref) {
		key := content.Ref{Kind: r.Kind, ID: r.ID}
		if !noted[key] && (r.Kind != content.KindSection || r.ID != p.ID) {
			noted[key] = true
			p.Links = append(p.Links, r)
		}
	}
	p.Targets = make([]Target, len(p.Found))
	// Links, then images, then ids: what a page speaks of is listed in this order.
	for _, kind := range []Kind{Link, Image, Cite} {
		for i := range p.Found {
			r := &p.Found[i]
			if r.Kind != kind {
				continue
			}
			switch kind {
			case Link:
				p.Targets[i] = s.link(p, r, note)
			case Image:
				p.Targets[i] = s.image(p, r)
			case Cite:
				if to := s.IDs[strings.ToUpper(r.To)]; to != nil {
					p.Targets[i].Href = to.Ref().URL
					note(to.Ref())
				} else if s.looksLikeOurs(r.To) {
					p.Problem(r.Line, "identifiant-inconnu", "« %s » est cité, mais aucun enregistrement ne porte cet identifiant", r.To)
				}
			}
		}
	}
}

// looksLikeOurs says whether an unknown id looks like one of this edition's, so
// that other numbering in any other folder is left alone.
func (s *Site) looksLikeOurs(id string) bool {
	if s.shapes == nil {
		s.shapes = map[string]bool{}
		for known := range s.IDs {
			s.shapes[shapeOf(known)] = true
		}
	}
	return s.shapes[shapeOf(id)]
}

// shapeOf is the letters that an id begins with, and its length.
func shapeOf(id string) string {
	prefix := id[:min(2, len(id))]
	if i := strings.IndexByte(id, '-'); i > 0 {
		prefix = id[:i+1]
	}
	return prefix + "\x00" + string(rune(len(id)))
}

// schemeOf is the scheme that a browser reads in an address: it passes over
// blanks and controls. "" where there is none.
func schemeOf(href string) string {
	scheme, _, ok := strings.Cut(href, ":")
	if !ok || scheme == "" || strings.IndexFunc(scheme, func(r rune) bool {
		return !(r|0x20 >= 'a' && r|0x20 <= 'z' || r >= '0' && r <= '9' || r == '+' || r == '-' || r == '.')
	}) >= 0 || scheme[0] < 'A' {
		return ""
	}
	return strings.ToLower(scheme)
}

// visible is an address as a browser reads it: no controls, no blanks around it.
func visible(href string) string {
	href = strings.TrimFunc(href, func(r rune) bool { return r <= ' ' })
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == '\u200b' || r == '\ufeff' || r == '\u00ad' || r >= '\u202a' && r <= '\u202e' {
			return -1
		}
		return r
	}, href)
}

func (s *Site) link(p *Page, r *Reference, note func(content.Ref)) Target {
	broken := func(code, format string, args ...any) Target {
		p.Problem(r.Line, code, format, args...)
		return Target{Broken: true}
	}
	href := visible(r.To)
	if name, ok := strings.CutPrefix(href, markdown.WikiScheme); ok {
		return s.wiki(p, r, name, note)
	}
	scheme := schemeOf(href)
	if scheme != "" && !allowed[scheme] {
		p.Problem(r.Line, "lien-refuse", "un lien « %s: » n’est pas permis et a été retiré", markdown.Clip(scheme, 20))
		return Target{}
	}
	u, err := url.Parse(href)
	if err != nil || strings.HasPrefix(href, "(") {
		return broken("adresse-invalide", "l’adresse « %s » n’est pas valable : corrigez-la", markdown.Clip(href, 80))
	}
	switch {
	case scheme == "http" || scheme == "https":
		if u.Host == "" || !strings.Contains(u.Host, ".") && !strings.HasPrefix(u.Host, "localhost") {
			return broken("lien-a-completer", "l’adresse « %s » est restée à compléter", markdown.Clip(href, 80))
		}
		if r.Text == "" {
			p.Problem(r.Line, "lien-sans-texte", "le lien vers %s n’a pas de texte : dites où il mène", markdown.Clip(href, 80))
			return Target{Href: href, Away: true, Shown: u.Host}
		}
		return Target{Href: href, Away: true}
	case scheme != "":
		return Target{Href: href}
	case u.Host != "":
		return Target{Href: "https:" + href, Away: true}
	}
	return s.inside(p, r, href, u.Path, u.Fragment, note)
}

// inside follows an address within the folder.
func (s *Site) inside(p *Page, r *Reference, href, to, fragment string, note func(content.Ref)) Target {
	target := p
	if to != "" {
		target = s.find(p, to)
	}
	if target != nil {
		return s.at(p, r, target, href, fragment, note)
	}
	if own := s.internal(to); own != "" {
		return Target{Href: own}
	}
	if target = s.lowered(p, to); target != nil {
		return s.at(p, r, target, href, fragment, note)
	}
	if a := s.asset(p, to); a != nil {
		return Target{Href: a.URL()}
	}
	switch found, folder := s.inFolder(p, to); {
	case folder != nil: // a folder without a page of its own: its first
		note(folder.Ref())
		return Target{Href: folder.URL()}
	case found: // a file that is no page and is not served
		return Target{}
	}
	hint := "aucune page ne s’en approche"
	if near := s.suggestion(p, to); near != "" {
		hint = "peut-être " + near
	}
	p.Problem(r.Line, "lien-casse", "le lien « %s » ne mène à aucune page : %s", markdown.Clip(href, 100), hint)
	return Target{Broken: true}
}

// at leads to a page, or to a place on it.
func (s *Site) at(p *Page, r *Reference, target *Page, href, fragment string, note func(content.Ref)) Target {
	t := Target{Href: target.URL()}
	if fragment != "" {
		anchor, ok := target.Anchor(fragment)
		switch {
		case !ok:
			p.Problem(r.Line, "ancre-cassee", "le lien « %s » mène à la page, mais pas au titre « %s » : la page n’a pas cette ancre", markdown.Clip(href, 100), markdown.Clip(fragment, 60))
		case anchor != "":
			t.Href += "#" + anchor
			for _, rec := range target.Records {
				if rec.Anchor == anchor && rec.Kind != content.KindLigne {
					note(rec.Ref())
					break
				}
			}
		}
	}
	if target != p {
		note(target.Ref())
	}
	return t
}

// wiki follows [[page#title]]: a path, or the name of a page anywhere.
func (s *Site) wiki(p *Page, r *Reference, name string, note func(content.Ref)) Target {
	if u, err := url.PathUnescape(name); err == nil {
		name = u
	}
	to, fragment, _ := strings.Cut(name, "#")
	if i := strings.LastIndexByte(fragment, '#'); i >= 0 { // [[page#title#one below it]]
		fragment = fragment[i+1:]
	}
	if to = strings.TrimSpace(to); to == "" {
		return s.at(p, r, p, name, fragment, note)
	}
	for _, t := range []string{to, r.Text} { // [[page|text]], or [[text|page]] as some wikis write it
		if found := s.find(p, t); found != nil {
			return s.at(p, r, found, "[["+name+"]]", fragment, note)
		}
		if found := s.named(p, t); found != nil {
			return s.at(p, r, found, "[["+name+"]]", fragment, note)
		}
		if a := s.asset(p, t); a != nil {
			return Target{Href: a.URL()}
		}
	}
	if s.holds(p, to) { // a film, a drawing: it is there, but not served
		return Target{}
	}
	p.Problem(r.Line, "lien-casse", "le lien « [[%s]] » ne mène à aucune page", markdown.Clip(name, 100))
	return Target{Broken: true}
}

// holds says whether the folder has a file of that path or name.
func (s *Site) holds(p *Page, to string) bool {
	if found, _ := s.inFolder(p, to); found || path.Ext(to) == "" {
		return found
	}
	if s.names == nil {
		s.names = map[string]bool{}
		for f := range s.files {
			s.names[path.Base(f)] = true
		}
	}
	return s.names[path.Base(norm.NFC.String(to))]
}

// named is the page that has a name or a title, the nearest one.
func (s *Site) named(p *Page, name string) *Page {
	known := s.places()
	key := loose(strings.TrimSuffix(name, ".md"))
	if found := nearest(p, known.whole[key], true); found != nil {
		return found
	}
	if list := known.stem[path.Base(key)]; len(list) > 0 {
		if found := nearest(p, list, true); found != nil {
			return found
		}
	}
	return nearest(p, known.title[markdown.Slug(name)], true)
}

// internal recognises the addresses of this service's own pages, which content
// may link to.
func (s *Site) internal(p string) string {
	switch first, rest, _ := strings.Cut(strings.Trim(p, "/"), "/"); {
	case !strings.HasPrefix(p, "/"):
		return ""
	case rest == "" && slices.Contains([]string{"exigences", "produits", "regles", "glossaire", "mon-application", "a-propos", "accessibilite", "conformite", "api", "recherche", "pages"}, first):
		return "/" + first
	case first == "exigences" || first == "produits" || first == "regles":
		if s.IDs[strings.ToUpper(rest)] != nil {
			return "/" + first + "/" + rest
		}
	}
	return ""
}

// Anchor finds the id that a fragment names: as written, as a slug, or as some
// other generator makes it of a heading.
func (p *Page) Anchor(fragment string) (string, bool) {
	for _, f := range []string{fragment, markdown.Slug(fragment), strings.ToUpper(fragment)} {
		if id, ok := p.Anchors[f]; ok {
			return id, true
		}
	}
	if top(fragment) {
		return "", true
	}
	if p.fragments == nil {
		p.fragments = markdown.FragmentsOf(p.Headings)
	}
	return p.fragments.Find(fragment)
}

// top are the fragments that lead to the head of any page.
func top(fragment string) bool { return strings.EqualFold(fragment, "top") || fragment == "_top" }

// find looks a path up as a file beside the page, as an address relative to the
// page's route (which on the official site is a folder), and from the root: the
// folder's own, the folder's parent's, or that of a site in one of its folders.
func (s *Site) find(p *Page, to string) *Page {
	to = norm.NFC.String(to)
	if strings.HasPrefix(to, "/") {
		to = strings.TrimPrefix(path.Clean(to), "/")
		if found := s.page(to); found != nil {
			return found
		}
		for dir := path.Dir(norm.NFC.String(p.Source)); dir != "."; dir = path.Dir(dir) {
			if found := s.page(path.Join(dir, to)); found != nil {
				return found
			}
		}
		if _, rest, ok := strings.Cut(to, "/"); ok {
			return s.page(rest)
		}
		return nil
	}
	beside, route := norm.NFC.String(path.Dir(p.Source)), norm.NFC.String(p.Route)
	tries := [2]string{route, beside}
	if IsMarkdown(strings.TrimSuffix(to, "/")) {
		tries = [2]string{beside, route}
	}
	for _, base := range tries {
		if found := s.page(path.Join(base, to)); found != nil {
			return found
		}
	}
	return nil
}

// page is the page at an address.
func (s *Site) page(t string) *Page {
	t = strings.TrimPrefix(t, "fr/")
	if t == ".." || strings.HasPrefix(t, "../") {
		return nil
	}
	for _, form := range [...]string{t, strings.TrimSuffix(t, "/index.html"), strings.TrimSuffix(t, ".html"), strings.TrimSuffix(t, "/index")} {
		if form == "." {
			form = ""
		}
		if found := s.routes[form]; found != nil {
			return found
		}
	}
	return nil
}

// inFolder says whether an address leads to some file of the folder that is no
// page, or to a folder, whose first page is then given.
func (s *Site) inFolder(p *Page, to string) (found bool, first *Page) {
	for _, t := range s.tries(p, to) {
		t = strings.TrimSuffix(t, "/")
		if t == "." || t == "" || strings.HasPrefix(t, "..") {
			continue
		}
		if _, ok := s.files[norm.NFC.String(t)]; !ok {
			if s.leftOut(t) != "" {
				return true, nil
			}
			continue
		}
		if list := s.places().below[t]; len(list) > 0 {
			return true, list[0]
		}
		return true, nil
	}
	return false, nil
}

// IsMarkdown tells the files that are pages.
func IsMarkdown(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".md", ".markdown", ".mdx", ".mkd", ".mkdn", ".mdown", ".qmd", ".rmd":
		return true
	}
	return false
}

// record is the record that a reference points at; nil for one without an id of
// its own.
func (s *Site) record(r content.Ref) *Record {
	if known := s.IDs[strings.ToUpper(r.ID)]; known != nil && known.Kind == r.Kind {
		return known
	}
	return s.byKey[r.Kind][r.ID]
}

// Backlinks turns every link round.
func (s *Site) Backlinks() {
	for _, p := range s.Pages {
		self := p.Ref()
		for _, l := range p.Links {
			if l.Kind == content.KindSection {
				if t := s.byID[l.ID]; t != nil {
					t.Backlinks = append(t.Backlinks, self)
				}
			} else if r := s.record(l); r != nil && r.PageID != p.ID {
				r.Backlinks = append(r.Backlinks, self)
			}
		}
		for _, r := range p.Records {
			for _, id := range r.Cited {
				cited := s.IDs[id] // in capitals
				if cited == nil || cited == r {
					continue
				}
				if ref := cited.Ref(); !slices.Contains(r.Links, ref) {
					r.Links = append(r.Links, ref)
					cited.Backlinks = append(cited.Backlinks, r.Ref())
				}
			}
		}
	}
}
