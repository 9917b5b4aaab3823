package history

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cct-mi/cct/content"
)

// Propose writes the lineage of one edition's requirements and rules in another, from
// the texts alone, for a person to confirm. Editions between the two, in order of
// time, let it follow a text that changed a little at each: steps is at least two.
func Propose(steps ...*Edition) []Row {
	first, last := steps[0], steps[len(steps)-1]
	var rows []Row
	for _, kind := range []content.Kind{content.KindExigence, content.KindRegle} {
		rows = append(rows, propose(kind, first, last, steps)...)
	}
	return rows
}

func propose(kind content.Kind, first, last *Edition, steps []*Edition) (rows []Row) {
	direct := &matching{old: texts(first.Records, kind), new: texts(last.Records, kind)}
	direct.match(nil)
	trails := follow(kind, steps)
	linked := map[string]bool{}
	ambiguous := reused(kind, steps)
	write := func(id, edition string) string {
		if ambiguous[id] {
			return id + "@" + edition
		}
		return id
	}
	for _, o := range direct.old {
		id := write(o.record.ID, first.Name)
		for _, l := range o.links {
			linked[l.new.record.ID] = true
			rows = append(rows, Row{Old: id, New: write(l.new.record.ID, last.Name), Date: last.Name, Relation: o.relation(), Certainty: l.certainty, Proof: l.proof})
		}
		if len(o.links) > 0 {
			continue
		}
		trail := trails[o.record.ID]
		if end := trail.end; end != "" {
			linked[end] = true
			rows = append(rows, Row{Old: id, New: write(end, last.Name), Date: last.Name, Relation: Reworded, Certainty: Probable, Proof: "de proche en proche : " + trail.String()})
			continue
		}
		r := Row{Old: id, Date: last.Name, Relation: Withdrawn, Certainty: Probable, Proof: "aucun texte proche"}
		if len(trail.steps) > 0 {
			r.Proof = trail.String() + " ; retirée en " + trail.lost
		}
		rows = append(rows, r)
	}
	for _, n := range direct.new {
		if !linked[n.record.ID] {
			rows = append(rows, Row{New: write(n.record.ID, last.Name), Date: last.Name, Relation: New, Certainty: Probable, Proof: "aucun texte proche"})
		}
	}
	return rows
}

// trail is the way of one record through editions.
type trail struct {
	steps []string // "2024-04-21 EXI-ARCH-10 (92 %)"
	end   string   // its id in the last one; "" when it was lost on the way
	lost  string   // the edition that no longer has it
}

func (t trail) String() string { return strings.Join(t.steps, ", ") }

// follow goes from each edition to the next.
func follow(kind content.Kind, steps []*Edition) map[string]trail {
	trails := map[string]trail{}
	at := map[string]string{} // id in the first edition → id where we are
	for _, r := range steps[0].Records {
		if r.Kind == kind {
			at[r.ID] = r.ID
		}
	}
	for i := 1; i < len(steps); i++ {
		m := &matching{old: texts(steps[i-1].Records, kind), new: texts(steps[i].Records, kind)}
		m.match(nil)
		next := map[string]*link{}
		for _, o := range m.old {
			if len(o.links) > 0 {
				next[o.record.ID] = o.links[0]
			}
		}
		for id, here := range at {
			t := trails[id]
			l := next[here]
			if l == nil {
				t.lost = steps[i].Name
				delete(at, id)
			} else {
				at[id] = l.new.record.ID
				t.steps = append(t.steps, fmt.Sprintf("%s %s (%s)", steps[i].Name, l.new.record.ID, percent(l.ratio)))
			}
			trails[id] = t
		}
	}
	for id, here := range at {
		t := trails[id]
		t.end = here
		trails[id] = t
	}
	return trails
}

// reused finds the ids that editions give to different things.
func reused(kind content.Kind, steps []*Edition) map[string]bool {
	out := map[string]bool{}
	for i := range steps {
		for j := i + 1; j < len(steps); j++ {
			m := &matching{old: texts(steps[i].Records, kind), new: texts(steps[j].Records, kind)}
			m.match(nil)
			for _, id := range m.reused() {
				out[id] = true
			}
		}
	}
	return out
}

// reused lists the ids that both sides have for different things.
func (m *matching) reused() (out []string) {
	in := map[string]*text{}
	for _, n := range m.new {
		in[n.id] = n
	}
	for _, o := range m.old {
		n := in[o.id]
		if n == nil || slices.ContainsFunc(o.links, func(l *link) bool { return l.new == n }) || len(o.links) == 0 && len(n.links) == 0 && o.ours != n.ours {
			continue
		}
		out = append(out, o.record.ID)
	}
	return out
}
