package systemd

import (
	"slices"
	"strconv"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/lazyregexp"
	"palletgen/gen/splice"
)

// A kind is what the value of a key has to be.
type kind struct {
	want string              // what the key takes, for messages
	fits func(s string) bool // judges the value
	each bool                // or rather each word of it
}

// checkKind judges the words of an entry. Those that hold a marker, or what systemd
// replaces, are not known yet.
func checkKind(section string, entry *Entry) (*Word, *diag.Error) {
	kind, ok := kindOf()[entry.Key]
	if !ok || section == "Mount" && entry.Key == "Type" { // there it is a file system
		return nil, nil
	}
	var texts []string
	var last *Word
	for _, w := range entry.Words {
		text, known := w.literal()
		if !known || splice.Marked(text) || strings.Contains(text, "%") && !strings.HasSuffix(text, "%") {
			if !kind.each {
				return nil, nil
			}
			continue
		}
		if kind.each && !kind.fits(text) {
			return w, kind.refuse(entry.Key, text)
		}
		texts, last = append(texts, text), w
	}
	if text := strings.Join(texts, " "); !kind.each && len(texts) > 0 && !kind.fits(text) {
		return last, kind.refuse(entry.Key, text)
	}
	return nil, nil
}

// Takes tells that systemd takes a word under a key, alone or in a list, as far as
// that is known.
func Takes(key, word string) bool {
	kind, ok := kindOf()[key]
	return !ok || kind.fits(word)
}

func (k kind) refuse(key, text string) *diag.Error {
	return splice.Problem("%s= takes %s, not %q: systemd would leave the line out", key, k.want, text)
}

func either(list []string) string {
	if len(list) == 1 {
		return list[0]
	}
	return strings.Join(list[:len(list)-1], ", ") + " or " + list[len(list)-1]
}

// words are a choice of some words.
func words(list ...string) kind {
	return kind{want: either(list), fits: func(s string) bool { return slices.Contains(list, s) }}
}

var booleans = []string{"1", "yes", "y", "true", "t", "on", "0", "no", "n", "false", "f", "off"}

// boolean is yes or no, or one of more words.
func boolean(more ...string) kind {
	return kind{want: either(append([]string{"yes", "no"}, more...)), fits: func(s string) bool {
		return slices.Contains(booleans, strings.ToLower(s)) || slices.Contains(more, s)
	}}
}

// integer is a whole number in a range, or one of some words.
func integer(least, most int64, more ...string) kind {
	want := "a whole number from " + strconv.FormatInt(least, 10) + " to " + strconv.FormatInt(most, 10)
	return kind{want: either(append([]string{want}, more...)), fits: func(s string) bool {
		n, err := strconv.ParseInt(s, 10, 64)
		return slices.Contains(more, s) || err == nil && n >= least && n <= most && countRE.MatchString(strings.TrimLeft(s, "+-"))
	}}
}

const (
	amount = `[0-9]{1,12}([.][0-9]{1,9})?`
	unit   = `(usec|us|nsec|ns|msec|ms|seconds|second|sec|s|minutes|minute|min|months|month|M|m|hours|hour|hr|h|days|day|d|weeks|week|w|years|year|y)`
)

var (
	countRE = lazyregexp.New(`^(0|[1-9][0-9]{0,18})$`) // with a 0 in front systemd reads octal
	bytesRE = lazyregexp.New(`^[0-9]{1,15}([.][0-9]{1,9})?[BKMGTPE]?$`)
	spanRE  = lazyregexp.New(`^(` + amount + ` ?` + unit + ` ?)*` + amount + `( ?` + unit + `)?$`)
	octalRE = lazyregexp.New(`^[0-7]{1,4}$|^0[0-7]{4}$`)
)

func isCount(s string) bool { return countRE.MatchString(s) }
func isBytes(s string) bool { return bytesRE.MatchString(s) }
func isSpan(s string) bool  { return spanRE.MatchString(s) }

// span is a length of time.
func span() kind {
	return kind{want: "a time such as 90, 5min or infinity", fits: func(s string) bool { return s == "infinity" || isSpan(s) }}
}

// limitOf is a resource limit: a value for the soft and the hard one, or SOFT:HARD.
func limitOf(fits func(string) bool) kind {
	one := func(s string) bool { return s == "infinity" || fits(s) }
	return kind{want: "a limit, infinity, or SOFT:HARD with the smaller one first", fits: func(s string) bool {
		soft, hard, both := strings.Cut(s, ":")
		if !both {
			return one(s)
		}
		a, errA := strconv.ParseUint(soft, 10, 64)
		b, errB := strconv.ParseUint(hard, 10, 64)
		ordered := errA != nil || errB != nil || a <= b
		return one(soft) && one(hard) && ordered && (soft != "infinity" || hard == "infinity")
	}}
}

// percent is a part of a hundred; above says that it may be more than all.
func percent(s string, above bool) bool {
	number, ok := strings.CutSuffix(s, "%")
	n, err := strconv.ParseFloat(number, 64)
	return ok && err == nil && n >= 0 && (above || n <= 100) && strings.Trim(number, "0123456789.") == ""
}

// memory is a size, which may be a part of the host's, and nothing where zero says so.
func memory(zero bool) kind {
	want := "a size such as 512M, 50% or infinity"
	if !zero {
		want += ", not 0"
	}
	return kind{want: want, fits: func(s string) bool {
		return (s == "infinity" || isBytes(s) || percent(s, false)) && (zero || strings.Trim(s, "0.BKMGTPE%") != "")
	}}
}

func tasks() kind {
	return kind{want: "a number above 0, a percentage or infinity", fits: func(s string) bool {
		return s == "infinity" || (isCount(s) || percent(s, false)) && strings.Trim(s, "0.%") != ""
	}}
}

func quota() kind {
	return kind{want: "a percentage above 0, as in 50%", fits: func(s string) bool { return percent(s, true) && strings.Trim(s, "0.%") != "" }}
}

func mode() kind {
	return kind{want: "an octal mode such as 0022", fits: octalRE.MatchString}
}
