package ingest

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/cct-mi/cct/content"
)

// order puts the pages in reading order: within a folder its index first, then
// by the order that front matter gives, then by name with numbers as numbers.
func (b *builder) order() {
	folderOrder := map[string]int{}
	for _, d := range b.docs {
		if isIndex(d.source) && d.front.HasOrder {
			folderOrder[path.Dir(d.source)] = d.front.Order
		}
	}
	key := func(d *document) string {
		var k strings.Builder
		parts := strings.Split(d.source, "/")
		for i, p := range parts {
			last := i == len(parts)-1
			rank := 500_000
			switch {
			case last && isIndex(d.source):
				rank = 0
			case last && d.front.HasOrder:
				rank = 1000 + d.front.Order
			case last && d.front.HasNav:
				rank = 400_000
			case !last:
				if o, ok := folderOrder[strings.Join(parts[:i+1], "/")]; ok {
					rank = 1000 + o
				} else if len(folderOrder) == 0 {
					rank = 500_000
				}
			}
			if len(folderOrder) == 0 && !(last && isIndex(d.source)) {
				rank = 500_000
			}
			fmt.Fprintf(&k, "%07d %s\x00", rank, natural(p))
		}
		return k.String()
	}
	keys := make(map[*document]string, len(b.docs))
	for _, d := range b.docs {
		keys[d] = key(d)
	}
	slices.SortFunc(b.docs, func(x, y *document) int { return cmp.Compare(keys[x], keys[y]) })
}

func isIndex(source string) bool {
	s := strings.ToLower(stemOf(source))
	return s == "index" || s == "readme"
}

// natural pads the numbers of a name, so that 2 sorts before 10.
func natural(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		j := i
		for j < len(s) && s[j] >= '0' && s[j] <= '9' {
			j++
		}
		if j > i {
			fmt.Fprintf(&b, "%08s", strings.TrimLeft(s[i:j], "0"))
			i = j
			continue
		}
		b.WriteByte(s[i])
		i++
	}
	return strings.ToLower(b.String())
}

// identify gives every page its id, theme and breadcrumb, and every record its
// page and an id that is unique within its kind.
func (b *builder) identify() {
	b.routes, b.byPageID, b.ids = map[string]*document{}, map[string]*document{}, map[string]*content.Record{}
	indexes := map[string]*document{}
	for _, d := range b.docs {
		if isIndex(d.source) && (indexes[path.Dir(d.source)] == nil || stemOf(d.source) == "index") {
			indexes[path.Dir(d.source)] = d
		}
	}
	official := b.official()
	given := numbers{}
	for _, d := range b.docs {
		id := slug(d.front.ID)
		if id == "" {
			id = pageID(d, indexes)
		}
		base := id
		if id = given.free(base, 2, func(id string) bool { return b.byPageID[id] != nil }); id != base {
			d.problem(0, "identifiant-double", "l’identifiant de page « %s » est déjà celui de %s : cette page devient « %s »", base, b.byPageID[base].source, id)
		}
		d.page.ID = id
		b.byPageID[id] = d
		d.page.Theme = themeOf(d, official)
		route := routeOf(d)
		d.route = route
		for _, r := range []string{d.source, strings.TrimSuffix(d.source, path.Ext(d.source)), route} {
			if b.routes[r] == nil {
				b.routes[r] = d
			}
		}
		for _, r := range d.records {
			r.PageID, r.Theme = id, d.page.Theme
		}
	}
	for dir, d := range indexes {
		if dir == "." {
			dir = ""
		}
		if b.routes[dir] == nil {
			b.routes[dir] = d
		}
	}
	records := 0
	for _, d := range b.docs {
		records += len(d.records)
	}
	b.first = make(map[recordKey]holder, records)
	first := b.first
	again := map[content.Kind]numbers{}
	for _, d := range b.docs {
		b.crumbs(d, indexes)
		kept := d.records[:0]
		for _, r := range d.records {
			if r.Kind == content.KindRegle && r.Regle.Kind == "principe-api" && first[recordKey{r.Kind, r.ID}].record != nil {
				for i := range d.page.Sections { // named again: an ordinary heading
					if d.page.Sections[i].Record == r.ID {
						d.page.Sections[i].Record = ""
					}
				}
				continue
			}
			if r.ID == "" || r.Kind == content.KindNorme || r.Kind == content.KindLigne {
				r.ID = d.placeID(r)
			}
			if by, taken := first[recordKey{r.Kind, r.ID}]; taken {
				if again[r.Kind] == nil {
					again[r.Kind] = numbers{}
				}
				base := r.ID
				r.ID = again[r.Kind].free(base, 2, func(id string) bool { return first[recordKey{r.Kind, id}].record != nil })
				d.problem(r.Line, "identifiant-double", "l’identifiant « %s » est déjà celui de la ligne %d de %s : celle-ci devient « %s »", base, by.record.Line, by.page.source, r.ID)
			}
			first[recordKey{r.Kind, r.ID}] = holder{r, d}
			kept = append(kept, r)
			if r.Kind != content.KindNorme && r.Kind != content.KindLigne && r.Kind != content.KindTerme {
				if up := strings.ToUpper(r.ID); b.ids[up] == nil {
					b.ids[up] = r
				}
			}
		}
		d.records = kept
	}
	b.distinguish()
}

// recordKey is what tells a record from all others.
type recordKey struct {
	kind content.Kind
	id   string
}

type holder struct {
	record *content.Record
	page   *document
}

// placeID makes a stable id of a record's place.
func (d *document) placeID(r *content.Record) string {
	if r.Kind == content.KindRegle {
		d.unnumbered++
		return fmt.Sprintf("%s-regle-%d", d.page.ID, d.unnumbered)
	}
	return d.page.ID + "--" + r.Anchor
}

// distinguish adds the version to the title of products that share their name.
func (b *builder) distinguish() {
	count := map[string]int{}
	var names []string
	for _, d := range b.docs {
		for _, r := range d.records {
			if r.Kind == content.KindProduit {
				names = append(names, fold(r.Name))
				count[names[len(names)-1]]++
			}
		}
	}
	for _, d := range b.docs {
		for _, r := range d.records {
			if r.Kind != content.KindProduit {
				continue
			}
			if count[names[0]] > 1 && r.Produit.Version != "" {
				r.Title += " " + r.Produit.Version
			}
			names = names[1:]
		}
	}
}

// pageID makes an id of a page's path: its parts as slugs, joined by "--".
func pageID(d *document, indexes map[string]*document) string {
	var parts []string
	p := strings.TrimSuffix(d.source, path.Ext(d.source))
	if dir := path.Dir(d.source); isIndex(d.source) && dir != "." && indexes[dir] == d {
		p = dir
	}
	for s := range strings.SplitSeq(p, "/") {
		if s = slug(s); s != "" {
			parts = append(parts, s)
		}
	}
	if len(parts) == 0 {
		return "page"
	}
	return strings.Join(parts, "--")
}

func themeOf(d *document, official bool) string {
	if official {
		if t := officialTheme(d.source); t != "" {
			return t
		}
	}
	if folder, _, nested := strings.Cut(d.source, "/"); nested {
		if t := slug(numberPrefix().ReplaceAllString(folder, "")); t != "" {
			return t
		}
		return "general"
	}
	if official || d.front.ID == "accueil" || d.front.ID == "a-propos" {
		return "presentation"
	}
	return "general"
}

// crumbs are the titles of the folders that hold the page, from the outermost.
func (b *builder) crumbs(d *document, indexes map[string]*document) {
	d.page.Crumbs = make([]content.Crumb, 0, strings.Count(d.source, "/"))
	for i := range len(d.source) {
		if d.source[i] != '/' {
			continue
		}
		dir := d.source[:i]
		c := content.Crumb{}
		if in := indexes[dir]; in != nil {
			if in == d {
				continue
			}
			c = content.Crumb{Title: in.page.Title, URL: in.page.URL()}
		} else {
			title, known := b.titles[dir]
			if !known {
				title = titleOf(dir + "/index.md")
				if b.titles == nil {
					b.titles = map[string]string{}
				}
				b.titles[dir] = title
			}
			c.Title = title
		}
		d.page.Crumbs = append(d.page.Crumbs, c)
	}
}

// themes lists the themes in the order of their first page; those of the
// framework keep the names and the order of its documents.
func (b *builder) themes() {
	titles := map[string]string{}
	order := []string{}
	for _, t := range themeTitles {
		titles[t.ID] = t.Title
	}
	found := map[string]bool{}
	for _, d := range b.docs {
		id := d.page.Theme
		if !found[id] {
			found[id] = true
			order = append(order, id)
		}
		if dir := path.Dir(d.source); isIndex(d.source) && dir != "." && !strings.Contains(dir, "/") && titles[id] == "" {
			titles[id] = d.page.Title
		}
		if titles[id] == "" {
			if folder, _, nested := strings.Cut(d.source, "/"); nested {
				titles[id+"\x00"] = titleOf(folder + "/index.md")
			}
		}
	}
	known := map[string]int{}
	for i, t := range themeTitles {
		known[t.ID] = i + 1
	}
	slices.SortStableFunc(order, func(x, y string) int {
		a, c := known[x], known[y]
		if a > 0 && c > 0 {
			return a - c
		}
		if a > 0 {
			return -1
		}
		if c > 0 {
			return 1
		}
		return 0
	})
	for _, id := range order {
		title := titles[id]
		if title == "" {
			title = titles[id+"\x00"]
		}
		if title == "" {
			title = "Général"
		}
		b.edition.Themes = append(b.edition.Themes, content.Theme{ID: id, Title: title})
	}
}

// number writes the addresses of the official site that must keep working.
func (b *builder) number() {
	if !b.official() {
		return
	}
	for _, from := range []string{"/fr/", "/fr/blog/"} {
		b.edition.Aliases = append(b.edition.Aliases, content.Alias{From: from, To: "/"})
	}
	for _, d := range b.docs {
		from := "/fr/" + strings.Replace(routeOf(d), "blog/posts/", "blog/", 1)
		if !strings.HasSuffix(from, "/") {
			from += "/"
		}
		b.edition.Aliases = append(b.edition.Aliases, content.Alias{From: from, To: d.page.URL()})
	}
}

// check looks for what only the whole edition can tell.
func (b *builder) check() {
	keys := map[string]*document{}
	linked := map[string]int{}
	hasNav, official := false, b.official()
	for _, d := range b.docs {
		hasNav = hasNav || d.front.HasNav
		for _, l := range d.links {
			to, _, _ := strings.Cut(l.to, "#")
			if to != d.page.URL() {
				linked[to]++
			}
		}
		if k := d.front.NavKey; k != "" {
			if other := keys[k]; other != nil {
				d.problem(d.keyLine, "cle-double", "la clé de navigation « %s » est déjà celle de %s : le fil d’Ariane des deux pages sera faux", k, other.source)
			} else {
				keys[k] = d
			}
		}
	}
	for _, d := range b.docs {
		switch d.page.State {
		case content.Empty:
			d.problem(0, "page-vide", "le fichier est vide%s", leadingTo(linked[d.page.URL()]))
		case content.Stub:
			if !d.front.Hidden && !d.unread {
				d.problem(0, "page-ebauche", "la page n’a qu’un titre ou un cadre, son texte reste à écrire%s", leadingTo(linked[d.page.URL()]))
			}
		case content.Complete:
			if led(d, hasNav, official) && linked[d.page.URL()] == 0 {
				d.problem(0, "page-orpheline", "ni le menu ni aucune page ne mène à celle-ci")
			}
		}
		if d.front.Title == "" && !isIndex(d.source) && !d.blank && d.front.HasNav && !d.isMenu() {
			d.problem(1, "titre-absent", "l’en-tête ne donne pas de titre")
		}
	}
}

// led says whether a menu or a link should lead to the page: in a folder with a
// menu, to every page with text that is neither in it nor a folder's own.
func led(d *document, hasNav, official bool) bool {
	if !hasNav || d.front.HasNav || d.front.Hidden || d.page.Words == 0 || isIndex(d.source) {
		return false
	}
	return !official || !slices.ContainsFunc(servicePages, func(p string) bool { return strings.HasPrefix(d.source, p) })
}

// leadingTo tells how many links lead to a page without text.
func leadingTo(links int) string {
	switch links {
	case 0:
		return ""
	case 1:
		return " (un lien y mène)"
	}
	return fmt.Sprintf(" (%d liens y mènent)", links)
}
