package strictyaml_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/diag"
	"palletgen/gen/strictyaml"
)

func TestRefused(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"", "f: the file is empty"},
		{"# only a comment\n", "f: the file is empty"},
		{"a:\n\tb: 1\n", "f:2:1: a tab in the indentation"},
		{"a: &x 1\nb: *x\n", "f:1:4: an anchor: &x\nf:2:4: an alias: *x"},
		{"a: !!str 1\n", "f:1:4: a tag: !!str"},
		{"a: 1\nb: 2\na: 3\n", `f:3:1: "a" is here a second time, first in line 1`},
		{"a: {b: 1, b: 2}\n", `f:1:11: "b" is here a second time, first in line 1`},
		{"a: 1\n<<: {b: 2}\n", "f:2:1: a merge key: <<"},
		{"a: 1\n---\nb: 2\n", "f:2:1: a second document begins here"},
		{"? [x]\n: 1\n", "f:1:3: a key that is a list"},
		{"a: \"x\\0y\"\n", "f:1:4: a NUL byte, which no command or file name can hold"},
		{"a: \x00\n", "f:1:4: control character 0x00"},
		{"a:\n\tb: 1\n \tc: 2\n", "f:2:1: a tab in the indentation\nf:3:2: a tab in the indentation"},
		{"a: |\n  x\n  \ty\nb: [1\nc: 2\n", "f:4: cannot read YAML: did not find expected ',' or ']'"},
		{"a: x\xe9\n", "f:1:5: the byte 0xe9 is no UTF-8"},
		{"\xff\xfea\x00", "f: the file is in UTF-16"},
		{"a: 1\rb: 2\n", "f:1:5: a carriage return that ends no line"},
		{"a: 1\r\nb: &x 2\r\n", "f:2:4: an anchor: &x"},
		{"a: x\u2028y\n", "f:1:5: the line separator U+2028"},
		{"a: x\u0085y\n", "f:1:5: the line separator U+0085"},
		{"a: x\u009by\n", "f:1:5: control character 0x9b"},
		{"\ufeffü: &x 1\nä: [é, &y 2]\n", "f:1:8: an anchor: &x\nf:2:10: an anchor: &y"},
		{"a: 1\nb:\n  c: 1\n  d: 2\n   e: 3\nf: 1\n", "f:5: cannot read YAML: mapping values are not allowed in this context"},
		{"a: 1\nb:\n   c: [1,\n     2]\n   d: 2\n  e: 3\nf: 1\n", "f:6: cannot read YAML: did not find expected key"},
		{"a: 1\nb:\n  - c\n  - d: |\n     - x\n  e: 1\nf: 1\n", "f:6: cannot read YAML: did not find expected '-' indicator"},
		{"{a: 1\n", "f:1: cannot read YAML: did not find expected ',' or '}'"},
		{"a: '*x'\nb: *x\n", "f:2:4: cannot read YAML: unknown anchor 'x' referenced"},
		{"a: x\ufeff\n", "f:1:5: control character 0xfeff"},
		{"a: x\uffff\n", "f:1:5: control character 0xffff"},
		{"a: [1\nb: 2\n", "f:2: cannot read YAML: did not find expected ',' or ']'"},
		{"a: 'x\n", "f"},
	} {
		_, err := strictyaml.Parse(&diag.Source{Name: "f", Text: test.text})
		if err == nil {
			t.Errorf("%q: no error", test.text)
		} else if got := err.Error(); got != test.want && !(test.want == "f" && strings.HasPrefix(got, "f:")) {
			t.Errorf("%q:\n got %s\nwant %s", test.text, got, test.want)
		}
	}
}

func TestScalarsStayAsWritten(t *testing.T) {
	v, err := strictyaml.Parse(&diag.Source{Name: "f", Text: "[1.10, 0x10, yes, 0644, '~', ~, 2020-01-01]"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, item := range v.Items() {
		if item.IsNull() {
			got = append(got, "(null)")
		} else {
			got = append(got, item.Text())
		}
	}
	want := []string{"1.10", "0x10", "yes", "0644", "~", "(null)", "2020-01-01"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestBounds: what would take long, or much memory, is refused, with few errors.
func TestBounds(t *testing.T) {
	deep := strings.Repeat("[", 101) + "x" + strings.Repeat("]", 101)
	for _, test := range []struct{ text, want string }{
		{"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "an anchor: &a"},
		{"a: &a [*a]\n", "an anchor: &a"},
		{strings.Repeat("[", 100) + "x" + strings.Repeat("]", 100), ""},
		{deep, "f:1:102: more than 100 maps and lists are within each other"},
		{strings.Repeat("[", 1<<20), "f: cannot read YAML: exceeded max depth of 10000"},
		{strings.Repeat("- ", 1<<19), "f: cannot read YAML: exceeded max depth of 10000"},
		{"[" + strings.Repeat("a,", 2_000_001) + "]", "f: the file may have more than 1000000 values"},
		{"{a: 1" + strings.Repeat(", a: 1", 1_001) + "}", "is here a second time"},
		{strings.Repeat("---\na: 1\n", 10_000), "a second document begins here"},
		{"a: 1e999999\nb: 0x" + strings.Repeat("f", 10_000), ""},
		{"a: !!binary x\nb: !!timestamp 2020-01-01\nc: !!python/object x", "f:2:4: a tag: !!timestamp"},
	} {
		_, err := strictyaml.Parse(&diag.Source{Name: "f", Text: test.text})
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%.40q: got %.200v, want %s", test.text, err, test.want)
		}
		if list, _ := err.(diag.List); len(list) > 1_001 {
			t.Errorf("%.40q: %d errors", test.text, len(list))
		}
	}
}

// TestSyntaxHints: what the parser says is told with a line and a remedy.
func TestSyntaxHints(t *testing.T) {
	for text, want := range map[string]string{
		"a: 1\nb\nc: 2\n":         "write KEY: VALUE",
		"a: 'x\n":                 "has to end with the same",
		"a: \"x\\d\"\n":           "use single quotes",
		"a: \"\\xzz\"\n":          "use single quotes",
		"a: - b\n":                "a list begins below its key",
		"a:\n  - b\n  c: d\n":     "all items of one list",
		"a: b: c\n":               "goes in quotes; what belongs to a key",
		"a: {b: c\nd: e\n":        "commas stand between",
		"a: [b,,c]\n":             "a value is missing",
		"a: @b\n":                 "goes in quotes",
		"a: %b\n":                 "goes in quotes",
		"a: *b\n":                 "goes in quotes",
		"a: * b\n":                "goes in quotes",
		"a: !<x\n":                "goes in quotes",
		"a: |b\n":                 "begins on the next line",
		"a:\n    b: 1\n  c: 2\n":  "stand in one column",
		"  a: 1\nb: 2\n":          "",
		"a: 1\n] \n":              "",
		"groups: {a: b}}\n":       "",
		"a: 1\n...\n%x\n---\nb\n": "",
	} {
		_, err := strictyaml.Parse(&diag.Source{Name: "f", Text: text})
		var list diag.List
		list.Take(err)
		if len(list) == 0 || !strings.Contains(list[0].Hint, want) || list[0].Hint == "" || list[0].Pos.Line == 0 {
			t.Errorf("%q: %v\nhint: %v", text, err, list)
			for _, e := range list {
				t.Logf("hint: %s", e.Hint)
			}
		}
	}
}
