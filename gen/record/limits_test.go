package record

import (
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/Masterminds/sprig/v3"
	"github.com/google/go-cmp/cmp"

	"palletgen/gen/diag"
)

func execute(text string, data any) (*Marked, error) {
	tmpl, err := (&Loader{}).Parse(&diag.Source{Name: "a.tmpl", Text: text})
	if err != nil {
		return nil, err
	}
	return tmpl.Execute(data)
}

// TestLimits reaches each limit of what a template may do. None is about time,
// and none takes any.
func TestLimits(t *testing.T) {
	const (
		steps = "the template takes more than 524288 steps"
		work  = "the template's functions read and make more than 134217728 bytes"
		text  = "a text of more than 1048576 bytes"
		list  = "a list of more than 65536 elements"
		regex = "a regular expression for more than 10000 characters"
		print = "the template prints more than 8388608 bytes"
	)
	loop := func(body string) string { return "{{ range until 60000 }}" + body + "{{ end }}" }
	data := map[string]any{"text": strings.Repeat("ab", 1<<19), "wide": strings.Repeat("é", 1<<18), "list": make([]any, 1<<16), "names": []any{"a", "b"}}
	for _, test := range []struct{ text, want string }{
		{"\n{{ range 1000000000 }}{{ end }}", "a.tmpl:2:23: " + steps},
		{"{{ range 1000000000 }}{{ continue }}{{ end }}", steps},
		{loop(loop("x")), steps},
		{loop(loop("{{ if true }}{{ else }}{{ end }}")), steps},
		{loop("{{ range $.names }}{{ range $.names }}{{ range $.names }}{{ range $.names }}{{ $x := . }}{{ end }}{{ end }}{{ end }}{{ end }}"), steps},
		{loop("{{ $x := hasPrefix $.text $.text }}"), "a.tmpl:1:33: error calling hasPrefix: " + work},
		{loop("{{ if eq $.text $.text }}{{ end }}"), work},
		{loop("{{ if $.text | ne $.wide }}{{ end }}"), work},
		{loop("{{ if lt (print $.text) $.wide }}{{ end }}"), work},
		{loop("{{ $x := has 1 $.list }}"), work},
		{`{{ $x := "x" }}` + loop("{{ $x = cat $x $x }}"), text},
		{`{{ $x := "x" }}` + loop(`{{ $x = print $x $x }}`), text},
		{`{{ $x := "x" }}` + loop(`{{ $x = printf "%s%s" $x $x }}`), text},
		{`{{ $x := "xx" }}` + loop(`{{ $x = replace "x" "xx" $x }}`), text},
		{`{{ $x := "xx" }}` + loop(`{{ $x = join $x (list $x $x) }}`), text},
		{`{{ $x := "xx" }}` + loop(`{{ $x = regexReplaceAll "(.+)" $x "$1$1" }}`), text},
		{`{{ $x := "x" }}` + loop(`{{ $x = toJson $x }}`), text},
		{`{{ $x := "x" }}` + loop(`{{ $x = b64enc $x }}`), text},
		{`{{ $x := "x" }}` + loop(`{{ $x = list $x $x }}`) + "{{ $x }}", "a.tmpl:1:72: " + print},
		{`{{ $x := list 1 }}` + loop(`{{ $x = list $x $x }}`) + "{{ toJson $x }}", work},
		{`{{ $x := list 1 }}` + loop(`{{ $x = dict "a" $x "b" $x }}`) + `{{ print $x }}`, work},
		{`{{ $x := list 1 }}` + loop(`{{ $x = list $x $x }}`) + "{{ deepEqual $x $x }}", work},
		{`{{ $x := list 1 }}` + loop(`{{ $x = concat $x $x }}`), list},
		{`{{ $x := list 1 }}` + loop(`{{ $x = append $x $x }}`), work},
		{`{{ printf "%1000000000d" 1 }}`, "does not fit its values"},
		{`{{ printf "%999999d%999999d%999999d" 1 2 3 }}`, text},
		{`{{ printf "%*d%*d%*d" 999999 1 999999 2 999999 3 }}`, text},
		{`{{ printf (repeat 200000 "%[1]s") .text }}`, work},
		{`{{ replace "" .text .text }}`, work},
		{`{{ replace "a" .text .text }}`, work},
		{`{{ trimAll .wide .wide }}`, work},
		{`{{ join .text .list }}`, work},
		{`{{ splitList "" .text }}`, list},
		{`{{ split "" .text }}`, list},
		{`{{ splitn "" 1000000000 .text }}`, list},
		{`{{ regexSplit "" .text -1 }}`, list},
		{`{{ uniq .list }}`, work},
		{`{{ without .list .text .text .text .list }}`, work},
		{`{{ regexMatch "(abcdefghi){1000}" .text }}`, work},
		{`{{ regexMatch "(abcdefghijk){1000}" "a" }}`, regex},
		{`{{ regexMatch (repeat 100000 "a?") "" }}`, regex},
		{`{{ regexMatch (repeat 4000 "a?") .text }}`, work},
		{`{{ regexReplaceAll "a" .text .text }}`, work},
		{`{{ semverCompare (repeat 1000 ">1 ||") .text }}`, work},
		{loop("{{ 1 }}{{ 1 }}"), "a.tmpl:1:27: the template prints more than 16384 values"},
		{loop("0123456789\n"), ""},
		{loop(strings.Repeat("\n", 20)), "the template prints more than 131072 lines"},
		{loop(strings.Repeat("0123456789", 20)), print},
		{loop("{{ $.text }}"), print},
		{loop("{{ $.list }}"), print},
		{strings.Repeat("x", maxSource+1), "a.tmpl: the template has 1048577 bytes, and 1048576 are allowed"},
		{strings.Repeat("{{ if true }}\n", maxActions+1), "a.tmpl:20001:1: the template has more than 20000 actions"},
		{"{{ not " + strings.Repeat("(", maxParens+1), "a.tmpl:1:1: the template has more than 20000 parentheses"},
		{"{{ not " + strings.Repeat("(", maxParens), "max expression depth exceeded"},
		{strings.Repeat("{{ range .list }}", maxLoops+2) + strings.Repeat("{{ end }}", maxLoops+2), "a.tmpl:1:1727: more than 100 range are within each other"},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := execute(test.text, data)
		runtime.ReadMemStats(&after)
		if err == nil && test.want == "" {
			continue // it is within the limits
		}
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%.80s:\n got %.200v\nwant %s", test.text, err, test.want)
			continue
		}
		var e *diag.Error
		if errors.As(err, &e) && e.Hint == "" && !strings.Contains(test.want, "depth") {
			t.Errorf("%.80s: no hint", test.text)
		}
		// The race detector, which is given -short, allocates more.
		if grown := after.TotalAlloc - before.TotalAlloc; !testing.Short() && grown > 2*maxWork {
			t.Errorf("%.80s: took %d MiB", test.text, grown>>20)
		}
	}
}

// TestNothingIsWalkedUncounted gives each function a list that holds another twice, which holds a third one twice, and so on:
// whatever it does with that, it takes no memory.
func TestNothingIsWalkedUncounted(t *testing.T) {
	var tree any = []any{1}
	for range 24 {
		tree = []any{tree, tree}
	}
	sample := map[reflect.Kind]string{reflect.String: `"a"`, reflect.Int: "1", reflect.Float64: "1.5", reflect.Bool: "true", reflect.Map: "dict", reflect.Interface: ".tree"}
	calls := map[string][]string{}
	for name := range builtins {
		calls[name] = []string{".tree", ".tree 1", "1 .tree", ".tree .tree"}
	}
	for name, function := range Funcs() {
		typ, args := reflect.TypeOf(function), ""
		for i := range typ.NumIn() {
			if in := typ.In(i); typ.IsVariadic() && i == typ.NumIn()-1 {
				value := " " + sample[in.Elem().Kind()]
				calls[name] = append(calls[name], args, args+value, args+" 1", args+value+value, args+" 1"+value)
			} else {
				args += " " + sample[in.Kind()]
			}
		}
		calls[name] = append(calls[name], args)
	}
	for name, lists := range calls {
		for _, args := range lists {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := execute("{{ $x := "+name+" "+args+" }}", map[string]any{"tree": tree})
			runtime.ReadMemStats(&after)
			if grown := after.TotalAlloc - before.TotalAlloc; grown > maxWork/16 {
				t.Errorf("%s %s: took %d MiB, and ends with %.100v", name, args, grown>>20, err)
			}
		}
	}
}

// TestMessagesAreShort: an error that prints a value prints no more of it than somebody can read.
func TestMessagesAreShort(t *testing.T) {
	data := map[string]any{"text": strings.Repeat("é", 1<<18), "list": make([]any, 10_000)}
	for _, text := range []string{"{{ fail .text }}", "{{ eq .list .list }}", "{{ .list | ne .list }}", "{{ index .list .text }}", "{{ atoi .text }}"} {
		if _, err := execute(text, data); err == nil && text != "{{ atoi .text }}" || err != nil && len(err.Error()) > maxMessage+100 {
			t.Errorf("%s: got %.200v, %d bytes", text, err, len(fmt.Sprint(err)))
		}
	}
}

// refused are the functions of sprig that templates may not call, by the reason.
// A function that is neither here nor in pure is one that sprig has added: it has
// to be looked at.
var refused = map[string]string{
	"the clock":         "ago date date_in_zone date_modify dateInZone dateModify htmlDate htmlDateInZone must_date_modify mustDateModify now",
	"chance":            "randAlphaNum randAlpha randAscii randNumeric randBytes randInt shuffle uuidv4 bcrypt htpasswd encryptAES genPrivateKey genCA genCAWithKey genSelfSignedCert genSelfSignedCertWithKey genSignedCert genSignedCertWithKey",
	"the environment":   "env expandenv",
	"the network":       "getHostByName",
	"the host's system": "osBase osClean osDir osExt osIsAbs",
	"changes in place":  "set unset merge mergeOverwrite mustMerge mustMergeOverwrite",
	"no use for dates":  "duration durationRound mustToDate toDate unixEpoch",
	"cryptography":      "buildCustomCert decryptAES derivePassword sha1sum sha512sum adler32sum",
	"any length":        "seq untilStep wrap wrapWith nindent fromJson mustFromJson deepCopy mustDeepCopy",
	"another name":      "trimall push tuple biggest mustAppend mustPush mustPrepend mustFirst mustRest mustLast mustInitial mustReverse mustUniq mustWithout mustHas mustSlice mustChunk mustCompact mustToJson mustToPrettyJson mustToRawJson mustRegexMatch mustRegexFind mustRegexFindAll mustRegexReplaceAll mustRegexReplaceAllLiteral mustRegexSplit",
	"other quoting":     "quote squote",
	"no use, or little": "hello abbrev abbrevboth swapcase add1f addf subf divf mulf maxf minf typeIsLike isAbs b32enc b32dec semver toPrettyJson toRawJson regexFindAll regexReplaceAllLiteral regexQuoteMeta urlParse urlJoin",
}

func TestEveryFunctionOfSprigIsJudged(t *testing.T) {
	why := map[string]string{}
	for _, name := range pure {
		why[name] = "pure"
	}
	for name := range own {
		why[name] = "pure"
	}
	delete(why, "print")
	delete(why, "printf")
	delete(why, "println")
	for reason, names := range refused {
		for name := range strings.FieldsSeq(names) {
			if why[name] != "" {
				t.Errorf("%s is listed twice: %s, %s", name, why[name], reason)
			}
			why[name] = reason
			if _, err := execute("{{ "+name+" }}", nil); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("unknown function %q", name)) {
				t.Errorf("%s: got %v, want an unknown function", name, err)
			}
		}
	}
	all := sprig.GenericFuncMap()
	for name := range all {
		if why[name] == "" {
			t.Errorf("sprig has a function %s that nobody has judged", name)
		}
	}
	for name := range why {
		if all[name] == nil {
			t.Errorf("sprig has no function %s", name)
		}
	}
	hermetic := sprig.HermeticTxtFuncMap()
	for _, name := range pure {
		if hermetic[name] == nil && own[name] == nil {
			t.Errorf("sprig itself says that %s is not hermetic", name)
		}
	}
	for name := range constant {
		if Funcs()[name] == nil && name != recorder && name != stepper && name != reader {
			t.Errorf("there is no function %s", name)
		}
	}
	for name := range costs {
		if Funcs()[name] == nil {
			t.Errorf("there is no function %s", name)
		}
	}
}

// TestFunctionsArePure calls each function twice with values of the types that it
// takes: it returns the same, and leaves its arguments alone.
func TestFunctionsArePure(t *testing.T) {
	values := func(typ reflect.Type) []reflect.Value {
		var list []any
		switch typ.Kind() {
		case reflect.String:
			list = []any{"b,a", "", "1.2.3", "%v"}
		case reflect.Int:
			list = []any{1, 0}
		case reflect.Float64:
			list = []any{0.5}
		case reflect.Bool:
			list = []any{true}
		case reflect.Map:
			list = []any{map[string]any{"b": "x", "a": []any{"z", "y"}}}
		case reflect.Interface:
			list = []any{"b", 3, []any{"b", "a", "b"}, []string{"b", "a"}, map[string]any{"b": 1, "a": 2}}
		default:
			t.Fatalf("a parameter of type %s", typ)
		}
		made := make([]reflect.Value, len(list))
		for i, v := range list {
			made[i] = reflect.ValueOf(v)
		}
		return made
	}
	for name, function := range Funcs() {
		f := reflect.ValueOf(function)
		calls := [][]reflect.Value{nil}
		for i := range f.Type().NumIn() {
			typ := f.Type().In(i)
			if f.Type().IsVariadic() && i == f.Type().NumIn()-1 {
				typ = typ.Elem()
			}
			var more [][]reflect.Value
			for _, call := range calls {
				for _, v := range values(typ) {
					more = append(more, append(call[:len(call):len(call)], v))
				}
			}
			calls = more
		}
		good := 0
		for _, args := range calls {
			before := fmt.Sprint(args)
			first, ok := try(f, args)
			second, _ := try(f, args)
			if ok {
				good++
			}
			if diff := cmp.Diff(first, second); diff != "" {
				t.Errorf("%s %v is once this, once that: %s", name, args, diff)
			}
			if after := fmt.Sprint(args); after != before {
				t.Errorf("%s changes its arguments from %s to %s", name, before, after)
			}
		}
		if good == 0 && name != "fail" && name != "dig" {
			t.Errorf("%s was never called with success", name)
		}
	}
}

// try calls a function as a template does: what panics has failed.
func try(f reflect.Value, args []reflect.Value) (result string, ok bool) {
	defer func() {
		if problem := recover(); problem != nil {
			result, ok = fmt.Sprint(problem), false
		}
	}()
	results := f.Call(args)
	if len(results) > 1 && !results[1].IsNil() {
		return fmt.Sprint(results[1]), false
	}
	return fmt.Sprintf("%#v", results[0]), true
}

// TestFunctionsReturnData: what a template can get hold of is data, never a function, a
// channel, or a pointer.
func TestFunctionsReturnData(t *testing.T) {
	var check func(name string, typ reflect.Type)
	check = func(name string, typ reflect.Type) {
		switch typ.Kind() {
		case reflect.String, reflect.Bool, reflect.Int, reflect.Int64, reflect.Float64, reflect.Interface:
		case reflect.Slice, reflect.Map:
			check(name, typ.Elem())
		default:
			t.Errorf("%s returns a %s", name, typ)
		}
	}
	for name, f := range Funcs() {
		check(name, reflect.TypeOf(f).Out(0))
	}
}
