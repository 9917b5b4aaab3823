package search

import (
	"encoding/binary"
	"encoding/json"
	"slices"
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search/french"
	"github.com/cct-mi/cct/search/index"
	"github.com/cct-mi/cct/store"
)

// tables are the few bytes of every document that ranking and facets need in
// memory: about 30 a document.
type tables struct {
	lengths []lengths // by ordinal
	kinds   []uint8   // index into kindNames
	themes  []uint16  // index into themeNames
	levels  []uint16  // index into levelNames
	pages   []uint32  // ordinal of the page
	points  []uint8   // 1: the document only leads to what says it
	leaving []uint8   // 1: a product to leave, status M or O
	follows []uint8   // 1: a further passage of the section before it
	names   []uint8   // how many words the document's name has, see nameLength
	came    []uint32  // place of the document among those that were added, which its entry has

	kindNames  []content.Kind
	themeNames []string
	levelNames []levelName // the first is for documents that can have none
	pageCount  int

	weights     []float64 // of the kinds, by their codes, see kindWeight
	average     [fields]float64
	pageLengths []float64
	pageAverage float64
}

// lengths are the numbers of words of a document's fields.
type lengths [fields]uint16

func clamp(n int) uint16 { return uint16(min(n, 1<<16-1)) }

// analyzer cuts documents into words, counts these, and learns how they are spelt.
type analyzer struct {
	stems       *french.Stemmer
	spelt       surfaces
	title, path repeated // rows of a table share them
}

func newAnalyzer(s *french.Stemmer) *analyzer {
	return &analyzer{stems: s, spelt: surfaces{}, title: nothingOf(fieldTitle, s), path: nothingOf(fieldPath, s)}
}

// repeated is a field that the next document mostly has the same.
type repeated struct {
	field  index.Field
	text   string
	words  []french.Token
	terms  index.Terms
	length uint16
}

// nothingOf is a field without text, as some documents have.
func nothingOf(f index.Field, s *french.Stemmer) repeated {
	return repeated{field: f, terms: index.Stems(f, nil, s)}
}

// read takes the field of the next document, and says whether it is another.
func (r *repeated) read(text string, s *french.Stemmer) bool {
	if r.text == text {
		return false
	}
	words := french.Tokenize(text)
	*r = repeated{r.field, text, words, index.Stems(r.field, words, s), length(words)}
	return true
}

// analyse makes of a document what the index takes, with the lengths of its fields.
func (a *analyzer) analyse(e *entry) (index.Document, lengths) {
	if a.title.read(e.pageTitle, a.stems) {
		a.spelt.know(a.title.words)
	}
	a.path.read(pathText(e), a.stems)
	label, body := french.Tokenize(e.label), french.Tokenize(e.body)
	a.spelt.add(e.label, label)
	a.spelt.add(e.body, body)
	return index.Document{
			fieldLabel: index.Stems(fieldLabel, label, a.stems), fieldTitle: a.title.terms, fieldPath: a.path.terms, fieldBody: index.Stems(fieldBody, body, a.stems),
			fieldExact: index.Words(label, a.title.words, body),
		}, lengths{
			fieldLabel: length(label), fieldTitle: a.title.length, fieldPath: a.path.length, fieldBody: length(body),
			fieldExact: clamp(len(label) + len(a.title.words) + len(body)),
		}
}

// length counts the words of a field as the ranking counts them: without stop words,
// and a compound by its parts.
func length(words []french.Token) uint16 {
	n := 0
	for _, t := range words {
		if !t.IsStop() && (!t.Joined || t.Signed()) {
			n++
		}
	}
	return clamp(n)
}

// levelName is a level of exigences: the CCT's, and the framework's own word for it, ""
// where it has none.
type levelName struct{ Level, Own string }

// named says whether a filter by level keeps it, see content.Record.HasLevel.
func (l levelName) named(asked string) bool {
	if l.Level == "" && l.Own == "" {
		return asked == NoLevel
	}
	return strings.EqualFold(asked, l.Own) || strings.EqualFold(asked, l.Level)
}

func newTables() tables { return tables{kindNames: content.Kinds(), levelNames: []levelName{{}}} }

// add notes the next document; its lengths are noted later.
func (t *tables) add(e *entry, page int) {
	theme := slices.Index(t.themeNames, e.theme)
	if theme < 0 {
		theme = len(t.themeNames)
		t.themeNames = append(t.themeNames, e.theme)
	}
	level, points, leaving, follows := 0, uint8(0), uint8(0), uint8(0)
	if e.kind == content.KindExigence {
		name := levelName{e.level, e.ownLevel}
		if level = slices.Index(t.levelNames[1:], name) + 1; level == 0 {
			level = len(t.levelNames)
			t.levelNames = append(t.levelNames, name)
		}
	}
	if e.pointer {
		points = 1
	}
	if e.follows {
		follows = 1
	}
	if e.status == "M" || e.status == "O" {
		leaving = 1
	}
	t.kinds = append(t.kinds, uint8(slices.Index(t.kindNames, e.kind)))
	t.themes = append(t.themes, uint16(min(theme, 1<<16-1)))
	t.levels = append(t.levels, uint16(min(level, 1<<16-1)))
	t.pages = append(t.pages, uint32(page))
	t.points = append(t.points, points)
	t.leaving = append(t.leaving, leaving)
	t.follows = append(t.follows, follows)
	t.names = append(t.names, uint8(min(nameLength(e), 255)))
	t.lengths = append(t.lengths, lengths{})
	t.pageCount = page + 1
}

// renumbered gives the tables in the order of the documents' numbers.
func (t *tables) renumbered(order []sortKey) *tables {
	r := &tables{kindNames: t.kindNames, themeNames: t.themeNames, levelNames: t.levelNames, pageCount: t.pageCount}
	for _, key := range order {
		n := key.number
		r.kinds, r.themes, r.levels = append(r.kinds, t.kinds[n]), append(r.themes, t.themes[n]), append(r.levels, t.levels[n])
		r.pages, r.points, r.lengths = append(r.pages, t.pages[n]), append(r.points, t.points[n]), append(r.lengths, t.lengths[n])
		r.leaving, r.names, r.came = append(r.leaving, t.leaving[n]), append(r.names, t.names[n]), append(r.came, n)
		r.follows = append(r.follows, t.follows[n])
	}
	return r
}

// finish computes the averages once lengths are known.
func (t *tables) finish() {
	for _, kind := range t.kindNames {
		weight, ok := kindWeight[kind]
		if !ok {
			weight = 1
		}
		t.weights = append(t.weights, weight)
	}
	t.pageLengths = make([]float64, t.pageCount)
	var sum [fields]float64
	for i, l := range t.lengths {
		for f := range l {
			sum[f] += float64(l[f])
		}
		t.pageLengths[t.pages[i]] += float64(l[fieldBody]) + float64(l[fieldLabel])
	}
	for f := range sum {
		t.average[f] = max(sum[f]/float64(max(len(t.lengths), 1)), 1)
	}
	total := 0.0
	for _, l := range t.pageLengths {
		total += l
	}
	t.pageAverage = max(total/float64(max(t.pageCount, 1)), 1)
}

// heading is the part of the tables that is no array of numbers.
type tableHead struct {
	Count      int
	Pages      int
	KindNames  []content.Kind
	ThemeNames []string
	LevelNames []levelName
}

func (t *tables) write(w *store.Writer) error {
	h, err := json.Marshal(tableHead{len(t.kinds), t.pageCount, t.kindNames, t.themeNames, t.levelNames})
	if err != nil {
		return err
	}
	b := []byte{}
	b = append(b, t.kinds...)
	b = append(b, t.points...)
	b = append(b, t.leaving...)
	b = append(b, t.follows...)
	b = append(b, t.names...)
	for i := range t.kinds {
		b = binary.LittleEndian.AppendUint16(b, t.themes[i])
		b = binary.LittleEndian.AppendUint16(b, t.levels[i])
		b = binary.LittleEndian.AppendUint32(b, t.pages[i])
		b = binary.LittleEndian.AppendUint32(b, t.came[i])
	}
	for i := range t.kinds {
		for _, l := range t.lengths[i] {
			b = binary.LittleEndian.AppendUint16(b, l)
		}
	}
	if err := w.Put(bucketTables, "arrays", b); err != nil {
		return err
	}
	return w.Put(bucketTables, "head", h)
}

func readTables(st *store.Store) (*tables, error) {
	hb, err := st.Get(bucketTables, "head")
	if err != nil {
		return nil, err
	}
	b, err := st.Get(bucketTables, "arrays")
	if err != nil {
		return nil, err
	}
	var h tableHead
	if err := json.Unmarshal(hb, &h); err != nil {
		return nil, wrapf(err, "lire les tables de l’index")
	}
	n := h.Count
	if n == 0 || len(b) != n*(5+12+2*int(fields)) {
		return nil, errEntry
	}
	t := &tables{
		kinds: b[:n], points: b[n : 2*n], leaving: b[2*n : 3*n], follows: b[3*n : 4*n], names: b[4*n : 5*n], themes: make([]uint16, n), levels: make([]uint16, n), pages: make([]uint32, n), came: make([]uint32, n),
		kindNames: h.KindNames, themeNames: h.ThemeNames, levelNames: h.LevelNames, pageCount: h.Pages, lengths: make([]lengths, n),
	}
	b = b[5*n:]
	for i := range n {
		t.themes[i] = binary.LittleEndian.Uint16(b)
		t.levels[i] = binary.LittleEndian.Uint16(b[2:])
		t.pages[i] = binary.LittleEndian.Uint32(b[4:])
		t.came[i] = binary.LittleEndian.Uint32(b[8:])
		b = b[12:]
	}
	for i := range n {
		for f := range t.lengths[i] {
			t.lengths[i][f] = binary.LittleEndian.Uint16(b[2*f:])
		}
		b = b[2*int(fields):]
	}
	t.finish()
	return t, nil
}

// sameSection says whether two documents, the first numbered before the second, are
// passages of one section.
func (t *tables) sameSection(first, second uint32) bool {
	for d := second; d > first; d-- {
		if t.follows[d] == 0 {
			return false
		}
	}
	return true
}
