package render

import (
	"testing"

	"palletgen/gen/diag"
	"palletgen/gen/record"
	"palletgen/gen/shell"
)

const resources = `
# put: a resource.
# resource
put() {
    ls
}

# looks: harmless.
# reads only
looks() {
    ls
}

# moves: nobody knows.
moves() {
    mv a b
}
`

func TestNatureOfFunctions(t *testing.T) {
	m, err := newPhaseMaker(functionsOf(t, resources))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		body string
		want nature
	}{
		{"put a\n    put b", pure},
		{"put \"$x\"", pure},
		{":", pure},
		{"[ -e /x ] || put a", safe},
		{"looks && put a", safe},
		{"if cmp -s a b; then\n        put a\n    fi", safe},
		{"put a >/dev/null", safe},
		{"put a >/tmp/x", opaque},
		{"put a &", opaque},
		{"moves", opaque},
		{"rm -f x", opaque},
		{"put a\n    sed -i s/a/b/ /etc/x", opaque},
		{"cat /etc/x >/etc/y", opaque},
	} {
		marked := &record.Marked{Text: "f() {\n    " + test.body + "\n}\n", Lines: make([]diag.Pos, 5)}
		script, err := shell.NewEngine().Splice(marked)
		if err != nil {
			t.Fatal(err)
		}
		got, err := m.nature(&function{name: "f", marked: marked}, script)
		if err != nil || got != test.want {
			t.Errorf("%s: nature %d, %v, want %d", test.body, got, err, test.want)
		}
	}
}

func TestTailCallsFunctionsByTheirNature(t *testing.T) {
	a, b, c := &function{name: "x_a"}, &function{name: "x_b"}, &function{name: "x_c"}
	steps := []step{{function: a}, {function: b}, {function: c}, {text: "act start SERVICE f g", service: "it's", only: true}}
	marked, looks := tail("save-it", steps, map[*function]nature{a: pure, b: safe, c: opaque})
	script, err := shell.NewEngine().Splice(marked)
	if err != nil {
		t.Fatal(err)
	}
	want := `# What ./run save-it looks at, all at once, before anything is changed.
look_save_it() {
    x_a
}

# What ./run save-it does.
phase_save_it() {
    looked x_a
    checkable x_b
    opaque x_c
    case $only in '' | *' ''it'\''s'' '*) act start 'it'\''s' f g ;; esac
}
`
	if script.Text != want || !looks {
		t.Errorf("looks %t\n%s\nwant\n%s", looks, script.Text, want)
	}
	if marked, looks := tail("p", nil, nil); looks || marked.Text != "# What ./run p does.\nphase_p() {\n    :\n}\n" {
		t.Errorf("of no steps: %t %s", looks, marked.Text)
	}
}
