package links

// NextID finds an id in running text that may name a record, from a place on:
// EXI-ARCH-4, EX33 or AT-1368, as a word of its own. from is -1 when there is
// none.
func NextID(s string, at int) (from, to int) {
	for ; at < len(s); at++ {
		if c := s[at]; c < 'A' || c > 'Z' || at > 0 && wordByte(s, at-1) {
			continue
		}
		if to = idAt(s, at); to > 0 {
			return at, to
		}
	}
	return -1, -1
}

// idAt is where an id ends that begins at a place; 0 where none does.
func idAt(s string, at int) int {
	if !capital(s, at+1) {
		return 0
	}
	end := at + 2
	switch {
	case s[at:end] == "EX" && digit(s, end): // one to three digits
		for end < at+5 && digit(s, end) {
			end++
		}
	case s[at:end] == "EX" && end+1 < len(s) && s[end:end+2] == "I-" && capital(s, end+2):
		for end += 2; capital(s, end); end++ {
		}
		if end >= len(s) || s[end] != '-' || !digit(s, end+1) {
			return 0
		}
		for end++; digit(s, end); end++ {
		}
	case end < len(s) && s[end] == '-': // four digits
		for end++; end < at+7; end++ {
			if !digit(s, end) {
				return 0
			}
		}
	default:
		return 0
	}
	if wordByte(s, end) {
		return 0
	}
	return end
}

func capital(s string, i int) bool { return i < len(s) && s[i] >= 'A' && s[i] <= 'Z' }

func digit(s string, i int) bool { return i < len(s) && s[i] >= '0' && s[i] <= '9' }

func wordByte(s string, i int) bool {
	return i < len(s) && (s[i] == '_' || s[i]|0x20 >= 'a' && s[i]|0x20 <= 'z' || s[i] >= '0' && s[i] <= '9')
}
