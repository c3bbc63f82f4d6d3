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
