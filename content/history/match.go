package history

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/cct-mi/cct/content"
)

// What the texts must share. Measured on the four published states of the Cloud
// Native list, read by a person: from sureRatio on, every pair is right;
// takenUpShare finds the requirements that went into a longer one, and none by chance.
const (
	sureRatio    = 0.55 // of the words of both
	takenUpShare = 0.6  // of the words of the shorter one, small words aside
	minTaken     = 6    // words, small ones aside, below which nothing is said to be taken up
	sameIDRatio  = 0.35 // of the words of both, when the id is the same
)

// link is one old record that became one new record.
type link struct {
	old, new  *text
	ratio     float64 // of common words
	certainty Certainty
	proof     string
	row       *Row // that a person wrote; nil when the program proposes it
	backwards bool // the row leads from new to old
}

// text is a record with its words, cut when first needed: most records of two editions
// are the same, letter by letter.
type text struct {
	record  *content.Record
	id      string // that other editions have too
	place   int    // in reading order
	written string
	cut     []word
	long    []word
	ours    bool // the words are ours, and can't be held against official ones
	row     *Row // by which a person says that it has no link
	links   []*link
}

// wording is what of a record counts as its words: the official ones when they are
// there.
func wording(r *content.Record) string {
	s := r.Text
	if r.Restated && r.Official.Text != "" {
		s = r.Official.Text
	}
	if r.Produit != nil {
		s = strings.Join([]string{r.Produit.Name, r.Produit.Vendor, r.Produit.Version, s}, " ; ")
	}
	if r.Terme != nil {
		s = r.Terme.Term + " : " + s
	}
	return s
}

func texts(list []*content.Record, kind content.Kind) (out []*text) {
	for i, r := range list {
		if r.Kind != kind {
			continue
		}
		out = append(out, &text{record: r, id: lasting(r), place: i, written: wording(r), ours: r.Restated && r.Official.Text == ""})
	}
	return out
}

// lasting is a record's id; where it was made from its page's, of the official file's
// instead, which a page that restates it names too.
func lasting(r *content.Record) string {
	if end := numbered().FindString(r.ID); end != "" && r.Official.Source != "" {
		return r.Official.Source + end
	}
	return r.ID
}

func (t *text) words() []word {
	if t.cut == nil {
		t.cut = wordsOf(t.written)
	}
	return t.cut
}

func (t *text) weighty() []word {
	if t.long == nil {
		t.long = weighty(t.words())
	}
	return t.long
}

func (t *text) same(o *text) bool {
	return t.written == o.written || sameWords(t.words(), o.words())
}

// matching is the search for what became what among the records of one kind.
type matching struct {
	old, new []*text
	settled  map[*content.Record]bool // that a person says have no link
	byID     map[string]*text         // of the new ones
	links    []*link
}

func (m *matching) link(old, new *text, certainty Certainty, share float64, proof string) *link {
	l := &link{old: old, new: new, ratio: share, certainty: certainty, proof: proof}
	old.links = append(old.links, l)
	new.links = append(new.links, l)
	m.links = append(m.links, l)
	return l
}

// match finds the links that no table gives, the surest first: the same id and the
// same words; the same words; the same id and much the same words; the most words in
// common; one text taken up in another; the same id, where ids have not moved. Each
// step sees only the records that the steps before it left without a link.
func (m *matching) match(settled map[*content.Record]bool) {
	m.settled, m.byID = settled, map[string]*text{}
	for _, t := range m.new {
		m.byID[t.id] = t
	}
	m.unchanged()
	m.renumbered()
	m.reworded()
	m.takenUp()
	m.sameID()
}

// open lists the records without a link, those that a person settled aside.
func (m *matching) open(list []*text) (out []*text) {
	for _, t := range list {
		if m.isOpen(t) {
			out = append(out, t)
		}
	}
	return out
}

func (m *matching) isOpen(t *text) bool { return len(t.links) == 0 && !m.settled[t.record] }

// namesake is the new record of o's id; nil when there is none or it has its link.
func (m *matching) namesake(o *text) *text {
	if n := m.byID[o.id]; n != nil && m.isOpen(n) {
		return n
	}
	return nil
}

// unchanged links records of the same id and words.
func (m *matching) unchanged() {
	for _, o := range m.open(m.old) {
		if n := m.namesake(o); n != nil && o.same(n) {
			m.link(o, n, Sure, 1, "même identifiant, mêmes mots")
		}
	}
}

// renumbered links records of the same words, which no other record has.
func (m *matching) renumbered() {
	byWords := map[string][]*text{}
	for _, n := range m.open(m.new) {
		byWords[key(n.words())] = append(byWords[key(n.words())], n)
	}
	olds := m.open(m.old)
	twins := map[string]int{}
	for _, o := range olds {
		twins[key(o.words())]++
	}
	for _, o := range olds {
		k := key(o.words())
		if list := byWords[k]; len(o.words()) > 3 && len(list) == 1 && twins[k] == 1 && o.comparable(list[0]) {
			m.link(o, list[0], Sure, 1, "mêmes mots")
		}
	}
}

// candidate is a pair that may be one record in two states.
type candidate struct {
	old, new *text
	ratio    float64 // of common words
	taken    float64 // part of the old one's words that the new one took up
	score    float64
}

// reworded links, one to one, what shares most words; the same id helps.
func (m *matching) reworded() {
	var candidates []candidate
	near := newNeighbours(m.open(m.new))
	for _, o := range m.open(m.old) {
		list := near.of(o)
		if n := m.namesake(o); n != nil && !slices.Contains(list, n) {
			list = append(list, n)
		}
		for _, n := range list {
			if c, ok := weigh(o, n); ok {
				candidates = append(candidates, c)
			}
		}
	}
	slices.SortStableFunc(candidates, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.old.place, b.old.place), cmp.Compare(a.new.place, b.new.place))
	})
	for _, c := range candidates {
		if len(c.old.links) == 0 && len(c.new.links) == 0 {
			m.likely(c.old, c.new, c.ratio, c.taken)
		}
	}
}

// weigh says how much two records look like one, and whether enough.
func weigh(o, n *text) (c candidate, enough bool) {
	if !o.comparable(n) {
		return c, false
	}
	c = candidate{old: o, new: n, ratio: ratio(o.words(), n.words()), taken: share(o.weighty(), n.weighty())}
	same := o.id == n.id
	switch {
	case c.ratio >= sureRatio, same && c.ratio >= sameIDRatio:
		c.score = c.ratio
	case c.taken >= takenUpShare:
		c.score = sureRatio * c.taken
	default:
		return c, false
	}
	if same {
		c.score += 0.1
	}
	return c, true
}

// takenUp links what went into a record that has another origin already, and what
// came out of one that has another issue.
func (m *matching) takenUp() {
	if olds := m.open(m.old); len(olds) > 0 {
		all := newNeighbours(m.new)
		for _, o := range olds {
			if best, r, t := o.best(all, m.settled); best != nil {
				m.likely(o, best, r, t)
			}
		}
	}
	if news := m.open(m.new); len(news) > 0 {
		all := newNeighbours(m.old)
		for _, n := range news {
			if best, r, t := n.best(all, m.settled); best != nil {
				m.likely(best, n, r, t)
			}
		}
	}
}

// sameID links records of the same id in the families whose ids have not moved: there
// the id is the key, whatever became of the words.
func (m *matching) sameID() {
	moved := m.moved()
	for _, o := range m.open(m.old) {
		n := m.namesake(o)
		if n == nil || moved[family(o.id)] > 0 {
			continue
		}
		if o.ours != n.ours {
			m.link(o, n, Probable, math.NaN(), "même identifiant ; l’un des deux textes est reformulé : les mots ne se comparent pas")
			continue
		}
		r := ratio(o.words(), n.words())
		certainty := Partial
		if sameWords(wordsOf(o.record.Name), wordsOf(n.record.Name)) {
			certainty = Sure
		}
		m.link(o, n, certainty, r, "même identifiant, "+percent(r)+" de mots en commun")
	}
}

// moved counts, for each family of ids, the records whose words went to another id
// against twice those that kept theirs: above zero, its ids have moved.
func (m *matching) moved() map[string]int {
	moved := map[string]int{}
	for _, o := range m.old {
		if m.byID[o.id] == nil {
			continue
		}
		for _, l := range o.links {
			if l.new.id == o.id {
				moved[family(o.id)] -= 2
			} else {
				moved[family(o.id)]++
			}
		}
	}
	return moved
}

// likely makes a link with what shows it.
func (m *matching) likely(old, new *text, r, taken float64) {
	switch {
	case old.same(new):
		m.link(old, new, Sure, 1, "mêmes mots")
	case r >= sureRatio:
		m.link(old, new, Sure, r, percent(r)+" de mots en commun")
	case taken >= takenUpShare:
		m.link(old, new, Probable, r, percent(taken)+" de ses mots repris")
	default:
		m.link(old, new, Probable, r, "même identifiant, "+percent(r)+" de mots en commun")
	}
}

// best is the record of the other edition that t went into, or came from.
func (t *text) best(others *neighbours, settled map[*content.Record]bool) (best *text, r, taken float64) {
	for _, o := range others.of(t) {
		if settled[o.record] || !t.comparable(o) || len(o.links) == 0 || bound(t, o) < sureRatio && len(t.weighty()) < minTaken {
			continue
		}
		common, part := 0.0, share(t.weighty(), o.weighty())
		if bound(t, o) >= sureRatio {
			common = ratio(t.words(), o.words())
		}
		if (common >= sureRatio || part >= takenUpShare) && (best == nil || max(common, part) > max(r, taken)) {
			best, r, taken = o, common, part
		}
	}
	if best != nil && r == 0 {
		r = ratio(t.words(), best.words())
	}
	return best, r, taken
}

// comparable says whether the words of two records can tell that one became the
// other. Products and terms are what their name says; ours can't be held against
// official ones.
func (t *text) comparable(o *text) bool {
	switch t.record.Kind {
	case content.KindProduit, content.KindTerme:
		if t.id != o.id && !sameWords(wordsOf(t.record.Name), wordsOf(o.record.Name)) {
			return false
		}
	}
	return t.ours == o.ours
}

// bound is more than ratio can be, from the lengths alone.
func bound(a, b *text) float64 {
	if len(a.words())+len(b.words()) == 0 {
		return 1
	}
	return 2 * float64(min(len(a.words()), len(b.words()))) / float64(len(a.words())+len(b.words()))
}

// share is the part of a's words that stand in b in the same order; 0 for a text too
// short to tell.
func share(a, b []word) float64 {
	if len(a) < minTaken {
		return 0
	}
	return float64(inCommon(a, b)) / float64(len(a))
}

func key(words []word) string {
	var b strings.Builder
	for _, w := range words {
		b.WriteString(w.key)
		b.WriteByte(' ')
	}
	return b.String()
}

func percent(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) }

// neighbours finds the texts that share most words with another, without comparing
// each with each.
type neighbours struct {
	list   []*text
	places map[string][]int // word → texts that hold it
}

// Bounds of that search: words that many texts hold tell nothing, and few texts are
// near.
const (
	commonWord  = 200
	fewestNear  = 12
	sharesWords = 2
)

func newNeighbours(list []*text) *neighbours {
	n := &neighbours{list: list, places: map[string][]int{}}
	for i, t := range list {
		for _, w := range t.weighty() {
			if p := n.places[w.key]; len(p) == 0 || p[len(p)-1] != i {
				n.places[w.key] = append(p, i)
			}
		}
	}
	return n
}

// of lists the texts nearest to t, at most a few.
func (n *neighbours) of(t *text) []*text {
	count := map[int]int{}
	seen := map[string]bool{}
	for _, w := range t.weighty() {
		if seen[w.key] || len(n.places[w.key]) > commonWord {
			continue
		}
		seen[w.key] = true
		for _, i := range n.places[w.key] {
			count[i]++
		}
	}
	list := make([]int, 0, len(count))
	for i, c := range count {
		if c >= min(sharesWords, len(seen)) {
			list = append(list, i)
		}
	}
	// By the words shared, then by how much of the longer text they are.
	weight := func(i int) float64 {
		return float64(count[i]) * (1 + float64(count[i])/float64(1+len(n.list[i].weighty())))
	}
	slices.SortFunc(list, func(a, b int) int { return cmp.Or(cmp.Compare(weight(b), weight(a)), cmp.Compare(a, b)) })
	var out []*text
	for _, i := range list[:min(len(list), fewestNear)] {
		out = append(out, n.list[i])
	}
	return out
}
