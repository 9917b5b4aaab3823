package history

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/cct-mi/cct/content"
)

// Comparison is what changed from one edition to another.
type Comparison struct {
	From, To string
	Summary  Summary
	Changes  []Change // level changes first, then withdrawn primordial ones, then the rest; unchanged ones last
	Pages    []PageChange
}

// Summary counts records by what became of them. Each counts once under its
// relation, except that Unchanged leaves out those of the same words whose level
// changed; Level counts all whose level did, reworded or not.
type Summary struct {
	Unchanged, Reworded, Level, Split, Merged, Withdrawn, New int
	Typography                                                int // of the unchanged: other signs or capitals, the same words
}

// Change is what became of one record, or where a new one stands.
type Change struct {
	Kind           content.Kind
	From           string   // "" for a new one; with its date where lists give the id to different things
	To             []string // none for a withdrawn one; the nearest first
	Relation       Relation
	Level          *LevelChange // nil unless both sides exist and differ
	Fields         []FieldChange
	Certainty      Certainty
	Proof          string
	Pieces         []Piece // the words, kept, removed and added; nil where they can't be compared
	Added, Removed []string
	Typography     bool // the same words, written otherwise
	Old            *content.Record
	New            []*content.Record
}

// LevelChange is a requirement's level on both sides.
type LevelChange struct{ From, To content.Level } // in the framework's own words where it has some

// FieldChange is a property beside the words that changed.
type FieldChange struct{ Name, From, To string }

// PageChange is a page that came, went, or is worded otherwise.
type PageChange struct {
	Relation Relation // New, Withdrawn or Reworded
	Source   string
	Title    string
}

// Changed says whether anything of the record did, its typography aside.
func (c *Change) Changed() bool { return c.Relation != Identical || c.Level != nil }

// Record is the record that the change is shown by: the new one, or the withdrawn one.
func (c *Change) Record() *content.Record {
	if len(c.New) > 0 {
		return c.New[0]
	}
	return c.Old
}

// Substantial says whether any record changed in more than its typography.
func (s Summary) Substantial() bool {
	return s.Reworded+s.Level+s.Split+s.Merged+s.Withdrawn+s.New > 0
}

// Compare tells what became of each record of an edition in another, for the kinds
// that both hold. rows is what
// people confirmed, in either direction; the texts tell the rest. dated is what ids of
// dated lists mean.
func Compare(from, to *Edition, rows []Row, dated Dated) *Comparison {
	c := &Comparison{From: from.Name, To: to.Name}
	moved := map[string]bool{} // ids that turn out to be used for different things
	for _, kind := range compared() {
		m := &matching{old: texts(from.Records, kind), new: texts(to.Records, kind)}
		if len(m.old) == 0 || len(m.new) == 0 {
			continue // a list of requirements withdraws no rule: it has none
		}
		settled := m.apply(from, to, rows)
		m.match(settled)
		for _, id := range m.reused() {
			moved[id] = true
		}
		c.Changes = append(c.Changes, m.changes()...)
	}
	c.date(from, to, moved, dated)
	c.order()
	c.count()
	c.pages(from, to)
	return c
}

// apply makes the links of the table's rows between the two editions, and gives the
// records whose fate a row settles.
func (m *matching) apply(from, to *Edition, rows []Row) map[*content.Record]bool {
	settled := map[*content.Record]bool{}
	index := func(list []*text) map[string]*text {
		out := map[string]*text{}
		for _, t := range list {
			out[t.record.ID] = t
		}
		return out
	}
	olds, news := index(m.old), index(m.new)
	for i := range rows {
		r := &rows[i]
		old, oldDate := SplitDated(r.Old)
		new, _ := SplitDated(r.New)
		o, n := olds[old], news[new]
		at, backwards := to.Name, false
		if r.NewEdition() != to.Name {
			if r.NewEdition() != from.Name {
				continue
			}
			// The table read from the new edition back to the old one.
			o, n = olds[new], news[old]
			at, backwards = from.Name, true
		}
		if other := map[bool]string{false: from.Name, true: to.Name}[backwards]; oldDate != "" && oldDate != other || other == at {
			continue
		}
		switch {
		case o != nil && n != nil:
			if slices.ContainsFunc(o.links, func(l *link) bool { return l.new == n }) {
				continue
			}
			share := math.NaN()
			if o.comparable(n) {
				share = ratio(o.words(), n.words())
			}
			l := m.link(o, n, r.Certainty, share, r.Proof)
			l.row, l.backwards = r, backwards
			settled[o.record], settled[n.record] = true, true
		case o != nil && (r.New == "" || backwards && r.Old == ""):
			settled[o.record] = true
			o.row = r
		case n != nil && (r.Old == "" || backwards && r.New == ""):
			settled[n.record] = true
			n.row = r
		}
	}
	return settled
}

// changes turns the links of one kind into what became of each record.
func (m *matching) changes() (out []Change) {
	for _, o := range m.old {
		ch := Change{Kind: o.record.Kind, From: o.record.ID, Old: o.record, To: []string{}, Added: []string{}, Removed: []string{}}
		if len(o.links) == 0 {
			ch.Relation, ch.Certainty, ch.Proof = Withdrawn, Probable, "aucun texte proche"
			if o.row != nil {
				ch.Certainty, ch.Proof = o.row.Certainty, o.row.Proof
			}
			out = append(out, ch)
			continue
		}
		var proofs []string
		for _, l := range o.links {
			ch.To = append(ch.To, l.new.record.ID)
			ch.New = append(ch.New, l.new.record)
			if l.proof != "" && !slices.Contains(proofs, l.proof) {
				proofs = append(proofs, l.proof)
			}
		}
		first := o.links[0]
		ch.Certainty, ch.Proof = first.certainty, strings.Join(proofs, " ; ")
		ch.Relation = o.relation()
		ch.words(o, first.new)
		ch.properties(o.record, first.new.record)
		if ch.Relation == Identical && slices.ContainsFunc(ch.Fields, func(f FieldChange) bool { return f.binds() }) {
			ch.Relation = Reworded
		}
		out = append(out, ch)
	}
	for _, n := range m.new {
		if len(n.links) > 0 {
			continue
		}
		ch := Change{Kind: n.record.Kind, To: []string{n.record.ID}, New: []*content.Record{n.record}, Relation: New, Certainty: Probable, Proof: "aucun texte proche", Added: []string{}, Removed: []string{}}
		if n.row != nil {
			ch.Certainty, ch.Proof = n.row.Certainty, n.row.Proof
		}
		out = append(out, ch)
	}
	return out
}

// relation says what became of a record: what a person wrote, else what its links and
// those of its issue show. What only a part of another record went into is not merged
// for that.
func (t *text) relation() Relation {
	first := t.links[0]
	if first.row != nil {
		r := first.row.Relation
		if first.backwards {
			r = map[Relation]Relation{Split: Merged, Merged: Split}[r]
		}
		if r == Split || r == Merged {
			return r
		}
	}
	merged := slices.ContainsFunc(first.new.links, func(l *link) bool { return l.old != t && l.old.links[0] == l })
	switch {
	case len(t.links) > 1:
		return Split
	case merged && first.row == nil:
		return Merged
	case !math.IsNaN(first.ratio) && t.same(first.new):
		return Identical
	case math.IsNaN(first.ratio) && (first.row == nil || first.row.Relation == Identical):
		return Identical // nothing says otherwise
	}
	return Reworded
}

// words compares the words of both sides.
func (c *Change) words(o, n *text) {
	if o.ours != n.ours {
		return
	}
	if o.written == n.written {
		c.Pieces = []Piece{{Kept, n.written}}
		return
	}
	c.Pieces = pieces(o.words(), n.words())
	for _, p := range c.Pieces {
		switch s := strings.TrimSpace(p.Text); p.Op {
		case Added:
			c.Added = append(c.Added, s)
		case Removed:
			c.Removed = append(c.Removed, s)
		}
	}
	c.Typography = len(c.Added)+len(c.Removed) == 0 && strings.Join(strings.Fields(o.written), " ") != strings.Join(strings.Fields(n.written), " ")
}

// properties compares what a record has beside its words.
func (c *Change) properties(o, n *content.Record) {
	if from, to := o.LevelWord(), n.LevelWord(); !strings.EqualFold(from, to) {
		c.Level = &LevelChange{content.Level(from), content.Level(to)}
	}
	field := func(name, from, to string) {
		if !sameWords(wordsOf(from), wordsOf(to)) {
			c.Fields = append(c.Fields, FieldChange{name, from, to})
		}
	}
	switch {
	case o.Produit != nil && n.Produit != nil:
		field("statut", o.Produit.Status, n.Produit.Status)
		field("support du logiciel libre", o.Produit.Supported, n.Produit.Supported)
		field("licence", o.Produit.Licence, n.Produit.Licence)
	case o.Regle != nil && n.Regle != nil:
		field("statut", o.Regle.Status, n.Regle.Status)
	case o.Exigence != nil && n.Exigence != nil && o.Exigence.Category != "" && n.Exigence.Category != "":
		field("catégorie", o.Exigence.Category, n.Exigence.Category)
	}
}

// binds says whether the change of a property is one of substance. The category of a
// requirement is how a list is sorted.
func (f FieldChange) binds() bool { return f.Name != "catégorie" }

// date writes the ids that dated lists give to different things with their date.
func (c *Comparison) date(from, to *Edition, moved map[string]bool, dated Dated) {
	write := func(id, edition string) string {
		if id != "" && IsDate(edition) && (moved[id] || dated.Ambiguous(id)) {
			return id + "@" + edition
		}
		return id
	}
	for i := range c.Changes {
		ch := &c.Changes[i]
		ch.From = write(ch.From, from.Name)
		for j := range ch.To {
			ch.To[j] = write(ch.To[j], to.Name)
		}
	}
}

// Narrow keeps the changes of some records: those of which keep holds for one side at
// least. Pages are left out.
func (c *Comparison) Narrow(keep func(*content.Record) bool) *Comparison {
	out := &Comparison{From: c.From, To: c.To}
	for _, ch := range c.Changes {
		if ch.Old != nil && keep(ch.Old) || slices.ContainsFunc(ch.New, keep) {
			out.Changes = append(out.Changes, ch)
		}
	}
	out.count()
	return out
}

// order puts first what a reader must see first.
func (c *Comparison) order() {
	rank := func(ch Change) int {
		switch {
		case ch.Level != nil:
			return 0
		case ch.Relation == Withdrawn && ch.Old.Level() == content.Primordial, ch.Relation == Withdrawn && ch.Old.Level() == content.Bloquant:
			return 1
		}
		return 2 + slices.Index([]Relation{Withdrawn, Split, Merged, Reworded, New, Identical}, ch.Relation)
	}
	sureness := func(ch Change) int {
		if ch.Level == nil {
			return 0 // the order of reading counts
		}
		return slices.Index([]Certainty{Sure, Probable, Partial}, ch.Certainty)
	}
	slices.SortStableFunc(c.Changes, func(a, b Change) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(sureness(a), sureness(b)))
	})
}

func (c *Comparison) count() {
	s := &c.Summary
	for _, ch := range c.Changes {
		if ch.Level != nil {
			s.Level++
		}
		switch ch.Relation {
		case Identical:
			if ch.Level == nil {
				s.Unchanged++
				if ch.Typography {
					s.Typography++
				}
			}
		case Reworded:
			s.Reworded++
		case Split:
			s.Split++
		case Merged:
			s.Merged++
		case Withdrawn:
			s.Withdrawn++
		case New:
			s.New++
		}
	}
}

// pages compares the pages by their files. Nothing is said of two folders that have
// no file in common: they are two works.
func (c *Comparison) pages(from, to *Edition) {
	index := func(list []content.PageHead) map[string]content.PageHead {
		out := map[string]content.PageHead{}
		for _, p := range list {
			out[p.Source] = p
		}
		return out
	}
	olds, news := index(from.Pages), index(to.Pages)
	common := false
	var list []PageChange
	for _, p := range from.Pages {
		n, ok := news[p.Source]
		switch {
		case !ok:
			list = append(list, PageChange{Withdrawn, p.Source, p.Title})
		case n.Digest != p.Digest:
			list = append(list, PageChange{Reworded, n.Source, n.Title})
		}
		common = common || ok
	}
	for _, p := range to.Pages {
		if _, ok := olds[p.Source]; !ok {
			list = append(list, PageChange{New, p.Source, p.Title})
		}
	}
	if common {
		c.Pages = list
	}
}
