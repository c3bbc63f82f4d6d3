package unitfile

import (
	"math"
	"strconv"
	"strings"
	"time"

	"palletgen/gen/lazyregexp"
)

// forever is a time span of infinity.
const forever = time.Duration(math.MaxInt64)

var spanRE = lazyregexp.New(`^\s*([0-9]*)(\.[0-9]*)?\s*([A-Za-zµμ]*)`)

// spans are the units of time spans.
var spans = map[string]time.Duration{
	"usec": time.Microsecond, "us": time.Microsecond, "µs": time.Microsecond, "μs": time.Microsecond,
	"msec": time.Millisecond, "ms": time.Millisecond,
	"": time.Second, "seconds": time.Second, "second": time.Second, "sec": time.Second, "s": time.Second,
	"minutes": time.Minute, "minute": time.Minute, "min": time.Minute, "m": time.Minute,
	"hours": time.Hour, "hour": time.Hour, "hr": time.Hour, "h": time.Hour,
	"days": 24 * time.Hour, "day": 24 * time.Hour, "d": 24 * time.Hour,
	"weeks": 7 * 24 * time.Hour, "week": 7 * 24 * time.Hour, "w": 7 * 24 * time.Hour,
	"months": 2629800 * time.Second, "month": 2629800 * time.Second, "M": 2629800 * time.Second,
	"years": 31557600 * time.Second, "year": 31557600 * time.Second, "y": 31557600 * time.Second,
}

// span reads a time span: "1min 30s", "5", "infinity".
func span(text string) (time.Duration, bool) {
	text = strings.TrimSpace(text)
	if text == "infinity" {
		return forever, true
	}
	total := time.Duration(0)
	for rest := text; ; {
		match := spanRE.FindStringSubmatch(rest)
		unit, known := spans[match[3]]
		if match[1] == "" || !known {
			return 0, false
		}
		n, err := strconv.ParseFloat(match[1]+match[2], 64)
		if err != nil || n*float64(unit)+float64(total) > float64(forever)/2 {
			return 0, false
		}
		total += time.Duration(n * float64(unit))
		if rest = strings.TrimSpace(rest[len(match[0]):]); rest == "" {
			return total, true
		}
	}
}

// seconds rounds a time span up.
func seconds(d time.Duration) int64 { return int64((d + time.Second - 1) / time.Second) }

var sizeRE = lazyregexp.New(`^([0-9]+)([KMGTPE]?)B?$`)

// size reads a number of bytes, with a suffix of base 1024.
func size(text string) (int64, bool) {
	match := sizeRE.FindStringSubmatch(text)
	if match == nil {
		return 0, false
	}
	n, err := strconv.ParseInt(match[1], 10, 64)
	shift := 10 * (strings.Index("KMGTPE", match[2]) + 1)
	if match[2] == "" {
		shift = 0
	}
	if err != nil || n > math.MaxInt64>>2>>shift {
		return 0, false
	}
	return n << shift, true
}

// boolean reads a truth value.
func boolean(text string) (value, ok bool) {
	switch strings.ToLower(text) {
	case "1", "yes", "y", "true", "t", "on":
		return true, true
	case "0", "no", "n", "false", "f", "off":
		return false, true
	}
	return false, false
}

// signals are those that a service can have, by their numbers on most machines.
var signals = map[int]string{
	1: "HUP", 2: "INT", 3: "QUIT", 6: "ABRT", 9: "KILL", 10: "USR1", 12: "USR2", 13: "PIPE", 14: "ALRM", 15: "TERM", 17: "CHLD",
	18: "CONT", 19: "STOP", 20: "TSTP", 21: "TTIN", 22: "TTOU", 23: "URG", 28: "WINCH", 29: "IO",
}

// signal reads a signal: SIGTERM, TERM, 15.
func signal(text string) (string, bool) {
	if n, err := strconv.Atoi(text); err == nil {
		return signals[n], signals[n] != ""
	}
	name := strings.TrimPrefix(text, "SIG")
	for _, known := range signals {
		if name == known {
			return name, true
		}
	}
	return "", false
}
