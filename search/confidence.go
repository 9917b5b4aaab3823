package search

// Thresholds of confidence. They were chosen on the judged sets for tuning alone.
const (
	doubt        = .30 // below it nothing answers a question
	doubtLong    = .18 // … a long one, of which some words always miss
	doubtUnknown = .40 // … a short one with words that the edition does not hold
	longQuestion = 5   // words
	mostUnknown  = .5  // of a long question
)

// figures are what tells an answer that is sure from one that is only nearest. All are
// shares of the question, its words weighed by how rare they are.
type figures struct {
	cover   float64 // what the best document has; a corrected word counts less the more it was changed
	others  float64 // what the second and third have
	unknown float64 // what no document has
	match   float64 // the best score against what a full match would give, at most 1
}

func (r *ranking) figures(list []candidate) (f figures) {
	for _, c := range r.concepts {
		if !c.found {
			f.unknown += c.idf / r.mass
		}
	}
	f.cover, f.match = r.covered(list[0].doc), min(1, list[0].score/r.mass)
	f.others = f.cover
	if next := list[1:min(3, len(list))]; len(next) > 0 {
		f.others = 0
		for _, c := range next {
			f.others += r.covered(c.doc) / float64(len(next))
		}
	}
	return f
}

// covered is the share of the question that a document has.
func (r *ranking) covered(d uint32) (share float64) {
	for i, c := range r.concepts {
		if r.scratch.mask[d]&(1<<i) != 0 {
			share += c.idf * c.discount / r.mass
		}
	}
	return share
}

// sure is the one rule of confidence: what the best document has of the question, times
// how strong the match is. A short question with a word that nothing holds needs more,
// and the next documents must agree: "subvention association sportive" has one that
// speaks of an association, and nothing on the rest.
func (r *ranking) sure(list []candidate) bool {
	if r.mass == 0 {
		return false
	}
	f := r.figures(list)
	short := len(r.concepts) < longQuestion
	switch {
	case f.unknown > 0 && (short || f.unknown > mostUnknown):
		return (2*f.cover+f.others)/3*f.match >= doubtUnknown
	case short:
		return f.cover*f.match >= doubt
	}
	return f.cover*f.match >= doubtLong
}
