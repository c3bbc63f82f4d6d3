package lab_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"palletgen/gen/lab"
)

// patience bounds every wait for something that takes well under a second on an idle host.
const patience = 20 * time.Second

// sleeper is an init that does nothing but reap orphans.
var sleeper = []string{"bash", "-c", "trap 'exit 3' TERM; echo up; while :; do sleep 0.05; done"}

func TestBootedSystem(t *testing.T) {
	t.Parallel()
	m := lab.New(t, lab.Options{Programs: []string{"lab-args"}})
	outside := m.Start("sleep", "1003")
	m.WriteFile("/run/before", "", 0o644)
	m.WriteFile("/dev/before", "", 0o644)
	m.WriteFile("/srv/kept", "kept", 0o644)
	m.Boot(sleeper...)
	group := cgroupOf(t, m.HostPID())

	if got := m.Run("cat", "/proc/1/comm"); got.Stdout != "bash\n" {
		t.Errorf("process 1: %v", got)
	}
	if m.Exists("/run/before") || m.Exists("/dev/before") {
		t.Error("/run or /dev is the one from before")
	}
	m.WriteFile("/srv/new", "new", 0o600)
	m.WriteFile("/run/new", "", 0o644)
	if m.ReadFile("/srv/kept") != "kept" {
		t.Error("a file from before the boot has changed")
	}
	if !slices.ContainsFunc(m.Changed("/run"), func(f lab.FileInfo) bool { return f.Path == "/srv/new" }) {
		t.Errorf("/srv/new is not among %v", m.Changed())
	}
	if got := m.Run("cat", "/proc/self/cgroup"); !strings.Contains(got.Stdout, "0::/\n") {
		t.Errorf("the root of the cgroups: %v", got)
	}
	if got := m.Run("sh", "-c", "echo 1 >/proc/sys/vm/swappiness"); got.Code == 0 {
		t.Error("the kernel's settings can be changed")
	}
	if got := m.Run("lab-args", "a"); got.Stdout != "a\x00\x00" {
		t.Errorf("the helper: %v", got)
	}
	if got, report := m.RunTraced(lab.Command{Argv: []string{"sh", "-c", "/bin/true; exit 4"}}, lab.Trace{}); got.Code != 4 || len(report.Execs) != 1 {
		t.Errorf("a traced command: %v %v", got, report)
	}
	inside := m.Start("sleep", "1004")
	m.Run("sh", "-c", "setsid sleep 1005 >/dev/null 2>&1 & mkdir -p /sys/fs/cgroup/a/b; echo $! >/sys/fs/cgroup/a/b/cgroup.procs")
	lab.Until(t, patience, "two processes of ours", func() bool {
		return strings.Join(names(m), " ") == "1004 1005"
	})
	orphan := slices.ContainsFunc(m.Processes(), func(p lab.ProcessInfo) bool { return p.Parent == 1 && slices.Equal(p.Args, []string{"sleep", "1005"}) })
	if !orphan {
		t.Errorf("the orphan is not the init's: %v", m.Processes())
	}
	if m.Console() != "up\n" || !m.Booted() {
		t.Errorf("the console shows %q", m.Console())
	}

	m.Shutdown()
	if m.Booted() {
		t.Error("it is still booted")
	}
	lab.Until(t, patience, "the news of the end of what was started inside", func() bool { return !inside.Running() })
	if !outside.Running() || strings.Join(names(m), " ") != "1003" {
		t.Errorf("the machine lost its own processes: %v", m.Processes())
	}
	if !m.Exists("/run/before") || m.Exists("/run/new") || m.ReadFile("/srv/new") != "new" {
		t.Error("the files are not those of the machine")
	}
	if _, err := os.Stat(group); !os.IsNotExist(err) {
		t.Errorf("the cgroup %s is left: %v", group, err)
	}
	m.Shutdown() // no effect, no error

	m.In(t).Boot(sleeper...)
	if m.Exists("/run/new") || !m.Exists("/srv/new") {
		t.Error("not as after a reboot")
	}
}

// names are the last arguments of the machine's processes that are a sleep for more than a second.
func names(m *lab.Machine) []string {
	var list []string
	for _, p := range m.Processes() {
		// One that is about to end has no arguments any more.
		if p.Name == "sleep" && len(p.Args) == 2 && strings.HasPrefix(p.Args[1], "100") {
			list = append(list, p.Args[1])
		}
	}
	slices.Sort(list)
	return list
}

// cgroupOf is the folder of the cgroup of a booted machine, of which the pid is that of its process 1.
func cgroupOf(t *testing.T, pid int) string {
	t.Helper()
	var at string
	for line := range strings.Lines(mounts(t)) {
		if fields := strings.Fields(line); slices.Contains(fields, "cgroup2") {
			at = fields[4]
		}
	}
	if at == "" {
		t.Skip("the host has mounted no cgroup v2")
	}
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, thread := range threads {
		children, err := os.ReadFile(thread)
		if err != nil {
			t.Fatal(err)
		}
		for _, child := range strings.Fields(string(children)) {
			groups, err := os.ReadFile("/proc/" + child + "/cgroup")
			if err != nil {
				continue
			}
			for line := range strings.Lines(string(groups)) {
				if name, ok := strings.CutPrefix(strings.TrimSpace(line), "0::"); ok && strings.Contains(name, "/lab-") {
					return filepath.Join(at, name)
				}
			}
		}
	}
	t.Fatalf("no child of %d is in a cgroup of its own: %q", pid, threads)
	return ""
}

func TestInitThatCannotStart(t *testing.T) {
	t.Parallel()
	m := lab.New(t, lab.Options{})
	m.WriteFile("/srv/no-program", "x", 0o755)
	for name, want := range map[string]string{
		"no-such-init":    "no-such-init: not found in PATH",
		"/srv/no-such":    "/srv/no-such: no such file or directory",
		"/srv/no-program": "/srv/no-program: exec format error",
	} {
		stand := &standIn{}
		if stand.run(func(t lab.T) { m.In(t).Boot(name) }); !strings.Contains(stand.fatal, want) {
			t.Errorf("%s: %q", name, stand.fatal)
		}
		if m.Booted() || m.Run("true").Code != 0 {
			t.Errorf("after %s the machine is not as before", name)
		}
	}
}

func TestInitThatEnds(t *testing.T) {
	t.Parallel()
	m := lab.New(t, lab.Options{})
	m.Boot(sleeper...)
	lab.Until(t, patience, "the trap", func() bool { return m.Console() == "up\n" })
	m.Run("kill", "-TERM", "1") // it may take this command along
	lab.Until(t, patience, "the end of the init", func() bool { return !m.Booted() })
	m.Shutdown()
	m.Boot(sleeper...)
}

// A program that is killed leaves nothing behind either, and needs no testing package.
func TestKilledProgram(t *testing.T) {
	t.Parallel()
	if err := lab.Available(); err != nil {
		lab.Skip(t, err.Error())
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	victim := exec.Command(exe)
	victim.Args = []string{"lab-victim"}
	out, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	var machine int
	if _, err := fmt.Fscanln(out, &machine); err != nil {
		t.Fatal(err)
	}
	group := cgroupOf(t, machine)
	if err := victim.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = victim.Wait()
	lab.Until(t, patience, "the end of the machine", func() bool {
		_, err := os.Stat(fmt.Sprintf("/proc/%d", machine))
		return os.IsNotExist(err)
	})
	if _, err := os.Stat(group); !os.IsNotExist(err) {
		t.Errorf("the cgroup %s is left: %v", group, err)
	}
}

// victim boots a machine, says its pid and waits to be killed.
func victim() int {
	stand := &standIn{}
	stand.run(func(t lab.T) {
		m := lab.New(t, lab.Options{})
		m.Boot(sleeper...)
		fmt.Println(m.HostPID())
		select {}
	})
	fmt.Println(stand.fatal)
	return 1
}

// standIn is a lab.T without a test.
type standIn struct {
	lab.T // of which nothing else is called
	fatal string
	ends  []func()
}

func (s *standIn) Helper()          {}
func (s *standIn) Cleanup(f func()) { s.ends = append(s.ends, f) }

func (s *standIn) Fatalf(format string, args ...any) {
	s.fatal = fmt.Sprintf(format, args...)
	panic(s)
}

func (s *standIn) run(f func(lab.T)) {
	defer func() {
		if got := recover(); got != nil && got != any(s) {
			panic(got)
		}
		for _, end := range slices.Backward(s.ends) {
			end()
		}
	}()
	f(s)
}
