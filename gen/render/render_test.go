package render

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/command"
	"palletgen/gen/diag"
	"palletgen/gen/record"
	"palletgen/gen/shell"
)

func TestIndentLeavesQuotedLinesAlone(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"a\nb\n", "    a\n    b\n"},
		{"if a; then\n    b\nfi\n", "    if a; then\n        b\n    fi\n"},
		{"a\n\nb\n", "    a\n\n    b\n"},
		{"a 'x\ny' z\nb\n", "    a 'x\ny' z\n    b\n"},
		{"a \"x\n$(b\nc)\" z\nd\n", "    a \"x\n$(b\nc)\" z\n    d\n"},
		{"cat <<E\nx\nE\nb\n", "    cat <<E\nx\nE\n    b\n"},
		{"cat <<'E' |\nx\nE\nb\n", "    cat <<'E' |\nx\nE\n    b\n"},
		{"a \\\nb\n", "    a \\\n    b\n"},
		{"# it's a comment\na\n", "    # it's a comment\n    a\n"},
	} {
		got, ok := new(indenter).indent(test.text)
		if !ok || got != test.want {
			t.Errorf("%q:\n got %q\nwant %q", test.text, got, test.want)
		}
	}
	for _, text := range []string{"if a; then\n", "}\nb() {\n", "a 'b\n"} {
		if _, ok := new(indenter).indent(text); ok {
			t.Errorf("%q is no shell by itself", text)
		}
	}
}

func TestTextHoldsNoLineBreakOfAValue(t *testing.T) {
	cmd, err := command.Parse("a 'b c'")
	if err != nil {
		t.Fatal(err)
	}
	m := &record.Marked{Text: "x=_pg0000_ y=_pg0001_\nz=_pg0002_", Values: []record.Value{{V: "it's $1"}, {V: 5}, {V: cmd}}}
	got, textErr := spliceText(m)
	if want := "x=it's $1 y=5\nz=a 'b c'"; textErr != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, textErr, want)
	}
	for _, v := range []any{"a\nb", "a\x1bb", []any{"a"}, map[string]any{}, nil} {
		if _, err := spliceText(&record.Marked{Text: "_pg0000_", Values: []record.Value{{V: v}}}); err == nil {
			t.Errorf("%#v: no error", v)
		}
	}
}

func functionsOf(t *testing.T, text string) []shell.Function {
	t.Helper()
	functions, err := shell.NewEngine().Library(&diag.Source{Name: "lib.sh", Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return functions
}

// linked makes the frame of a script whose one function, f, is this body.
func linked(t *testing.T, lib []shell.Function, own []shell.Function, body string) (*frame, error) {
	t.Helper()
	m, err := newPhaseMaker(lib)
	if err != nil {
		return nil, err
	}
	marked := &record.Marked{Text: "f() {\n" + body + "\n}\n", Lines: make([]diag.Pos, 3)}
	script, err := shell.NewEngine().Splice(marked)
	if err != nil {
		t.Fatal(err)
	}
	return m.frame("p", []*record.Marked{marked}, []*function{{name: "f", lib: own, provided: []string{"sv"}}}, script.Calls)
}

func TestLinkTakesInWhatIsReachedAndNoMore(t *testing.T) {
	lib := functionsOf(t, `
# one: calls two.
one() {
    two && rm x
}

# two: may do without curl.
# may use: curl
two() {
    curl y || wget y
}

# three: nobody calls it.
three() {
    ls
}
`)
	got, err := linked(t, lib, nil, "one\nsv up x\ncurl z 2>/dev/null || mv a b")
	if err != nil {
		t.Fatal(err)
	}
	all := got.reached.text(func(*shell.Function) bool { return true })
	if want := "\n# one: calls two.\none() {\n    two && rm x\n}\n\n# two: may do without curl.\n# may use: curl\ntwo() {\n    curl y || wget y\n}\n"; all != want {
		t.Errorf("functions %s, want %s", all, want)
	}
	got.reached = nil
	want := &frame{required: []string{"curl", "mv", "rm", "wget"}, provided: []string{"sv"}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(frame{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestEachFunctionStandsOnce(t *testing.T) {
	functions := functionsOf(t, "# a: x.\na() {\n    :\n}\n\n# b: x.\nb() {\n    :\n}\n\n# c: x.\nc() {\n    :\n}\n")
	m, err := newPhaseMaker(functions)
	if err != nil {
		t.Fatal(err)
	}
	a, b, c := m.lib["a"], m.lib["b"], m.lib["c"]
	m.carried = library{"a": a}
	got, err := m.layout([]*frame{{reached: library{"b": b, "c": c}}, {reached: library{"b": b}}})
	if err != nil {
		t.Fatal(err)
	}
	want := &layout{lib: "\n" + a.Text + "\n" + b.Text, scripts: []string{"\n" + c.Text, ""}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(layout{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	other := functionsOf(t, "# b: of another folder.\nb() {\n    :\n}\n")
	if _, err := m.layout([]*frame{{reached: library{"b": b}}, {reached: library{"b": &other[0]}}}); err == nil {
		t.Error("two functions b in one bundle: no error")
	}
}

func TestLinkErrors(t *testing.T) {
	lib := functionsOf(t, "# packages: installs.\npackages() {\n    ls\n}\n")
	for _, test := range []struct{ own, body, want string }{
		{"", "pakages x", `there is no function "pakages"`},
		{"# packages: another.\npackages() {\n    rm\n}\n", "packages", "the function packages is defined at lib.sh:2:1 already"},
		{"# f: has a phase's name.\nf() {\n    rm\n}\n", "packages", "the function f has the name of a phase's function"},
	} {
		var own []shell.Function
		if test.own != "" {
			own = functionsOf(t, test.own)
		}
		_, err := linked(t, lib, own, test.body)
		var list diag.List
		list.Take(err)
		if err == nil || len(list) != 1 || list[0].Msg != test.want {
			t.Errorf("%s: got %v, want %s", test.body, err, test.want)
		}
	}
}
