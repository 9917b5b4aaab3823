package export

import (
	"math"
	"strings"
	"time"
)

// Spreadsheets keep a date as a number of days and show it by its style's
// number format (ECMA-376 part 1, 18.17.4.1 and 18.8.30).

const (
	epoch1904  = 1462      // days from the usual epoch to that of old Macs
	leapSerial = 60        // 29 February 1900, which the 1900 date system has and the calendar hasn't
	lastSerial = 2_958_465 // 31 December 9999
)

var epoch = time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)

// serial is the number of a date; ok is false for those before March 1900,
// which spreadsheets don't agree on.
func serial(d time.Time) (days int, ok bool) {
	days = int(math.Round(d.Sub(epoch).Hours() / 24))
	return days, days > leapSerial && days <= lastSerial
}

// serialDate shows a number of days as a French spreadsheet does; ok is false
// for what is no date of the calendar.
func serialDate(days float64, from1904 bool) (text string, ok bool) {
	if from1904 {
		days += epoch1904
	}
	if !(days >= 0 && days < lastSerial+1) || math.Floor(days) == leapSerial {
		return "", false
	}
	whole, part := math.Modf(days)
	if whole < leapSerial && !from1904 {
		whole++ // the epoch is a day late until the day that never was
	}
	d := epoch.AddDate(0, 0, int(whole)).Add(time.Duration(math.Round(part*86400)) * time.Second)
	switch {
	case part == 0:
		return d.Format("02/01/2006"), true
	case days < 1:
		return d.Format("15:04:05"), true
	}
	return d.Format("02/01/2006 15:04:05"), true
}

// builtinDate says whether a number format that files name without defining it
// shows dates or times; 27 to 36 and 50 to 58 do in East Asian spreadsheets.
func builtinDate(id int) bool {
	return id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 45 && id <= 47 || id >= 50 && id <= 58
}

// dateFormat says whether a format code shows dates or times: it has a day,
// month, year, hour or second outside quotes, brackets and escapes.
func dateFormat(code string) bool {
	code = strings.ToLower(code)
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case 'd', 'm', 'y', 'h', 's':
			return true
		case ';': // what follows is for negative numbers and text
			return false
		case '\\', '_', '*':
			i++
		case '"', '[':
			end := strings.IndexByte(code[i+1:], map[byte]byte{'"': '"', '[': ']'}[c])
			if end < 0 {
				return false
			}
			i += end + 1
		}
	}
	return false
}
