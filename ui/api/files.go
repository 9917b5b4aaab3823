package api

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/ui/export"
)

// format reads which form is asked for; nil is the JSON of the API.
func (p params) format(what string) (*export.Format, error) {
	names := formatParam(what).Values
	chosen, err := p.read().List("format", names)
	if err != nil || len(chosen) == 0 || chosen[0] == "json" {
		return nil, err
	}
	f, ok := export.FormatNamed(chosen[0])
	if !ok {
		return nil, bad("format", "est inconnu : choisissez parmi "+strings.Join(names, ", ")+".")
	}
	return &f, nil
}

// file streams a table as a download. A table that breaks off must not pass
// for a whole one, so the connection is cut.
func (a *api) file(w http.ResponseWriter, r *http.Request, f *export.Format, t *export.Table, name, edition string) {
	h := w.Header()
	h.Set("Content-Type", f.MediaType)
	h.Set("Content-Disposition", `attachment; filename="cct-`+name+"-"+plain(edition)+"."+f.Extension+`"`)
	h.Set("Cache-Control", "no-cache")
	h.Set("X-Content-Type-Options", "nosniff")
	if err := f.Write(w, t); err != nil {
		if r.Context().Err() == nil {
			a.failed(r, err)
		}
		panic(http.ErrAbortHandler)
	}
}

// plain keeps what any file system takes.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '.', r == '_':
			return r
		}
		return '-'
	}, s)
}

// tableOf makes a table of a collection: a column for every key, but for html,
// which a spreadsheet can't show, or for the fields alone.
func tableOf(name string, head content.Head, v any, fields []string) *export.Table {
	list := reflect.ValueOf(v).Field(2) // after Edition and Total
	t := &export.Table{Title: head.Title + " : " + name, Name: name, Facts: []export.Fact{
		{Key: "edition", Label: "Édition", Value: head.Name},
		{Key: "total", Label: "Lignes", Value: strconv.Itoa(list.Len())},
		{Key: "source", Label: "Source", Value: head.Framework.Citation()},
		{Key: "licence", Label: "Licence", Value: head.Framework.Licence},
	}}
	var keys []string
	wanted := func(key string) bool {
		first, _, _ := strings.Cut(key, ".")
		return len(fields) == 0 || slices.Contains(fields, first)
	}
	walk(reflect.New(list.Type().Elem()).Elem(), "", func(key, _ string) {
		if !wanted(key) {
			return
		}
		keys = append(keys, key)
		c := export.Column{Key: key, Title: key, Date: key == "updated"}
		switch key {
		case "text", "definition", "comment", "note", "headings":
			c.Width = 70
		case "title", "name", "page.title", "description":
			c.Width = 36
		}
		t.Columns = append(t.Columns, c)
	})
	t.Rows = func(yield func([]string) bool) {
		for i := range list.Len() {
			row := make([]string, 0, len(keys))
			walk(list.Index(i), "", func(key, cell string) {
				if wanted(key) {
					row = append(row, cell)
				}
			})
			if !yield(row) {
				return
			}
		}
	}
	return t
}

// walk goes through a record's fields in order, those of structs inside it
// under "page." and the like.
func walk(v reflect.Value, prefix string, do func(key, cell string)) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous:
			walk(v.Field(i), prefix, do)
		case key == "html":
		case f.Type.Kind() == reflect.Struct:
			walk(v.Field(i), prefix+key+".", do)
		default:
			do(prefix+key, cellOf(v.Field(i)))
		}
	}
}

func cellOf(v reflect.Value) string {
	switch v.Kind() {
	case reflect.String:
		return v.String()
	case reflect.Slice:
		var parts []string
		for i := range v.Len() {
			if h, ok := v.Index(i).Interface().(Heading); ok {
				parts = append(parts, h.Text)
				continue
			}
			parts = append(parts, fmt.Sprint(v.Index(i)))
		}
		return strings.Join(slices.Clip(parts), " | ")
	}
	return fmt.Sprint(v)
}
