package ui

// pager leads through the pages of a list.
type pager struct {
	Current, Last int
	Steps         []step
	Prev, Next    string // addresses, "" at an end
}

// step is a page's link; Number 0 is a gap.
type step struct {
	Number  int
	URL     string
	Current bool
}

func newPager(current, total, size int, at func(n int) string) pager {
	p := pager{Current: current, Last: max(1, (total+size-1)/size)}
	if current > 1 {
		p.Prev = at(current - 1)
	}
	if current < p.Last {
		p.Next = at(current + 1)
	}
	for n := 1; n <= p.Last; n++ {
		if n == 1 || n == p.Last || n >= current-2 && n <= current+2 {
			p.Steps = append(p.Steps, step{n, at(n), n == current})
		} else if p.Steps[len(p.Steps)-1].Number != 0 {
			p.Steps = append(p.Steps, step{})
		}
	}
	return p
}
