package search

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/cct-mi/cct/content"
)

// naming is what a question names by ids, when it is nothing else.
type naming struct {
	documents []uint32 // in the question's order
	missing   []string // ids of the content's families that nothing bears, as typed
	nearest   []string // ids near the first of them
}

// named finds the documents that a whole query names.
func (ids *identifiers) named(text string) (n naming, err error) {
	if !strings.ContainsFunc(text, unicode.IsDigit) {
		return n, nil
	}
	if n.documents, err = ids.ordinals(idKey(text)); err != nil || len(n.documents) > 0 {
		return n, err
	}
	refs, err := ids.idRefs(text)
	if err != nil {
		return n, err
	}
	if len(refs) == 1 && refs[0].letters == "" && refs[0].kind != content.KindExigence {
		return ids.namedByNumber(refs[0])
	}
	for i, r := range refs {
		list, err := ids.bearers(r)
		if err != nil {
			return n, err
		}
		if r.letters == "" && r.kind == "" && len(list) == 0 { // a number that may be anything
			return naming{}, nil
		}
		if len(list) == 0 {
			if n.missing = append(n.missing, r.typed); len(n.missing) == 1 {
				if n.nearest, err = ids.nearIDs(r); err != nil {
					return n, err
				}
			}
		}
		if r.upTo {
			between, ok, err := ids.between(refs[i-1], r)
			if err != nil || !ok {
				return naming{}, err
			}
			n.documents = appendNew(n.documents, between...)
		}
		n.documents = appendNew(n.documents, list...)
	}
	return n, nil
}

func appendNew(list []uint32, more ...uint32) []uint32 {
	for _, d := range more {
		if !slices.Contains(list, d) {
			list = append(list, d)
		}
	}
	return list
}

// bearers lists the documents that an id names.
func (ids *identifiers) bearers(r idRef) ([]uint32, error) {
	keys := []string{r.key()}
	if r.letters == "" && r.kind != "" { // "exigence 7": of any family of exigences
		families, err := ids.families()
		if err != nil {
			return nil, err
		}
		keys = nil
		for letters := range families {
			keys = append(keys, letters+r.number)
		}
		slices.Sort(keys)
	}
	var all, same []uint32
	for _, key := range keys {
		list, err := ids.ordinals(key)
		if err != nil {
			return nil, err
		}
		for _, d := range list {
			all = append(all, d)
			if ids.tables.kindNames[ids.tables.kinds[d]] == r.kind {
				same = append(same, d)
			}
		}
	}
	if r.kind != "" && (len(same) > 0 || r.letters == "") {
		return same, nil
	}
	return all, nil
}

// between lists the documents whose ids lie between two; false when they are no
// range.
func (ids *identifiers) between(from, to idRef) (list []uint32, ok bool, err error) {
	firstPart, a, okA := lastNumber(from.number)
	lastPart, b, okB := lastNumber(to.number)
	if !okA || !okB || from.letters != to.letters || firstPart != lastPart || b <= a || b-a > maxIDs {
		return nil, false, nil
	}
	for n := a + 1; n < b; n++ {
		found, err := ids.bearers(idRef{letters: from.letters, number: firstPart + strconv.Itoa(n), kind: from.kind})
		if err != nil {
			return nil, false, err
		}
		list = append(list, found...)
	}
	return list, true, nil
}

// lastNumber cuts the last part of a number with dots off.
func lastNumber(number string) (before string, last int, ok bool) {
	at := strings.LastIndexByte(number, '.') + 1
	last, err := strconv.Atoi(number[at:])
	return number[:at], last, err == nil
}

// namedByNumber finds what a number alone names: a rule, then the products that bear
// it. A number that nothing bears may be something else.
func (ids *identifiers) namedByNumber(r idRef) (n naming, err error) {
	if n.documents, err = ids.bearers(r); err != nil || len(n.documents) > 0 {
		return n, err
	}
	if r.kind != content.KindRegle {
		if len(r.number) < 4 || r.kind != "" {
			return naming{}, nil
		}
		if times, err := ids.lexicon.count(fieldExact, r.number); err != nil || times > 0 {
			return naming{}, err
		}
	}
	if n.nearest, err = ids.nearRules(r.number); err != nil || n.nearest == nil {
		return naming{}, err
	}
	n.missing = []string{r.typed}
	return n, nil
}

// nearRules lists the rules around a number that none bears.
func (ids *identifiers) nearRules(number string) ([]string, error) {
	families, err := ids.families()
	if err != nil || families[""] == nil {
		return nil, err
	}
	dotted := strings.Contains(number, ".") || len(number) < 3
	near := slices.DeleteFunc(slices.Clone(families[""].numbers), func(k string) bool { return strings.Contains(k, ".") != dotted })
	return ids.shownIDs(nearestNumbers(near, number), content.KindRegle)
}

// nearIDs lists the ids of the same family around one that nothing bears.
func (ids *identifiers) nearIDs(r idRef) ([]string, error) {
	families, err := ids.families()
	if err != nil {
		return nil, err
	}
	var keys []string
	for letters, f := range families {
		if r.letters == letters || r.letters == "" {
			for _, number := range nearestNumbers(f.numbers, r.number)[:min(3, len(f.numbers))] {
				keys = append(keys, letters+number)
			}
		}
	}
	slices.SortStableFunc(keys, func(a, b string) int {
		_, m := cutKey(a)
		_, n := cutKey(b)
		return cmp.Or(cmp.Compare(numberDistance(m, r.number), numberDistance(n, r.number)), cmp.Compare(numberDistance(m, "0"), numberDistance(n, "0")))
	})
	return ids.shownIDs(keys, r.kind)
}

// nearestNumbers gives numbers by how far they are, the nearest first.
func nearestNumbers(numbers []string, to string) []string {
	near, away := slices.Clone(numbers), make(map[string]int, len(numbers))
	for _, number := range numbers {
		away[number] = numberDistance(number, to)
	}
	slices.SortStableFunc(near, func(a, b string) int { return cmp.Compare(away[a], away[b]) })
	return near
}

// shownIDs gives the first ids that keys stand for, as the content writes them,
// of one kind if it is given.
func (ids *identifiers) shownIDs(keys []string, kind content.Kind) ([]string, error) {
	var out []string
	for _, k := range keys {
		if len(out) == 3 {
			break
		}
		list, err := ids.ordinals(k)
		if err != nil {
			return nil, err
		}
		if len(list) == 0 || kind != "" && ids.tables.kindNames[ids.tables.kinds[list[0]]] != kind {
			continue
		}
		e, err := ids.documents.entry(list[0])
		if err != nil {
			return nil, err
		}
		if !slices.Contains(out, e.id) {
			out = append(out, e.id)
		}
	}
	return out, nil
}

// ordinals lists the documents that bear an id.
func (ids *identifiers) ordinals(key string) ([]uint32, error) {
	if key == "" {
		return nil, nil
	}
	var out []uint32
	err := ids.store.Read(func() error {
		all, err := ids.numbers()
		if err != nil {
			return err
		}
		for b := all.get(key); len(b) >= 4; b = b[4:] {
			n := binary.BigEndian.Uint32(b)
			if int(n) >= len(ids.tables.kinds) {
				return fmt.Errorf("identifiant %s : %w", key, errEntry)
			}
			out = append(out, n)
		}
		return nil
	})
	return out, err
}

// idsFrom lists the documents whose ids begin so, in the order of their numbers.
func (ids *identifiers) idsFrom(head string) ([]uint32, error) {
	families, err := ids.families()
	if err != nil {
		return nil, err
	}
	head = idKey(head)
	var out []uint32
	for _, letters := range slices.Sorted(maps.Keys(families)) {
		if letters == "" && strings.Trim(head, "0123456789.") != "" || !strings.HasPrefix(letters, head) && !strings.HasPrefix(head, letters) {
			continue
		}
		for _, number := range families[letters].numbers {
			if key := letters + number; strings.HasPrefix(key, head) && len(out) < maxIDs {
				list, err := ids.ordinals(key)
				if err != nil {
					return nil, err
				}
				out = appendNew(out, list...)
			}
		}
	}
	return out, nil
}

// direct is the address of the only record that the query names, "" when several
// do.
func (ids *identifiers) direct(found []uint32) (string, error) {
	if len(found) != 1 {
		return "", nil
	}
	e, err := ids.documents.entry(found[0])
	if err != nil {
		return "", err
	}
	return e.url, nil
}

// Resolve finds the records that ids name however they are typed ("ex 29", "EX-29",
// "at1368", "règle 2.2.1", "EX1 à EX5"), in that order, the likeliest first for each;
// nil when the text is anything else.
func (l *Library) Resolve(ids string) []content.Ref {
	n, err := l.ids.named(ids)
	if err != nil {
		return nil
	}
	entries, err := l.documents.entries(n.documents)
	if err != nil {
		return nil
	}
	var out []content.Ref
	for _, e := range entries {
		out = append(out, content.Ref{Kind: e.kind, ID: e.id, Title: e.title, URL: e.url})
	}
	return out
}
