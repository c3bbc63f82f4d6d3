package unitfile_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/cli"
	"palletgen/gen/lab"
	"palletgen/gen/unitfile"
)

func TestMain(m *testing.M) { lab.Main(m, lab.Programs{"dump": dump}) }

// A process is what one was given.
type process struct {
	Argv, Env, Groups []string
	Folder            string
	Umask, Nice       int
	UID, GID          int
	Limits            map[int]syscall.Rlimit
}

const dumped = "/run/dumped/"

// dump is the service: it writes down what it was given, and stays. Its first
// argument says where to.
func dump() int {
	p := process{Argv: os.Args, Env: os.Environ(), Umask: syscall.Umask(0), UID: os.Getuid(), GID: os.Getgid(), Limits: map[int]syscall.Rlimit{}}
	p.Folder, _ = os.Getwd()
	nice, _ := syscall.Getpriority(syscall.PRIO_PROCESS, 0)
	p.Nice = 20 - nice
	groups, _ := os.Getgroups()
	for _, g := range groups {
		p.Groups = append(p.Groups, fmt.Sprint(g))
	}
	for _, resource := range []int{syscall.RLIMIT_NOFILE, syscall.RLIMIT_CORE, syscall.RLIMIT_STACK, 6 /* NPROC */, 8 /* MEMLOCK */, syscall.RLIMIT_AS} {
		var limit syscall.Rlimit
		syscall.Getrlimit(resource, &limit)
		p.Limits[resource] = limit
	}
	text, err := json.Marshal(p)
	if err == nil {
		err = os.WriteFile(dumped+os.Args[1]+".new", text, 0o666)
	}
	if err == nil {
		err = os.Rename(dumped+os.Args[1]+".new", dumped+os.Args[1])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if !slices.Contains(os.Args, "end") {
		time.Sleep(time.Hour)
	}
	return 0
}

// bySystemd are variables that systemd gives every service, and we do not, as
// import says.
var bySystemd = []string{"PATH", "LANG", "HOME", "SHELL", "INVOCATION_ID", "JOURNAL_STREAM", "SYSTEMD_EXEC_PID", "PWD", "OLDPWD", "SHLVL", "_",
	"LISTEN_PID", "MEMORY_PRESSURE_WATCH", "MEMORY_PRESSURE_WRITE"}

// read returns what a process was given, for a comparison.
func read(t *testing.T, m *lab.Machine, name string, limits bool) process {
	t.Helper()
	lab.Until(t, 20*time.Second, name+" runs", func() bool { return m.Exists(dumped + name) })
	var p process
	if err := json.Unmarshal([]byte(m.ReadFile(dumped+name)), &p); err != nil {
		t.Fatal(err)
	}
	p.Env = slices.DeleteFunc(p.Env, func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return slices.Contains(bySystemd, name)
	})
	slices.Sort(p.Env)
	p.Groups = slices.DeleteFunc(p.Groups, func(g string) bool { return g == fmt.Sprint(p.GID) })
	slices.Sort(p.Groups)
	if !limits {
		p.Limits = nil
	}
	return p
}

const instance = `case-at@a-b\x2dc%d`

// TestImportedLikeSystemd runs units under the real systemd, and then what import
// makes of them, built and started: the processes are given the same.
func TestImportedLikeSystemd(t *testing.T) {
	const program = "/lib/systemd/systemd"
	lab.Need(t, program)
	m := lab.New(t, lab.Options{Programs: []string{"dump"}})
	dir := t.TempDir()
	var args []string
	for name, text := range units {
		suffix := ".service"
		if folder, file, ok := strings.Cut(name, ".d/"); ok {
			name, suffix = folder+".service.d/"+file, ""
		} else if !strings.HasSuffix(name, "@") {
			args = append(args, name+suffix)
		}
		write(t, filepath.Join(dir, name+suffix), text)
		m.WriteFile("/etc/systemd/system/"+name+suffix, text, 0o644)
	}
	slices.Sort(args)
	args = append(args, strings.ReplaceAll(instance, "%d", "")+".service")
	write(t, filepath.Join(dir, "case.env"), variables)
	write(t, filepath.Join(dir, "missing.env"), "")
	m.WriteFile("/etc/case.env", variables, 0o644)
	m.WriteFile("/etc/dynamic.env", dynamic, 0o644)
	m.WriteFile("/srv/a b/x", "", 0o644)
	m.Boot(program, "--log-target=null", "--show-status=0", "--unit=basic.target")
	lab.Until(t, 30*time.Second, "systemd answers", func() bool { return m.Run("systemctl", "list-jobs").Code == 0 })
	clean(t, m)
	if r := m.Run(append([]string{"systemctl", "start"}, args...)...); r.Code != 0 {
		t.Fatal(r)
	}
	want := all(t, m, args)
	if r := m.Run(append([]string{"systemctl", "stop"}, args...)...); r.Code != 0 {
		t.Fatal(r)
	}

	if r := m.Run("sh", "-c", "rm -r /etc/systemd/system/case-* && systemctl daemon-reload"); r.Code != 0 {
		t.Fatal(r)
	}
	for _, supervisor := range []string{"nohup", "systemd"} {
		t.Run(supervisor, func(t *testing.T) { compare(t, m.In(t), dir, args, supervisor, want) })
	}
}

// compare builds and starts what import makes for a supervisor.
func compare(t *testing.T, m *lab.Machine, dir string, args []string, supervisor string, want map[string]process) {
	yaml := build(t, m, dir, args, supervisor)
	clean(t, m)
	if r := m.Run("sh", "/srv/g/run", "install", "configure", "start"); r.Code != 0 {
		t.Fatalf("%v\n%s", r, yaml)
	}
	got := all(t, m, args)
	for _, name := range append(slices.Clone(args), "pre-1", "pre-2", "pre-3", "pre-4", "pre-5") {
		if diff := cmp.Diff(want[name], got[name]); diff != "" {
			t.Errorf("%s (-systemd +palletgen):\n%s", name, diff)
		}
	}
	if t.Failed() {
		t.Log(yaml)
	}
	if r := m.Run("sh", "/srv/g/run", "uninstall"); r.Code != 0 {
		t.Error(r)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	err := os.MkdirAll(filepath.Dir(path), 0o755)
	if err == nil {
		err = os.WriteFile(path, []byte(text), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// clean makes the folder of what processes are given, and empties it.
func clean(t *testing.T, m *lab.Machine) {
	t.Helper()
	if r := m.Run("sh", "-c", "rm -rf "+dumped+" && mkdir -p "+dumped+" && chmod 1777 "+dumped); r.Code != 0 {
		t.Fatal(r)
	}
}

// all reads what every process was given.
func all(t *testing.T, m *lab.Machine, args []string) map[string]process {
	t.Helper()
	found := map[string]process{}
	for _, name := range append(slices.Clone(args), "pre-1", "pre-2", "pre-3", "pre-4", "pre-5") {
		found[name] = read(t, m, strings.TrimSuffix(name, ".service"), name == "case-limits.service")
	}
	return found
}

// build imports the units, and puts the bundle into the machine.
func build(t *testing.T, m *lab.Machine, dir string, args []string, supervisor string) (yaml string) {
	t.Helper()
	top, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	palletgen := func(args ...string) string {
		var out, errs bytes.Buffer
		if code := cli.Main(args, os.DirFS(top), strings.NewReader(""), &out, &errs); code != 0 {
			t.Fatalf("palletgen %q: %d\n%s", args, code, errs.String())
		}
		return out.String()
	}
	yaml = palletgen(append([]string{"import", "--supervisor", supervisor, "--group", "g", "-e", "case.env", "-e", "missing.env"}, args...)...)
	write(t, filepath.Join(dir, "palletgen.yaml"), yaml)
	palletgen("build", "-q", "-o", "dist")
	if out, err := exec.Command("tar", "-xzf", "dist/g.tar.gz").CombinedOutput(); err != nil {
		t.Fatal(err, string(out))
	}
	m.CopyDir(filepath.Join(dir, "g"), "/srv/g")
	return yaml
}

// TestSpan compares our reading of time spans with systemd's own.
func TestSpan(t *testing.T) {
	program := lab.Need(t, "systemd-analyze")
	for _, text := range []string{"5", "1min 30s", "1h2.5min", "500ms", "2 weeks 3d", "1M", "1y 1month", "90 sec", "10us", "infinity", "", "x", "5 parsecs", "1.5", " 7s ", "1m30"} {
		out, err := exec.Command(program, "timespan", "--", text).Output()
		d, ok := unitfile.Span(text)
		if (err == nil) != ok {
			t.Errorf("%q: %v, %t; systemd: %v", text, d, ok, err)
		}
		_, want, _ := strings.Cut(string(out), "μs: ")
		want, _, _ = strings.Cut(want, "\n")
		if ok && text != "infinity" && fmt.Sprint(d.Microseconds()) != strings.TrimSpace(want) {
			t.Errorf("%q: %v; systemd %s", text, d, out)
		}
	}
}
