package procfile_test

import (
	"fmt"
	"strings"
	"testing"

	"palletgen/gen/diag"
	"palletgen/gen/procfile"
	"palletgen/gen/splice/splicetest"
)

// TestLinear imports large Procfiles and .env files that are made to take long.
func TestLinear(t *testing.T) {
	read := func(text, env string, dialect procfile.Dialect) {
		g, err := procfile.Import(&diag.Source{Name: "Procfile", Text: text}, []*diag.Source{{Name: ".env", Text: env}}, procfile.Options{Group: "g", Dialect: dialect})
		if err == nil {
			g.YAML()
		}
	}
	n := splicetest.Number
	of := func(format string) func(i int) string { return func(i int) string { return fmt.Sprintf(format, i) } }
	shapes := map[string]func(int) string{}
	for name, piece := range map[string]string{
		"words": " b", "quotes": ` "a"'b'`, "quotes in one word": `"a"'b'`, "variables": " $A", "variables in one word": "$A${A}", "commands": " && b", "lists": "; b",
		"pipes": " | b", "open parentheses": "(", "open substitutions": "$(", "open defaults": "${A:-", "backquotes": "`", "backslashes": `\`, "equals": " A=",
		"open quotes": "\"$(", "here-documents": " <<A", "braces": " {", "not lines": "\nx", "one process": "\na: b",
	} {
		shapes[name] = n("a: b", func(int) string { return piece }, "\n")
	}
	shapes["unknown variables"] = n("a: b", of(" $B%d"), "\n")
	shapes["assignments"] = n("a: ", of("B%d=1 "), "b\n")
	shapes["processes"] = func(size int) string { return n("", of("a%d: b\n"), "")(size / 8) }
	shapes["names that are alike"] = func(size int) string {
		return n("", func(i int) string {
			return strings.Map(func(r rune) rune {
				if i%2 == 0 {
					return '-'
				}
				i /= 2
				return '_'
			}, strings.Repeat("-", 14)) + ": b\n"
		}, "")(size / 4)
	}
	for _, dialect := range []procfile.Dialect{procfile.Foreman, procfile.Honcho} {
		t.Run(dialect.String(), func(t *testing.T) {
			splicetest.Linear(t, shapes, func(text string) { read(text, "A=b c\n", dialect) })
			splicetest.Linear(t, map[string]func(int) string{
				"env of variables":    n("", of("A%d=1\n"), ""),
				"env of one variable": n("", of("A=%d\n"), ""),
				"env of quotes":       splicetest.Repeat("A=", `"a"'b'`, "\n"),
				"env of backslashes":  splicetest.Repeat("A=", `\`, "\n"),
				"env of no variables": splicetest.Repeat("", "a\n", ""),
				"env of one line":     splicetest.Repeat("A=", "a", "\n"),
				"env that brings in":  n("", of("A%d=$B\n"), "B=c\n"),
			}, func(text string) { read("a: b $A $A1$A1 ${A2}\n", text, dialect) })
		})
	}
}

// TestVariablesThatDouble: what values bring into a command line has a limit.
func TestVariablesThatDouble(t *testing.T) {
	var env strings.Builder
	for i := range 60 {
		fmt.Fprintf(&env, "A%c=$A%c$A%c\n", 'A'+i, 'A'+i+1, 'A'+i+1)
	}
	text := strings.NewReplacer("[", "0", "\\", "1", "]", "2", "^", "3", "`", "4").Replace(env.String())
	for name, tc := range map[string]struct{ procfile, env, want string }{
		"doubling":         {"a: b $AA\n", text, "Procfile:1:4: with the values of its variables this command is longer than 1048576 bytes"},
		"many of a long":   {"a: b" + strings.Repeat(" $A", 1000) + "\n", "A=" + strings.Repeat("x", 10_000) + "\n", "Procfile:1:4: with the values of its variables"},
		"much to look for": {"a: b $" + strings.Repeat("x", 20_000) + "\n", splicetest.Number("", func(i int) string { return fmt.Sprintf("A%d=\n", i) }, "")(1 << 20), "Procfile:1:4: there are too many variables"},
		"many services":    {splicetest.Number("", func(i int) string { return fmt.Sprintf("a%d: b\n", i) }, "")(8000), splicetest.Number("", func(i int) string { return fmt.Sprintf("A%d=\n", i) }, "")(1 << 16), "more than 1000000 variables"},
	} {
		_, err := procfile.Import(&diag.Source{Name: "Procfile", Text: tc.procfile}, []*diag.Source{{Name: ".env", Text: tc.env}}, procfile.Options{Group: "g"})
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %.200v, want %s", name, err, tc.want)
		}
	}
}
