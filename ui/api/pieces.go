package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/cct-mi/cct/search"
)

// maxPiece is the most records of a collection that "limit" gives at once.
const maxPiece = 1000

// piece is the part of a collection that a request asks for: some of its
// records, some of their fields.
type piece struct {
	limit, offset int      // limit 0: to the end
	fields        []string // none: all
}

// pieceParams are what every collection takes; item is the type of its records.
func pieceParams(item reflect.Type) []parameter {
	return []parameter{
		{Name: "limit", Doc: "Nombre de fiches ; sans lui, toutes. L’en-tête Link donne l’adresse des suivantes.", Type: "integer", Min: 1, Max: maxPiece},
		{Name: "offset", Doc: "Rang de la première fiche, à partir de 0.", Type: "integer", Min: 0, Max: search.MaxOffset, Default: "0"},
		{Name: "fields", Doc: "Ne rendre que ces champs de chaque fiche, et son identifiant.", Type: "string", Values: fieldNames(item), Many: true},
	}
}

func fieldNames(item reflect.Type) (names []string) {
	eachField(item, func(_ reflect.StructField, key string, _ bool) { names = append(names, key) })
	return names
}

// isItem says whether a type is that of a collection's records.
func isItem(t reflect.Type) bool {
	return slices.ContainsFunc(collections(), func(c collection) bool { return c.item() == t })
}

func (p params) piece(item reflect.Type) (out piece, err error) {
	if out.limit, err = p.read().Number("limit", 1, maxPiece, 0); err != nil {
		return out, err
	}
	if out.offset, err = p.read().Number("offset", 0, search.MaxOffset, 0); err != nil {
		return out, err
	}
	out.fields, err = p.read().List("fields", fieldNames(item))
	if len(out.fields) > 0 && !slices.Contains(out.fields, "id") {
		out.fields = append([]string{"id"}, out.fields...)
	}
	return out, err
}

// cut keeps the records of the piece; the total stays that of the collection. v
// is a struct: edition, total, records.
func (c piece) cut(v any) any {
	whole := reflect.ValueOf(v)
	list := whole.Field(2)
	first := min(c.offset, list.Len())
	last := list.Len()
	if c.limit > 0 {
		last = min(first+c.limit, last)
	}
	out := reflect.New(whole.Type()).Elem()
	out.Set(whole)
	out.Field(2).Set(list.Slice(first, last))
	return out.Interface()
}

// neighbours links to the pieces before and after, as RFC 8288 writes it.
func (c piece) neighbours(w http.ResponseWriter, address string, p params, total int) {
	if c.limit == 0 {
		return
	}
	link := func(offset int, rel string) {
		v := map[string][]string{}
		for name, values := range p.Values {
			v[name] = values
		}
		v["offset"] = []string{strconv.Itoa(offset)}
		w.Header().Add("Link", "<"+address+"?"+params{v}.Encode()+`>; rel="`+rel+`"`)
	}
	if next := c.offset + c.limit; next < total {
		link(next, "next")
	}
	if c.offset > 0 {
		link(max(0, min(c.offset, total)-c.limit), "prev")
	}
}

// only leaves out of the records' JSON the fields that were not asked for.
func (c piece) only(v any) (any, error) {
	if len(c.fields) == 0 {
		return v, nil
	}
	whole := reflect.ValueOf(v)
	list := whole.Field(2)
	items := make([]ordered, list.Len())
	for i := range items {
		b, err := Encode(list.Index(i).Interface())
		if err != nil {
			return nil, err
		}
		var all map[string]json.RawMessage
		if err := json.Unmarshal(b, &all); err != nil {
			return nil, fmt.Errorf("choisir les champs d’une fiche : %w", err)
		}
		for _, name := range c.fields {
			items[i] = append(items[i], member{name, all[name]})
		}
	}
	var out ordered
	for i, value := range []any{whole.Field(0).Interface(), whole.Field(1).Interface(), items} {
		key, _, _ := strings.Cut(whole.Type().Field(i).Tag.Get("json"), ",")
		out = append(out, member{key, value})
	}
	return out, nil
}

// ordered is a JSON object whose keys keep their order.
type ordered []member

type member struct {
	key   string
	value any
}

func (o ordered) MarshalJSON() ([]byte, error) {
	out := []byte{'{'}
	for i, m := range o {
		if i > 0 {
			out = append(out, ',')
		}
		key, err := Encode(m.key)
		if err != nil {
			return nil, err
		}
		value, err := Encode(m.value)
		if err != nil {
			return nil, err
		}
		out = append(append(append(out, key...), ':'), value...)
	}
	return append(out, '}'), nil
}

// known refuses a parameter that the address does not take, naming the nearest.
func (p params) known(e Endpoint) error {
	names := make([]string, len(e.Params))
	for i, k := range e.Params {
		names[i] = k.Name
	}
	return p.read().Only(names...)
}

// wholeAddress is a collection's address as links write it.
func (a *api) wholeAddress(name string) string { return a.at().URL(Root + "/" + name) }
