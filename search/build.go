package search

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search/french"
	"github.com/cct-mi/cct/search/index"
	"github.com/cct-mi/cct/store"
)

// Version names the form of what Build writes and the analysis behind it; it is
// part of the store's stamp, so that a program with another one rebuilds.
const Version = "22"

// Fields of the index.
const (
	fieldLabel = index.Label
	fieldTitle = index.Title
	fieldPath  = index.Path
	fieldBody  = index.Body
	fieldExact = index.Exact
	fields     = index.Fields
)

// Build writes a whole edition and its index to w.
func Build(ctx context.Context, ed *content.Edition, w *store.Writer) (err error) {
	b := NewBuilder(w)
	defer func() { err = errors.Join(err, b.Close()) }()
	records := map[string][]*content.Record{}
	for _, r := range ed.Records {
		records[r.PageID] = append(records[r.PageID], r)
	}
	for _, p := range ed.Pages {
		if err := b.Add(ctx, p, records[p.ID], nil); err != nil {
			return err
		}
	}
	for _, a := range ed.Assets {
		if err := b.edition.Asset(a); err != nil {
			return err
		}
	}
	return b.Finish(ctx, ed)
}

// Builder writes an edition and its index page by page. Of a page that was added it
// keeps some bytes for each document, and nothing of its text.
type Builder struct {
	w        *store.Writer
	index    *index.Builder // nil where no folder can be written for it
	folder   string         // of the index
	remove   func() error
	indexing chan error // what comes of the documents that are being indexed; nil when none are

	waiting []*entry // documents that are not analysed yet
	block   []*entry // documents that are not written yet

	known
}

// known is what a builder keeps of the pages that were added. It grows with them.
type known struct {
	edition   *content.EditionWriter
	analyzers []*analyzer // one for each core
	pages     int
	order     []sortKey // of each document, as they came
	tables    tables    // likewise
	ids       []docKey
	names     map[string]bool // see names
	titles    *completionsBuilder
	glossary  []content.Synonym
}

// sortKey is what documents are numbered by.
type sortKey struct {
	id     string
	number uint32 // as they came
	kind   uint8  // as the tables have it
}

// docKey is an id that names a document, see idKeys.
type docKey struct {
	key    string
	number uint32 // of the document, as they came
}

// NewBuilder begins an edition. It must be closed.
func NewBuilder(w *store.Writer) *Builder {
	b := &Builder{w: w, remove: func() error { return nil }}
	b.known = known{edition: content.NewEditionWriter(w.Put), names: map[string]bool{}, titles: newCompletionsBuilder(), tables: newTables()}
	stems := &french.Stemmer{}
	for range runtime.GOMAXPROCS(0) {
		b.analyzers = append(b.analyzers, newAnalyzer(stems))
	}
	folder, remove, err := w.Folder()
	if err != nil {
		return b // Open then makes the index in memory
	}
	b.folder, b.remove = filepath.Join(folder, "index"), remove
	if x, err := index.NewBuilder(b.finished(), b.folder); err == nil {
		b.index = x
	}
	return b
}

// finished is the folder in which the index ends.
func (b *Builder) finished() string { return filepath.Join(b.folder, "finished") }

// chunk is how many documents are analysed at once: while Bleve makes a segment of a
// batch, the documents of the next are.
const chunk = 1000

// Add writes the next page in reading order, with its records and the assets that
// no page before it showed.
func (b *Builder) Add(ctx context.Context, p *content.Page, records []*content.Record, assets []content.Asset) error {
	if err := b.edition.Page(p); err != nil {
		return err
	}
	b.titles.page(p)
	for _, r := range records {
		if err := b.edition.Record(r); err != nil {
			return err
		}
		learnNames(b.names, r)
		b.titles.record(r)
		if r.Kind == content.KindTerme {
			if g := synonymOf(r.Terme); g.Terms != nil {
				b.glossary = append(b.glossary, g)
			}
		}
	}
	for _, a := range assets {
		if err := b.edition.Asset(a); err != nil {
			return err
		}
	}
	for _, e := range entriesOf(p, records) {
		if err := b.document(e); err != nil {
			return err
		}
	}
	b.pages++
	if len(b.waiting) < chunk {
		return nil
	}
	return b.analyse(ctx)
}

// document notes a document of the page under way.
func (b *Builder) document(e *entry) error {
	n := uint32(len(b.order))
	b.tables.add(e, b.pages)
	b.order = append(b.order, sortKey{e.id, n, b.tables.kinds[n]})
	for _, key := range e.keys {
		b.ids = append(b.ids, docKey{key, n})
	}
	b.waiting, b.block = append(b.waiting, e), append(b.block, e)
	if len(b.block) < entriesInBlock {
		return nil
	}
	return b.writeBlock()
}

// entriesInBlock is how many entries are kept, and compressed, as one value.
const entriesInBlock = 16

func (b *Builder) writeBlock() error {
	if len(b.block) == 0 {
		return nil
	}
	p, err := pack(len(b.block), func(i int) (string, []byte) { return "", b.block[i].encode() })
	if err != nil {
		return err
	}
	last := len(b.order) - 1
	b.block = b.block[:0]
	return b.w.Put(bucketEntries, blockKey(last/entriesInBlock), p)
}

// blockKey is the key of a block of entries.
func blockKey(block int) string { return string(binary.BigEndian.AppendUint32(nil, uint32(block))) }

// analyse cuts the documents that wait into words, on all cores, and hands them to
// the index, which takes them in while the next pages are read.
func (b *Builder) analyse(ctx context.Context) error {
	from := len(b.order) - len(b.waiting)
	documents := make([]index.Document, len(b.waiting))
	errs := make([]error, len(b.analyzers))
	var wg sync.WaitGroup
	for part, a := range b.analyzers {
		wg.Go(func() {
			for i := part; i < len(b.waiting) && errs[part] == nil; i += len(b.analyzers) {
				errs[part] = guarded(b.waiting[i], func() { documents[i], b.tables.lengths[from+i] = a.analyse(b.waiting[i]) })
			}
		})
	}
	wg.Wait()
	if err := errors.Join(errors.Join(errs...), b.indexed(), ctx.Err()); err != nil {
		return err
	}
	entries := b.waiting
	b.waiting, b.indexing = nil, make(chan error, 1)
	go func() { b.indexing <- b.addAll(ctx, entries, documents) }()
	return nil
}

// addAll indexes documents. An index that can't be written, on a full disk mostly, is
// given up: Open makes it in memory.
func (b *Builder) addAll(ctx context.Context, entries []*entry, documents []index.Document) error {
	for i, e := range entries {
		if b.index == nil || ctx.Err() != nil {
			return nil
		}
		err := guarded(e, func() {
			if b.index.Add(documents[i]) != nil {
				b.dropIndex()
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// indexed waits until what was handed to the index is in it.
func (b *Builder) indexed() error {
	if b.indexing == nil {
		return nil
	}
	err := <-b.indexing
	b.indexing = nil
	return err
}

// guarded turns a panic about a document into an error that says where it stands: a
// fault of ours in one text must not end a program that serves.
func guarded(e *entry, do func()) (err error) {
	defer func() {
		if p := recover(); p != nil {
			at := e.source
			if e.line > 0 {
				at = fmt.Sprintf("%s:%d", e.source, e.line)
			}
			err = fmt.Errorf("%s : « %s » ne s’analyse pas (%v) ; signalez-le, et écrivez ce texte autrement en attendant", at, e.title, p)
		}
	}()
	do()
	return nil
}

func (b *Builder) dropIndex() {
	b.index = nil
	_ = os.RemoveAll(b.folder) // what can't be removed now goes with the working folder
}

// Finish writes what is known once all pages were added. ed says what the edition
// is; its pages, records and assets are those that were added.
func (b *Builder) Finish(ctx context.Context, ed *content.Edition) error {
	if len(b.order) == 0 {
		return errors.New("le contenu ne donne rien à chercher : ses pages sont vides")
	}
	if err := errors.Join(b.analyse(ctx), b.writeBlock(), b.edition.Finish(ed), b.indexed()); err != nil {
		return err
	}
	numbers, err := b.writeKnown(ed)
	if err != nil {
		return err
	}
	b.known = known{} // Bleve's merging takes memory too
	return b.writeIndex(ctx, numbers)
}

// writeKnown writes all but the index, and gives the number of each document as they
// came.
func (b *Builder) writeKnown(ed *content.Edition) (numbers []uint32, err error) {
	spelt := surfaces{}
	for _, a := range b.analyzers {
		spelt.merge(a.spelt)
	}
	sorted, kinds := b.order, b.tables.kindNames
	slices.SortFunc(sorted, func(x, y sortKey) int {
		return cmp.Or(strings.Compare(x.id, y.id), cmp.Compare(kinds[x.kind], kinds[y.kind]), cmp.Compare(x.number, y.number)) // passages stay in their order
	})
	numbers = make([]uint32, len(sorted))
	for n, key := range sorted {
		numbers[key.number] = uint32(n)
	}
	return numbers, errors.Join(b.tables.renumbered(sorted).write(b.w), b.writeIDs(numbers), spelt.write(b.w), spelt.writeForms(b.w), writeNames(b.names, b.w), b.titles.write(b.w),
		writeExpansions(ed.Synonyms, b.glossary, b.w))
}

// writeIndex writes the files of the index, and which of its documents has which
// number.
func (b *Builder) writeIndex(ctx context.Context, numbers []uint32) error {
	if b.index == nil {
		return ctx.Err()
	}
	came, err := b.index.Finish()
	if err != nil {
		b.dropIndex()
		return ctx.Err()
	}
	names, err := index.Files(b.finished())
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := b.w.PutFile(bucketIndex, name, filepath.Join(b.finished(), filepath.FromSlash(name))); err != nil {
			return wrapf(err, "écrire l’index")
		}
	}
	list := make([]byte, 0, 4*len(came))
	for _, n := range came {
		list = binary.LittleEndian.AppendUint32(list, numbers[n])
	}
	return b.w.Put(bucketTables, "numbers", list)
}

// Close ends a builder, and removes its working files.
func (b *Builder) Close() error {
	_ = b.indexed() // nobody asks any more
	return b.remove()
}

// writeIDs notes which documents an id names.
func (b *Builder) writeIDs(numbers []uint32) error {
	// A number names the rule before the products that bear it.
	kinds := []content.Kind{content.KindExigence, content.KindRegle, content.KindProduit}
	rank := func(n uint32) int { return slices.Index(kinds, b.tables.kindNames[b.tables.kinds[n]]) }
	slices.SortFunc(b.ids, func(x, y docKey) int {
		return cmp.Or(strings.Compare(x.key, y.key), cmp.Compare(rank(x.number), rank(y.number)), cmp.Compare(x.number, y.number))
	})
	ids := map[string][]byte{}
	for _, id := range b.ids {
		ids[id.key] = binary.BigEndian.AppendUint32(ids[id.key], numbers[id.number])
	}
	p, err := packMap(ids)
	return errors.Join(err, b.w.Put(bucketTables, listIDs, p))
}
