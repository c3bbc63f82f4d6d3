package lab_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/lab"
)

// traced is a script whose commands are true, mkdir and two of a subshell; echo is a builtin.
const traced = `#!/bin/dash
/bin/true
echo a >/srv/builtin
said=$(/bin/mkdir /srv/one; /bin/mkdir /srv/two)
setsid /bin/sleep 1000 >/dev/null 2>&1 &
echo done
`

func TestTraceCountsTheCommands(t *testing.T) {
	t.Parallel()
	m := lab.New(t, lab.Options{})
	m.WriteFile("/root/traced", traced, 0o755)
	begun := time.Now()
	got, report := m.RunTraced(lab.Command{Argv: []string{"/root/traced"}}, lab.Trace{})
	if got.Code != 0 || got.Stdout != "done\n" || time.Since(begun) > 10*time.Second {
		t.Errorf("the command itself: %v", got)
	}
	var names []string
	for _, argv := range report.Execs {
		names = append(names, argv[0])
	}
	slices.Sort(names) // setsid runs beside the others
	if want := strings.Fields("/bin/mkdir /bin/mkdir /bin/sleep /bin/true setsid"); !slices.Equal(want, names) && !slices.Equal(slices.Delete(slices.Clone(want), 2, 3), names) {
		t.Errorf("commands %q", report.Execs)
	}
	lab.Until(t, 10*time.Second, "the daemon", func() bool { return m.Run("pgrep", "-x", "sleep").Code == 0 })
}

func TestTraceKills(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		trace lab.Trace
		want  string // files below /srv
	}{
		"first end":             {lab.Trace{Kill: lab.AfterEnd, At: 1}, ""},
		"first end, group":      {lab.Trace{Kill: lab.AfterEnd, At: 1, Group: true}, ""},
		"first mkdir":           {lab.Trace{Kill: lab.AfterEnd, At: 2}, "builtin one two"}, // the subshell goes on
		"first mkdir and group": {lab.Trace{Kill: lab.AfterEnd, At: 2, Group: true}, "builtin one"},
		"at the first mkdir":    {lab.Trace{Kill: lab.AtExec, At: 2, Group: true}, "builtin"},
		"at the second mkdir":   {lab.Trace{Kill: lab.AtExec, At: 3, Group: true}, "builtin one"},
	}
	if lab.SeesChanges {
		tests["before the first change"] = struct {
			trace lab.Trace
			want  string
		}{lab.Trace{Kill: lab.AtChange, At: 1, Group: true}, ""}
		tests["before the second change"] = struct {
			trace lab.Trace
			want  string
		}{lab.Trace{Kill: lab.AtChange, At: 2, Group: true}, "builtin"}
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			m := lab.New(t, lab.Options{})
			m.WriteFile("/root/traced", traced, 0o755)
			got, report := m.RunTraced(lab.Command{Argv: []string{"/root/traced"}}, test.trace)
			if got.Code != 137 || !report.Killed {
				t.Errorf("it was not killed: %v %v", report, got)
			}
			if diff := cmp.Diff(test.want, strings.Join(strings.Fields(m.Run("ls", "/srv").Stdout), " ")); diff != "" {
				t.Errorf("%v: (-want +got):\n%s", report, diff)
			}
		})
	}
}

func TestTraceEndsWithoutItsMoment(t *testing.T) {
	t.Parallel()
	m := lab.New(t, lab.Options{})
	m.WriteFile("/root/traced", traced, 0o755)
	got, report := m.RunTraced(lab.Command{Argv: []string{"/root/traced"}}, lab.Trace{Kill: lab.AfterEnd, At: 100})
	if got.Code != 0 || report.Killed {
		t.Errorf("%v %v", report, got)
	}
}
