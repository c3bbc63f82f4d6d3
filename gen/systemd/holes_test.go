package systemd_test

import (
	"testing"

	"palletgen/gen/splice/splicetest"
	"palletgen/gen/systemd"
)

// TestHolesOfOthers has the holes of other exporters of units, each named after
// where it was found.
func TestHolesOfOthers(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		values     []any
		want       string // "": has to be refused
	}{
		// foreman#664: the lines of the environment were joined with ExecStart=.
		{"foreman#664", "[Service]\nEnvironment=§\nExecStart=§\n", []any{map[string]any{"PATH": "/bin", "RAILS_ENV": "uat"}, exact("/bin/x", "y")},
			"[Service]\nEnvironment=PATH=/bin RAILS_ENV=uat\nExecStart=/bin/x y\n"},
		{"foreman#664, line end", "[Service]\nEnvironment=§\nExecStart=/x\n", []any{map[string]any{"A": "b\nExecStart=/evil"}},
			"[Service]\nEnvironment=\"A=b\\nExecStart=/evil\"\nExecStart=/x\n"},
		{"foreman#664, continued line", "[Service]\nEnvironment=§\nExecStart=/x\n", []any{map[string]any{"A": `b\`}},
			"[Service]\nEnvironment=\"A=b\\\\\"\nExecStart=/x\n"},
		// foreman#668: % in the environment was taken for a specifier.
		{"foreman#668", "[Service]\nEnvironment=§\nExecStart=/x\n", []any{map[string]any{"URL": "http://a/%20b%n"}},
			"[Service]\nEnvironment=\"URL=http://a/%%20b%%n\"\nExecStart=/x\n"},
		{"foreman#668, quoted", "[Service]\nEnvironment=\"URL=§\"\nExecStart=/x §\n", []any{"%h %i", "%u"},
			"[Service]\nEnvironment=\"URL=%%h %%i\"\nExecStart=/x \"%%u\"\n"},
		// foreman#231: a value was escaped for the shell, not for the unit.
		{"foreman#231", "[Service]\nEnvironment=§\nExecStart=/x\n", []any{map[string]any{"QUEUE": "*"}}, "[Service]\nEnvironment=\"QUEUE=*\"\nExecStart=/x\n"},
		// A shell reads the value again: no escaping of the unit's helps.
		{"sh -c", "[Service]\nExecStart=/bin/sh -c 'x §'\n", []any{"; id"}, ""},
		{"sh -c with another name", "[Service]\nExecStart=@/bin/sh sh -c §\n", []any{"id"}, ""},
		{"su -c", "[Service]\nExecStartPre=-/usr/bin/env A=b su - a -c §\nExecStart=/x\n", []any{"id"}, ""},
		{"sh -c with an argument", "[Service]\nExecStart=/bin/sh -c 'x \"$$1\"' sh §\n", []any{"; id"}, "[Service]\nExecStart=/bin/sh -c 'x \"$$1\"' sh \"\\x3b id\"\n"},
		{"another key", "[Service]\nUser=§\nExecStart=/x\n", []any{"a\nExecStart=/evil"}, ""},
		{"another section", "[Unit]\nDescription=§\n[Service]\nExecStart=/x\n", []any{"a\n[Service]\nUser=root"}, ""},
	} {
		got, err := systemd.Splice(marked(tc.text, tc.values...))
		splicetest.Becomes(t, tc.name, got, err, tc.want)
	}
}
