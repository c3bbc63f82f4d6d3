package shell

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/command"
	"palletgen/gen/diag"
	"palletgen/gen/record"
)

func TestStyle(t *testing.T) {
	straight, calm, neither := Style{Straight: true, Calm: true}, Style{Calm: true}, Style{}
	for _, test := range []struct {
		text   string
		values []any
		want   Style
	}{
		{"f() {\n    a b 'c d' \"$e\"\n    # why\n    g _pg0000_\n}\n", []any{"x"}, straight},
		{"f() {\n    a b\n}\n\ng() {\n    f\n}\n", nil, straight},
		{"f() {\n    a || b\n}\n", nil, calm},
		{"f() {\n    [ -e /x ] || a\n}\n", nil, calm},
		{"f() {\n    for i in 1 2; do\n        a \"$i\"\n    done\n}\n", nil, calm},
		{"f() {\n    x=1\n}\n", nil, calm},
		{"f() {\n    a \"$(b)\"\n}\n", nil, calm},
		{"f() {\n    a >/dev/null 2>&1\n}\n", nil, calm},
		{"f() {\n    ! a\n}\n", nil, calm},
		{"a b\n", nil, calm},
		{"f() {\n    a <b\n}\n", nil, calm},
		{"f() {\n    a >b\n}\n", nil, neither},
		{"f() {\n    a >>\"$b\"\n}\n", nil, neither},
		{"f() {\n    a &\n}\n", nil, neither},
		{"f() {\n    _pg0000_\n}\n", []any{exact(t, "rm", "-rf", "/x")}, neither},
		{"f() {\n    a _pg0000_\n}\n", []any{exact(t, "rm", "x")}, straight},
	} {
		m := &record.Marked{Text: test.text}
		for _, v := range test.values {
			m.Values = append(m.Values, record.Value{V: v})
		}
		script, err := NewEngine().Splice(m)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		if diff := cmp.Diff(test.want, script.Style); diff != "" {
			t.Errorf("%s(-want +got)\n%s", test.text, diff)
		}
	}
}

func exact(t *testing.T, argv ...string) command.Command {
	t.Helper()
	cmd, err := command.Exact(argv)
	if err != nil {
		t.Fatal(err)
	}
	return cmd
}

func TestLibraryReadsWhatFunctionsPromise(t *testing.T) {
	functions, err := NewEngine().Library(&diag.Source{Name: "lib.sh", Text: "# a: x.\n# resource\n# may use: curl\na() {\n    curl\n}\n\n# b: resource of y.\n# reads only\nb() {\n    c\n}\n"})
	if err != nil {
		t.Fatal(err)
	}
	type promise struct{ Resource, ReadsOnly bool }
	var got []promise
	for _, f := range functions {
		got = append(got, promise{f.Resource, f.ReadsOnly})
	}
	if diff := cmp.Diff([]promise{{true, false}, {false, true}}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
