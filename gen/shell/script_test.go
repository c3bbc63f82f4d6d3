package shell_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/command"
	"palletgen/gen/posix"
	"palletgen/gen/shell"
)

func TestScriptLines(t *testing.T) {
	script, err := shell.NewEngine().Splice(marked("a @\nb @ @\n\n@\nc\n@\n", "1\n2", "3", "4\n\n5", exact(t, "d\ne", "f"), shell.Code("g\nh\n")))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i, line := range strings.Split(script.Text, "\n") {
		got = append(got, fmt.Sprint(line, " ", script.Lines[i].Line))
	}
	want := []string{"a '1 1", "2' 1", "b 3 '4 2", " 2", "5' 2", " 3", "'d 4", "e' f 4", "c 5", "g 6", "h 6", " 7"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// callsOf returns the calls of a script, each with the line of its first.
func callsOf(script *shell.Script) (calls []string) {
	for _, c := range script.Calls {
		calls = append(calls, fmt.Sprintf("%s:%d", c.Name, c.Pos.Line))
	}
	return calls
}

func TestScriptCalls(t *testing.T) {
	text := `start() {
    put a b && command -v curl >/dev/null
    x=$(date +%s) y="$(id -u "$(whoami)")"
    exec env -i A=b chpst -u x:y -n 5 nohup /usr/sbin/daemon -p x java -jar x
}
if test -f x; then set -- a; elif [ -d y ]; then true; fi
while read -r l; do start; done <<EOF
$(tail x)
EOF
case $(uname) in a) cut x ;; esac
trap 'cleanup; exit 1' INT
sh -c 'awk "{ print }" "$@"' sh @
busybox tar x
! grep -q x y || printf '%s' ${x:-$(sort y)} $(($(wc -l)))
@ &
"$@"
`
	script, err := shell.NewEngine().Splice(marked(text, "a", exact(t, "/opt/x", "y")))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"/usr/sbin/daemon:4", "awk:12", "busybox:13", "chpst:4", "cleanup:11", "cut:10", "date:3", "env:4", "grep:14",
		"id:3", "java:4", "nohup:4", "put:2", "sh:12", "sort:14", "start:7", "tail:8", "uname:10", "wc:14", "whoami:3"}
	if diff := cmp.Diff(want, callsOf(script)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"start"}, script.Defs); diff != "" {
		t.Error(diff)
	}
}

func TestScriptCallsOfCode(t *testing.T) {
	script, err := shell.NewEngine().Splice(marked("a\nf() { b; }\n@\n", shell.Code("g() {\n    exec c\n}\na\ng\n")))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a:1", "b:2", "c:3", "g:3"}, callsOf(script)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"f", "g"}, script.Defs); diff != "" {
		t.Error(diff)
	}
}

// TestSegments splices into many statements, of which some reach over lines, and
// looks at the whole: whatever is not parsed again has to be untouched.
func TestSegments(t *testing.T) {
	text := "#!/bin/sh\n# head @\n\na @; b @\ncat <<A; c @\n@\nA\nd\n\nf() {\n    cat <<B\n@\nB\n} # tail @\n# last\ng \\\n    @ &&\n    h\ni @"
	m := marked(text, "1", "2", "3", "4", "5 \\", "6", "7", "8", "9")
	engine := shell.NewEngine()
	for range 3 {
		script, err := engine.Splice(m)
		if err != nil {
			t.Fatal(err)
		}
		want := "#!/bin/sh\n# head 1\n\na 2; b 3\ncat <<A; c 4\n5 \\\\\nA\nd\n\nf() {\n    cat <<B\n6\nB\n} # tail 7\n# last\ng \\\n    8 &&\n    h\ni 9"
		if script.Text != want {
			t.Errorf("got  %q\nwant %q", script.Text, want)
		}
	}
}

// TestTypesChange gives one text values of other types each time: what is
// remembered about the text must not depend on them.
func TestTypesChange(t *testing.T) {
	engine := shell.NewEngine()
	for _, tc := range []struct {
		value any
		want  string // "": has to be refused
	}{
		{exact(t, "a", "b c"), "a 'b c'\n"},
		{"a", ""},
		{shell.Code("a; b"), "a; b\n"},
		{exact(t, "a", "b c"), "a 'b c'\n"},
		{shell.Code(""), "\n"},
		{command.Command{}, ""},
		{7, ""},
	} {
		script, err := engine.Splice(marked("@\n", tc.value))
		switch {
		case tc.want == "" && err == nil:
			t.Errorf("%v: got %q, want an error", tc.value, script.Text)
		case tc.want == "":
		case err != nil:
			t.Errorf("%v: %v", tc.value, err)
		case script.Text != tc.want:
			t.Errorf("%v: got %q, want %q", tc.value, script.Text, tc.want)
		}
	}
}

// TestConcurrent is for the race detector.
func TestConcurrent(t *testing.T) {
	engine := shell.NewEngine()
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 50 {
				value := fmt.Sprintf("v%d", (g+i)%20)
				script, err := engine.Splice(marked("a @\nif b \"@\"; then\n    @\nfi\n", value, value, exact(t, "c", value)))
				if want := "a " + value + "\nif b \"" + value + "\"; then\n    c " + value + "\nfi\n"; err != nil || script.Text != want {
					t.Errorf("got %v, %v", script, err)
				}
			}
		})
	}
	wg.Wait()
	if got := engine.Plans(); got != 1 {
		t.Errorf("%d plans for one text", got)
	}
}

func TestIsBuiltin(t *testing.T) {
	for _, name := range []string{"[", "test", "printf", ".", "exit", "command"} {
		if !posix.IsBuiltin(name) {
			t.Errorf("%s is a builtin", name)
		}
	}
	for _, name := range []string{"", " ", "sleep", "cd kill", "env", "put"} {
		if posix.IsBuiltin(name) {
			t.Errorf("%q is no builtin", name)
		}
	}
}
