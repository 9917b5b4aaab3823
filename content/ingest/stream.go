package ingest

import (
	"cmp"
	"context"
	"fmt"
	"html"
	"io"
	"io/fs"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/ingest/links"
	"github.com/cct-mi/cct/content/ingest/records"
)

// Part is what a reading hands over at a time: a page, its records, and the
// assets that no page before it showed.
type Part struct {
	Page    *content.Page
	Records []*content.Record
	Assets  []content.Asset
}

// Stream reads the folder as Load does, but hands its pages over one by one, in
// reading order, rather than keeping them. emit is called by one goroutine at a
// time; its error ends the reading. The edition that is returned has neither
// pages, records nor assets.
func Stream(ctx context.Context, folder fs.FS, o Options, emit func(Part) error) (*content.Edition, error) {
	l, err := list(folder)
	if err != nil {
		return nil, err
	}
	var memory Memory
	if o.Memory != nil && len(l.names) >= large {
		memory = o.Memory()
	}
	b := &builder{folder: folder, listing: l, edition: &content.Edition{Problems: l.problems}}
	b.declare()
	b.edition.Name = l.name(folder, o.Edition)
	b.listing.infos = nil // the hash that may be the name was the last to look at them
	if b.files, err = b.surveyAll(ctx, memory, o.Progress); err != nil {
		return nil, err
	}
	if o.Unchecked {
		for _, f := range b.files {
			f.Problems.Ignore()
		}
	}
	if o.Named != nil {
		o.Named(b.edition.Name)
	}
	b.order()
	b.identify()
	b.resolve(append([]fs.FS{folder}, o.Assets...))
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	b.describe()
	if err := b.emitAll(ctx, o.Progress, emit); err != nil {
		return nil, err
	}
	b.check()
	b.tables()
	b.gather()
	return b.edition, ctx.Err()
}

// builder puts the files together.
type builder struct {
	folder  fs.FS
	listing *listing
	files   []*file // in reading order, once that is known
	edition *content.Edition
	titles  map[string]string // of folders
	linked  map[string]int    // links to each page from others

	schema   *records.Schema // of the folder; nil when it declares none
	declared string          // as it is written
}

// declare reads what the folder declares of itself.
func (b *builder) declare() {
	raw, code, what := readFile(b.folder, records.SchemaFile)
	if code != "" {
		if _, err := fs.Stat(b.folder, records.SchemaFile); err == nil {
			b.edition.Problems = append(b.edition.Problems, content.Problem{File: records.SchemaFile, Code: code, What: what})
		}
		return
	}
	b.declared = string(raw)
	var problems []content.Problem
	b.schema, problems = records.ParseSchema(b.declared)
	b.edition.Problems = append(b.edition.Problems, problems...)
}

// A folder names some maxNamed problems of one code at most: each file its share, but
// no fewer than leastAlike.
const (
	maxNamed   = 200_000
	leastAlike = 10
)

// surveyAll reads the files for the first time, on all cores.
func (b *builder) surveyAll(ctx context.Context, memory Memory, progress func(done, total int)) ([]*file, error) {
	names := b.listing.names
	files := make([]*file, len(names))
	var next atomic.Int64
	var mu sync.Mutex
	done := 0
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(names) && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				files[i] = b.survey(ctx, names[i], memory)
				if files[i] != nil {
					files[i].Limit(max(leastAlike, maxNamed/len(names)))
				}
				mu.Lock()
				if done++; progress != nil && done%100 == 0 {
					progress(done, 2*len(names))
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return files, ctx.Err()
}

// resolve finds where every link, image and cited id leads.
func (b *builder) resolve(roots []fs.FS) {
	pages := make([]*links.Page, len(b.files))
	for i, f := range b.files {
		pages[i] = &f.Page
	}
	site := links.NewSite(pages, b.listing.files, roots)
	b.linked = map[string]int{}
	for _, f := range b.files {
		before := len(site.Assets())
		site.Resolve(&f.Page)
		f.assets = slices.Clone(site.Assets()[before:])
		for i, l := range f.Found {
			if to, _, _ := strings.Cut(f.Targets[i].Href, "#"); l.Kind == links.Link && to != f.URL() {
				b.linked[to]++
			}
		}
		f.Found = nil
	}
	site.Backlinks()
	site.Menus()
	for _, f := range b.files {
		f.Forget()
	}
}

// emitAll reads the files again, on all cores, and hands their pages over in order.
func (b *builder) emitAll(ctx context.Context, progress func(done, total int), emit func(Part) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	turns := make(chan chan Part, runtime.GOMAXPROCS(0)-1) // the pages that are read, or done and waiting, but for the next
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() {
		defer close(turns)
		for i, f := range b.files {
			turn := make(chan Part, 1)
			select {
			case turns <- turn:
			case <-ctx.Done():
				return
			}
			wg.Go(func() { turn <- b.part(ctx, i, f) })
		}
	})
	next := 0
	done := len(b.files)
	for turn := range turns {
		part := <-turn
		if done++; progress != nil && (done%100 == 0 || done == 2*len(b.files)) {
			progress(done, 2*len(b.files))
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := emit(part); err != nil {
			stop()
			return err
		}
		b.files[next].emitted()
		next++
	}
	return ctx.Err()
}

// emitted lets go what only the file's own page needs.
func (f *file) emitted() {
	f.Records, f.Page.Records, f.Targets, f.Links, f.Backlinks, f.crumbs, f.assets = nil, nil, nil, nil, nil, nil, nil
}

// part makes the page of a file that is known already.
func (b *builder) part(ctx context.Context, order int, f *file) Part {
	page := &content.Page{ID: f.ID, Title: f.Title, Source: f.Source, Description: f.Front.Description, Updated: f.Front.Updated, Restates: strings.Join(f.Front.Sources, ", "),
		Theme: f.Theme, State: f.State, Words: f.Words, Order: order, Crumbs: f.crumbs, Links: f.Links, Backlinks: f.Backlinks,
		Sections: []content.Section{{Heading: f.Title, Path: []string{}, Line: 1}}}
	p := Part{Page: page}
	for _, a := range f.assets {
		p.Assets = append(p.Assets, a.Read())
	}
	switch {
	case f.Unread:
	case len(f.Menu) > 0:
		b.fill(ctx, f, &p)
		page.HTML = f.MenuHTML()
	default:
		b.fill(ctx, f, &p)
	}
	page.HTML = f.notice() + page.HTML
	return p
}

// fill reads the file again, and writes its page and records.
func (b *builder) fill(ctx context.Context, f *file, p *Part) {
	defer func() {
		if failed := recover(); failed != nil {
			p.Page.HTML, p.Records = "", nil
			f.lost("illisible", fmt.Sprintf("le fichier n’a pas pu être lu, sa page reste vide (%v)", failed))
		}
	}()
	raw, code, what := readFile(b.folder, f.Source)
	if code != "" {
		f.lost(code, what)
		return
	}
	if b.digestOf(f.Source, raw) != f.Digest {
		f.lost("illisible", "le fichier a changé pendant la lecture : il sera lu de nouveau")
		return
	}
	r, err := read(ctx, f.Source, raw, b.schema)
	if err != nil {
		if ctx.Err() == nil {
			f.lost("illisible", err.Error())
		}
		return
	}
	links.Apply(r.found, f.Targets)
	links.Gate(r.page.Root, &f.Problems)
	page := p.Page
	page.HTML = r.page.Write()
	if page.HTML != "" {
		page.HTML = f.legend() + page.HTML
	}
	page.Sections, page.Text, page.Addresses = r.page.Sections, r.page.Text, r.page.Addresses
	for i, rec := range r.page.Records {
		b.finish(f, f.Records[i], &rec.Record, page)
		if !f.Records[i].dropped {
			p.Records = append(p.Records, &rec.Record)
		}
	}
}

// finish gives a record what the first reading found out.
func (b *builder) finish(f *file, known *record, r *content.Record, page *content.Page) {
	if known.dropped {
		for i := range page.Sections {
			if page.Sections[i].Record == r.ID {
				page.Sections[i].Record = ""
			}
		}
		return
	}
	r.PageID, r.Theme = f.ID, f.Theme
	switch r.Kind {
	case content.KindLigne, content.KindNorme:
		r.ID = placeID(f.ID, r.Anchor)
	default:
		if known.ID != r.ID {
			for i := range page.Sections {
				if s := &page.Sections[i]; s.Record == r.ID && s.Anchor == r.Anchor {
					s.Record = known.ID
				}
			}
		}
		r.ID, r.Title = known.ID, known.Title
	}
	if own := r.OwnLevel(); own != "" {
		r.Exigence.OwnLevel = records.Spelt(b.edition.Levels, own)
	}
	r.Links, r.Backlinks = known.Links, known.Backlinks
}

// lost makes the page of a file that could not be read a second time say so.
func (f *file) lost(code, what string) {
	f.Unread = true
	f.Problem(1, code, "%s", what)
}

// notice says that a page is still to be written.
func (f *file) notice() string {
	const open, end = `<p class="encart" role="note">`, `</p>`
	switch {
	case f.Unread:
		return open + "Le fichier de cette page n’a pas pu être lu. La commande « cct check » dit pourquoi." + end
	case f.State == content.Empty:
		return open + "Cette page est prévue, mais son fichier est vide dans cette édition." + end
	case f.State == content.Stub && !f.Written:
		return open + "Cette page est annoncée, mais son texte n’est pas encore rédigé dans cette édition." + end
	}
	return ""
}

// legend says, on the source's own tables, how to read letters that it does not
// explain. Our own pages (which name what they restate) explain them themselves.
func (f *file) legend() string {
	if len(f.Front.Sources) > 0 || len(f.Records) == 0 {
		return ""
	}
	has := map[content.Kind]bool{}
	for _, r := range f.Records {
		if !r.dropped && (r.Kind != content.KindRegle || r.Status != "") {
			has[r.Kind] = true
		}
	}
	var notes []string
	if has[content.KindProduit] {
		notes = append(notes, "Statut : la source ne donne pas de légende. R se lit sans doute « recommandé », A « assujetti », M « maintenu », O « en observation ».")
	}
	if has[content.KindExigence] {
		notes = append(notes, "Niveau : P se lit primordial, I important.")
	}
	if has[content.KindRegle] {
		notes = append(notes, "Statut : RG se lit sans doute « règle », rc « recommandation » ; la source ne le dit pas.")
	}
	if len(notes) == 0 {
		return ""
	}
	return `<div class="encart" role="note"><p><strong>Lire les tableaux</strong></p><p>` + html.EscapeString(strings.Join(notes, " ")) +
		` Cette lecture est celle de ce service, elle reste à confirmer.</p></div>`
}

// describe tells what the edition is.
func (b *builder) describe() {
	b.themes()
	b.number()
	e := b.edition
	e.Title = "Référentiel"
	if b.official() {
		e.Title = "Cadre de cohérence technique"
	}
	for _, f := range b.files {
		if stem := strings.ToLower(records.Stem(f.Source)); !strings.Contains(f.Source, "/") && (stem == "index" || stem == "readme" || stem == "_index") && f.Title != "" {
			e.Title = f.Title
			break
		}
	}
	if s := b.schema; s != nil {
		if s.Name != "" {
			e.Title = s.Name
		}
	}
	e.Levels = b.schema.Scale(b.levels())
	e.Framework = b.framework()
	if s, err := b.folder.Open(synonymsFile); err == nil { // most folders have none
		groups, problems := content.ParseSynonyms(io.LimitReader(s, maxFile))
		s.Close()
		e.Synonyms = groups
		for _, p := range problems {
			p.File = synonymsFile
			e.Problems = append(e.Problems, p)
		}
	}
}

// levels are the words for levels that the records bear, each once.
func (b *builder) levels() (borne []content.NamedLevel) {
	seen := map[string]bool{}
	for _, f := range b.files {
		for _, r := range f.Records {
			if r.Level != nil && !r.dropped && !seen[r.Level.Name] {
				seen[r.Level.Name] = true
				borne = append(borne, *r.Level)
			}
		}
	}
	return borne
}

// tables reads the tables of data, as they are: who needs one knows what it holds.
func (b *builder) tables() {
	for _, name := range b.listing.tables {
		raw, code, what := readFile(b.folder, name)
		if code != "" {
			b.edition.Problems = append(b.edition.Problems, content.Problem{File: name, Code: code, What: what})
			continue
		}
		b.edition.Tables = append(b.edition.Tables, content.Table{Name: name, Data: raw})
	}
}

// framework tells whose rules the folder holds: the ministry's, where it is its
// repository or restates it, else its own.
func (b *builder) framework() content.Framework {
	s := b.schema
	if s == nil || s.Name == "" && s.Source == "" && s.Licence == "" {
		if b.official() || slices.ContainsFunc(b.files, func(f *file) bool { return len(f.Front.Sources) > 0 }) {
			return content.CCT()
		}
		return content.Framework{Name: b.edition.Title}
	}
	return content.Framework{Name: b.edition.Title, Source: s.Source, Licence: s.Licence}
}

// gather puts the problems of all files together.
func (b *builder) gather() {
	e := b.edition
	n := len(e.Problems)
	for _, f := range b.files {
		n += len(f.List)
	}
	e.Problems = slices.Grow(e.Problems, n-len(e.Problems))
	for _, f := range b.files {
		e.Problems = append(e.Problems, f.List...)
		f.List = nil
	}
	slices.SortStableFunc(e.Problems, func(x, y content.Problem) int {
		return cmp.Or(strings.Compare(x.File, y.File), cmp.Compare(x.Line, y.Line), strings.Compare(x.Code, y.Code), strings.Compare(x.What, y.What))
	})
}
