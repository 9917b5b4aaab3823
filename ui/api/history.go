package api

import (
	"github.com/cct-mi/cct/content/history"
)

// ChangesJSON is what changed between two editions, as the API answers it.
func ChangesJSON(c *history.Comparison) ([]byte, error) { return Encode(changesAnswer(c)) }

func changesAnswer(c *history.Comparison) ChangesAnswer {
	s := c.Summary
	out := ChangesAnswer{From: c.From, To: c.To, Substantial: s.Substantial(), Records: []RecordChange{}, Pages: []PageChange{},
		Summary: ChangeCounts{s.Unchanged, s.Reworded, s.Level, s.Split, s.Merged, s.Withdrawn, s.New}}
	for _, ch := range c.Changes {
		r := RecordChange{Kind: string(ch.Kind), From: ch.From, To: ch.To, Title: ch.Record().Title, Relation: string(ch.Relation), Certainty: string(ch.Certainty), Proof: ch.Proof,
			Added: ch.Added, Removed: ch.Removed, Fields: []FieldChange{}}
		if ch.Level != nil {
			r.Level = &LevelChange{string(ch.Level.From), string(ch.Level.To)}
		}
		for _, f := range ch.Fields {
			r.Fields = append(r.Fields, FieldChange(f))
		}
		out.Records = append(out.Records, r)
	}
	for _, p := range c.Pages {
		out.Pages = append(out.Pages, PageChange{string(p.Relation), p.Source, p.Title})
	}
	return out
}
