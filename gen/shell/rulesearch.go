package shell

import (
	"slices"
	"strings"
)

// operands says that all operands have to pass c, beside being no options.
func (a *analysis) operands(from, to int, withArg string, c *check) {
	for i := a.operand(from, to, withArg, nil); i < to; i++ {
		a.means(i, to, c)
	}
}

// lettered is a program some of whose options take arguments that it reads in its
// own way: by their letters, and by their long names.
func lettered(withArg string, letters map[byte]*check, long map[string]*check) ruleFunc {
	return func(a *analysis, from, to int) {
		a.operand(from, to, withArg, func(letter byte, arg int) {
			if c := letters[letter]; c != nil && arg >= 0 {
				a.argument(arg, to, c)
			}
		})
		a.long(from, to, long)
	}
}

// long gives the arguments of long options, joined by = or not, their checks.
func (a *analysis) long(from, to int, long map[string]*check) {
	for i := from; i < to; i++ {
		text, known := a.text(i)
		if known && text == "--" {
			return
		}
		name, _, joined := strings.Cut(text, "=")
		if len(name) < 4 || !strings.HasPrefix(name, "--") {
			continue
		}
		for option, c := range long {
			switch {
			case !strings.HasPrefix(option, name):
			case joined:
				a.means(i, to, c)
			default:
				a.argument(i+1, to, c)
			}
		}
	}
}

// grep reads its first operand, or what follows -e, as a pattern; with -F as
// lines of text.
func grep(fixed bool) ruleFunc {
	return func(a *analysis, from, to int) {
		fixed, given := fixed, false
		var patterns []int
		at := a.operand(from, to, "ABCDdefm", func(letter byte, arg int) {
			fixed = fixed || letter == 'F'
			given = given || letter == 'e' || letter == 'f'
			if letter == 'e' && arg >= 0 {
				patterns = append(patterns, arg)
			}
		})
		for i := from; i < min(at, to); i++ {
			text, known := a.text(i)
			fixed = fixed || known && len(text) > 4 && strings.HasPrefix("--fixed-strings", text)
			given = given || strings.HasPrefix(text, "--regexp") || strings.HasPrefix(text, "--file")
		}
		c := grepCheck
		if fixed {
			c = grepLinesCheck
		}
		for _, i := range patterns {
			a.argument(i, to, c)
		}
		a.long(from, to, map[string]*check{"--regexp": c, "--include": globCheck, "--exclude": globCheck, "--exclude-dir": globCheck})
		if given || at >= to {
			return
		}
		a.means(at, to, c)
		if _, known := a.text(at); !known && len(markersIn(a.args[at])) == 0 { // "$@" may be options: any word may be the pattern
			for i := at + 1; i < to; i++ {
				a.means(i, to, c)
			}
		}
	}
}

// date takes a format after +.
func date(a *analysis, from, to int) {
	for i := from; i < to; i++ {
		if text, _ := a.text(i); strings.HasPrefix(text, "+") {
			a.means(i, to, dateCheck)
		} else if isMarker(a.args[i]) {
			a.means(i, to, dateCheck) // it may begin with +
		}
	}
}

// Options of curl: letters that take an argument, and long ones that take none
// and stand right before an address often.
const curlLetters = "AbcCdDeEFHKmoPQrtTuUwxXyYz"

var curlPlain = []string{"--", "--compressed", "--fail", "--fail-with-body", "--head", "--insecure", "--ipv4", "--ipv6", "--location",
	"--remote-name", "--show-error", "--silent", "--url", "--verbose"}

// curlMeans are the options of one letter whose argument may name a file.
var curlMeans = map[byte]*check{'d': dataCheck, 'H': headerCheck, 'F': formCheck, 'b': cookieCheck}

func text(a *analysis, i int) string {
	text, _ := a.text(i)
	return text
}

// curl reads brackets and braces in addresses, but with -g; and -w as a format.
func curl(a *analysis, from, to int) {
	plain := false
	for i := from; i < to; i++ {
		text, known := a.text(i)
		plain = plain || known && (text == "--globoff" || strings.HasPrefix(text, "-") && !strings.HasPrefix(text, "--") && strings.Contains(text, "g"))
	}
	a.long(from, to, map[string]*check{"--write-out": formatCheck, "--data": dataCheck, "--data-ascii": dataCheck, "--data-binary": dataCheck,
		"--json": dataCheck, "--header": headerCheck, "--proxy-header": headerCheck, "--form": formCheck, "--cookie": cookieCheck})
	for i := from; i < to; i++ { // --data is no abbreviation of these
		if text, _ := a.text(i); text == "--data-urlencode" {
			a.argument(i+1, to, encodeCheck)
		}
	}
	for i := from; i < to; i++ {
		before := ""
		if i > from {
			before, _ = a.text(i - 1)
		}
		last := strings.TrimLeft(before, "-")
		short := strings.HasPrefix(before, "-") && !strings.HasPrefix(before, "--") && last != ""
		switch {
		case strings.HasPrefix(text(a, i), "-K"), strings.HasPrefix(text(a, i), "--config"):
			a.stdin = true // or a file, which does no harm
		case short && curlMeans[last[len(last)-1]] != nil:
			a.argument(i, to, curlMeans[last[len(last)-1]])
		case short && last[len(last)-1] == 'w':
			a.argument(i, to, formatCheck)
		case plain, short && strings.IndexByte(curlLetters, last[len(last)-1]) >= 0:
		case !strings.HasPrefix(before, "--"), slices.Contains(curlPlain, before):
			a.means(i, to, urlCheck)
		}
	}
}

// findTests are the tests of find that take a pattern or a format.
var findTests = map[string]*check{
	"-name": globCheck, "-iname": globCheck, "-path": globCheck, "-ipath": globCheck, "-wholename": globCheck, "-iwholename": globCheck,
	"-lname": globCheck, "-ilname": globCheck, "-regex": regexpCheck, "-iregex": regexpCheck, "-printf": formatCheck,
}
