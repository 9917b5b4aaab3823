package search

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search/french"
)

// idNouns may stand before an id without being part of it.
var idNouns = map[string]bool{
	"exigence": true, "exigences": true, "regle": true, "regles": true, "produit": true, "produits": true, "principe": true, "reference": true, "ref": true,
	"numero": true, "no": true, "n": true, "la": true, "le": true, "l": true, "id": true, "identifiant": true,
}

// named finds the documents that a whole query names, the likeliest first. When
// it is an id that nothing bears, unknown is the id and nearest those around it.
func (l *Library) named(text string) (ids []uint32, unknown string, nearest []string, err error) {
	if len(text) > 60 {
		return nil, "", nil, nil
	}
	words := strings.Fields(strings.NewReplacer("’", " ", "'", " ", "°", " ").Replace(text))
	kind := content.Kind("")
	for len(words) > 1 && idNouns[strings.Trim(french.Fold(words[0]), ".:#")] {
		switch french.Fold(words[0]) {
		case "regle", "regles":
			kind = content.KindRegle
		case "produit", "produits":
			kind = content.KindProduit
		case "exigence", "exigences":
			kind = content.KindExigence
		case "principe":
			words[0] = "principe"
			words = slices.Delete(words, 0, 1)
			if len(words) > 1 && idNouns[strings.Trim(french.Fold(words[0]), ".:#")] {
				words = words[1:]
			}
			words = append([]string{"principe"}, words...)
		}
		if words[0] == "principe" {
			break
		}
		words = words[1:]
	}
	if len(words) == 0 || len(words) > 3 {
		return nil, "", nil, nil
	}
	key := idKey(strings.Join(words, ""))
	if key == "" || len(key) > 16 || !strings.ContainsAny(key, "0123456789") {
		return nil, "", nil, nil
	}
	if ids, err = l.ordinals(key); err != nil {
		return nil, "", nil, err
	}
	if len(ids) == 0 {
		if ids, err = l.padded(key); err != nil {
			return nil, "", nil, err
		}
	}
	if kind != "" && len(ids) > 1 {
		same := slices.DeleteFunc(slices.Clone(ids), func(d uint32) bool { return l.tables.kindNames[l.tables.kinds[d]] != kind })
		if len(same) > 0 {
			ids = same
		}
	}
	if len(ids) > 0 {
		return ids, "", nil, nil
	}
	letters, digits := idParts(key)
	if strings.Trim(digits, "0123456789.") != "" { // "principe 4 api" goes on after the id
		return nil, "", nil, nil
	}
	if letters == "" {
		nearest, err = l.nearNumbers(key, kind)
		if err != nil || nearest == nil {
			return nil, "", nil, err
		}
		return nil, strings.Join(words, " "), nearest, nil
	}
	numbers := l.prefixes[letters]
	if len(numbers) == 0 {
		return nil, "", nil, nil
	}
	n, err := strconv.Atoi(digits)
	if err != nil {
		n = numbers[len(numbers)-1]
	}
	near := slices.Clone(numbers)
	slices.SortStableFunc(near, func(a, b int) int {
		return cmp.Or(cmp.Compare(max(a-n, n-a), max(b-n, n-b)), cmp.Compare(a, b))
	})
	var keys []string
	for _, m := range near[:min(3, len(near))] {
		keys = append(keys, letters+strconv.Itoa(m))
	}
	nearest, err = l.shownIDs(keys, "")
	return nil, strings.Join(words, " "), nearest, err
}

// idParts cuts an id's key before its first figure.
func idParts(key string) (letters, digits string) {
	i := strings.IndexAny(key, "0123456789")
	return key[:i], key[i:]
}

// nearNumbers lists the rules around a number that none bears: nil when the
// number may be something else, for the query calls it no rule and the text
// holds it, or it is too short.
func (l *Library) nearNumbers(key string, kind content.Kind) ([]string, error) {
	if kind != content.KindRegle {
		if len(key) < 4 || kind != "" {
			return nil, nil
		}
		if n, err := l.count(fieldExact, key); err != nil || n > 0 {
			return nil, err
		}
	}
	var all []string
	err := l.store.Read(func() error {
		for i := range l.ids.size() {
			all = append(all, string(l.ids.key(i)))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	dotted := strings.Contains(key, ".") || len(key) < 3
	all = slices.DeleteFunc(all, func(k string) bool {
		letters, digits := idParts(k + "0")
		return letters != "" || strings.Contains(digits, ".") != dotted
	})
	slices.SortFunc(all, func(a, b string) int {
		return cmp.Or(cmp.Compare(idDistance(key, a), idDistance(key, b)), strings.Compare(a, b))
	})
	return l.shownIDs(all, content.KindRegle)
}

// idDistance is how far two numbers with dots stand from each other, the first parts
// counting most.
func idDistance(a, b string) (d int) {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	for i := range 3 {
		m, n := 0, 0
		if i < len(x) {
			m, _ = strconv.Atoi(x[i])
		}
		if i < len(y) {
			n, _ = strconv.Atoi(y[i])
		}
		d = d*10_000 + min(max(m-n, n-m), 9999)
	}
	return d
}

// shownIDs gives the first ids that keys stand for, as the content writes them,
// of one kind if it is given.
func (l *Library) shownIDs(keys []string, kind content.Kind) ([]string, error) {
	var out []string
	for _, k := range keys {
		if len(out) == 3 {
			break
		}
		list, err := l.ordinals(k)
		if err != nil {
			return nil, err
		}
		if len(list) == 0 || kind != "" && l.tables.kindNames[l.tables.kinds[list[0]]] != kind {
			continue
		}
		e, err := l.entry(list[0])
		if err != nil {
			return nil, err
		}
		if !slices.Contains(out, e.id) {
			out = append(out, e.id)
		}
	}
	return out, nil
}

// padded looks up an id typed with zeros before its number, as "EX01".
func (l *Library) padded(key string) ([]uint32, error) {
	letters, digits := idParts(key)
	if letters == "" || !strings.HasPrefix(digits, "0") {
		return nil, nil
	}
	return l.ordinals(letters + strings.TrimLeft(digits, "0"))
}

// ordinals lists the documents that bear an id.
func (l *Library) ordinals(key string) ([]uint32, error) {
	if key == "" {
		return nil, nil
	}
	var out []uint32
	err := l.store.Read(func() error {
		for b := l.ids.get(key); len(b) >= 4; b = b[4:] {
			n := binary.BigEndian.Uint32(b)
			if int(n) >= len(l.tables.kinds) {
				return fmt.Errorf("identifiant %s : %w", key, errEntry)
			}
			out = append(out, n)
		}
		return nil
	})
	return out, err
}

// direct is the address of the only record that the query names, "" when
// several do.
func (l *Library) direct(ids []uint32) (string, error) {
	if len(ids) != 1 {
		return "", nil
	}
	e, err := l.entry(ids[0])
	if err != nil {
		return "", err
	}
	return e.url, nil
}

// Resolve finds the records that an id names however it is typed ("ex 29",
// "EX-29", "at1368", "règle 2.2.1"), the likeliest first; nil when there is none.
func (l *Library) Resolve(id string) []content.Ref {
	ids, _, _, err := l.named(id)
	if err != nil {
		return nil
	}
	entries, err := l.entries(ids)
	if err != nil {
		return nil
	}
	var out []content.Ref
	for _, e := range entries {
		out = append(out, content.Ref{Kind: e.kind, ID: e.id, Title: e.title, URL: e.url})
	}
	return out
}
