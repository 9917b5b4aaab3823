package search

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestParseRequest: every face reads a question here, so this is what they all take
// and refuse.
func TestParseRequest(t *testing.T) {
	c := library(t, small).Catalog()
	for _, ok := range []struct {
		given Values
		want  Request
	}{
		{Values{}, Request{Limit: DefaultLimit}},
		{Values{"q": {" mot "}, "limit": {"3"}, "offset": {" 20 "}}, Request{Query: " mot ", Limit: 3, Offset: 20}},
		{Values{"type": {"Exigence, terme", "terme"}, "level": {"non-precise,bloquant"}}, Request{Limit: 10, Types: []string{"exigence", "terme"}, Levels: []string{NoLevel, "bloquant"}}},
		{Values{"correct": {"non"}, "expand": {"false"}, "explain": {"1"}}, Request{Limit: 10, NoCorrect: true, NoExpand: true, Explain: true}},
		{Values{"q": {strings.Repeat("é", MaxQuery)}, "other": {"x"}}, Request{Query: strings.Repeat("é", MaxQuery), Limit: 10}},
	} {
		if got, err := ParseRequest(ok.given, c); err != nil || !reflect.DeepEqual(got, ok.want) {
			t.Errorf("%v gives %+v, %v", ok.given, got, err)
		}
	}
	for name, value := range map[string]string{
		"q": strings.Repeat("é", MaxQuery+1), "limit": "0", "offset": "-1", "type": "exigences", "theme": "rien", "level": "haut", "correct": "peut-être",
	} {
		_, err := ParseRequest(Values{name: {value}}, c)
		var bad *BadParameter
		if !errors.As(err, &bad) || bad.Name != name || !strings.HasSuffix(bad.Why, ".") {
			t.Errorf("%s=%s: %v", name, value, err)
		}
	}
	if _, err := ParseRequest(Values{"q": {"\xff"}}, c); err == nil {
		t.Error("a question that is not UTF-8 is taken")
	}
}

func TestUnknownParametersNameTheNearest(t *testing.T) {
	for given, want := range map[string]string{"themes": "theme", "limite": "limit", "Q": "q", "levle": "level", "offest": "offset"} {
		err := Values{given: {"x"}, "q": {"mot"}}.Only(Parameters()...)
		var bad *BadParameter
		if !errors.As(err, &bad) || bad.Name != given || !strings.Contains(bad.Why, "« "+want+" »") {
			t.Errorf("%s: %v, want %q", given, err, want)
		}
	}
	if err := (Values{"q": nil, "limit": nil}).Only(Parameters()...); err != nil {
		t.Error(err)
	}
}

func TestLists(t *testing.T) {
	got, err := Values{"c": {"a,b", " B , c", "", "x, y"}}.List("c", []string{"a", "b", "c", "x, y"})
	if err != nil || !slices.Equal(got, []string{"a", "b", "c", "x, y"}) {
		t.Error(got, err)
	}
}
