package middleware

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"
)

// queryLogBytes is where the list stops growing: about 30,000 searches.
const queryLogBytes = 1 << 20

// queryLogLine is the longest query kept, in characters.
const queryLogLine = 120

// QueryLog is the list of searches without result, for the editors of the
// content: one "date TAB query" a line. It is off unless asked for, holds no
// address and no hour, masks what looks like personal data, and is capped.
type QueryLog struct {
	mu   sync.Mutex
	file *os.File
	size int64
	full bool
}

// OpenQueryLog opens or creates the list, a regular file; what is in it stays.
func OpenQueryLog(path string) (*QueryLog, error) {
	if st, err := os.Stat(path); err == nil && !st.Mode().IsRegular() { // opening a FIFO would wait for ever
		return nil, fmt.Errorf("le journal des recherches %s n’est pas un fichier ordinaire : indiquez un autre chemin", path)
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("le journal des recherches %s ne peut pas être ouvert : %w", path, err)
	}
	i, err := f.Stat()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("le journal des recherches %s ne peut pas être lu : %w", path, err), f.Close())
	}
	return &QueryLog{file: f, size: i.Size()}, nil
}

// personal is what people paste by mistake: addresses of mail, long numbers
// (telephone, social security, bank account).
var personal = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\S+@\S+|\+?\d(?:[ .-]?\d){7,}`) })

func (l *QueryLog) add(query string, when time.Time) error {
	query = personal().ReplaceAllString(query, "…")
	query = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Cf, r): // turns the text around, or is not seen
			return -1
		case unicode.IsControl(r), unicode.In(r, unicode.Zl, unicode.Zp):
			return ' '
		}
		return r
	}, query)
	query = strings.TrimSpace(query)
	if runes := []rune(query); len(runes) > queryLogLine {
		query = string(runes[:queryLogLine])
	}
	if query == "" {
		return nil
	}
	if first, _ := utf8.DecodeRuneInString(query); strings.ContainsRune("=+-@＝＋－＠", first) {
		query = "'" + query // no formula, where a spreadsheet opens the list
	}
	line := when.Format(time.DateOnly) + "\t" + query + "\n"
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.size+int64(len(line)) > queryLogBytes {
		if l.full {
			return nil
		}
		l.full = true
		return fmt.Errorf("le fichier a atteint sa limite de %d octets : videz-le ou déplacez-le, puis redémarrez", queryLogBytes)
	}
	n, err := l.file.WriteString(line)
	l.size += int64(n)
	return err
}

// Close ends the list.
func (l *QueryLog) Close() error { return l.file.Close() }
