package upstart

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/lazyregexp"
)

// A check judges the arguments of a stanza, without their quotes. It returns
// nil or what is wrong with one of them.
type check func(words []string) *wrong

type wrong struct {
	word      int // the index of the word; the number of words for a missing one
	msg, hint string
}

var one = count(1, 1)

// count wants from least to most words.
func count(least, most int) check {
	return func(words []string) *wrong {
		switch {
		case len(words) < least:
			return &wrong{word: len(words), msg: "an argument is missing"}
		case len(words) > most:
			return &wrong{word: most, msg: fmt.Sprintf("%q is one argument too many", words[most]), hint: `an argument with blanks is written in "…"`}
		}
		return nil
	}
}

// oneOf wants one word out of a list.
func oneOf(known ...string) check {
	return func(words []string) *wrong {
		if w := one(words); w != nil {
			return w
		}
		if !slices.Contains(known, words[0]) {
			return &wrong{msg: fmt.Sprintf("unknown argument %q", words[0]), hint: diag.DidYouMean(words[0], known)}
		}
		return nil
	}
}

// oneNumber wants one number in a range, or one of some words.
func oneNumber(least, most int64, words ...string) check {
	return func(args []string) *wrong {
		if w := one(args); w != nil {
			return w
		}
		if slices.Contains(words, args[0]) {
			return nil
		}
		return numberAt(args, 0, least, most)
	}
}

var decimal = lazyregexp.New(`^-?[0-9]+$`)

func numberAt(words []string, i int, least, most int64) *wrong {
	n, err := strconv.ParseInt(words[i], 10, 64)
	if !decimal.MatchString(words[i]) || err != nil || n < least || n > most {
		return &wrong{word: i, msg: fmt.Sprintf("%q is not a number from %d to %d", words[i], least, most)}
	}
	return nil
}

func umask(words []string) *wrong {
	if w := one(words); w != nil {
		return w
	}
	n, err := strconv.ParseUint(words[0], 8, 64)
	if err != nil || n > 0o777 {
		return &wrong{msg: fmt.Sprintf("%q is not an octal number up to 0777", words[0])}
	}
	return nil
}

var nameRE = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_]*$`)

func variable(words []string) *wrong {
	if w := one(words); w != nil {
		return w
	}
	name, _, _ := strings.Cut(words[0], "=")
	if !nameRE.MatchString(name) {
		return &wrong{msg: fmt.Sprintf("%q is not the name of a variable", name), hint: "write env NAME=value"}
	}
	return nil
}

func variables(words []string) *wrong {
	if w := count(1, 1<<20)(words); w != nil {
		return w
	}
	for i, word := range words {
		if !nameRE.MatchString(word) {
			return &wrong{word: i, msg: fmt.Sprintf("%q is not the name of a variable", word)}
		}
	}
	return nil
}

// signals are the names that upstart knows, with or without SIG before them.
// Others can be said by number.
var signals = []string{
	"HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "IOT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM",
	"STKFLT", "CHLD", "CLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "POLL", "PWR", "SYS",
}

func signal(words []string) *wrong {
	if w := one(words); w != nil {
		return w
	}
	return signalAt(words, 0, 1, 64)
}

func signalAt(words []string, i int, least, most int64) *wrong {
	if slices.Contains(signals, strings.TrimPrefix(words[i], "SIG")) || numberAt(words, i, least, most) == nil {
		return nil
	}
	return &wrong{word: i, msg: fmt.Sprintf("%q is not a signal", words[i]), hint: diag.DidYouMean(words[i], signals)}
}

func exits(words []string) *wrong {
	if w := count(1, 1<<20)(words); w != nil {
		return w
	}
	for i := range words {
		if w := signalAt(words, i, 0, 255); w != nil {
			return &wrong{word: i, msg: fmt.Sprintf("%q is neither an exit status from 0 to 255 nor a signal", words[i])}
		}
	}
	return nil
}

var limitNames = []string{
	"as", "core", "cpu", "data", "fsize", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio", "sigpending", "stack",
}

// limit wants a name, a soft and a hard limit.
func limit(words []string) *wrong {
	if w := count(3, 3)(words); w != nil {
		return w
	}
	if !slices.Contains(limitNames, words[0]) {
		return &wrong{msg: fmt.Sprintf("unknown limit %q", words[0]), hint: diag.DidYouMean(words[0], limitNames)}
	}
	const unlimited = 1<<63 - 1
	values := [3]int64{}
	for i := 1; i <= 2; i++ {
		values[i] = unlimited
		if words[i] == "unlimited" {
			continue
		}
		if w := numberAt(words, i, 0, unlimited-1); w != nil {
			return &wrong{word: i, msg: fmt.Sprintf("%q is neither a number nor unlimited", words[i])}
		}
		values[i], _ = strconv.ParseInt(words[i], 10, 64)
	}
	if values[1] > values[2] {
		return &wrong{word: 1, msg: "the soft limit is above the hard limit"}
	}
	return nil
}

// respawnLimit wants a number of restarts and an interval in seconds.
func respawnLimit(words []string) *wrong {
	if len(words) > 0 && words[0] == "unlimited" {
		return one(words)
	}
	if w := count(2, 2)(words); w != nil {
		return w
	}
	for i := range words {
		if w := numberAt(words, i, 0, 1<<31-1); w != nil {
			return w
		}
	}
	return nil
}
