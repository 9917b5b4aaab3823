package search

// rows of the AZERTY keyboard: a slip of the finger is likelier than another
// letter.
var keyRows = []string{"azertyuiop", "qsdfghjklm", "wxcvbn"}

var adjacent = func() map[[2]byte]bool {
	m := map[[2]byte]bool{}
	for r, row := range keyRows {
		for i := range len(row) {
			for _, other := range []int{r, r + 1} {
				if other >= len(keyRows) {
					continue
				}
				for j := max(i-1, 0); j <= i+1 && j < len(keyRows[other]); j++ {
					m[[2]byte{row[i], keyRows[other][j]}] = true
					m[[2]byte{keyRows[other][j], row[i]}] = true
				}
			}
		}
	}
	return m
}()

// editDistance is the optimal string alignment distance (Damerau, Levenshtein), where
// neighbouring keys, swapped letters and a letter doubled or not doubled cost
// less than 1.
func editDistance(a, b string) float64 {
	const far = 1e9
	prev2, prev, cur := make([]float64, len(b)+1), make([]float64, len(b)+1), make([]float64, len(b)+1)
	for j := range prev {
		prev[j] = float64(j)
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = float64(i)
		for j := 1; j <= len(b); j++ {
			sub := 0.0
			if a[i-1] != b[j-1] {
				sub = 1
				if adjacent[[2]byte{a[i-1], b[j-1]}] {
					sub = .8
				}
			}
			del, ins := 1.0, 1.0
			if i > 1 && a[i-1] == a[i-2] {
				del = .7
			}
			if j > 1 && b[j-1] == b[j-2] {
				ins = .7
			}
			best := min(prev[j-1]+sub, prev[j]+del, cur[j-1]+ins)
			swap := far
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] && a[i-1] != a[i-2] {
				swap = prev2[j-2] + .8
			}
			cur[j] = min(best, swap)
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return prev[len(b)]
}
