package schema_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/clojure"
	"palletgen/gen/command"
	"palletgen/gen/diag"
	"palletgen/gen/record"
	"palletgen/gen/schema"
	"palletgen/gen/shell"
	"palletgen/gen/strictyaml"
)

func parse(t *testing.T, text string) strictyaml.Value {
	t.Helper()
	v, err := strictyaml.Parse(&diag.Source{Name: "f", Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func load(t *testing.T, text string) *schema.Schema {
	t.Helper()
	var errs diag.List
	s := schema.Load(parse(t, text), &errs)
	s.Compile(&record.Loader{}, s.Shape(), "", &errs)
	if err := errs.Err(); err != nil {
		t.Fatal(err)
	}
	return s
}

func resolve(s *schema.Schema, layers ...strictyaml.Value) (map[string]any, error) {
	in := schema.Input{Name: "x"}
	for _, layer := range layers {
		in.Layers = append(in.Layers, schema.Layer{Value: layer})
	}
	var errs diag.List
	values := s.Resolve(in, &errs)
	return values, errs.Err()
}

func TestEveryKind(t *testing.T) {
	exact, _ := command.Exact([]string{"/bin/x", "a b"})
	simple, _ := command.Parse(`x "$HOME/y" 'a b'`)
	for _, test := range []struct {
		typ, value string
		want       any    // nil: an error
		problem    string // its message
	}{
		{"string", "1.10", "1.10", ""},
		{"string", `"a\nb"`, nil, `x.v: a line break in "a\nb"`},
		{"string", "[a]", nil, "x.v: a list where a string belongs"},
		{"string", "", nil, "x.v: nothing where a string belongs"},
		{"text", `"a\nb"`, "a\nb", ""},
		{"name", "a-b.c_1", "a-b.c_1", ""},
		{"name", "-a", nil, `x.v: "-a" is not allowed here`},
		{"name", "../a", nil, `x.v: "../a" is not allowed here`},
		{"path", "/a b/", "/a b", ""},
		{"path", "a", nil, `x.v: "a" is not an absolute path`},
		{"path", "/a/../b", nil, `x.v: "/a/../b" holds ..`},
		{"host", "::1", "::1", ""},
		{"host", "a b", nil, `x.v: "a b" is not allowed here`},
		{"url", "https://a/b", "https://a/b", ""},
		{"url", "javascript:x", nil, `x.v: "javascript:x" is no URL`},
		{"url", "bundle:tool/sub/a_1%3a2+b~1.deb", "bundle:tool/sub/a_1%3a2+b~1.deb", ""},
		{"url", "bundle:tool", nil, `x.v: "bundle:tool" is no URL`},
		{"url", "bundle:tool/../a", nil, `x.v: "bundle:tool/../a" is no URL`},
		{"url", "bundle:tool//a", nil, `x.v: "bundle:tool//a" is no URL`},
		{"url", "bundle:/etc/passwd", nil, `x.v: "bundle:/etc/passwd" is no URL`},
		{"url", "bundle:tool/a b", nil, `x.v: "bundle:tool/a b" is no URL`},
		{"integer", "-3", -3, ""},
		{"integer", "010", nil, `x.v: "010" is not a whole number`},
		{"integer", `"3"`, nil, "x.v: a text where an integer belongs"},
		{"port", "65535", 65535, ""},
		{"port", "70000", nil, "x.v: 70000 is not a port"},
		{"port", "0", nil, "x.v: 0 is not a port"},
		{"seconds", "5m", 300, ""},
		{"seconds", "5x", nil, `x.v: "5x" is not allowed here`},
		{"bytes", "64KiB", 65536, ""},
		{"limit", "unlimited", "unlimited", ""},
		{"limit", "1024", 1024, ""},
		{"boolean", "true", true, ""},
		{"boolean", "yes", nil, `x.v: "yes" is not a truth value`},
		{"mode", `"0644"`, "0644", ""},
		{"mode", "0644", "0644", ""},
		{"mode", "999", nil, `x.v: "999" is not allowed here`},
		{"signal", "HUP", "HUP", ""},
		{"signal", "SIGHUP", nil, `x.v: "SIGHUP" is not allowed here`},
		{"command", "[/bin/x, a b]", exact, ""},
		{"command", `x "$HOME/y" 'a b'`, simple, ""},
		{"command", "[-x, y]", nil, `x.v: "-x" is not the name of a program`},
		{"command", "[A=b, c]", nil, `x.v: "A=b" is not the name of a program`},
		{"path", "/etc//a/./b", "/etc/a/b", ""},
		{"clojure", "(a {:b 1})", clojure.Code("(a {:b 1})"), ""},
		{"shell", "exec x", shell.Code("exec x"), ""},
		{"{type: enum, values: [a, b]}", "a", "a", ""},
		{"{type: enum, values: [a, b]}", "c", nil, `x.v: "c" is none of the possible values`},
		{"{type: list, of: port}", "[1, 2]", []any{1, 2}, ""},
		{"{type: list, of: port}", "[1, x]", nil, `x.v[1]: "x" is not a whole number`},
		{"{type: map, of: integer, keys: '[a-z]'}", "{a: 1}", map[string]any{"a": 1}, ""},
		{"{type: map, of: integer, keys: '[a-z]'}", "{A: 1}", nil, `x.v: "A" is not allowed as a key`},
		{"{type: integer, min: 2, max: 3}", "4", nil, "x.v: 4 is more than 3"},
		{"{type: string, pattern: 'a+'}", "ab", nil, `x.v: "ab" does not match a+`},
	} {
		s := load(t, "v: {doc: d, "+typeKeys(test.typ)+"}")
		values, err := resolve(s, parse(t, "v: "+test.value))
		if test.want == nil {
			if list, ok := err.(diag.List); !ok || list[0].Msg != test.problem {
				t.Errorf("%s: %s:\n got %v\nwant %s", test.typ, test.value, err, test.problem)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %s: %v", test.typ, test.value, err)
		} else if diff := cmp.Diff(test.want, values["v"]); diff != "" {
			t.Errorf("%s: %s: (-want +got)\n%s", test.typ, test.value, diff)
		}
	}
}

// typeKeys writes a type as keys of a setting.
func typeKeys(typ string) string {
	if typ[0] == '{' {
		return typ[1 : len(typ)-1]
	}
	return "type: " + typ
}

func TestDefaultsAreTemplatesOverOtherSettings(t *testing.T) {
	s := load(t, `
run: {type: command, default: "{{ .home }}/bin/x --name {{ .name }} $EXTRA", doc: d}
home: {type: path, default: "/opt/{{ .name }}", doc: d}
name: {type: string, default: a b, doc: d}
ports: {type: list, of: port, default: "{{ .others }}", doc: d}
others: {type: list, of: port, default: [1, 2], doc: d}
unset: {type: command, default: "{{ .never }}", doc: d}
never: {type: command, doc: d}
`)
	values, err := resolve(s, parse(t, "name: c'd e"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"name": "c'd e", "home": "/opt/c'd e", "others": []any{1, 2}, "ports": []any{1, 2}, "never": nil, "unset": nil,
		"run": command.Command{Args: []command.Arg{{Lit: "/opt/c'd e/bin/x"}, {Lit: "--name"}, {Lit: "c'd e"}, {Src: "${EXTRA}"}}},
	}
	if diff := cmp.Diff(want, values); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestNearerLayersWinAndMapsMerge(t *testing.T) {
	s := load(t, `
env: {type: map, default: {A: "0", Z: "0"}, doc: d}
list: {type: list, doc: d}
log: {type: struct, doc: d, fields: {size: {type: integer, default: 7, doc: d}, dir: {type: path, doc: d}}}
`)
	values, err := resolve(s,
		parse(t, "{env: {A: '1', B: '1'}, list: [a], log: {size: 8}}"),
		parse(t, "{env: {B: '2', C: '2'}, list: [b], log: {dir: /x}}"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"env": map[string]any{"A": "1", "B": "2", "C": "2", "Z": "0"}, "list": []any{"b"},
		"log": map[string]any{"size": 8, "dir": "/x"},
	}
	if diff := cmp.Diff(want, values); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestURLsAreFoundWhereverTheyAre(t *testing.T) {
	s := load(t, `
none: {type: url, doc: d}
text: {type: string, default: http://no, doc: d}
one: {type: url, default: http://a, doc: d}
list: {type: list, of: url, doc: d}
map: {type: map, of: {type: list, of: url}, doc: d}
struct: {type: struct, doc: d, fields: {u: {type: url, default: http://d, doc: d}, n: {type: integer, doc: d}}}
`)
	const text = "{list: [http://b, http://b], map: {z: [http://z], a: [http://c]}}"
	values, err := resolve(s, parse(t, text))
	if err != nil {
		t.Fatal(err)
	}
	want := [][2]string{
		{"one", "http://a"}, {"list", "http://b"}, {"list", "http://b"}, {"map", "http://c"}, {"map", "http://z"}, {"struct", "http://d"},
	}
	if diff := cmp.Diff(want, s.URLs(values)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	found, ok := schema.Find(parse(t, text), "http://c")
	if got := found.Pos(); !ok || got.Line != 1 || got.Col != strings.Index(text, "http://c")+1 {
		t.Errorf("http://c is found at %v, %v", got, ok)
	}
	if _, ok := schema.Find(parse(t, text), "list"); ok {
		t.Error("a key is found")
	}
}

// A struct has its fields, those that are not set as well, wherever it stands.
func TestStructsInListsAndMaps(t *testing.T) {
	s := load(t, `
sites: {type: map, doc: d, of: {type: struct, fields: {port: {type: port, default: 80, doc: d}, names: {type: list, of: name, doc: d}}}}
rules: {type: list, doc: d, of: {type: struct, fields: {who: {type: name, required: true, doc: d}, how: {type: enum, values: [a, b], default: a, doc: d}}}}
`)
	values, err := resolve(s, parse(t, "{sites: {one: {}, two: {names: [x]}}, rules: [{who: me}, {who: you, how: b}]}"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"sites": map[string]any{
			"one": map[string]any{"port": 80, "names": []any{}},
			"two": map[string]any{"port": 80, "names": []any{"x"}},
		},
		"rules": []any{map[string]any{"who": "me", "how": "a"}, map[string]any{"who": "you", "how": "b"}},
	}
	if diff := cmp.Diff(want, values); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	_, err = resolve(s, parse(t, "{sites: {one: {prot: 1}}, rules: [{how: c}]}"))
	for _, said := range []string{`sites.one has no setting "prot"`, "rules[0].who is missing", `rules[0].how: "c" is none`} {
		if err == nil || !strings.Contains(err.Error(), said) {
			t.Errorf("want %q: %v", said, err)
		}
	}
}
