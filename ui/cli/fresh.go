package cli

import (
	"context"
	"io/fs"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/cct-mi/cct/content/ingest"
	"github.com/fsnotify/fsnotify"
)

const (
	settle       = 300 * time.Millisecond // an editor writes a file in several steps
	settleAtMost = 2 * time.Second        // how long changes that never settle are awaited
	poll         = 2 * time.Second        // where the system tells nothing: network drives
)

// keepFresh watches over the edition in service until ctx ends: the content
// folder when asked, and the store file always. A new edition is opened aside
// and takes over at once; a broken state in between leaves the old one.
func (p *program) keepFresh(ctx context.Context, s *served, log *slog.Logger) {
	var changed <-chan fsnotify.Event
	var lost <-chan error
	watcher, err := p.watcher()
	if err != nil {
		log.Warn("le dossier sera relu toutes les deux secondes : le système n’annonce pas ses changements", "cause", err.Error())
	}
	if watcher != nil {
		defer watcher.Close()
		changed, lost = watcher.Events, watcher.Errors
	}
	tick := time.NewTicker(poll)
	defer tick.Stop()
	var due <-chan time.Time
	var first time.Time // of the changes that are due
	seen := ""
	for {
		select {
		case <-ctx.Done():
			return
		case _, ok := <-changed:
			if !ok {
				changed = nil
				continue
			}
			if due == nil {
				first = time.Now()
			}
			due = time.After(min(settle, max(0, settleAtMost-time.Since(first))))
		case _, ok := <-lost: // more changes than the system can tell: the next tick looks
			if !ok {
				lost = nil
			}
		case <-due:
			due = nil
			seen = p.glance()
			p.renew(ctx, s, log)
			p.follow(watcher)
		case <-tick.C:
			if o := s.current.Load(); o != nil && o.store.Damaged() {
				log.Warn("la base a été abîmée pendant le service : elle est refaite")
				p.reopen(ctx, s, log)
				continue
			}
			// What the system did not announce: a drive on the network, a folder
			// that was moved away and came back.
			if p.watch && due == nil {
				if now := p.glance(); now != "" && now != seen {
					seen = now
					p.renew(ctx, s, log)
					p.follow(watcher)
				}
			}
		}
	}
}

// watcher watches the folder and those below it; nil when nobody asked.
func (p *program) watcher() (*fsnotify.Watcher, error) {
	if !p.watch {
		return nil, nil
	}
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	p.follow(w)
	return w, nil
}

// follow adds the folders that are not watched yet. One that can't be is looked
// at like a drive on the network.
func (p *program) follow(w *fsnotify.Watcher) {
	if w == nil {
		return
	}
	for _, dir := range p.watched() {
		_ = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			if err != nil || !d.IsDir() {
				return nil
			}
			if name != dir && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules") {
				return fs.SkipDir // not read either
			}
			_ = w.Add(name)
			return nil
		})
	}
}

// watched are the folders that the editions are read from.
func (p *program) watched() []string {
	if p.official == "" {
		return p.contents
	}
	return append(slices.Clone(p.contents), p.official)
}

// glance looks at the folder without reading it; "" when it is not there.
func (p *program) glance() string {
	list, err := p.sources()
	if err != nil {
		return ""
	}
	defer closeAll(list)
	seen := ""
	for _, s := range list {
		now := ingest.Glance(s.folder)
		if now == "" {
			return ""
		}
		seen += s.edition + " " + now + " "
	}
	if list[0].official != nil {
		seen += ingest.Glance(list[0].official)
	}
	return seen
}

// renew opens the content anew if it is not what is served.
func (p *program) renew(ctx context.Context, s *served, log *slog.Logger) {
	list, err := p.sources()
	if err != nil {
		return // the folder is being moved: the edition in service stays
	}
	stamp, err := stampOf(list, nil)
	closeAll(list)
	if o := s.current.Load(); err != nil || o != nil && o.stamp == stamp {
		return
	}
	p.reopen(ctx, s, log)
}

func (p *program) reopen(ctx context.Context, s *served, log *slog.Logger) {
	began := time.Now()
	o, err := p.openLibrary(ctx, nil)
	if err != nil {
		log.Warn("le nouveau contenu ne peut pas être servi, l’ancien reste", "cause", err.Error())
		return
	}
	s.replace(o)
	h := o.Catalog().Head()
	log.Info("contenu relu", "edition", h.Name, "pages", h.Pages, "ms", time.Since(began).Milliseconds())
}
