package record

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"text/template"

	"github.com/Masterminds/sprig/v3"

	"palletgen/gen/secret"
)

// builtins are text/template's own functions, without html, js and urlquery:
// none of our formats is one of the web's.
var builtins = map[string]bool{
	"and": true, "or": true, "not": true, "len": true, "index": true, "slice": true,
	"print": true, "printf": true, "println": true,
	"eq": true, "ne": true, "lt": true, "le": true, "gt": true, "ge": true,
}

// pure names the functions of sprig that templates may call: each one's result
// depends on its arguments alone and changes none of them. Left out are the
// clock, chance, the host, the network, cryptography, dates, regular
// expressions' Must forms, and what works in place (set, unset, merge).
var pure = []string{
	// text
	"trim", "trimAll", "trimPrefix", "trimSuffix", "lower", "upper", "title", "untitle",
	"substr", "trunc", "contains", "hasPrefix", "hasSuffix", "nospace", "initials",
	"replace", "plural", "snakecase", "camelcase", "kebabcase", "cat",
	"splitList", "splitn", "split", "join", "sortAlpha", "toString", "toStrings",
	"regexMatch", "regexFind", "regexReplaceAll", "regexSplit",
	// numbers
	"add", "add1", "sub", "mul", "div", "mod", "max", "min", "int", "int64", "float64",
	"floor", "ceil", "round", "atoi", "toDecimal",
	// defaults and choice
	"default", "empty", "coalesce", "all", "any", "ternary", "fail",
	// lists
	"list", "first", "rest", "last", "initial", "append", "prepend", "concat", "reverse",
	"uniq", "without", "has", "compact", "chunk", "slice",
	// maps
	"dict", "get", "hasKey", "keys", "values", "pluck", "pick", "omit", "dig",
	// kinds
	"kindOf", "kindIs", "typeOf", "typeIs", "deepEqual",
	// encodings and sums
	"b64enc", "b64dec", "sha256sum", "toJson", "semverCompare", "base", "dir", "clean", "ext",
}

// Funcs returns the functions that templates may call, beside text/template's
// builtins. The map is shared: it must not be changed.
var Funcs = sync.OnceValue(func() template.FuncMap {
	all := sprig.HermeticTxtFuncMap()
	funcs := template.FuncMap{}
	for _, name := range pure {
		funcs[name] = all[name]
	}
	// sprig's come in the map's random order; ours are sorted.
	funcs["keys"] = sortedKeys
	funcs["values"] = sortedValues
	// sprig's take any number.
	funcs["repeat"] = repeat
	funcs["until"] = until
	funcs["indent"] = indent
	for _, how := range []secret.How{secret.Backslashed, secret.Doubled} {
		funcs[string(how)] = func(value any) (any, error) { return secret.Escape(how, value) }
	}
	funcs["regexMatch"] = regexMatch() // sprig's compiles the expression at each call
	return funcs
})

// FuncNames lists what a template may call, sorted.
func FuncNames() []string {
	names := slices.Collect(maps.Keys(builtins))
	for name := range Funcs() {
		names = append(names, name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

const (
	maxText = 1 << 20 // bytes that repeat may make
	maxList = 1 << 16 // numbers that until may make
)

func repeat(count int, text string) (string, error) {
	if count < 0 || count > maxText || count*len(text) > maxText {
		return "", fmt.Errorf("repeat: more than %d bytes", maxText)
	}
	return strings.Repeat(text, count), nil
}

func until(count int) ([]int, error) {
	if count < 0 || count > maxList {
		return nil, fmt.Errorf("until: more than %d numbers", maxList)
	}
	list := make([]int, count)
	for i := range list {
		list[i] = i
	}
	return list, nil
}

func indent(spaces int, text string) (string, error) {
	pad, err := repeat(spaces, " ")
	if err != nil || len(pad)*(strings.Count(text, "\n")+1) > maxText {
		return "", fmt.Errorf("indent: more than %d bytes", maxText)
	}
	return pad + strings.ReplaceAll(text, "\n", "\n"+pad), nil
}

// regexMatch returns a function that reports whether text matches expression.
func regexMatch() func(expression, text string) (bool, error) {
	var compiled sync.Map // expression → *regexp.Regexp
	return func(expression, text string) (bool, error) {
		re, ok := compiled.Load(expression)
		if !ok {
			fresh, err := regexp.Compile(expression)
			if err != nil {
				return false, err
			}
			re, _ = compiled.LoadOrStore(expression, fresh)
		}
		return re.(*regexp.Regexp).MatchString(text), nil
	}
}

func sortedKeys(ms ...map[string]any) []string {
	var keys []string
	for _, m := range ms {
		keys = slices.AppendSeq(keys, maps.Keys(m))
	}
	slices.Sort(keys)
	return keys
}

func sortedValues(m map[string]any) []any {
	values := make([]any, 0, len(m))
	for _, key := range slices.Sorted(maps.Keys(m)) {
		values = append(values, m[key])
	}
	return values
}
