package search

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search/french"
)

// entry is one document of the index: a section or a record, with what a hit
// and its snippet need. It is read from the store hit by hit, so that memory
// does not grow with the content.
type entry struct {
	kind                         content.Kind
	id, title, url, heading      string
	pageID, pageTitle, pageURL   string
	source, theme, level, status string
	ownLevel                     string // in the framework's own word
	path                         []string
	name                         string   // what it is called, without its id and other names; not kept with the entry
	label                        string   // what names it, for the index
	body                         string   // what it says, for the index and the snippet
	line                         int      // of a record in its source, 0 for a section; not kept with the entry
	pointer                      bool     // it only leads to what says it; not kept with the entry, see tables
	follows                      bool     // it is a further passage of the section before it; likewise
	keys                         []string // that name it as an id; likewise
}

// Buckets that search adds to those of content.
const (
	bucketIndex       = "index"       // name of a file of the index → its bytes
	bucketEntries     = "entries"     // number of a block, big-endian → its entries, as they came
	bucketTables      = "tables"      // "head" and "arrays" → what is in memory while the library is open; the lists below
	bucketCompletions = "completions" // "items", "titles" and "words" → see completions
)

// Lists of bucketTables.
const (
	listIDs    = "ids"    // an id without signs → ordinals
	listWords  = "words"  // folded word → the spelling to show
	listForms  = "forms"  // dictionary form → the content's other forms of it
	listNames  = "names"  // names of products and terms that are one word
	listExpand = "expand" // stems of a word or phrase → what it widens to
)

// encode writes the fields one after the other, each with its length before it.
func (e *entry) encode() []byte {
	fields := []string{string(e.kind), e.id, e.title, e.url, e.heading, e.pageID, e.pageTitle, e.pageURL, e.source, e.theme, e.level, e.ownLevel, e.status, strings.Join(e.path, "\x00"), e.label, e.body}
	n := 0
	for _, f := range fields {
		n += len(f) + binary.MaxVarintLen32
	}
	b := make([]byte, 0, n)
	for _, f := range fields {
		b = binary.AppendUvarint(b, uint64(len(f)))
		b = append(b, f...)
	}
	return b
}

var errEntry = errors.New("un document de l’index ne se lit pas")

func decodeEntry(b []byte) (*entry, error) {
	s := string(b) // one copy, shared by all fields
	next := func() (string, error) {
		n, w := binary.Uvarint(b)
		if w <= 0 || n > uint64(len(b)-w) {
			return "", errEntry
		}
		f := s[w : w+int(n)]
		s, b = s[w+int(n):], b[w+int(n):]
		return f, nil
	}
	e := &entry{}
	var kind, path string
	for _, to := range []*string{&kind, &e.id, &e.title, &e.url, &e.heading, &e.pageID, &e.pageTitle, &e.pageURL, &e.source, &e.theme, &e.level, &e.ownLevel, &e.status, &path, &e.label, &e.body} {
		f, err := next()
		if err != nil {
			return nil, err
		}
		*to = f
	}
	e.kind = content.Kind(kind)
	e.path = []string{}
	if path != "" {
		e.path = strings.Split(path, "\x00")
	}
	return e, nil
}

// seeAlso is the folded heading of a section that holds nothing but links.
const seeAlso = "voir aussi"

// entriesOf lists the documents of a page, in reading order.
func entriesOf(p *content.Page, records []*content.Record) []*entry {
	var out []*entry
	base := entry{pageID: p.ID, pageTitle: p.Title, pageURL: p.URL(), source: p.Source, theme: p.Theme}
	for i := range p.Sections {
		s := &p.Sections[i]
		if s.Record != "" || s.Text == "" && s.Anchor == "" {
			continue
		}
		e := base
		e.kind, e.heading, e.title, e.path = content.KindSection, s.Heading, s.Heading, s.Path
		e.id, e.url = p.ID, p.URL()
		if s.Anchor != "" {
			e.id, e.url = p.ID+"#"+s.Anchor, p.URL()+"#"+s.Anchor
		}
		e.label, e.name, e.body = s.Heading, s.Heading, s.Text
		e.pointer = french.Fold(s.Heading) == seeAlso
		out = append(out, passagesOf(&e)...)
	}
	for _, r := range records {
		out = append(out, entryOf(base, r))
	}
	if len(out) == 0 { // an empty page is found by its title
		e := base
		e.kind, e.heading, e.title, e.path, e.id, e.url, e.label = content.KindSection, p.Title, p.Title, []string{}, p.ID, p.URL(), p.Title
		e.body = p.Description
		out = append(out, &e)
	}
	return out
}

// pathText is what the index takes of a document's path: that goes without the page's
// title, which is a field of its own.
func pathText(e *entry) string { return strings.Join(below(e), "\n") }

// below is the path without the page's title.
func below(e *entry) []string {
	if len(e.path) > 0 && e.path[0] == e.pageTitle {
		return e.path[1:]
	}
	return e.path
}

func entryOf(base entry, r *content.Record) *entry {
	e := base
	e.kind, e.id, e.title, e.url, e.heading, e.path = r.Kind, r.ID, r.Title, r.URL(), r.Label, r.Path
	e.level, e.ownLevel, e.keys = string(r.Level()), r.OwnLevel(), idKeys(r)
	e.body = r.Text
	name := r.Name
	if strings.HasPrefix(r.Text, strings.TrimSuffix(name, "…")) { // a title made of the text says nothing more
		name = ""
	}
	e.name = name
	switch r.Kind {
	case content.KindExigence:
		e.label = join(r.ID, name)
		e.body = r.Text
		for _, more := range []string{r.Exigence.Category, r.Exigence.Nature, r.Exigence.Replaces} {
			if more != "" {
				e.body += " · " + more
			}
		}
	case content.KindProduit:
		p := r.Produit
		e.status, e.name = p.Status, p.Name
		e.label = join(r.ID, p.Name)
		e.body = join(p.Name, sentence(p.Vendor), sentence(p.Version), p.Comment)
		e.path = r.Path
	case content.KindTerme:
		e.name = r.Terme.Term
		e.label = join(append([]string{r.Terme.Term}, r.Terme.Aliases...)...)
	case content.KindRegle:
		e.status = r.Regle.Status
		e.label = join(r.Label, r.ID, name)
		if r.Regle.Kind == "regle" {
			e.label = join(r.ID, name)
		}
	case content.KindNorme:
		e.label = r.Name
	default:
		e.label, e.name = r.Label, r.Label
		e.body = join(r.Label, r.Text)
		e.pointer = len(r.Links) > 0
	}
	return &e
}

// nameLength counts the words of a document's name that say something, without
// what stands in brackets: "Kubernetes (K8s)" is one. 0 for a document without a
// name of its own.
func nameLength(e *entry) int {
	name, _, _ := strings.Cut(e.name, "(")
	n := 0
	for _, t := range french.Tokenize(name) {
		if !t.IsStop() && (!t.Joined || t.Signed()) {
			n++
		}
	}
	return n
}

// sentence ends a fragment, so that a snippet reads.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	return s + "."
}

func join(parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		if p == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(p)
	}
	return b.String()
}

func wrapf(err error, format string, args ...any) error {
	return fmt.Errorf(format+" : %w", append(args, err)...)
}
