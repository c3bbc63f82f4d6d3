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
		{"a: [1\nb: 2\n", "f:1: cannot read YAML: did not find expected ',' or ']'"},
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
