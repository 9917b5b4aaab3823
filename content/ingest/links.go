package ingest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html"
	"io"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/cct-mi/cct/content"
)

// resolve finds where every link, image and cited id leads, and writes it into
// the HTML of pages and records.
func (b *builder) resolve() {
	b.assetOf = map[string]string{}
	fills := make([]markers, 0, len(b.docs))
	refs := map[recordKey]bool{} // of one page
	for _, d := range b.docs {
		clear(refs)
		note := func(r content.Ref) {
			if key := (recordKey{r.Kind, r.ID}); !refs[key] && (r.Kind != content.KindSection || r.ID != d.page.ID) {
				refs[key] = true
				d.page.Links = append(d.page.Links, r)
			}
		}
		open, closing := make([]string, len(d.links)), make([]string, len(d.links))
		for i := range d.links {
			open[i], closing[i] = b.link(d, &d.links[i], note)
		}
		images := make([]string, len(d.images))
		for i, m := range d.images {
			images[i] = b.image(d, m)
		}
		cites := make([]string, len(d.cites))
		for i, c := range d.cites {
			cites[i] = html.EscapeString(c.id)
			r := b.ids[strings.ToUpper(c.id)]
			if r == nil {
				if citesNothing(c.id, b) {
					d.problem(c.line, "identifiant-inconnu", "« %s » est cité, mais aucun enregistrement ne porte cet identifiant", c.id)
				}
				continue
			}
			ref := refOf(r)
			cites[i] = anchorTag(ref.URL, "") + html.EscapeString(c.id) + "</a>"
			note(ref)
		}
		fills = append(fills, markers{open, closing, images, cites})
	}
	inParallel(len(b.docs), func(i int) {
		d, m := b.docs[i], fills[i]
		m.fillAll(d, b.legend(d))
		d.notice()
	})
	b.backlinks()
}

// citesNothing says whether an unknown id looks like one of this edition's, so
// that other numbering in any other folder is left alone.
func citesNothing(id string, b *builder) bool {
	prefix := id[:2]
	if i := strings.IndexByte(id, '-'); i > 0 {
		prefix = id[:i+1]
	}
	for known := range b.ids {
		if strings.HasPrefix(known, prefix) && len(known) == len(id) {
			return true
		}
	}
	return false
}

func refOf(r *content.Record) content.Ref {
	return content.Ref{Kind: r.Kind, ID: r.ID, Title: r.Title, URL: r.URL()}
}

// link gives what stands before and after a link's text.
func (b *builder) link(d *document, l *link, note func(content.Ref)) (open, closing string) {
	href := strings.TrimSpace(l.href)
	broken := func(code, format string, args ...any) (string, string) {
		d.problem(l.line, code, format, args...)
		return `<span class="lien-casse">`, `<span class="vh"> (lien cassé)</span></span>`
	}
	u, err := url.Parse(href)
	if err != nil || strings.HasPrefix(href, "(") {
		return broken("adresse-invalide", "l’adresse « %s » n’est pas valable : corrigez-la", clip(href, 80))
	}
	switch scheme := strings.ToLower(u.Scheme); {
	case scheme == "http" || scheme == "https":
		if u.Host == "" || !strings.Contains(u.Host, ".") && !strings.HasPrefix(u.Host, "localhost") {
			return broken("lien-a-completer", "l’adresse « %s » est restée à compléter", clip(href, 80))
		}
		if l.text == "" {
			d.problem(l.line, "lien-sans-texte", "le lien vers %s n’a pas de texte : dites où il mène", clip(href, 80))
			return anchorTag(href, elsewhere) + html.EscapeString(u.Host), "</a>"
		}
		return anchorTag(href, elsewhere), "</a>"
	case scheme == "mailto" || scheme == "tel":
		return anchorTag(href, ""), "</a>"
	case scheme != "":
		d.problem(l.line, "html-refuse", "un lien « %s: » n’est pas permis et a été retiré", clip(scheme, 20))
		return "", ""
	case u.Host != "":
		return anchorTag("https:"+href, elsewhere), "</a>"
	}
	target := d
	if u.Path != "" {
		target = b.find(d, u.Path)
	}
	if target == nil {
		if to := b.internal(u.Path); to != "" {
			l.to = to
			return anchorTag(to, ""), "</a>"
		}
		if name := b.asset(d, u.Path); name != "" {
			return fmt.Sprintf(`<a href="/fichiers/%s">`, name), "</a>"
		}
		hint := "aucune page ne s’en approche"
		if s := b.suggest(d, u.Path); s != "" {
			hint = "peut-être " + s
		}
		return broken("lien-casse", "le lien « %s » ne mène à aucune page : %s", clip(href, 100), hint)
	}
	url := target.page.URL()
	to := url
	if u.Fragment != "" {
		anchor, ok := target.anchor(u.Fragment)
		if !ok {
			d.problem(l.line, "ancre-cassee", "le lien « %s » mène à la page, mais pas au titre « %s » : la page n’a pas cette ancre", clip(href, 100), u.Fragment)
		} else if anchor != "" {
			to += "#" + anchor
			if r := b.recordAt(target, anchor); r != nil {
				note(refOf(r))
			}
		}
	}
	if target != d {
		note(content.Ref{Kind: content.KindSection, ID: target.page.ID, Title: target.page.Title, URL: url})
	}
	l.to = to
	return anchorTag(to, ""), "</a>"
}

// elsewhere is what a link to another site says of it.
const elsewhere = ` rel="noopener noreferrer"`

func anchorTag(href, more string) string {
	return `<a href="` + html.EscapeString(href) + `"` + more + `>`
}

// internal recognises the addresses of this service's own pages, which content
// may link to.
func (b *builder) internal(p string) string {
	switch first, rest, _ := strings.Cut(strings.Trim(p, "/"), "/"); {
	case !strings.HasPrefix(p, "/"):
		return ""
	case rest == "" && slices.Contains([]string{"exigences", "produits", "regles", "glossaire", "mon-application", "a-propos", "accessibilite", "conformite", "api", "recherche", "pages"}, first):
		return "/" + first
	case first == "exigences" || first == "produits" || first == "regles":
		if b.ids[strings.ToUpper(rest)] != nil {
			return "/" + first + "/" + rest
		}
	}
	return ""
}

// recordAt is the record with an anchor on a page.
func (b *builder) recordAt(d *document, anchor string) *content.Record {
	for _, r := range d.records {
		if r.Anchor == anchor && r.Kind != content.KindLigne {
			return r
		}
	}
	return nil
}

// anchor finds the id that a fragment names, as written, decoded or as a slug.
func (d *document) anchor(fragment string) (string, bool) {
	anchors := d.allAnchors()
	for _, f := range []string{fragment, slug(fragment), strings.ToUpper(fragment)} {
		if id, ok := anchors[f]; ok {
			return id, true
		}
	}
	return "", false
}

// find looks a path up as a file beside the page, as an address relative to the
// page's route (which on the official site is a folder), and from the root.
func (b *builder) find(d *document, p string) *document {
	var tries [2]string
	beside, route := path.Dir(d.source), d.route
	switch isFile := isMarkdown(strings.TrimSuffix(p, "/")); {
	case strings.HasPrefix(p, "/"):
		return b.at(strings.TrimPrefix(path.Clean(p), "/"))
	case isFile:
		tries = [2]string{beside, route}
	default:
		tries = [2]string{route, beside}
	}
	for _, base := range tries {
		if found := b.at(path.Join(base, p)); found != nil {
			return found
		}
	}
	return nil
}

// at is the page at an address.
func (b *builder) at(t string) *document {
	t = strings.TrimPrefix(t, "fr/")
	if t == ".." || strings.HasPrefix(t, "../") {
		return nil
	}
	for _, form := range [...]string{t, strings.TrimSuffix(t, "/index.html"), strings.TrimSuffix(t, ".html"), strings.TrimSuffix(t, "/index")} {
		if form == "." {
			form = ""
		}
		if found := b.routes[form]; found != nil {
			return found
		}
	}
	return nil
}

func imageType(name string) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".png":
		return "image/png"
	case ".jpg", ".jpeg":
		return "image/jpeg"
	case ".gif":
		return "image/gif"
	case ".webp":
		return "image/webp"
	case ".svg":
		return "image/svg+xml"
	case ".pdf":
		return "application/pdf"
	}
	return ""
}

func (b *builder) image(d *document, m image) string {
	alt := html.EscapeString(m.alt)
	if m.alt == "" {
		d.problem(m.line, "image-sans-texte", "l’image %s n’a pas de texte de remplacement utile", clip(m.src, 80))
	}
	u, err := url.Parse(strings.TrimSpace(m.src))
	if err == nil && u.Scheme == "" && u.Host == "" {
		if name := b.asset(d, u.Path); name != "" {
			return fmt.Sprintf(`<img src="/fichiers/%s" alt="%s" loading="lazy">`, name, alt)
		}
		d.problem(m.line, "image-cassee", "l’image « %s » est introuvable", clip(m.src, 80))
	} else {
		d.problem(m.line, "image-exterieure", "l’image « %s » est sur un autre site : elle n’est pas montrée", clip(m.src, 80))
	}
	if alt == "" {
		alt = "Image absente"
	}
	return fmt.Sprintf(`<span class="image-absente">[%s]</span>`, alt)
}

// asset reads a file that a page shows or links to, and gives the name under
// which it is served; "" when it can't be had.
func (b *builder) asset(d *document, p string) string {
	if imageType(p) == "" {
		return ""
	}
	var tries []string
	if strings.HasPrefix(p, "/") {
		tries = []string{strings.TrimPrefix(path.Clean(p), "/")}
	} else {
		tries = []string{path.Join(path.Dir(d.source), p), path.Join(routeOf(d), p)}
	}
	for _, t := range tries {
		if !fs.ValidPath(t) {
			continue
		}
		if name, seen := b.assetOf[t]; seen {
			if name != "" {
				return name
			}
			continue
		}
		b.assetOf[t] = ""
		for _, root := range b.assets {
			data := readAsset(root, t)
			if data == nil {
				continue
			}
			sum := sha256.Sum256(data)
			name := hex.EncodeToString(sum[:8]) + strings.ToLower(path.Ext(t))
			b.assetOf[t] = name
			if !slices.ContainsFunc(b.edition.Assets, func(a content.Asset) bool { return a.Name == name }) {
				b.edition.Assets = append(b.edition.Assets, content.Asset{Name: name, Type: imageType(t), Data: data})
			}
			return name
		}
	}
	return ""
}

// readAsset reads a file that is one, within the size limit; nil otherwise.
func readAsset(root fs.FS, name string) []byte {
	i, err := fs.Stat(root, name)
	if l, ok := root.(interface {
		Lstat(string) (fs.FileInfo, error)
	}); ok && err == nil {
		i, err = l.Lstat(name)
	}
	if err != nil || !i.Mode().IsRegular() || i.Size() > maxAsset {
		return nil
	}
	f, err := root.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxAsset+1))
	if err != nil || len(data) > maxAsset {
		return nil
	}
	return data
}

// legend says, on the source's own tables, how to read letters that it does not
// explain. Our own pages (which name what they restate) explain them themselves.
func (b *builder) legend(d *document) string {
	if len(d.front.Sources) > 0 || len(d.records) == 0 {
		return ""
	}
	has := map[content.Kind]bool{}
	for _, r := range d.records {
		if r.Kind != content.KindRegle || r.Regle.Status != "" {
			has[r.Kind] = true
		}
	}
	var notes []string
	if has[content.KindProduit] {
		notes = append(notes, "Statut : la source ne donne pas de légende. R se lit sans doute « recommandé », A « assujetti », M « maintenu », O « en observation ».")
	}
	if has[content.KindExigence] {
		notes = append(notes, "Niveau : P se lit primordial, I important.")
	}
	if has[content.KindRegle] {
		notes = append(notes, "Statut : RG se lit sans doute « règle », rc « recommandation » ; la source ne le dit pas.")
	}
	if len(notes) == 0 {
		return ""
	}
	return `<div class="encart" role="note"><p><strong>Lire les tableaux</strong></p><p>` + html.EscapeString(strings.Join(notes, " ")) +
		` Cette lecture est celle de ce service, elle reste à confirmer.</p></div>`
}

// notice says that a page is still to be written.
func (d *document) notice() {
	if d.unread {
		d.page.HTML = `<p class="encart" role="note">Le fichier de cette page n’a pas pu être lu. La commande « cct check » dit pourquoi.</p>`
		return
	}
	switch d.page.State {
	case content.Empty:
		d.page.HTML = `<p class="encart" role="note">Cette page est prévue, mais son fichier est vide dans cette édition.</p>`
	case content.Stub:
		d.page.HTML = `<p class="encart" role="note">Cette page est annoncée, mais son texte n’est pas encore rédigé dans cette édition.</p>` + d.page.HTML
	}
}

// backlinks turns every link round.
func (b *builder) backlinks() {
	for _, d := range b.docs {
		self := content.Ref{Kind: content.KindSection, ID: d.page.ID, Title: d.page.Title, URL: d.page.URL()}
		for _, l := range d.page.Links {
			if l.Kind == content.KindSection {
				if t := b.byPageID[l.ID]; t != nil {
					t.page.Backlinks = append(t.page.Backlinks, self)
				}
			} else if r := b.first[recordKey{l.Kind, l.ID}].record; r != nil && r.PageID != d.page.ID {
				r.Backlinks = append(r.Backlinks, self)
			}
		}
		for _, r := range d.records {
			for from, to := nextID(r.Text, 0); from >= 0; from, to = nextID(r.Text, to) {
				cited := b.ids[r.Text[from:to]] // in capitals
				if cited == nil || cited == r {
					continue
				}
				if ref := refOf(cited); !slices.Contains(r.Links, ref) {
					r.Links = append(r.Links, ref)
					cited.Backlinks = append(cited.Backlinks, refOf(r))
				}
			}
		}
	}
}
