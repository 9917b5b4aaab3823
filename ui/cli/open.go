package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/history"
	"github.com/cct-mi/cct/content/ingest"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/store"
)

// storeVersion names the layout of the store beyond what content, ingest and
// search write in it.
const storeVersion = "3"

type started struct{ at time.Time }

func now() started { return started{time.Now()} }

// opened is an edition ready to be asked.
type opened struct {
	*search.Library
	store   *store.Store
	stamp   string
	notices []store.Notice
	scratch string // folder of a store of this run alone, "" otherwise
}

// Close frees the store, which the library reads.
func (o *opened) Close() error {
	err := o.store.Close()
	if o.scratch != "" {
		err = errors.Join(err, os.RemoveAll(o.scratch))
	}
	return err
}

// stampOf names what a store built from the sources would hold: when any part
// changes, the store is rebuilt. known may be nil: all files are then read.
func stampOf(list []*source, known *manifests) (string, error) {
	thesaurus, err := fs.ReadFile(content.Embedded(), "synonymes.txt")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	sum := sha256.Sum256(thesaurus)
	tables, err := tablesStamp()
	if err != nil {
		return "", err
	}
	parts := []string{"cct", storeVersion, ingest.Version, search.Version, writers(), hex.EncodeToString(sum[:6]), tables}
	if official := list[0].official; official != nil {
		hash, err := known.hash(official, list[0].officialDir)
		if err != nil {
			return "", fmt.Errorf("lire le dossier officiel : %w", err)
		}
		parts = append(parts, "officiel", hash)
	}
	for _, s := range list {
		hash, err := known.hash(s.folder, s.dir)
		if err != nil {
			return "", err
		}
		parts = append(parts, s.edition, hash)
	}
	return strings.Join(parts, " "), nil
}

// writers names the modules that write the store, with their versions: what one
// of them wrote may not be what another version reads.
var writers = sync.OnceValue(func() string {
	var list []string
	if b, ok := debug.ReadBuildInfo(); ok {
		for _, d := range b.Deps {
			if strings.HasPrefix(d.Path, "github.com/blevesearch/") || strings.HasPrefix(d.Path, "go.etcd.io/bbolt") {
				list = append(list, path.Base(d.Path)+"@"+d.Version)
			}
		}
	}
	return strings.Join(list, ",")
})

// storePath is where the store goes: as asked, else in the user's cache folder,
// a name of its own for each content and official folder. "" when there is no such folder.
func (c *config) storePath(list []*source) string {
	if c.store != "" {
		return c.store
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	name := "cct.db"
	if len(c.contents) > 0 || c.official != "" {
		h := sha256.New()
		for _, s := range list {
			fmt.Fprintf(h, "%s\x00", s.dir)
		}
		fmt.Fprintf(h, "%s", c.official)
		name = "cct-" + hex.EncodeToString(h.Sum(nil)[:4]) + ".db"
	}
	return filepath.Join(cache, "cct", name)
}

// openLibrary reads or builds the store and opens the edition that answers. progress
// may be nil.
func (c *config) openLibrary(ctx context.Context, progress func(done, total int)) (*opened, error) {
	list, err := c.sources()
	if err != nil {
		return nil, c.locate(err)
	}
	defer closeAll(list)
	current, err := c.choose(list)
	if err != nil {
		return nil, err
	}
	o := &opened{}
	path := c.storePath(list)
	if c.store != "" {
		if path, err = store.Claim(path, c.force); err != nil {
			return nil, err
		}
	}
	if path == "" {
		// Without a cache folder the store is a file of this run alone.
		dir, err := os.MkdirTemp("", "cct-")
		if err == nil {
			path, o.scratch = filepath.Join(dir, "cct.db"), dir
		}
		o.notices = append(o.notices, "il n’y a pas de dossier de cache : la base est temporaire ; indiquez un emplacement par --store pour la garder")
	}
	if err := o.openStore(ctx, list, path, progress); err != nil {
		return nil, c.locate(err)
	}
	editions, err := search.OpenEditions(o.store, current.edition)
	if err == nil {
		o.Library, err = editions.Library(editions.Current())
	}
	if err != nil {
		return nil, errors.Join(err, o.store.Close())
	}
	return o, nil
}

// errMoved says that the content changed while it was read.
var errMoved = errors.New("le contenu a changé pendant sa lecture")

// attempts bounds how often a folder that changes while it is read is read
// again; what the last gives is served, and --watch sees to the rest.
const attempts = 3

// openStore opens the store at path, or builds it. What a large folder's reading
// has done is kept beside it until the store stands, so that an interrupted one
// goes on.
func (o *opened) openStore(ctx context.Context, list []*source, path string, progress func(done, total int)) error {
	var journal *store.Journal
	memory := func() ingest.Memory {
		if journal == nil {
			journal = store.OpenJournal(path)
		}
		return journal
	}
	known := readManifests(path)
	for attempt := 1; ; attempt++ {
		stamp, err := stampOf(list, known)
		if err != nil {
			return errors.Join(err, journal.Close())
		}
		st, notices, err := store.Open(ctx, store.Options{Path: path, Stamp: stamp, Build: func(ctx context.Context, w *store.Writer) error {
			var names []string
			for _, s := range list {
				name, err := s.build(ctx, w, ingest.Options{Edition: s.edition, Assets: s.assets, Progress: progress, Memory: memory, Unchecked: true})
				if err != nil {
					return err
				}
				names = append(names, name)
			}
			if list[0].dir != "" && attempt < attempts {
				after, err := stampOf(list, nil)
				if err == nil && after != stamp {
					err = errMoved
				}
				if err != nil {
					return err
				}
			}
			return search.WriteEditions(w, names)
		}})
		if errors.Is(err, errMoved) {
			continue
		}
		if err != nil {
			return errors.Join(err, journal.Close())
		}
		known.save()
		_ = journal.Remove() // what stays is the next build's to use or remove
		o.store, o.stamp = st, stamp
		o.notices = append(o.notices, notices...)
		return nil
	}
}

// build writes the source's edition page by page into the space of its name, and
// gives the name.
func (s *source) build(ctx context.Context, w *store.Writer, o ingest.Options) (name string, err error) {
	official, err := s.officialEdition(ctx)
	if err != nil {
		return "", err
	}
	var b *search.Builder
	var words *history.Words
	defer func() {
		if b != nil {
			err = errors.Join(err, b.Close())
		}
	}()
	o.Named = func(own string) {
		name, b, words = own, search.NewBuilder(w.Space(own)), history.NewWords(history.Embedded(), own, official)
	}
	ed, err := ingest.Stream(ctx, s.folder, o, func(p ingest.Part) error {
		words.Give(p.Page, p.Records)
		return b.Add(ctx, p.Page, p.Records, p.Assets)
	})
	if err != nil {
		return "", err
	}
	return name, b.Finish(ctx, ed)
}

// locate adds the folder to an error that does not name it.
func (c *config) locate(err error) error {
	if len(c.contents) == 1 && !strings.Contains(err.Error(), c.contents[0]) {
		return fmt.Errorf("%s : %w", c.contents[0], err)
	}
	return err
}

// withLibrary opens the edition for a command that asks it and ends.
func (p *program) withLibrary(ctx context.Context, do func(*opened) error) error {
	o, err := p.openLibrary(ctx, p.progress())
	if err != nil {
		return err
	}
	for _, n := range o.notices {
		fmt.Fprintln(p.Stderr, "cct: "+string(n))
	}
	return errors.Join(do(o), o.Close())
}

// progress shows how far a long reading is, on a terminal only: each file is read
// twice, which nobody needs to know.
func (p *program) progress() func(done, total int) {
	if !isTerminal(p.Stderr) {
		return nil
	}
	last := time.Time{}
	return func(done, total int) {
		if total < 1000 || time.Since(last) < 100*time.Millisecond && done < total {
			return
		}
		last = time.Now()
		fmt.Fprintf(p.Stderr, "\rcct: lecture de %d fichiers, %d %%", total/2, 100*done/total)
		if done == total {
			fmt.Fprintln(p.Stderr)
		}
	}
}
