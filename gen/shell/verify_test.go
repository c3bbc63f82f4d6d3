package shell_test

import (
	"strings"
	"testing"

	"palletgen/gen/shell"
)

// TestVerifyFindsMutants changes correct scripts in one place, inside of a value
// or beside it. The comparison has to find the change, or dash has to print the
// same as before.
func TestVerifyFindsMutants(t *testing.T) {
	t.Parallel()
	inserts := []string{";", "'", "\"", "$x", "`", "\\", "\n", " ", ">", "<f", "&", "|", "#", "(", ")", "{", "}", "*", "~", "=", "x", "\nEOF\n", "''", "\xff", "\r", "$("}
	engine := shell.NewEngine()
	survivors := 0
	for _, s := range shapes {
		if strings.ContainsRune(s.values, 'c') || strings.ContainsRune(s.values, 'x') {
			continue
		}
		a, b := "a'$q", "\\c"
		values := make([]any, len(s.values))
		for i, which := range s.values {
			values[i] = map[rune]string{'a': a, 'b': b}[which]
		}
		m := marked(s.template, values...)
		script, err := engine.Splice(m)
		if err != nil {
			t.Fatal(err)
		}
		if !engine.Accepts(m, script.Text) {
			t.Errorf("%s: the engine's own script is refused", s.name)
		}
		want := ""
		check := func(mutant string) {
			if mutant == script.Text || !engine.Accepts(m, mutant) {
				return
			}
			survivors++
			if want == "" {
				want = run(t, []string{"dash"}, header+script.Text)
			}
			if got := run(t, []string{"dash"}, header+mutant); got != want {
				t.Errorf("%s: the comparison takes %q for %q, dash prints %q", s.name, mutant, script.Text, got)
			}
		}
		for at := range len(script.Text) {
			for _, insert := range inserts {
				check(script.Text[:at] + insert + script.Text[at:])
			}
			check(script.Text[:at] + script.Text[at+1:])
		}
	}
	t.Logf("%d mutants were taken, and mean the same", survivors)
}

// TestVerifyRefuses shows the comparison what an engine that forgot to quote
// would write.
func TestVerifyRefuses(t *testing.T) {
	for _, tc := range []struct {
		name, template string
		value          any
		bad            string
	}{
		{"word split", "x @\n", "a b", "x a b\n"},
		{"word vanished", "x @ y\n", "", "x  y\n"},
		{"word twice", "x @\n", "a", "x a a\n"},
		{"other bytes", "x @\n", "a", "x b\n"},
		{"unquoted star", "x @\n", "*", "x *\n"},
		{"unquoted tilde", "x @\n", "~", "x ~\n"},
		{"quoted star is fine elsewhere", "x * @\n", "a", "x '*' a\n"},
		{"statement added", "x @\n", "a", "x a; y\n"},
		{"statement added in front", "x @\n", "a", "y; x a\n"},
		{"background", "x @\n", "a", "x a &\n"},
		{"negated", "x @\n", "a", "! x a\n"},
		{"redirect added", "x @\n", "a", "x a >y\n"},
		{"redirect changed", "x @ >y\n", "a", "x a >>y\n"},
		{"descriptor added", "x @ >y\n", "a", "x a 2>y\n"},
		{"assignment added", "x @\n", "a", "A=b x a\n"},
		{"assignment instead of a word", "x @\n", "A=b", "A=b x\n"},
		{"comment swallows", "x @ y\n", "a", "x a # y\n"},
		{"comment added", "x @\n", "a", "x a # y\n"},
		{"comment changed", "x @ # y\n", "a", "x a # z\n"},
		{"comment ends", "# @\n", "a\ty", "# a\ny\n"},
		{"and instead of or", "x @ || y\n", "a", "x a && y\n"},
		{"pipe", "x @ && y\n", "a", "x a | y\n"},
		{"expansion", "x @\n", "$y", "x $y\n"},
		{"expansion in quotes", "x \"@\"\n", "$y", "x \"$y\"\n"},
		{"other variable", "x @ \"$y\"\n", "a", "x a \"$z\"\n"},
		{"quotes lost", "x @ \"$y\"\n", "a", "x a $y\n"},
		{"default added", "x @ \"$y\"\n", "a", "x a \"${y:-z}\"\n"},
		{"for without in", "for i in @; do x; done\n", "a", "for i; do x; done\n"},
		{"until instead of while", "while x @; do y; done\n", "a", "until x a; do y; done\n"},
		{"case pattern added", "case x in @) y ;; esac\n", "a", "case x in a|b) y ;; esac\n"},
		{"case item added", "case x in @) y ;; esac\n", "a", "case x in a) y ;; b) z ;; esac\n"},
		{"subshell instead of a block", "{ x @; }\n", "a", "(x a)\n"},
		{"heredoc turned raw", "x <<E\n@ $y\nE\n", "a", "x <<'E'\na $y\nE\n"},
		{"heredoc with expansion", "x <<E\n@\nE\n", "$y", "x <<E\n$y\nE\n"},
		{"arithmetic", "x=$((@ + 1))\n", 3, "x=$((3 - 1))\n"},
		{"arithmetic number", "x=$((@ + 1))\n", 3, "x=$((4 + 1))\n"},
		{"name", "a_@=1\n", "b", "a_c=1\n"},
		{"command with another word", "exec @\n", exact(t, "a", "b"), "exec a b c\n"},
		{"command with a word less", "exec @\n", exact(t, "a", "b"), "exec a\n"},
		{"command word split", "exec @\n", exact(t, "a", "b c"), "exec a b c\n"},
		{"command expansion quoted", "exec @\n", parsed(t, "a $b"), "exec a \"$b\"\n"},
		{"code changed", "@\n", shell.Code("a\nb\n"), "a\nc\n"},
		{"code longer", "@\n", shell.Code("a\nb\n"), "a\nb\nc\n"},
		{"code comment changed", "@\n", shell.Code("a # b\n"), "a # c\n"},
		{"broken", "x @\n", "a", "x 'a\n"},
	} {
		if shell.NewEngine().Accepts(marked(tc.template, tc.value), tc.bad) {
			t.Errorf("%s: the comparison takes %q for %q", tc.name, tc.bad, tc.template)
		}
	}
}
