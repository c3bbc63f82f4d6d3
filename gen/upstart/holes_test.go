package upstart_test

import (
	"testing"

	"palletgen/gen/splice/splicetest"
	"palletgen/gen/upstart"
)

// TestHolesOfOthers has the holes of other exporters of job files, each named
// after where it was found.
func TestHolesOfOthers(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		values     []any
		want       string // "": has to be refused
	}{
		// foreman#231: QUEUE="*" was exported in the code of su, as \*.
		{"foreman#231", "env QUEUE=%\nexec x\n", []any{"*"}, "env QUEUE=\"*\"\nexec x\n"},
		{"foreman#231 in the code of su", "exec su - a -c 'export QUEUE=\"%\"; x'\n", []any{"*"}, ""},
		// A shell reads the value again: no escaping of the job file's helps.
		{"sh -c", "exec sh -c %\n", []any{"id"}, ""},
		{"sh -c before the start", "pre-start exec env A=b sh -c \"x %\"\nexec x\n", []any{"; id"}, ""},
		{"sh -c with an argument", "exec sh -c x sh %\n", []any{"; id"}, "exec sh -c x sh '; id'\n"},
	} {
		got, err := upstart.Splice(marked(tc.text, tc.values...))
		splicetest.Becomes(t, tc.name, got, err, tc.want)
	}
}
