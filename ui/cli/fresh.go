package cli

import (
	"context"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	settle = 300 * time.Millisecond // an editor writes a file in several steps
	poll   = 2 * time.Second        // where the system tells nothing: network drives
)

// keepFresh watches over the edition in service until ctx ends: the content
// folder when asked, and the store file always. A new edition is opened aside
// and takes over at once; a broken state in between leaves the old one.
func (p *program) keepFresh(ctx context.Context, s *served, log *slog.Logger) {
	var changed <-chan fsnotify.Event
	if p.watch {
		if w, err := p.watcher(); err == nil {
			defer w.Close()
			changed = w.Events
		} else {
			log.Warn("le dossier sera relu toutes les deux secondes : le système n’annonce pas ses changements", "cause", err.Error())
		}
	}
	tick := time.NewTicker(poll)
	defer tick.Stop()
	var due <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case e, ok := <-changed:
			if !ok {
				changed = nil
				continue
			}
			if w, err := os.Stat(e.Name); err == nil && w.IsDir() && e.Has(fsnotify.Create) {
				due = time.After(settle) // a new folder's files are seen by reading it all
			}
			due = time.After(settle)
		case <-due:
			due = nil
			p.renew(ctx, s, log)
		case <-tick.C:
			if o := s.current.Load(); o != nil && o.store.Damaged() {
				log.Warn("la base a été abîmée pendant le service : elle est refaite")
				p.reopen(ctx, s, log)
			} else if p.watch && due == nil {
				p.renew(ctx, s, log)
			}
		}
	}
}

// watcher watches the folder and those below it.
func (p *program) watcher() (*fsnotify.Watcher, error) {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	err = filepath.WalkDir(p.content, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return nil
		}
		return w.Add(name)
	})
	if err != nil {
		w.Close()
		return nil, err
	}
	return w, nil
}

// renew opens the content anew if it is not what is served.
func (p *program) renew(ctx context.Context, s *served, log *slog.Logger) {
	src, err := p.source()
	if err != nil {
		return // the folder is being moved: the edition in service stays
	}
	stamp, err := stampOf(src)
	src.close()
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
