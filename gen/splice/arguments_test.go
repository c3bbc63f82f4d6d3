package splice_test

import (
	"strings"
	"testing"

	"palletgen/gen/ini"
	"palletgen/gen/plist"
	"palletgen/gen/record"
	"palletgen/gen/shell"
	"palletgen/gen/splice/splicetest"
	"palletgen/gen/systemd"
	"palletgen/gen/upstart"
)

// commandFiles are the formats that hold command lines: a file with one, made of
// words without quotes, and what puts values into it.
var commandFiles = map[string]struct {
	file   func(words []string) string
	splice func(*record.Marked) ([]byte, error)
}{
	"shell": {func(words []string) string { return strings.Join(words, " ") + "\n" }, func(m *record.Marked) ([]byte, error) {
		s, err := shell.NewEngine().Splice(m)
		if err != nil {
			return nil, err
		}
		return []byte(s.Text), nil
	}},
	"systemd":     {func(words []string) string { return "[Service]\nExecStart=" + strings.Join(words, " ") + "\n" }, systemd.Splice},
	"upstart":     {func(words []string) string { return "exec " + strings.Join(words, " ") + "\n" }, upstart.Splice},
	"supervisord": {func(words []string) string { return "[program:a]\ncommand=" + strings.Join(words, " ") + "\n" }, ini.Splice},
	"plist": {func(words []string) string {
		return "<plist version=\"1.0\"><dict><key>ProgramArguments</key><array><string>" + strings.Join(words, "</string><string>") + "</string></array></dict></plist>\n"
	}, plist.Splice},
}

// TestArguments: a value is the argument that it stands for, and no option, code or
// pattern, in the command lines of all formats as in those of a script.
func TestArguments(t *testing.T) {
	const option = "the value would be read as an option: it begins with -"
	const code = "the value would be read as shell code"
	for _, tc := range []struct {
		line   string
		values []any
		want   string // a part of the error; "": there is none
	}{
		{"/bin/a §", []any{"-x"}, option},
		{"/bin/a §", []any{"x-y"}, ""},
		{"/bin/a §§", []any{"", "-x"}, option},
		{"/bin/a b c §", []any{"--x=y"}, option},
		{"/bin/a -- §", []any{"-x"}, ""},
		{"/bin/a --file=§", []any{"-x"}, ""},
		{"/bin/a -f §", []any{"-x"}, option},
		{"/bin/a -f §", []any{-5}, ""},
		{"/bin/a §", []any{-5}, option},
		{"/bin/a -§", []any{"x"}, "the value would be the name of an option"},
		{"/bin/a x§", []any{"-x"}, ""},
		{"/usr/bin/nice -n 5 /bin/a §", []any{"-x"}, option},
		{"/usr/bin/env A=§ /bin/a", []any{"-x"}, ""},
		{"/usr/bin/env -i A=b /bin/a §", []any{"-x"}, option},
		{"/bin/grep § /etc/passwd", []any{"a.b"}, "grep would read the value as a pattern"},
		{"/bin/grep § /etc/passwd", []any{"ab"}, ""},
		{"/bin/su - a -c §", []any{"x"}, code},
		{"/bin/sh -c x sh §", []any{"-x"}, ""},
		{"/bin/sh -c §", []any{"x"}, code},
		{"/usr/bin/find / -exec sh -c § +", []any{"x"}, code},
	} {
		for name, format := range commandFiles {
			if name == "supervisord" && tc.values[0] == "" {
				continue // it would be no word of its own
			}
			text, err := format.splice(splicetest.Marked("§", format.file(strings.Fields(tc.line)), tc.values...))
			switch {
			case tc.want == "" && err != nil, tc.want != "" && err == nil, err != nil && !strings.Contains(err.Error(), tc.want):
				t.Errorf("%s: %s of %q: got %q, %v, want %q", name, tc.line, tc.values, text, err, tc.want)
			case err != nil && !strings.Contains(splicetest.First(err), " | ") && tc.want == option:
				t.Errorf("%s: no hint: %v", name, err)
			}
		}
	}
}

// TestNamedProgram: where a value or a command is the program, its own rules hold
// for what follows.
func TestNamedProgram(t *testing.T) {
	const code = "the value would be read as shell code by sh"
	for _, tc := range []struct {
		line   string
		values []any
		want   string
	}{
		{"§ -c §", []any{"/bin/sh", "reboot"}, code},
		{"/bin/§ -c §", []any{"sh", "reboot"}, code},
		{"/usr/bin/env § -c §", []any{"sh", "reboot"}, code},
		{"§ §", []any{splicetest.Exact("/bin/sh", "-c"), "reboot"}, code},
		{"§ §", []any{splicetest.Exact("/bin/a", "-c"), "reboot"}, ""},
		{"§ §", []any{splicetest.Exact("/bin/a"), "-x"}, "it begins with -"},
		{"§", []any{splicetest.Exact("/bin/a", "-x")}, ""},
		{"§ x", []any{"/bin/a"}, ""},
	} {
		for name, format := range commandFiles {
			command := len(tc.values) > 0 && !isText(tc.values[0])
			if name == "shell" || command && (name == "supervisord" || name == "plist") || strings.HasPrefix(tc.line, "/bin/§") && name == "shell" {
				continue // where such a value cannot stand
			}
			text, err := format.splice(splicetest.Marked("§", format.file(strings.Fields(tc.line)), tc.values...))
			if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
				t.Errorf("%s: %s of %v: got %q, %v, want %q", name, tc.line, tc.values, text, err, tc.want)
			}
		}
	}
}

func isText(v any) bool { _, ok := v.(string); return ok }
