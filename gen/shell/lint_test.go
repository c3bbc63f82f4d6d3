package shell_test

import (
	"strings"
	"testing"

	"palletgen/gen/diag"
	"palletgen/gen/shell"
)

// TestLintOfTemplates: what the corpus shows of files holds for templates and
// libraries, also where the parser refuses the text.
func TestLintOfTemplates(t *testing.T) {
	for _, tc := range []struct{ text, want string }{
		{"local x=1", "(local)"},
		{"[ a == b ]", "(test-equal)"},
		{"kill -- -5", "(kill-dashes)"},
		{"export x=$y", "(export-split)"},
		{"trap 'local x' EXIT", "(local)"},
		{"x=(a b)", "(array)"},
		{"x <<<y", "(here-string)"},
		{"x &>y", "(both-redirect)"},
		{"x <(y)", "(process-substitution)"},
		{"a-b() { x; }", "(function-name)"},
		{"function f { x; }", "(function)"},
		{"for ((i=0;i<3;i++)); do x; done", "(for-arithmetic)"},
		{"x ${y:1:2}", "(slice)"},
		{"x ${y/a/b}", "(replace)"},
		{"x ${!y}", "(indirection)"},
		{"x |& y", "(pipe-both)"},
		{"x\r", "(carriage-return)"},
		{"x # \xc3\xbc", "(non-ascii)"},
		{"if x; then", ""},
	} {
		_, err := shell.NewEngine().Splice(marked(tc.text + "\n"))
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %s", tc.text, err, tc.want)
		}
		_, err = shell.NewEngine().Library(&diag.Source{Name: "x.sh", Text: "f() {\n    " + tc.text + "\n}\n"})
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("in a library: %s: %v, want %s", tc.text, err, tc.want)
		}
	}
}

func TestLintPasses(t *testing.T) {
	for _, text := range []string{
		"[ a = b ]", "[ \"$x\" -eq 3 ] && [ -n \"$y\" ]", "read -r x y", "printf '%s\\n' \"$x\"", "kill -TERM \"-$pgid\"",
		"trap 'exit 143' TERM", "export x=\"$y\"", "x \\{a,b\\} '{c,d}' {} ${x}", "case $x in [!a]* | *[!0-9]*) y ;; esac",
		"x=$((x + 1))", "x=$((0))", "x 2>&1 >&- 3>y", "x ${s##*\")\"}", "x ${y:-a} ${#y} ${y%/*} \"${y:+ ($y)}\"", "set -C", "echo x", "wait $!",
		"ulimit -u 5 2>/dev/null || ulimit -p 5", "exec 3<f", "exec >>f || exit", "[ -s f ] && [ -t 1 ]", "f() { x=1 other; }", "read -r x <f",
		"x | { read -r y; printf '%s\\n' \"$y\"; }", "x | while read -r y; do z \"$y\"; done", "if x | read -r y; then z; fi", "x=$(y | read -r z)",
		"printf '%s %5d|%-3s\\n' \"$x\" 0 y", "printf -- '-%s' x", "trap - EXIT", "trap 'rm -f x' EXIT", "trap : 15", "cd -- \"$x\" || exit",
		"for i in *; do break; done", "case $x in *.[ch] | \\[*) y ;; esac", "x $((y - $z)) $((-1))", "x >&2 2>\"$y\" 3>&-", "command -v \"$x\" >/dev/null || y",
		"x=\"$*\"", "y \"$@\" \"a$1\"", "set -- \"$@\" x", "set -eu", "x {} + \\;", "find . -name '*.[^c]'", "y \"${BASH_VERSION:-}\"", "grep '[[:space:]]' x",
	} {
		if _, err := shell.NewEngine().Splice(marked(text + "\n")); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestLintAllowed: what the parser refuses cannot be allowed there.
func TestLintAllowed(t *testing.T) {
	engine := shell.NewEngine()
	if _, err := engine.Splice(marked("# palletgen: allow local\nlocal x=@\n", "a")); err != nil {
		t.Error(err)
	}
	if _, err := engine.Splice(marked("x=(@) # palletgen: allow array\n", "a")); err == nil || !strings.Contains(err.Error(), "no POSIX shell: arrays") {
		t.Errorf("%v", err)
	}
	functions, err := engine.Library(&diag.Source{Name: "x.sh", Text: "# f: does it.\nf() {\n    local x # palletgen: allow local\n}\n"})
	if err != nil || len(functions) != 1 {
		t.Errorf("%v %v", functions, err)
	}
}
