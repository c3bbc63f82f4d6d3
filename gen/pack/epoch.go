package pack

import (
	"strings"
	"time"

	"palletgen/gen/diag"
)

// Default is the time of every entry where none is asked for. Zero, 1970,
// makes some versions of tar warn of an implausible time stamp; 1980 is the
// oldest that every archive format can say.
var Default = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// latest is the last second that an archive can hold: 11 octal digits.
const latest = 1<<33 - 1

// Epoch reads the value of the environment variable SOURCE_DATE_EPOCH: whole
// seconds since 1970, in decimal digits. Not set or empty means Default.
func Epoch(env string) (time.Time, error) {
	if env == "" {
		return Default, nil
	}
	seconds, ok := digits(env)
	if !ok {
		return time.Time{}, diag.At(diag.Pos{}, "cannot use SOURCE_DATE_EPOCH %q: it is no number of seconds from 0 to %d", env, int64(latest)).
			WithHint("set it to a time such as 1700000000 (date +%%s), or unset it")
	}
	return time.Unix(seconds, 0).UTC(), nil
}

// digits reads a number of at most latest that has no sign and no spaces.
func digits(s string) (n int64, ok bool) {
	if strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	for _, c := range []byte(s) {
		if n = n*10 + int64(c-'0'); n > latest {
			return 0, false
		}
	}
	return n, true
}
