package search

// Thresholds of confidence. They were chosen on the judged sets for tuning alone.
const (
	doubt        = .36 // below it nothing answers a question
	doubtLong    = .18 // … a long one, of which some words always miss
	doubtUnknown = .50 // … a short one with words that the edition does not hold
	weakShare    = .35 // what a word counts of which the content has the family alone ("feuillage" is no "feuille") or a document a mention
	longQuestion = 5   // words
	mostUnknown  = .5  // of a long question
	looked       = 3   // documents that are looked at
)

// figures are what tells an answer that is sure from one that is only nearest. All are
// shares of the question, its words weighed by how rare they are.
type figures struct {
	cover   float64 // what the best document has; a corrected word counts less the more it was changed
	others  float64 // what the second and third have
	unknown float64 // what no document has
	match   float64 // the best score against what a full match would give, at most 1
}

func (r *ranking) figures(list []candidate) (f figures, err error) {
	first := make([]uint32, min(looked, len(list)))
	for i := range first {
		first[i] = list[i].doc
	}
	words := r.telling()
	held, err := r.standings(words, first)
	if err != nil {
		return f, err
	}
	mass := 0.0
	for _, c := range words {
		mass += c.idf
	}
	covered := make([]float64, len(first))
	for i, c := range words {
		for d, h := range held[i].in {
			share := c.idf * c.discount / mass
			if h == mentioned || c.akin {
				share *= weakShare
			}
			if h != absent {
				covered[d] += share
			}
		}
		if !c.found && !c.Kind || held[i].missed(len(words)) { // a text that answers how long may not say « durée »
			f.unknown += c.idf / mass
		}
	}
	f.cover, f.match = covered[0], min(1, list[0].score/r.mass)
	f.others = f.cover
	if next := covered[1:]; len(next) > 0 {
		f.others = 0
		for _, share := range next {
			f.others += share / float64(len(next))
		}
	}
	return f, nil
}

// sure is the one rule of confidence: what the best document has of the question, times
// how strong the match is. A short question with a word that nothing holds needs more,
// and the next documents must agree: "subvention association sportive" has one that
// speaks of an association, and nothing on the rest.
func (r *ranking) sure(list []candidate) (bool, error) {
	if named := len(r.question.documents) > 0; named || len(list) == 0 || r.mass == 0 {
		return named && len(list) > 0, nil
	}
	f, err := r.figures(list)
	short := len(r.concepts) < longQuestion
	switch {
	case f.unknown > 0 && (short || f.unknown > mostUnknown):
		return (2*f.cover+f.others)/3*f.match >= doubtUnknown, err
	case short:
		return f.cover*f.match >= doubt, err
	}
	return f.cover*f.match >= doubtLong, err
}
