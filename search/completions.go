package search

import (
	"cmp"
	"encoding/binary"
	"errors"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search/french"
	"github.com/cct-mi/cct/store"
)

// MinSuggest is how many characters completion needs.
const MinSuggest = 2

// completions are the records and pages that typing may lead to, found by the words of
// their titles. They stay in the store's map, so that the first keystroke is as fast as
// the next; their methods are called within the store's Read.
type completions struct {
	items  packed // see completionItem, under its key
	titles packed // see completionTitle, under its text
	words  packed // folded word of a title → the items that it leads to, ascending
}

// completionKinds are what typing leads to, in the order of the items.
var completionKinds = []content.Kind{content.KindExigence, content.KindTerme, content.KindProduit, content.KindRegle, content.KindNorme, content.KindSection}

// kindRank puts the kinds that people look for first.
func kindRank(kind uint8) int {
	if completionKinds[kind] == content.KindSection {
		return 1
	}
	return int(kind)
}

// completionScan bounds the titles that one keystroke looks at.
const completionScan = 3000

// kindNotes name a kind to a reader.
var kindNotes = map[content.Kind]string{
	content.KindExigence: "Exigence", content.KindProduit: "Produit", content.KindTerme: "Terme", content.KindRegle: "Règle", content.KindNorme: "Norme", content.KindSection: "Page",
}

// completionItem is a record or a page. Its key is that of its id.
type completionItem struct {
	title   uint32
	place   uint32 // among all by their addresses
	id      string
	address string // "" where the id makes it, see addressOf
}

// completionTitle is what items of one kind are called.
type completionTitle struct {
	kind   uint8    // index into completionKinds
	detail string   // what a note says beside the kind; of a page, the id of its theme
	words  []uint32 // places in the list of words, in the order of the text
}

// addressOf is the address of a record or page of a kind that has pages of its own.
func addressOf(kind content.Kind, id string) string {
	if kind == content.KindSection {
		return (&content.Page{ID: id}).URL()
	}
	return (&content.Record{Kind: kind, ID: id}).URL()
}

// completionsBuilder gathers what completions need. Of titles that several records
// share, and of words that several titles share, it keeps one.
type completionsBuilder struct {
	items  []completionItem
	keys   []string          // of the items
	titles []completionTitle // their words as they came
	texts  []string          // of the titles
	titled map[string]uint32
	worded map[string]uint32
}

func newCompletionsBuilder() *completionsBuilder {
	return &completionsBuilder{titled: map[string]uint32{}, worded: map[string]uint32{}}
}

func (b *completionsBuilder) record(r *content.Record) {
	kind := slices.Index(completionKinds, r.Kind)
	if kind < 0 {
		return
	}
	detail := r.LevelWord()
	if detail == "" && r.Produit != nil {
		detail = r.Produit.Chapter
	}
	key := ""
	if keys := idKeys(r); len(keys) > 0 {
		key = keys[0]
	}
	b.add(uint8(kind), key, r.ID, r.URL(), r.Title, detail, calledBy(r))
}

func (b *completionsBuilder) page(p *content.Page) {
	kind := slices.Index(completionKinds, content.KindSection)
	b.add(uint8(kind), "", p.ID, p.URL(), p.Title, p.Theme, p.Title)
}

func (b *completionsBuilder) add(kind uint8, key, id, address, title, detail, called string) {
	if address == addressOf(completionKinds[kind], id) {
		address = ""
	}
	all := strings.Join([]string{string(completionKinds[kind]), title, detail, called}, "\x00")
	n, known := b.titled[all]
	if !known {
		t := completionTitle{kind: kind, detail: strings.Clone(detail)}
		for _, w := range titleWords(called) {
			word, known := b.worded[w]
			if !known {
				word = uint32(len(b.worded))
				b.worded[strings.Clone(w)] = word
			}
			t.words = append(t.words, word)
		}
		n = uint32(len(b.titles))
		b.titled[all], b.titles, b.texts = n, append(b.titles, t), append(b.texts, strings.Clone(title))
	}
	b.items, b.keys = append(b.items, completionItem{title: n, id: id, address: address}), append(b.keys, key)
}

// write writes the lists; nothing is added afterwards.
func (b *completionsBuilder) write(w *store.Writer) error {
	words := make([]string, 0, len(b.worded))
	for word := range b.worded {
		words = append(words, word)
	}
	slices.Sort(words)
	sorted := make([]uint32, len(words)) // place of a word as it came → in the list
	for place, word := range words {
		sorted[b.worded[word]] = uint32(place)
	}
	for _, t := range b.titles {
		for i, word := range t.words {
			t.words[i] = sorted[word]
		}
	}
	b.placeByAddress()

	order := make([]int, len(b.items))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int {
		return cmp.Compare(b.titles[b.items[x].title].kind, b.titles[b.items[y].title].kind)
	})
	leads := make([][]byte, len(words))
	last := make([]int, len(words)) // item that a word leads to so far
	for n, i := range order {
		for _, word := range b.titles[b.items[i].title].words {
			leads[word] = binary.AppendUvarint(leads[word], uint64(n-last[word]))
			last[word] = n
		}
	}

	items, err := pack(len(order), func(n int) (string, []byte) { return b.keys[order[n]], b.items[order[n]].encode() })
	if err != nil {
		return err
	}
	titles, err := pack(len(b.titles), func(n int) (string, []byte) { return b.texts[n], b.titles[n].encode() })
	if err != nil {
		return err
	}
	byWord, err := pack(len(words), func(n int) (string, []byte) { return words[n], leads[n] })
	return errors.Join(err, w.PutPlain(bucketCompletions, "items", items), w.PutPlain(bucketCompletions, "titles", titles), w.PutPlain(bucketCompletions, "words", byWord))
}

// placeByAddress notes where each item stands among all by their addresses.
func (b *completionsBuilder) placeByAddress() {
	addresses, order := make([]string, len(b.items)), make([]int, len(b.items))
	for i, it := range b.items {
		addresses[i], order[i] = it.url(completionKinds[b.titles[it.title].kind]), i
	}
	slices.SortFunc(order, func(x, y int) int { return strings.Compare(addresses[x], addresses[y]) })
	for place, i := range order {
		b.items[i].place = uint32(place)
		if place > 0 && addresses[order[place-1]] == addresses[i] {
			b.items[i].place = b.items[order[place-1]].place
		}
	}
}

// url is the item's address.
func (it completionItem) url(kind content.Kind) string {
	if it.address != "" {
		return it.address
	}
	return addressOf(kind, it.id)
}

// encode writes the title, the place, and the id with its length before the address.
func (it completionItem) encode() []byte {
	b := binary.AppendUvarint(nil, uint64(it.title))
	b = binary.AppendUvarint(b, uint64(it.place))
	b = binary.AppendUvarint(b, uint64(len(it.id)))
	return append(append(b, it.id...), it.address...)
}

func (c *completions) item(n uint32) (it completionItem) {
	b := c.items.value(int(n))
	it.title, b = cutNumber(b)
	it.place, b = cutNumber(b)
	length, b := cutNumber(b)
	it.id, it.address = string(b[:length]), string(b[length:])
	return it
}

// titleAndPlace is what matching needs of an item.
func (c *completions) titleAndPlace(n uint32) (title, place uint32) {
	title, b := cutNumber(c.items.value(int(n)))
	place, _ = cutNumber(b)
	return title, place
}

// encode writes the kind, and the detail with its length before the words.
func (t completionTitle) encode() []byte {
	b := binary.AppendUvarint([]byte{t.kind}, uint64(len(t.detail)))
	b = append(b, t.detail...)
	for _, word := range t.words {
		b = binary.AppendUvarint(b, uint64(word))
	}
	return b
}

// title cuts a title into its kind, its detail and the numbers of its words.
func (c *completions) title(n uint32) (kind uint8, detail, words []byte) {
	b := c.titles.value(int(n))
	length, rest := cutNumber(b[1:])
	return b[0], rest[:length], rest[length:]
}

// suggestion is an item as it is shown.
func (c *completions) suggestion(n uint32, themeTitle func(id string) string) Suggestion {
	it := c.item(n)
	code, detail, _ := c.title(it.title)
	kind, more := completionKinds[code], string(detail)
	if kind == content.KindSection {
		more = themeTitle(more)
	}
	note := kindNotes[kind]
	if more != "" {
		note += ", " + more
	}
	return Suggestion{Text: string(c.titles.key(int(it.title))), Type: kind, ID: it.id, URL: it.url(kind), Note: note}
}

// cutNumber takes a number off the beginning.
func cutNumber(b []byte) (uint32, []byte) {
	n, size := binary.Uvarint(b)
	if size <= 0 {
		panic(errEntry)
	}
	return uint32(n), b[size:]
}

// titleWords are the words of a title as folded, compounds by their parts.
func titleWords(title string) (words []string) {
	for _, t := range french.Tokenize(title) {
		if len(words) < 40 && (!t.Joined || t.Signed()) {
			words = append(words, t.Term)
		}
	}
	return words
}

// calledBy is what people call a record by: its name, or a term and its other names.
func calledBy(r *content.Record) string {
	if r.Kind == content.KindTerme {
		return join(append([]string{r.Terme.Term}, r.Terme.Aliases...)...)
	}
	return r.Name
}

// begun is the range of words of titles that begin like what is typed.
type begun struct {
	from, to uint32
	whole    bool // the first is what is typed
}

func (c *completions) begun(typed string) begun {
	from := sort.Search(c.words.size(), func(i int) bool { return string(c.words.key(i)) >= typed })
	more := sort.Search(c.words.size()-from, func(i int) bool { return !strings.HasPrefix(string(c.words.key(from+i)), typed) })
	return begun{uint32(from), uint32(from + more), more > 0 && string(c.words.key(from)) == typed}
}

// leads lists the items that a range of words leads to, one by one.
func (c *completions) leads(words begun) (items []uint32) {
	for w := words.from; w < words.to; w++ {
		n := uint32(0)
		for b := c.words.value(int(w)); len(b) > 0; {
			if len(items) == completionScan {
				return items
			}
			var more uint32
			more, b = cutNumber(b)
			n += more
			items = append(items, n)
		}
	}
	return items
}

// fits says whether each word that is typed begins a word of a title, and how far from
// an exact beginning it is.
func (c *completions) fits(title uint32, typed []begun) (cost int, ok bool) {
	kind, _, b := c.title(title)
	words := make([]uint32, 0, 16)
	for len(b) > 0 {
		var word uint32
		word, b = cutNumber(b)
		words = append(words, word)
	}
	for i, w := range typed {
		at := slices.IndexFunc(words, func(x uint32) bool { return x >= w.from && x < w.to })
		if at < 0 {
			return 0, false
		}
		cost += min(at, 9)
		if i == 0 && at == 0 {
			cost -= 5
		}
		if !w.whole || words[at] != w.from {
			cost++
		}
	}
	return cost + min(len(words), 10)/2 + kindRank(kind)*3, true
}

// readCompletions finds the lists in the store's map.
func readCompletions(st *store.Store) func() (*completions, error) {
	return sync.OnceValues(func() (*completions, error) {
		items, itemErr := st.Mapped(bucketCompletions, "items")
		titles, titleErr := st.Mapped(bucketCompletions, "titles")
		words, wordErr := st.Mapped(bucketCompletions, "words")
		return &completions{items, titles, words}, errors.Join(itemErr, titleErr, wordErr)
	})
}
