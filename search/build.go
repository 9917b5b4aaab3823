package search

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/document"
	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/store"
)

// Version names the form of what Build writes and the analysis behind it; it is
// part of the store's stamp, so that a program with another one rebuilds.
const Version = "4"

// Fields of the index. The first four hold stems, without stop words; the last
// every word as folded, for exact words, phrases, correction and completion.
const (
	fieldLabel = iota
	fieldTitle
	fieldPath
	fieldBody
	fieldExact
	fields
)

var fieldNames = [fields]string{"l", "t", "p", "b", "x"}

// lengths are the numbers of tokens of a document's fields.
type lengths [fields]uint16

// analysed is a document ready for the index.
type analysed struct {
	tokens [fields]analysis.TokenStream
	length lengths
}

// analyse turns an entry into the tokens of its fields.
func analyse(e *entry, st *stems) analysed {
	var a analysed
	texts := [4]string{e.label, e.pageTitle, strings.Join(below(e), "\n"), e.body}
	exact := 0
	for f, text := range texts {
		last, shift, length := 0, 0, 0
		for _, t := range tokenize(text) {
			if f != fieldPath && f != fieldTitle || f == fieldTitle { // the path is no exact text of the document
				a.tokens[fieldExact] = append(a.tokens[fieldExact], posting(t.word, exact+t.pos, t))
			}
			last = t.pos
			if stopped(t) {
				continue
			}
			if !t.joined || strings.ContainsAny(t.word, "+#.") {
				length++
			}
			a.tokens[f] = append(a.tokens[f], posting(st.stem(t.word), t.pos+shift, t))
		}
		exact += last + 10 // no phrase goes across two fields
		a.length[f] = clamp(length)
	}
	a.length[fieldExact] = clamp(len(a.tokens[fieldExact]))
	return a
}

// below is the path without the page's title, which is a field of its own.
func below(e *entry) []string {
	if len(e.path) > 0 && e.path[0] == e.pageTitle {
		return e.path[1:]
	}
	return e.path
}

func clamp(n int) uint16 { return uint16(min(n, 1<<16-1)) }

func posting(term string, pos int, t token) *analysis.Token {
	return &analysis.Token{Term: []byte(term), Position: pos, Start: t.start, End: t.end}
}

// ready hands the index tokens that were made before, on all cores.
type ready analysis.TokenStream

func (r ready) Analyze([]byte) analysis.TokenStream { return analysis.TokenStream(r) }

// indexed makes the index's document of an analysed entry; its id is the
// ordinal.
func indexed(n uint32, a *analysed) *document.Document {
	d := document.NewDocument(ordinalKey(n))
	for f, tokens := range a.tokens {
		if len(tokens) == 0 {
			continue
		}
		o := index.IndexField
		if f == fieldBody || f == fieldLabel || f == fieldExact {
			o |= index.IncludeTermVectors
		}
		d.AddField(document.NewTextFieldCustom(fieldNames[f], nil, nil, o, ready(tokens)))
	}
	return d
}

// chunk is how many documents are analysed ahead of the index.
const chunk = 2000

// eachAnalysed analyses entries on all cores and hands them on in order.
func eachAnalysed(ctx context.Context, n int, at func(i int) (*entry, error), take func(i int, a *analysed) error) error {
	st := &stems{}
	for from := 0; from < n; from += chunk {
		to := min(from+chunk, n)
		out := make([]analysed, to-from)
		errs := make([]error, runtime.GOMAXPROCS(0))
		var wg sync.WaitGroup
		for w := range errs {
			wg.Go(func() {
				for i := from + w; i < to; i += len(errs) {
					e, err := at(i)
					if err != nil {
						errs[w] = err
						return
					}
					out[i-from] = analyse(e, st)
				}
			})
		}
		wg.Wait()
		if err := errors.Join(append(errs, ctx.Err())...); err != nil {
			return err
		}
		for i := range out {
			if err := take(from+i, &out[i]); err != nil {
				return err
			}
			out[i] = analysed{}
		}
	}
	return nil
}

// Build writes the edition and its index to w. The index is made in a temporary
// folder; where there is none, the store holds the documents alone, and Open
// makes the index in memory.
func Build(ctx context.Context, ed *content.Edition, w *store.Writer) error {
	entries := entriesOf(ed)
	if len(entries) == 0 {
		return errors.New("le contenu ne donne rien à chercher : ses pages sont vides")
	}
	// Most of the index is made on one core: what search needs beside it is
	// written on another meanwhile.
	beside := make(chan error, 1)
	go func() { beside <- writeDocuments(ed, entries, w) }()
	err := writeIndex(ctx, entries, w)
	return errors.Join(err, <-beside)
}

// writeDocuments writes all but the index.
func writeDocuments(ed *content.Edition, entries []*entry, w *store.Writer) error {
	if err := ed.Write(w.Put); err != nil {
		return err
	}
	surface := newSurfaces()
	for i, e := range entries {
		if err := w.Put(bucketEntries, ordinalKey(uint32(i)), e.encode()); err != nil {
			return err
		}
		surface.add(e.label)
		surface.add(e.body)
	}
	if err := surface.write(w); err != nil {
		return err
	}
	if err := writeIDs(ed, entries, w); err != nil {
		return err
	}
	return writeExpansions(ed, w)
}

// writeIndex writes the index's files and the tables that go with it.
func writeIndex(ctx context.Context, entries []*entry, w *store.Writer) error {
	t := tablesOf(entries)
	dir, err := os.MkdirTemp(w.Dir(), indexDirs)
	if err != nil && w.Dir() != "" {
		dir, err = os.MkdirTemp("", indexDirs)
	}
	if err != nil {
		return t.write(w) // Open makes the index in memory
	}
	defer os.RemoveAll(dir)
	if err := buildIndex(ctx, dir, entries, t); err != nil {
		if ctx.Err() != nil {
			return err
		}
		t.lengths, t.numbers = nil, nil
		return t.write(w)
	}
	if err := t.write(w); err != nil {
		return err
	}
	return filepath.WalkDir(filepath.Join(dir, "index"), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(filepath.Join(dir, "index"), name)
		if err != nil {
			return err
		}
		return w.Put(bucketIndex, filepath.ToSlash(rel), b)
	})
}

// buildIndex writes a scorch index of one segment, and learns its document
// numbers.
func buildIndex(ctx context.Context, dir string, entries []*entry, t *tables) error {
	builder, err := scorch.NewBuilder(map[string]any{"path": filepath.Join(dir, "index"), "buildPathPrefix": dir, "batchSize": chunk, "mergeMax": 20})
	if err != nil {
		return wrapf(err, "préparer l’index")
	}
	err = eachAnalysed(ctx, len(entries), func(i int) (*entry, error) { return entries[i], nil }, func(i int, a *analysed) error {
		t.lengths[i] = a.length
		return builder.Index(indexed(uint32(i), a))
	})
	if err = errors.Join(err, builder.Close()); err != nil {
		return wrapf(err, "construire l’index")
	}
	ix, reader, err := openScorch(filepath.Join(dir, "index"))
	if err != nil {
		return err
	}
	t.numbers, err = numbersOf(reader, len(entries))
	return errors.Join(err, reader.Close(), ix.Close())
}

// numbersOf maps the index's document numbers to ordinals.
func numbersOf(r index.IndexReader, n int) ([]uint32, error) {
	ids, err := r.DocIDReaderAll()
	if err != nil {
		return nil, err
	}
	out := make([]uint32, n)
	for {
		id, err := ids.Next()
		if err != nil || id == nil {
			return out, errors.Join(err, ids.Close())
		}
		ext, err := r.ExternalID(id)
		if err != nil || len(ext) != 4 {
			return nil, errors.Join(fmt.Errorf("l’index a un document sans numéro"), err, ids.Close())
		}
		num := docNumber(id)
		for int(num) >= len(out) {
			out = append(out, 0)
		}
		out[num] = binary.BigEndian.Uint32([]byte(ext))
	}
}

func docNumber(id index.IndexInternalID) uint64 { return binary.BigEndian.Uint64(id) }

func openScorch(path string) (index.Index, index.IndexReader, error) {
	q := index.NewAnalysisQueue(1)
	ix, err := scorch.NewScorch(scorch.Name, map[string]any{"path": path, "read_only": true, "bolt_timeout": "2s"}, q)
	if err != nil {
		return nil, nil, wrapf(err, "ouvrir l’index")
	}
	if err := ix.Open(); err != nil {
		return nil, nil, wrapf(err, "ouvrir l’index")
	}
	r, err := ix.Reader()
	if err != nil {
		return nil, nil, errors.Join(wrapf(err, "lire l’index"), ix.Close())
	}
	return ix, r, nil
}

// writeIDs notes which documents an id names.
func writeIDs(ed *content.Edition, entries []*entry, w *store.Writer) error {
	ordinal := map[string]uint32{}
	for i, e := range entries {
		if e.kind != content.KindSection {
			ordinal[string(e.kind)+"/"+e.id] = uint32(i)
		}
	}
	byKey := map[string][]uint32{}
	prefixes := map[string][]int{} // letters before the number → numbers in use
	for _, r := range ed.Records {
		n, ok := ordinal[string(r.Kind)+"/"+r.ID]
		if !ok {
			continue
		}
		for i, k := range idKeys(r) {
			byKey[k] = append(byKey[k], n)
			if i > 0 {
				continue
			}
			if !strings.ContainsAny(k, "0123456789") {
				continue
			}
			if letters, digits := idParts(k); letters != "" && len(digits) < 7 {
				if num, err := strconv.Atoi(digits); err == nil {
					prefixes[letters] = append(prefixes[letters], num)
				}
			}
		}
	}
	// A number names the rule before the products that bear it.
	rank := func(n uint32) int {
		return slices.Index([]content.Kind{content.KindExigence, content.KindRegle, content.KindProduit}, entries[n].kind)
	}
	for k, list := range byKey {
		slices.SortStableFunc(list, func(a, b uint32) int { return rank(a) - rank(b) })
		b := []byte{}
		for _, n := range list {
			b = binary.BigEndian.AppendUint32(b, n)
		}
		if err := w.Put(bucketIDs, k, b); err != nil {
			return err
		}
	}
	b, err := json.Marshal(prefixes)
	if err != nil {
		return err
	}
	return w.Put(bucketTables, "prefixes", b)
}
