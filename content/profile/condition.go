package profile

import (
	"fmt"
	"slices"
	"strings"
)

// A condition is written for editors: clauses joined by « et », such
// conjunctions by « ou », which binds less; "toujours" holds for every
// application.
//
//	type = ent-cloud-native, cloud-native et marche = oui
//	echanges = fichiers ou api = consomme
//
// A clause holds when one of the answers to its question is among the values;
// what is not answered is neither true nor false (Kleene's three values).

// truth is what is known of a condition; the greater, the truer.
type truth int

const (
	no truth = iota
	unknown
	yes
)

const always = "toujours"

type clause struct {
	question Question
	values   []string
}

// condition is a disjunction of conjunctions; none at all always holds.
type condition [][]clause

// parseCondition reads a condition; its error says which question or value is
// not known, and which are.
func parseCondition(text string) (condition, error) {
	if text == "" || text == always {
		return nil, nil
	}
	var c condition
	for either := range strings.SplitSeq(text, " ou ") {
		var all []clause
		for part := range strings.SplitSeq(either, " et ") {
			one, err := parseClause(part)
			if err != nil {
				return nil, err
			}
			all = append(all, one)
		}
		c = append(c, all)
	}
	return c, nil
}

func parseClause(text string) (clause, error) {
	name, list, ok := strings.Cut(text, "=")
	name = strings.TrimSpace(name)
	q, known := questionNamed(name)
	if !ok || !known {
		var names []string
		for _, q := range Questions() {
			names = append(names, q.Name)
		}
		return clause{}, fmt.Errorf("« %s » ne se lit pas : écrivez « toujours », ou une question, « = » et ses valeurs (questions : %s)", strings.TrimSpace(text), strings.Join(names, ", "))
	}
	c := clause{question: q}
	for v := range strings.SplitSeq(list, ",") {
		v = strings.TrimSpace(v)
		if !q.Takes(v) {
			return clause{}, fmt.Errorf("la question « %s » n’a pas la valeur « %s » : choisissez parmi %s", name, v, strings.Join(q.Allowed(), ", "))
		}
		c.values = append(c.values, v)
	}
	return c, nil
}

func (c clause) holds(p Profile) truth {
	answer := p[c.question.Name]
	if len(answer) == 0 {
		return unknown
	}
	for _, a := range answer {
		if slices.Contains(c.values, a) {
			return yes
		}
	}
	return no
}

func (c condition) holds(p Profile) truth {
	if len(c) == 0 {
		return yes
	}
	best := no
	for _, all := range c {
		worst := yes
		for _, one := range all {
			worst = min(worst, one.holds(p))
		}
		best = max(best, worst)
	}
	return best
}

// clauses gives the clauses that a reader needs to see why the condition is as
// true as it is: those that make it so.
func (c condition) clauses(p Profile, is truth) []clause {
	var list []clause
	for _, all := range c {
		if (condition{all}).holds(p) != is {
			continue
		}
		for _, one := range all {
			if one.holds(p) == is {
				list = append(list, one)
			}
		}
		if is == yes {
			break
		}
	}
	return list
}

// because says in French why a condition holds, may hold or doesn't.
func (c condition) because(p Profile, is truth) string {
	if len(c) == 0 {
		return "Vaut pour toute application."
	}
	var parts []string
	for _, one := range c.clauses(p, is) {
		q := one.question
		switch is {
		case yes:
			var said []string
			for _, a := range p[q.Name] {
				if slices.Contains(one.values, a) {
					said = append(said, q.Short(a))
				}
			}
			parts = append(parts, strings.Join(said, ", "))
		case no:
			parts = append(parts, fmt.Sprintf("vise %s ; vous avez répondu %s", one.wanted(), joined(p[q.Name], q, ", ")))
		default:
			parts = append(parts, fmt.Sprintf("%s (%s)", q.Subject, one.wanted()))
		}
	}
	parts = slices.Compact(parts)
	switch is {
	case yes:
		return "Vous avez répondu : " + strings.Join(parts, " ; ") + "."
	case no:
		return capital(strings.Join(parts, " ; ")) + "."
	}
	return "À préciser : " + strings.Join(parts, " ; ") + "."
}

// wanted says the values of a clause: "« interface web » ou « client lourd »",
// or, when they are all but "none", that there are any.
func (c clause) wanted() string {
	others := slices.DeleteFunc(slices.Clone(c.question.Values), func(v Value) bool { return slices.Contains(c.values, v.Value) })
	if len(others) == 1 && others[0].None {
		return "tout sauf « " + others[0].Short + " »"
	}
	return joined(c.values, c.question, " ou ")
}

func joined(values []string, q Question, between string) string {
	var said []string
	for _, v := range values {
		said = append(said, "« "+q.Short(v)+" »")
	}
	return strings.Join(said, between)
}

func capital(s string) string {
	r := []rune(s)
	if len(r) == 0 {
		return s
	}
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}
