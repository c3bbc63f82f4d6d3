package record

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
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
	maps.Copy(funcs, own)
	for _, how := range []secret.How{secret.Backslashed, secret.Doubled} {
		funcs[string(how)] = func(value any) (any, error) { return secret.Escape(how, value) }
	}
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

// own are the functions that stand in for sprig's of the same names, and in for
// those of text/template that are to be counted.
var own = template.FuncMap{
	// sprig's come in the map's random order; ours are sorted.
	"keys": sortedKeys, "values": sortedValues,
	// sprig's sorts a list in place.
	"sortAlpha": sortAlpha,
	// sprig's take any number.
	"repeat": repeat, "until": until, "indent": indent,
	// sprig's prints what is no text, of any size.
	"dict": dict,
	// sprig's may make a map or list far larger than their text.
	"split": split, "splitn": splitn, "splitList": splitList,
	// sprig's compile the expression at each call, of any size.
	"regexMatch": regexMatch, "regexFind": regexFind, "regexReplaceAll": regexReplaceAll, "regexSplit": regexSplit,
	// text/template's own.
	"print": fmt.Sprint, "printf": formatted, "println": fmt.Sprintln,
}

func repeat(count int, text string) (string, error) {
	if count < 0 || count > maxText || count*len(text) > maxText {
		return "", errText
	}
	return strings.Repeat(text, count), nil
}

func until(count int) ([]int, error) {
	if count < 0 || count > maxList {
		return nil, errList
	}
	list := make([]int, count)
	for i := range list {
		list[i] = i
	}
	return list, nil
}

func indent(spaces int, text string) (string, error) {
	pad, err := repeat(spaces, " ")
	if err != nil || len(pad)*(strings.Count(text, "\n")+1)+len(text) > maxText {
		return "", errText
	}
	return pad + strings.ReplaceAll(text, "\n", "\n"+pad), nil
}

// dict makes a map of keys and values. Keys are texts, or numbers; the last may
// have no value.
func dict(pairs ...any) (map[string]any, error) {
	m := make(map[string]any, (len(pairs)+1)/2)
	for i := 0; i < len(pairs); i += 2 {
		switch pairs[i].(type) {
		case string, int, int64, float64, bool:
		default:
			return nil, fmt.Errorf("a key of a dict is a text, not a %T", pairs[i])
		}
		var value any = ""
		if i+1 < len(pairs) {
			value = pairs[i+1]
		}
		m[fmt.Sprint(pairs[i])] = value
	}
	return m, nil
}

func splitList(separator, text string) ([]string, error) {
	if strings.Count(text, separator) >= maxList {
		return nil, errList
	}
	return strings.Split(text, separator), nil
}

func split(separator, text string) (map[string]string, error) {
	return splitn(separator, -1, text)
}

// splitn returns the parts as _0, _1 …
func splitn(separator string, most int, text string) (map[string]string, error) {
	if (most < 0 || most > maxList) && strings.Count(text, separator) >= maxList {
		return nil, errList
	}
	parts := map[string]string{}
	for i, part := range strings.SplitN(text, separator, most) {
		parts["_"+strconv.Itoa(i)] = part
	}
	return parts, nil
}

// sortAlpha sorts the texts of list.
func sortAlpha(list any) []string {
	texts := sprig.HermeticTxtFuncMap()["toStrings"].(func(any) []string)(list)
	return slices.Sorted(slices.Values(texts))
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
