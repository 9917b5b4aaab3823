package cli

import (
	"os"
	"runtime"
	"runtime/debug"
	"sync"
)

// Starting allocates some MiB once, building an edition some 80 MiB in a fifth of
// a second, nearly all of it dead a moment later. Half of that time went into
// collecting it and into the faults of fresh pages, 12 µs each in a virtual
// machine. So until a start is over the heap may grow before anything is
// collected; for a build, in huge pages where the system has them.
const (
	buildRoom  = 96 << 20  // asked for at once, in huge pages
	startLimit = 192 << 20 // from which on garbage is collected as ever
)

// collector is how this process collects its garbage: there is one, whoever asks.
var collector memory

type memory struct {
	mu      sync.Mutex
	relaxed bool
	watch   int // the collection that ends it, see await
	percent int
	limit   int64
}

// relax puts collecting off until restore, or until startLimit is reached: the
// first collection puts all back. Who set the collector's own variables knows
// better, and is left alone.
func (m *memory) relax() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.relaxed || os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	m.percent, m.limit, m.relaxed = debug.SetGCPercent(-1), debug.SetMemoryLimit(startLimit), true
	m.await()
}

// await has the next collection restore, and no earlier one.
func (m *memory) await() {
	m.watch++
	runtime.AddCleanup(new(collected), func(watch int) {
		m.mu.Lock()
		mine := m.watch == watch
		m.mu.Unlock()
		if mine {
			m.restore()
		}
	}, m.watch)
}

// collected is an object that nothing holds: it goes with the next collection.
type collected struct{ _ *byte }

// room makes room for a build, while the build goes on.
func (m *memory) room() {
	m.relax()
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.relaxed {
		return
	}
	go func() {
		if !hugePages(buildRoom) {
			return
		}
		m.mu.Lock()
		m.watch++ // the collection that comes is ours
		m.mu.Unlock()
		runtime.GC() // the room is free again, and the build fills it
		m.mu.Lock()
		defer m.mu.Unlock()
		m.await()
	}()
}

// restore has garbage collected as ever.
func (m *memory) restore() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.relaxed {
		m.relaxed = false
		debug.SetGCPercent(m.percent)
		debug.SetMemoryLimit(m.limit)
	}
}
