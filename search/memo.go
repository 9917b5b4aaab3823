package search

import "sync"

// memo remembers what was worked out from the content, which does not change, up
// to a limit; then it forgets all and begins again. It may be used by several
// goroutines at once.
type memo[K comparable, V any] struct {
	limit int // of the sizes that keep is told, together

	mu   sync.RWMutex
	of   map[K]V
	size int
}

func newMemo[K comparable, V any](limit int) *memo[K, V] {
	return &memo[K, V]{limit: limit, of: map[K]V{}}
}

func (m *memo[K, V]) get(key K) (V, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	v, ok := m.of[key]
	return v, ok
}

func (m *memo[K, V]) keep(key K, v V, size int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.size+size > m.limit {
		clear(m.of)
		m.size = 0
	}
	m.of[key] = v
	m.size += size
}
