package schema_test

import (
	"strings"
	"testing"

	"palletgen/gen/command"
)

// TestCommandsInCommands: a command within another stands for its words, and can be
// no part of one.
func TestCommandsInCommands(t *testing.T) {
	for _, tc := range []struct{ text, want, err string }{
		{`"{{ .c }} -q {{ .c }}"`, "/bin/x 'a b' -q /bin/x 'a b'", ""},
		{`"nice {{ .e }} -n 5"`, "nice \"${J}\"/bin/y -n 5", ""},
		{`"x --run={{ .c }}"`, "", "a command cannot be a part of a word"},
		{`"{{ .e }}{{ .c }}"`, "", "a command cannot be a part of a word"},
		{`["{{ .c }}", a]`, "", "v[0]: a command where a text belongs"},
	} {
		values, err := resolve(load(t, `
c: {type: command, default: [/bin/x, a b], doc: d}
e: {type: command, default: '"$J"/bin/y', doc: d}
v: {type: command, default: `+tc.text+`, doc: d}
`), parse(t, "{}"))
		if tc.err != "" {
			if err == nil || strings.Count(err.Error(), "\n") > 0 || !strings.Contains(err.Error(), tc.err) {
				t.Errorf("%s: got %v, want %q", tc.text, err, tc.err)
			}
			continue
		}
		if got, _ := values["v"].(command.Command); err != nil || got.Shell() != tc.want {
			t.Errorf("%s: got %s, %v", tc.text, got.Shell(), err)
		}
	}
}
