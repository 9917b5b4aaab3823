package search

import "slices"

// scratch is the memory of one query, by document.
type scratch struct {
	tf, exact []float32
	score     []float64
	cover     []float32
	mask      []uint64
	label     []uint8
	titled    []bool   // the page's title has the current concept
	touched   []uint32 // documents with any score
	current   []uint32 // documents that the current concept touched
	pageTF    []float32
	pageScore []float32
	pages     []uint32
	exacts    []uint32
	pageTimes []uint32 // of the current term
	counted   []uint32 // pages that the current term touched
}

func newScratch(n, pages int) *scratch {
	return &scratch{tf: make([]float32, n), exact: make([]float32, n), score: make([]float64, n), cover: make([]float32, n), mask: make([]uint64, n), label: make([]uint8, n), titled: make([]bool, n), pageTF: make([]float32, pages), pageScore: make([]float32, pages), pageTimes: make([]uint32, pages)}
}

// touch makes a document one of those that are ranked, whatever its score.
func (s *scratch) touch(d uint32) {
	if s.mask[d] == 0 {
		s.touched = append(s.touched, d)
		s.mask[d] = 1 << 63
	}
}

// inOrder gives the documents that are ranked in the order of their numbers.
func (s *scratch) inOrder() []uint32 {
	if len(s.touched) < len(s.mask)/100 { // else looking at each costs less than sorting
		slices.Sort(s.touched)
		return s.touched
	}
	s.touched = s.touched[:0]
	for d, m := range s.mask {
		if m != 0 {
			s.touched = append(s.touched, uint32(d))
		}
	}
	return s.touched
}

func (s *scratch) reset() {
	for _, d := range s.touched {
		s.score[d], s.cover[d], s.mask[d], s.label[d] = 0, 0, 0, 0
	}
	for _, d := range s.current {
		s.tf[d], s.titled[d] = 0, false
	}
	for _, d := range s.exacts {
		s.exact[d] = 0
	}
	clear(s.pageTF)
	clear(s.pageScore)
	clear(s.pageTimes)
	s.touched, s.current, s.exacts, s.pages, s.counted = s.touched[:0], s.current[:0], s.exacts[:0], s.pages[:0], s.counted[:0]
}

// onPage counts a term on a page, until addPages weighs it.
func (s *scratch) onPage(page uint32, times int) {
	if s.pageTimes[page] == 0 {
		s.counted = append(s.counted, page)
	}
	s.pageTimes[page] += uint32(times)
}

// addPages adds what a term counts on its pages. It is summed as whole numbers
// first, so that it does not matter in which order the documents came.
func (s *scratch) addPages(weight float32) {
	for _, p := range s.counted {
		if s.pageTF[p] == 0 {
			s.pages = append(s.pages, p)
		}
		s.pageTF[p] += weight * float32(s.pageTimes[p])
		s.pageTimes[p] = 0
	}
	s.counted = s.counted[:0]
}
