package cli

import (
	"os"
	"runtime"
	"runtime/debug"
	"sync"
)

// Building an edition allocates some 100 MiB in a third of a second, nearly all
// of it dead a moment later. Most of that time went into collecting it and into
// the faults of fresh pages, 12 µs each in a virtual machine. So while an edition
// is built the heap may grow before anything is collected, in huge pages where
// the system has them.
const (
	buildRoom  = 96 << 20  // asked for at once, in huge pages
	buildLimit = 192 << 20 // from which on garbage is collected as ever
)

// forBuilding makes room for a build; done puts all back. An edition that takes
// more than that puts it back by itself, at its first collection. Who set the
// collector's own variables knows better, and is left alone.
func forBuilding() (done func()) {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return func() {}
	}
	made := make(chan func(), 1)
	go func() { made <- makeRoom() }() // the build need not wait for it
	return func() { (<-made)() }
}

func makeRoom() (done func()) {
	if hugePages(buildRoom) {
		runtime.GC() // the room is free again, and the build fills it
	}
	percent, limit := debug.SetGCPercent(-1), debug.SetMemoryLimit(buildLimit)
	done = sync.OnceFunc(func() {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	})
	runtime.AddCleanup(new(collected), func(done func()) { done() }, done)
	return done
}

// collected is an object that nothing holds: it goes with the first collection.
type collected struct{ _ *byte }
