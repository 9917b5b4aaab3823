package ingest

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/ingest/links"
	"github.com/cct-mi/cct/content/ingest/markdown"
	"github.com/cct-mi/cct/content/ingest/records"
)

// order puts the pages in reading order: within a folder its index first, then
// by the order that front matter gives, then by name with numbers as numbers.
func (b *builder) order() {
	folderOrder := map[string]int{}
	for _, d := range b.files {
		if links.IsIndex(d.Source) && d.Front.HasOrder {
			folderOrder[path.Dir(d.Source)] = d.Front.Order
		}
	}
	key := func(d *file) string {
		var k strings.Builder
		parts := strings.Split(d.Source, "/")
		for i, p := range parts {
			last := i == len(parts)-1
			rank := 500_000
			switch {
			case last && links.IsIndex(d.Source):
				rank = 0
			case last && d.Front.HasOrder:
				rank = 1000 + d.Front.Order
			case last && d.Front.HasNav:
				rank = 400_000
			case !last:
				if o, ok := folderOrder[strings.Join(parts[:i+1], "/")]; ok {
					rank = 1000 + o
				} else if len(folderOrder) == 0 {
					rank = 500_000
				}
			}
			if len(folderOrder) == 0 && !(last && links.IsIndex(d.Source)) {
				rank = 500_000
			}
			fmt.Fprintf(&k, "%07d %s\x00", rank, natural(p))
		}
		return k.String()
	}
	keys := make(map[*file]string, len(b.files))
	for _, d := range b.files {
		keys[d] = key(d)
	}
	slices.SortFunc(b.files, func(x, y *file) int { return cmp.Compare(keys[x], keys[y]) })
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
	indexes := map[string]*file{}
	for _, d := range b.files {
		if links.IsIndex(d.Source) && (indexes[path.Dir(d.Source)] == nil || records.Stem(d.Source) == "index") {
			indexes[path.Dir(d.Source)] = d
		}
	}
	official := b.official()
	given, byID := markdown.Names{}, map[string]*file{}
	for _, d := range b.files {
		base := markdown.Slug(d.Front.ID)
		if base == "" {
			base = pageID(d, indexes)
		}
		d.ID = given.Free(base, 2, func(id string) bool { return byID[id] != nil })
		if d.ID != base {
			d.Problem(0, "identifiant-double", "l’identifiant de page « %s » est déjà celui de %s : cette page devient « %s »", base, byID[base].Source, d.ID)
		}
		byID[d.ID] = d
		d.Theme = themeOf(d, official)
	}
	byKey := map[recordKey]*record{}
	again := map[content.Kind]markdown.Names{}
	named := map[string]bool{} // ids of the records that are no mere mention
	for _, d := range b.files {
		for _, r := range d.Records {
			if !r.Weak && (r.Kind == content.KindExigence || r.Kind == content.KindProduit || r.Kind == content.KindRegle) {
				named[r.ID] = true
			}
		}
	}
	for _, d := range b.files {
		b.crumbs(d, indexes)
		unnumbered := 0
		for _, r := range d.Records {
			if r.alone() {
				continue
			}
			r.PageID = d.ID
			if r.Kind == content.KindLigne || r.Kind == content.KindNorme { // named by their place, which no other has
				r.ID = placeID(d.ID, r.Anchor)
				d.Page.Records = append(d.Page.Records, &r.Record)
				continue
			}
			if r.Rule == "principe-api" && byKey[recordKey{r.Kind, r.ID}] != nil {
				r.dropped = true
				continue
			}
			if r.Weak {
				if r.dropped = named[r.ID]; r.dropped {
					continue
				}
				named[r.ID] = true
			}
			switch {
			case r.ID != "":
			case r.Kind == content.KindRegle:
				unnumbered++
				r.ID = fmt.Sprintf("%s-regle-%d", d.ID, unnumbered)
			default:
				r.ID = placeID(d.ID, r.Anchor)
			}
			if by := byKey[recordKey{r.Kind, r.ID}]; by != nil {
				if again[r.Kind] == nil {
					again[r.Kind] = markdown.Names{}
				}
				base := r.ID
				r.ID = again[r.Kind].Free(base, 2, func(id string) bool { return byKey[recordKey{r.Kind, id}] != nil })
				d.Problem(r.Line, "identifiant-double", "l’identifiant « %s » est déjà celui de la ligne %d de %s : celle-ci devient « %s »", base, by.Line, byID[by.PageID].Source, r.ID)
			}
			byKey[recordKey{r.Kind, r.ID}] = r
			d.Page.Records = append(d.Page.Records, &r.Record)
		}
	}
	b.distinguish()
}

// recordKey is what tells a record from all others.
type recordKey struct {
	kind content.Kind
	id   string
}

// placeID makes a stable id of a record's place.
func placeID(page, anchor string) string { return page + "--" + anchor }

// distinguish adds the version to the title of products that share their name.
func (b *builder) distinguish() {
	count := map[string]int{}
	for _, d := range b.files {
		for _, r := range d.Records {
			if r.Kind == content.KindProduit {
				count[markdown.Fold(r.Name)]++
			}
		}
	}
	for _, d := range b.files {
		for _, r := range d.Records {
			if r.Kind == content.KindProduit && r.Version != "" && count[markdown.Fold(r.Name)] > 1 {
				r.Title += " " + r.Version
			}
		}
	}
}

// pageID makes an id of a page's path: its parts as slugs, joined by "--".
func pageID(d *file, indexes map[string]*file) string {
	var parts []string
	p := strings.TrimSuffix(d.Source, path.Ext(d.Source))
	if dir := path.Dir(d.Source); links.IsIndex(d.Source) && dir != "." && indexes[dir] == d {
		p = dir
	}
	for s := range strings.SplitSeq(p, "/") {
		if s = markdown.Slug(s); s != "" {
			parts = append(parts, s)
		}
	}
	if len(parts) == 0 {
		return "page"
	}
	return strings.Join(parts, "--")
}

func themeOf(d *file, official bool) string {
	if official {
		if t := officialTheme(d.Source); t != "" {
			return t
		}
	}
	if folder, _, nested := strings.Cut(d.Source, "/"); nested {
		if t := markdown.Slug(records.NumberPrefix().ReplaceAllString(folder, "")); t != "" {
			return t
		}
		return "general"
	}
	if official || d.Front.ID == "accueil" || d.Front.ID == "a-propos" {
		return "presentation"
	}
	return "general"
}

// crumbs are the titles of the folders that hold the page, from the outermost.
func (b *builder) crumbs(d *file, indexes map[string]*file) {
	d.crumbs = make([]content.Crumb, 0, strings.Count(d.Source, "/"))
	for i := range len(d.Source) {
		if d.Source[i] != '/' {
			continue
		}
		dir := d.Source[:i]
		c := content.Crumb{}
		if in := indexes[dir]; in != nil {
			if in == d {
				continue
			}
			c = content.Crumb{Title: in.Title, URL: in.URL()}
		} else {
			title, known := b.titles[dir]
			if !known {
				title = records.TitleOf(dir + "/index.md")
				if b.titles == nil {
					b.titles = map[string]string{}
				}
				b.titles[dir] = title
			}
			c.Title = title
		}
		d.crumbs = append(d.crumbs, c)
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
	for _, d := range b.files {
		id := d.Theme
		if !found[id] {
			found[id] = true
			order = append(order, id)
		}
		if dir := path.Dir(d.Source); links.IsIndex(d.Source) && dir != "." && !strings.Contains(dir, "/") && titles[id] == "" {
			titles[id] = d.Title
		}
		if titles[id] == "" {
			if folder, _, nested := strings.Cut(d.Source, "/"); nested {
				titles[id+"\x00"] = records.TitleOf(folder + "/index.md")
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
