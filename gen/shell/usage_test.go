package shell_test

import (
	"testing"

	"palletgen/gen/diag"
	"palletgen/gen/shell"
)

// TestUsage reads how many arguments a function takes from its comment, or else
// from its body.
func TestUsage(t *testing.T) {
	for _, tc := range []struct {
		text        string
		least, most int
	}{
		{"# f: nothing.\nf() { a; }\n", 0, 0},
		{"# f\nf() { a; }\n", 0, 0},
		{"# f A B: two.\nf() { a; }\n", 2, 2},
		{"# f A [B]: one or two.\nf() { a \"$1\"; }\n", 1, 2},
		{"# f A [B [C...]]: one or more.\nf() { a \"$1\"; }\n", 1, -1},
		{"# f KEY=WORDS...: one or more.\nf() { a \"$@\"; }\n", 1, -1},
		{"# f A [B: no end of brackets.\nf() { a \"$1\" \"$2\"; }\n", 2, -1},
		{"# f does what is right: no usage.\nf() { a \"$1\"; }\n", 1, -1},
		{"f() { a \"$3\" \"$1\"; }\n", 3, -1},
		{"f() { a \"${3-}\" \"$1\"; }\n", 0, -1},
		{"f() { [ $# = 3 ] && a \"$3\"; }\n", 0, -1},
		{"f() { shift; a \"$3\"; }\n", 0, -1},
		{"f() { g() { a \"$3\"; }; }\n", 0, -1},
	} {
		src := &diag.Source{Name: "x.sh", Text: tc.text}
		full, err := shell.NewEngine().Library(src)
		if err != nil {
			t.Fatal(err)
		}
		if u, err := full[0].Usage(); err != nil || u.Least != tc.least || u.Most != tc.most {
			t.Errorf("%q: got %+v (%v), want %d to %d", tc.text, u, err, tc.least, tc.most)
		}
	}
}

// TestUses counts the arguments of calls; a command counts for all its words.
func TestUses(t *testing.T) {
	fn := &shell.Function{Name: "f", Doc: "f A B: two"}
	for template, wrong := range map[string]bool{
		"f a\n": true, "f a b\n": false, "f a b c\n": true, "f @\n": true, "f x @\n": false, "f a $b\n": false, "f a \"$b\"\n": false, "f \"$b\"\n": true,
		"f a \"$x$y\" c\n": true, "f a b \"${x-}\"\n": true, "if f a >b; then c; fi\n": true, "x=$(f a b c)\n": true, "f a b >c\n": false, "f a *\n": false,
		"f a '*'\n": false, "f a '*' b\n": true,
	} {
		var values []any
		for range countMarks(template) {
			values = append(values, "v")
		}
		script, err := shell.NewEngine().Splice(marked(template, values...))
		if err != nil {
			t.Errorf("%q: %v", template, err)
			continue
		}
		uses := script.Uses()
		if got := fn.Misused(uses[0]) != nil; got != wrong {
			t.Errorf("%q: wrong is %v, want %v", template, got, wrong)
		}
	}
	script, err := shell.NewEngine().Splice(marked("f @\n", exact(t, "a", "b")))
	if err != nil {
		t.Fatal(err)
	}
	if err := fn.Misused(script.Uses()[0]); err != nil {
		t.Errorf("a command of two words: %v", err)
	}
}

func countMarks(template string) (n int) {
	for _, c := range template {
		if c == '@' {
			n++
		}
	}
	return n
}
