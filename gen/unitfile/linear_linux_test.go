package unitfile_test

import (
	"fmt"
	"strings"
	"testing"

	"palletgen/gen/diag"
	"palletgen/gen/importer/importertest"
	"palletgen/gen/splice/splicetest"
	"palletgen/gen/unitfile"
)

// TestLinear imports large units, and files of variables, that are made to take
// long.
func TestLinear(t *testing.T) {
	possible, err := importertest.Possible("runit")
	if err != nil {
		t.Fatal(err)
	}
	read := func(unit, env string) {
		files := []unitfile.File{{Name: "a.service", Sources: []*diag.Source{{Name: "a.service", Text: unit}}}}
		o := unitfile.Options{Group: "g", Supervisor: "runit", Possible: possible, Files: []*diag.Source{{Name: "x", Text: env}}}
		if g, err := unitfile.Import(files, o); err == nil {
			g.YAML()
		}
	}
	const head = "[Service]\nExecStart=/bin/a"
	n := splicetest.Number
	of := func(format string) func(i int) string { return func(i int) string { return fmt.Sprintf(format, i) } }
	units := map[string]func(int) string{}
	for name, piece := range map[string]string{
		"words": " b", "continued words": " \\\n b", "empty continuations": "\\\n", "comments in a command": "\\\n#", "commands": " ; b", "quotes": ` "a"'b'`,
		"quotes in one word": `"a"'b'`, "unknown escapes": ` \y`, "backslashes": `\`, "specifiers": " %n", "variables": " $A", "variables in words": "a${A}",
		"lines": "\n", "sections": "\n[Service]", "commands in lines": "\nExecStart=/bin/a", "commands before": "\nExecStartPre=/bin/a $A", "descriptions": "\n[Unit]\nDescription=a",
		"many of one variable": "\nEnvironment=A=1", "stops": "\nExecStop=/bin/a", "brackets": "\n[[[",
	} {
		units[name] = n(head, func(int) string { return piece }, "\nEnvironment=A=b\n")
	}
	for name, piece := range map[string]string{
		"variables in lines": "\nEnvironment=A%d=1", "unknown sections": "\n[S%d]", "unknown keys": "\nK%d=1", "groups": "\nSupplementaryGroups=g%d",
		"units": "\n[Unit]\nAfter=u%d.service", "folders": "\nReadWritePaths=/a%d", "calls": "\nSystemCallFilter=a%d", "removed variables": "\nUnsetEnvironment=A%d",
	} {
		units[name] = n(head, of(piece), "\n")
	}
	units["variables in one line"] = n(head+"\nEnvironment=", of("A%d=1 "), "\n")
	units["variables that go again"] = func(size int) string {
		return n(head+"\nEnvironment=", of("A%d=1 "), "\n")(size/2) + n("UnsetEnvironment=", of("A%d "), "\n")(size/2)
	}
	units["much of one variable"] = func(size int) string {
		return n(head, func(int) string { return " ${A}" }, "\nEnvironment=A=")(size/2) + strings.Repeat("b", size/2) + "\n"
	}
	splicetest.Linear(t, units, func(text string) { read(text, "") })
	splicetest.Linear(t, map[string]func(int) string{
		"file of variables":       n("", of("A%d=1\n"), ""),
		"file of one variable":    n("", of("A=%d\n"), ""),
		"file of one line":        splicetest.Repeat("A=", "a", "\n"),
		"file of continued lines": splicetest.Repeat("A=", "a\\\n", "\n"),
		"file of quotes":          splicetest.Repeat("A=", `"a"'b'`, "\n"),
		"file of no variables":    splicetest.Repeat("", "a\n", ""),
	}, func(text string) { read(head+" $A ${A}\nEnvironmentFile=/x\n", text) })
}
