package search

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/history"
	"github.com/cct-mi/cct/store"
)

// bucketEditions names the editions that a store holds; each stands in the space of
// its name.
const bucketEditions = "editions"

// ErrNoEdition is what an edition that is not held gives.
var ErrNoEdition = errors.New("cette édition n’est pas là")

// NoEditionError says which edition is not held, and which are.
type NoEditionError struct {
	Name string
	Held []string
}

func (e *NoEditionError) Error() string {
	return fmt.Sprintf("l’édition « %s » n’est pas là : choisissez parmi %s", e.Name, strings.Join(e.Held, ", "))
}

func (e *NoEditionError) Unwrap() error { return ErrNoEdition }

// WriteEditions notes which editions a store holds, the newest first.
func WriteEditions(w *store.Writer, names []string) error {
	b, err := json.Marshal(names)
	if err != nil {
		return err
	}
	return w.Put(bucketEditions, "names", b)
}

// Editions are the editions of a store. One is opened when it is first asked for, and
// stays open as long as the store.
type Editions struct {
	names   []string // the newest first
	current string
	catalog map[string]func() (*content.Catalog, error)
	library map[string]func() (*Library, error)
	compare comparisons
}

// OpenEditions opens the editions that a store holds. current names the one that
// answers by default, "" for the newest.
func OpenEditions(st *store.Store, current string) (*Editions, error) {
	b, err := st.Get(bucketEditions, "names")
	if err != nil {
		return nil, err
	}
	e := &Editions{current: current, catalog: map[string]func() (*content.Catalog, error){}, library: map[string]func() (*Library, error){}}
	if err := json.Unmarshal(b, &e.names); err != nil || len(e.names) == 0 {
		return nil, errors.Join(store.ErrDamaged, err)
	}
	if current == "" {
		e.current = e.names[0]
	}
	for _, name := range e.names {
		space := st.Space(name)
		e.catalog[name] = sync.OnceValues(func() (*content.Catalog, error) { return content.OpenCatalog(space.Get) })
		e.library[name] = sync.OnceValues(func() (*Library, error) {
			l, err := Open(space)
			if err != nil {
				return nil, fmt.Errorf("ouvrir l’édition %s : %w", name, err)
			}
			l.editions = e
			return l, nil
		})
	}
	return e, nil
}

// Editions are those of the store that the library is of; itself alone where it was
// opened alone.
func (l *Library) Editions() *Editions {
	if l.editions != nil {
		return l.editions
	}
	name := l.catalog.Head().Name
	return &Editions{names: []string{name}, current: name,
		catalog: map[string]func() (*content.Catalog, error){name: func() (*content.Catalog, error) { return l.catalog, nil }},
		library: map[string]func() (*Library, error){name: func() (*Library, error) { return l, nil }}}
}

// Names lists the editions, the newest first.
func (e *Editions) Names() []string { return e.names }

// Current names the one that answers by default.
func (e *Editions) Current() string { return e.current }

// Library opens an edition; a *NoEditionError when it is not held.
func (e *Editions) Library(name string) (*Library, error) {
	if open := e.library[name]; open != nil {
		return open()
	}
	return nil, &NoEditionError{name, e.names}
}

// Catalog gives an edition's pages and records without opening its index.
func (e *Editions) Catalog(name string) (*content.Catalog, error) {
	if open := e.catalog[name]; open != nil {
		return open()
	}
	return nil, &NoEditionError{name, e.names}
}

// Tables is what the tables of all editions' folders say, the newest first, and those
// that the program carries.
func (e *Editions) Tables() (*history.Tables, error) {
	t := history.Embedded()
	for i := len(e.names) - 1; i >= 0; i-- {
		c, err := e.Catalog(e.names[i])
		if err != nil {
			return nil, err
		}
		var failed error
		own, _ := history.ReadTables(func(name string) []byte { // cct check tells of faults
			b, err := c.Table(name)
			failed = errors.Join(failed, err)
			return b
		})
		if failed != nil {
			return nil, failed
		}
		t = t.With(own)
	}
	return t, nil
}

// comparisons keeps those that were asked for: editions do not change.
type comparisons struct {
	mu   sync.Mutex
	done map[[2]string]*history.Comparison
}

// Compare tells what changed from one edition to another.
func (e *Editions) Compare(from, to string) (*history.Comparison, error) {
	e.compare.mu.Lock()
	defer e.compare.mu.Unlock()
	if c := e.compare.done[[2]string{from, to}]; c != nil {
		return c, nil
	}
	var sides []*history.Edition
	for _, name := range []string{from, to} {
		c, err := e.Catalog(name)
		if err != nil {
			return nil, err
		}
		side, err := history.From(c)
		if err != nil {
			return nil, err
		}
		sides = append(sides, side)
	}
	tables, err := e.Tables()
	if err != nil {
		return nil, err
	}
	c := history.Compare(sides[0], sides[1], tables.Rows, tables.Dated)
	if e.compare.done == nil {
		e.compare.done = map[[2]string]*history.Comparison{}
	}
	e.compare.done[[2]string{from, to}] = c
	return c, nil
}
