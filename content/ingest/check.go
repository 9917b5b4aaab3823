package ingest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/ingest/links"
)

// check looks for what only the whole edition can tell.
func (b *builder) check() {
	hasNav, official, linked := false, b.official(), b.linked
	for _, d := range b.files {
		hasNav = hasNav || d.Front.HasNav
	}
	for _, d := range b.files {
		switch d.State {
		case content.Empty:
			d.Problem(0, "page-vide", "le fichier est vide%s", leadingTo(linked[d.URL()]))
		case content.Stub:
			if !d.Front.Hidden && !d.Unread && !d.Written {
				d.Problem(0, "page-ebauche", "la page n’a qu’un titre ou un cadre, son texte reste à écrire%s", leadingTo(linked[d.URL()]))
			}
		case content.Complete:
			if led(d, hasNav, official) && linked[d.URL()] == 0 {
				d.Problem(0, "page-orpheline", "ni le menu ni aucune page ne mène à celle-ci")
			}
		}
		if d.Front.Title == "" && !links.IsIndex(d.Source) && !d.Blank && d.Front.HasNav && !d.IsMenu() {
			d.Problem(1, "titre-absent", "l’en-tête ne donne pas de titre")
		}
	}
}

// led says whether a menu or a link should lead to the page: in a folder with a
// menu, to every page with text that is neither in it nor a folder's own.
func led(d *file, hasNav, official bool) bool {
	if !hasNav || d.Front.HasNav || d.Front.Hidden || d.Words == 0 || links.IsIndex(d.Source) {
		return false
	}
	return !official || !slices.ContainsFunc(servicePages, func(p string) bool { return strings.HasPrefix(d.Source, p) })
}

// leadingTo tells how many links lead to a page without text.
func leadingTo(links int) string {
	switch links {
	case 0:
		return ""
	case 1:
		return " (un lien y mène)"
	}
	return fmt.Sprintf(" (%d liens y mènent)", links)
}
