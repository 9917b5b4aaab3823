package search

import (
	"fmt"
	"slices"
	"strings"
)

// kept is a test that filters, quotes and exclusions ask of a document.
type kept func(uint32) bool

// restrict gives the tests of a question. A phrase that stands nowhere restricts
// nothing: its words are searched, and the question says so.
func (l *Library) restrict(q *question) (tests []kept, err error) {
	for _, ph := range q.phrases {
		docs, err := l.scorer.withPhrase(ph.words)
		if err != nil {
			return nil, err
		}
		if len(docs) == 0 {
			q.relaxed = append(q.relaxed, fmt.Sprintf("la suite de mots « %s » ne figure nulle part : ses mots sont cherchés séparément", clip(ph.shown)))
			continue
		}
		tests = append(tests, func(d uint32) bool { return docs[d] })
	}
	for _, list := range q.not {
		docs, err := l.scorer.withWords(list)
		if err != nil {
			return nil, err
		}
		tests = append(tests, func(d uint32) bool { return !docs[d] })
	}
	if len(q.parsed.filters.ids) > 0 {
		docs, err := l.withIDs(q)
		if err != nil {
			return nil, err
		}
		tests = append(tests, func(d uint32) bool { return docs[d] })
	}
	if asked := q.parsed.filters.statuses; len(asked) > 0 {
		of, err := l.documents.statuses()
		if err != nil {
			return nil, err
		}
		tests = append(tests, func(d uint32) bool { return slices.Contains(asked, of[d]) })
	}
	return tests, nil
}

// withPhrase lists the documents in which words follow each other.
func (sc *scorer) withPhrase(words []string) (map[uint32]bool, error) {
	docs := map[uint32]bool{}
	var err error
	if len(words) == 1 {
		err = sc.index.each(fieldExact, words[0], func(d uint32, _ int) { docs[d] = true })
	} else {
		err = sc.index.together(fieldExact, words, 1, func(d uint32, _ int) { docs[d] = true })
	}
	return docs, err
}

// withWords lists the documents that hold a word in any of its forms, or a phrase.
func (sc *scorer) withWords(words []string) (map[uint32]bool, error) {
	if len(words) > 1 {
		return sc.withPhrase(words)
	}
	docs := map[uint32]bool{}
	for f := fieldLabel; f <= fieldBody; f++ {
		if err := sc.index.each(f, sc.stems.Stem(words[0]), func(d uint32, _ int) { docs[d] = true }); err != nil {
			return nil, err
		}
	}
	return docs, nil
}

// withIDs lists the documents that id: names; those that nothing bears become the
// question's missing ones.
func (l *Library) withIDs(q *question) (map[uint32]bool, error) {
	docs := map[uint32]bool{}
	for _, id := range q.parsed.filters.ids {
		list, missing, err := l.ids.idOrPrefix(id)
		if err != nil {
			return nil, err
		}
		q.missing = append(q.missing, missing...)
		for _, d := range list {
			docs[d] = true
		}
		if q.listing() { // in the order asked for
			q.documents = appendNew(q.documents, list...)
		}
	}
	return docs, nil
}

// idOrPrefix lists the documents that an id, a range or the beginning of ids names.
func (ids *identifiers) idOrPrefix(id string) (documents []uint32, missing []string, err error) {
	if head, ok := strings.CutSuffix(id, "*"); ok {
		documents, err = ids.idsFrom(head)
		return documents, nil, err
	}
	n, err := ids.named(id)
	if err == nil && len(n.documents) == 0 && len(n.missing) == 0 {
		n.missing = []string{clip(id)}
	}
	return n.documents, n.missing, err
}
