package search

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	zap "github.com/blevesearch/zapx/v17"
	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/store"
)

// Version names the form of what Build writes and the analysis behind it; it is
// part of the store's stamp, so that a program with another one rebuilds.
const Version = "8"

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

// chunk is how many documents a segment holds at first: what is analysed ahead
// is kept in memory.
const chunk = 4000

// eachSegment analyses entries on all cores and makes segments of them, size by
// size; take is given each half's in turn. It also learns how words are spelt.
func eachSegment(ctx context.Context, entries []*entry, size int, t *tables, take func(half int, first uint32, s *zap.SegmentBase) error) (surfaces, error) {
	var form [len(halves)]forms
	analysers := make([]*analyser, runtime.GOMAXPROCS(0))
	for w := range analysers {
		analysers[w] = newAnalyser(&form)
	}
	for from := 0; from < len(entries); from += size {
		to := min(from+size, len(entries))
		var documents [len(halves)][]index.Document
		for h := range documents {
			documents[h] = make([]index.Document, to-from)
		}
		var wg sync.WaitGroup
		for w, a := range analysers {
			wg.Go(func() {
				for i := from + w; i < to; i += len(analysers) {
					var made [len(halves)]index.Document
					made, t.lengths[i] = a.analyse(entries[i])
					for h, d := range made {
						documents[h][i-from] = d
					}
				}
			})
		}
		wg.Wait()
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var errs [len(halves)]error
		for h := range halves {
			wg.Go(func() {
				s, err := makeSegment(documents[h])
				documents[h] = nil
				if err == nil {
					err = take(h, uint32(from), s)
				}
				errs[h] = err
			})
		}
		wg.Wait()
		if err := errors.Join(errs[:]...); err != nil {
			return nil, err
		}
	}
	all := analysers[0].surfaces
	for _, a := range analysers[1:] {
		all.merge(a.surfaces)
	}
	return all, nil
}

// Build writes the edition and its index to w.
func Build(ctx context.Context, ed *content.Edition, w *store.Writer) error {
	return buildBy(ctx, ed, w, chunk)
}

func buildBy(ctx context.Context, ed *content.Edition, w *store.Writer, size int) error {
	entries := entriesOf(ed)
	if len(entries) == 0 {
		return errors.New("le contenu ne donne rien à chercher : ses pages sont vides")
	}
	// What search needs beside the index is written while the index is made.
	beside := make(chan error, 1)
	go func() { beside <- writeDocuments(ed, entries, w) }()
	err := writeIndex(ctx, entries, size, w)
	return errors.Join(err, <-beside)
}

// writeDocuments writes all but the index.
func writeDocuments(ed *content.Edition, entries []*entry, w *store.Writer) error {
	if err := ed.Write(w.Put); err != nil {
		return err
	}
	list := make([][]byte, len(entries))
	for i, e := range entries {
		list[i] = e.encode()
	}
	p, err := pack(len(list), func(i int) (string, []byte) { return "", list[i] })
	if err := errors.Join(err, w.Put(bucketTables, listEntries, p)); err != nil {
		return err
	}
	if err := writeIDs(ed, entries, w); err != nil {
		return err
	}
	return writeExpansions(ed, w)
}

// writeIndex writes the index's segments and the tables that go with it.
func writeIndex(ctx context.Context, entries []*entry, size int, w *store.Writer) error {
	t := tablesOf(entries)
	var made [len(halves)][]part
	spelt, err := eachSegment(ctx, entries, size, t, func(half int, first uint32, s *zap.SegmentBase) error {
		made[half] = append(made[half], part{first, s})
		return nil
	})
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	var errs [len(halves)]error
	for half, parts := range made {
		wg.Go(func() { errs[half] = writeSegments(half, parts, w) })
	}
	err = errors.Join(t.write(w), spelt.write(w))
	wg.Wait()
	return errors.Join(append(errs[:], err)...)
}

// writeSegments writes the segments of a half as one, which is faster to search.
// Merging needs a folder for a while; where there is none they stay as they are.
func writeSegments(half int, parts []part, w *store.Writer) error {
	if len(parts) > 1 {
		if b, err := merged(parts, w); err == nil {
			return w.Put(bucketIndex, segmentKey(half, 0), b)
		}
	}
	for _, p := range parts {
		b, err := bytesOf(p.SegmentBase)
		if err != nil {
			return wrapf(err, "écrire l’index")
		}
		if err := w.Put(bucketIndex, segmentKey(half, p.first), b); err != nil {
			return err
		}
	}
	return nil
}

// merged makes one segment of several, in working files.
func merged(parts []part, w *store.Writer) (b []byte, err error) {
	list := make([]segment.Segment, len(parts))
	for i, p := range parts {
		list[i] = p.SegmentBase
	}
	err = w.InFolder(func(dir string) error {
		name := filepath.Join(dir, "segment")
		_, _, err := new(zap.ZapPlugin).Merge(list, make([]*roaring.Bitmap, len(list)), name, nil, nil)
		if err == nil {
			b, err = os.ReadFile(name)
		}
		return err
	})
	return b, err
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
	ids := map[string][]byte{}
	for k, list := range byKey {
		slices.SortStableFunc(list, func(a, b uint32) int { return rank(a) - rank(b) })
		b := []byte{}
		for _, n := range list {
			b = binary.BigEndian.AppendUint32(b, n)
		}
		ids[k] = b
	}
	p, err := packMap(ids)
	if err := errors.Join(err, w.Put(bucketTables, listIDs, p)); err != nil {
		return err
	}
	for _, numbers := range prefixes {
		slices.Sort(numbers)
	}
	b, err := json.Marshal(prefixes)
	if err != nil {
		return err
	}
	return w.Put(bucketTables, "prefixes", b)
}
