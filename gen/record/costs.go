package record

import (
	"reflect"
	"strings"
	"unicode/utf8"
)

// constant names the functions that take about the same time whatever they are
// given, and make nothing larger. The others are counted by meter.wrap. (Not those
// that want numbers: sprig's print what is none.)
var constant = set(
	"default", "empty", "coalesce", "all", "any", "ternary", "fail",
	"list", "first", "last", "dict", "get", "hasKey", "kindOf", "kindIs", "typeOf", "typeIs",
	recorder, stepper, reader,
)

func set(names ...string) map[string]bool {
	s := make(map[string]bool, len(names))
	for _, name := range names {
		s[name] = true
	}
	return s
}

// costs are the functions that may do much more than read their arguments once:
// what else they do, in bytes.
var costs = map[string]func(args []reflect.Value) int{
	"replace": func(args []reflect.Value) int { // old, new, text
		return product(strings.Count(args[2].String(), args[0].String()), args[1].Len())
	},
	"trimAll":         productOf(0, 1), // each character is looked for in the set
	"join":            func(args []reflect.Value) int { return product(args[0].Len(), lengthOf(args[1])) },
	"printf":          func(args []reflect.Value) int { return printfCost(args[0].String(), args[1]) },
	"uniq":            func(args []reflect.Value) int { return product(lengthOf(args[0]), sizeOfArg(args[0], maxWork)) },
	"without":         productOf(0, 1),
	"sortAlpha":       times(20),
	"toJson":          times(6), // "\u0001"
	"semverCompare":   times(200),
	"regexMatch":      regexCost(0),
	"regexFind":       regexCost(0),
	"regexSplit":      regexCost(0),
	"regexReplaceAll": regexCost(2),
}

// product multiplies without ever getting more than an int can hold.
func product(a, b int) int {
	if a > 0 && b > 0 && a > 2*maxWork/b {
		return 2 * maxWork
	}
	return a * b
}

// productOf is the product of the sizes of two arguments.
func productOf(i, j int) func([]reflect.Value) int {
	return func(args []reflect.Value) int {
		return product(sizeOfArg(args[i], maxWork), sizeOfArg(args[j], maxWork))
	}
}

// times is some times the size of all arguments.
func times(n int) func([]reflect.Value) int {
	return func(args []reflect.Value) int {
		total := 0
		for _, arg := range args {
			total += sizeOfArg(arg, maxWork)
		}
		return product(total, n)
	}
}

// lengthOf is how many elements a list has that may be an interface.
func lengthOf(v reflect.Value) int {
	for v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if v.Kind() == reflect.Slice || v.Kind() == reflect.Array {
		return v.Len()
	}
	return 1
}

// widest is the largest width and precision that fmt obeys.
const widest = 1_000_000

// printfCost is what a format may print at most: each of its verbs any of the
// values, as Go source, in its width.
func printfCost(format string, values reflect.Value) int {
	cost := 0
	for rest := range strings.SplitSeq(format, "%") {
		cost += numbersIn(rest)
	}
	const longest = utf8.UTFMax * 3 // \U0010ffff
	verbs := strings.Count(format, "%")
	return cost + product(verbs, product(longest, sizeOfArg(values, maxWork)))
}

// numbersIn adds up the numbers that a verb begins with: width, precision and,
// by a star, one that a value tells.
func numbersIn(verb string) int {
	total, n := 0, 0
	for i := range len(verb) {
		switch c := verb[i]; {
		case c >= '0' && c <= '9':
			n = min(n*10+int(c-'0'), widest)
			continue
		case c == '*':
			total += widest
		case strings.IndexByte("+-# .[]", c) < 0:
			return total + n
		}
		total, n = total+n, 0
	}
	return total + n
}

// regexCost is what the expression, which is the first argument, may take for
// the text behind it. repl is the argument that stands for each match; 0 for
// none.
func regexCost(repl int) func([]reflect.Value) int {
	return func(args []reflect.Value) int {
		text, states := args[1].Len()+1, expressionSize(args[0].String())
		cost := product(text, states) + states*entrySize
		if repl > 0 {
			cost += product(text, product(args[repl].Len()+1, 2))
		}
		return cost
	}
}
