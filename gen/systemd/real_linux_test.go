package systemd_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/lab"
	"palletgen/gen/splice/splicetest"
	"palletgen/gen/systemd"
)

// dumped is where the service leaves what it was given.
const dumped = "/run/dumped"

func TestMain(m *testing.M) { lab.Main(m, lab.Programs{"dump": dump}) }

// dump is the service: it writes down its arguments and variables.
func dump() int {
	name := os.Args[1]
	given := append([]string{os.Args[0]}, os.Args[2:]...)
	for _, v := range os.Environ() {
		if strings.HasPrefix(v, "V") {
			given = append(given, v)
		}
	}
	err := os.MkdirAll(dumped, 0o755)
	if err == nil {
		err = os.WriteFile(filepath.Join(dumped, name), []byte(strings.Join(given, "\x00")), 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// hostile returns every code point up to 255 by itself and in company, what is
// special in every neighbourhood, and what is long.
func hostile() []string {
	var all []string
	every := ""
	for c := rune(1); c <= 255; c++ {
		every += string(c)
		all = append(all, string(c), "a"+string(c)+"b "+string(c)+string(c))
	}
	for _, v := range splicetest.Awkward {
		if systemd.Fits(v) {
			all = append(all, v, v+v, "x"+v+"y", v+" ", " "+v, v+"\n")
		}
	}
	return append(all, every, every+every, "€\u2028\u0085\U0010fffd", "%n%%$$${A}$A", strings.Repeat("\x01", 100<<10), strings.Repeat("%$", 50<<10))
}

// unit makes a service that is given values, as arguments and as variables.
func unit(t *testing.T, name string, values []string) (text string, want []string) {
	t.Helper()
	var b strings.Builder
	spliced := []any{"dump of " + name}
	fmt.Fprintf(&b, "[Unit]\nDescription=§\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/usr/local/bin/dump %s --", name)
	want = []string{"/usr/local/bin/dump", "--"}
	for i, v := range values {
		want = append(want, v)
		spliced = append(spliced, v)
		b.WriteString([]string{" §", " \\\n  \"§\"", " \\\n§"}[i%3])
	}
	for i, v := range values {
		want = append(want, fmt.Sprintf("V%04d=%s", i, v))
		spliced = append(spliced, v)
		fmt.Fprintf(&b, []string{"\nEnvironment=V%04d=§", "\nEnvironment=\"V%04d=§\""}[i%2], i)
	}
	data, err := systemd.Splice(marked(b.String()+"\n", spliced...))
	if err != nil {
		t.Fatal(err)
	}
	return string(data), want
}

// TestSystemdPassesEveryByte gives hostile values to a process by way of a unit
// of the real systemd.
func TestSystemdPassesEveryByte(t *testing.T) {
	const program = "/lib/systemd/systemd"
	lab.Need(t, program)
	m := lab.New(t, lab.Options{Programs: []string{"dump"}})
	values := hostile()
	want := map[string][]string{}
	for i := 0; len(values) > 0; i++ {
		n := min(100, len(values))
		name := fmt.Sprintf("dump%d", i)
		text, given := unit(t, name, values[:n])
		m.WriteFile("/etc/systemd/system/"+name+".service", text, 0o644)
		values, want[name] = values[n:], given
	}
	var names, descriptions []string
	for i, v := range hostile() {
		text, err := systemd.Splice(marked("[Unit]\nDescription=§\n[Service]\nExecStart=/bin/true\n", v))
		if err != nil {
			continue // a line end, a blank at an end …
		}
		names, descriptions = append(names, fmt.Sprintf("text%d.service", i)), append(descriptions, v)
		m.WriteFile("/etc/systemd/system/"+names[len(names)-1], string(text), 0o644)
	}
	folder := `/srv/a b "c" %n $x \d é'`
	text, err := systemd.Splice(marked("[Service]\nType=oneshot\nWorkingDirectory=§\nStandardOutput=append:§/out %%\n"+
		"EnvironmentFile=§/env\nExecStart=§", folder, folder, strings.ReplaceAll(folder, `\`, "")+"/", exact("/bin/sh", "-c", `pwd; echo "$E"`)))
	if err != nil {
		t.Fatal(err)
	}
	m.WriteFile("/etc/systemd/system/paths.service", string(text), 0o644)
	m.WriteFile(folder+"/x", "", 0o644)
	m.WriteFile(strings.ReplaceAll(folder, `\`, "")+"/env", "E=e", 0o644)
	m.Boot(program, "--log-target=null", "--show-status=0", "--unit=basic.target")
	lab.Until(t, 30*time.Second, "systemd answers", func() bool { return m.Run("systemctl", "list-jobs").Code == 0 })
	for name, want := range want {
		if r := m.Run("systemctl", "start", name); r.Code != 0 {
			t.Fatal(name, r)
		}
		if diff := cmp.Diff(want, strings.Split(m.ReadFile(dumped+"/"+name), "\x00")); diff != "" {
			t.Errorf("%s (-want +got):\n%.2000s", name, diff)
		}
		if r := m.Run("systemctl", "status", name); r.Code != 0 {
			t.Errorf("status of %s: %v", name, r)
		}
	}
	if r := m.Run("systemctl", "start", "paths"); r.Code != 0 || m.ReadFile(folder+"/out %") != folder+"\ne\n" {
		t.Errorf("%v\n%s", r, m.ReadFile(folder+"/out %"))
	}
	r := m.Run(append([]string{"systemctl", "show", "-P", "Description"}, names...)...)
	if diff := cmp.Diff(descriptions, strings.Split(strings.TrimSuffix(r.Stdout, "\n"), "\n\n")); diff != "" {
		t.Errorf("descriptions (-want +got):\n%.2000s", diff)
	}
	t.Logf("%d values as arguments and variables, %d as descriptions", len(hostile()), len(names))
}

// TestAnalyze lets systemd's own checker judge a unit with values everywhere.
func TestAnalyze(t *testing.T) {
	program := lab.Need(t, "systemd-analyze")
	text, err := systemd.Splice(marked(everywhere, "50% \"of\" \\it", "/bin", "a-b.service", "x@y.target", exact("/bin/true", "a b", "$A", "%n", ";", "é"),
		exact("/bin/sh", "-c", "exit 0"), "x", map[string]any{"A": "b c", "B": `\"'%$`}, "D", " ", "/var/log", "daemon", []any{"bin", "adm"}, 1024, -5, "0027",
		"/etc/a b%", 10, "TERM", true, "/var/log/a b%", "a%b"))
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range hostile() {
		if len(v) < 1000 {
			more, err := systemd.Splice(marked("[Service]\nExecStopPost=/bin/true -- § x§ \"§\"\nEnvironment=\"V§=§\"\n", v, v, v, i, v))
			if err != nil {
				t.Fatal(err)
			}
			text = append(text, more...)
		}
	}
	file := filepath.Join(t.TempDir(), "all.service")
	if err := os.WriteFile(file, text, 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(program, "verify", "--man=no", "--recursive-errors=no", file).CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("%v\n%s\n%.3000s", err, out, text)
	}
}

const everywhere = `# All kinds of places.
[Unit]
Description=§
ConditionPathExists=§
After=§ §

[Service]
Type=exec
ExecStart=§
ExecStartPre=-+§ \
  # no argument
  §
Environment=§ "§=§"
WorkingDirectory=§
User=§
SupplementaryGroups=§
LimitNOFILE=§
Nice=§
UMask=§
EnvironmentFile=-§
TimeoutStopSec=§
KillSignal=§
NoNewPrivileges=§
StandardOutput=append:§
SyslogIdentifier=§

[Install]
WantedBy=multi-user.target
`
