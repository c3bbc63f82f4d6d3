package shell_test

import (
	"strings"
	"testing"

	"palletgen/gen/diag"
	"palletgen/gen/shell"
)

func TestLint(t *testing.T) {
	for _, tc := range []struct{ text, want string }{
		{"[[ a = b ]]", "(double-bracket)"},
		{"let x=1", "(let)"},
		{"declare x=1", "(declare)"},
		{"typeset x", "(declare)"},
		{"local x=1", "(local)"},
		{"source ./x", "(source)"},
		{"time x", "(time)"},
		{"select x", "(select)"},
		{"shopt -s extglob", "(bash-builtin)"},
		{"[ a == b ]", "(test-equal)"},
		{"test a == b", "(test-equal)"},
		{"[ a = b -a c = d ]", "(test-and-or)"},
		{`[ \( a = b \) ]`, "(test-and-or)"},
		{"[ a -nt b ]", "(test-file-order)"},
		{"echo -n x", "(echo-option)"},
		{"echo -e x", "(echo-option)"},
		{"read -t 1 x", "(read-option)"},
		{"read -r -n 1 x", "(read-option)"},
		{"read -p hello x", "(read-option)"},
		{"read -a x", "(read-option)"},
		{"printf -v x y", "(printf-option)"},
		{"wait -n", "(wait-option)"},
		{"exec -a x y", "(exec-option)"},
		{"set -o pipefail", "(pipefail)"},
		{"kill -- -5", "(kill-dashes)"},
		{"kill -SIGTERM 5", "(signal-name)"},
		{"trap x SIGTERM", "(signal-name)"},
		{"trap x ERR", "(trap-pseudo)"},
		{"export x=$y", "(export-split)"},
		{"x $'a\\n'", "(dollar-quote)"},
		{`x $"a"`, "(dollar-quote)"},
		{"for i in {1..3}; do x; done", "(brace-expansion)"},
		{"x a{b,c}", "(brace-expansion)"},
		{"x+=1", "(append)"},
		{"x[1]=2", "array"},
		{"case x in [^a]) y ;; esac", "(negated-set)"},
		{"x=$((x++))", "(increment)"},
		{"x=$((2**3))", "(increment)"},
		{"x=$((08 + 1))", "(octal)"},
		{"x=$((2147483648))", "(big-number)"},
		{"x 10>y", "(descriptor)"},
		{"x >&y", "(both-redirect)"},
		{"x ${s##*)}", "(parenthesis-in-pattern)"},
		{"x $RANDOM", "(shell-variable)"},
		{"x ${BASH_VERSION}", "(shell-variable)"},
		// The parser's own.
		{"x=(a b)", "arrays"},
		{"x <<<y", "herestrings"},
		{"x &>y", "redirects"},
		{"x <(y)", "must be followed by a word"},
		{"a-b() { x; }", "invalid func name"},
		{"a.b() { x; }", "invalid func name"},
		{"function f { x; }", "the \"function\" builtin"},
		{"for ((i=0;i<3;i++)); do x; done", "c-style fors"},
		{"x ${y:1:2}", "slicing"},
		{"x ${y/a/b}", "search and replace"},
		{"x ${!y}", ""},
		{"x |& y", ""},
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
	} {
		if _, err := shell.NewEngine().Splice(marked(text + "\n")); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}
