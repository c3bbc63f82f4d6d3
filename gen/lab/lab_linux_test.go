package lab_test

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/lab"
)

func TestMain(m *testing.M) {
	lab.Main(m, lab.Programs{"lab-echo": echoServer, "lab-args": printArgs, "lab-victim": victim})
}

// echoServer listens on the loopback and answers one connection.
func echoServer() int {
	l, err := net.Listen("tcp", "127.0.0.1:5555")
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println("listening")
	conn, err := l.Accept()
	if err != nil {
		return 1
	}
	fmt.Fprintln(conn, "hello")
	conn.Close()
	return 7
}

// printArgs prints its arguments and the environment variable VALUE, each ended by NUL.
func printArgs() int {
	for _, arg := range append(os.Args[1:], os.Getenv("VALUE")) {
		fmt.Print(arg, "\x00")
	}
	return 0
}

func TestMachineIsIsolated(t *testing.T) {
	m := lab.New(t, lab.Options{})
	outside := filepath.Join(t.TempDir(), "outside")
	if err := os.WriteFile(outside, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	marker := "/etc/palletgen-lab-test"
	m.WriteFile(marker, "inside", 0o640)
	m.WriteFile("/tmp/palletgen-lab-test", "inside", 0o600)

	for _, name := range []string{marker, "/tmp/palletgen-lab-test"} {
		if _, err := os.Stat(name); !os.IsNotExist(err) {
			t.Errorf("%s of the machine is on the host: %v", name, err)
		}
	}
	if m.Exists(outside) {
		t.Errorf("%s of the host is in the machine", outside)
	}
	if host, _ := os.Hostname(); host == "lab" {
		t.Error("the machine renamed the host")
	}
	if got := m.Run("cat", "/proc/1/comm", "/proc/sys/kernel/hostname"); got.Stdout != "lab.test\nlab\n" {
		t.Errorf("process 1 and host name: %v", got)
	}
	interfaces := strings.Count(m.ReadFile("/proc/net/dev"), ":")
	if interfaces != 1 {
		t.Errorf("%d network interfaces, want lo alone", interfaces)
	}
	var points []string
	for line := range strings.Lines(m.ReadFile("/proc/self/mounts")) {
		points = append(points, strings.Fields(line)[1])
	}
	slices.Sort(points)
	want := strings.Fields("/ /dev /dev/full /dev/null /dev/pts /dev/random /dev/shm /dev/tty /dev/urandom /dev/zero /proc /run /run/lab /tmp")
	if diff := cmp.Diff(want, points); diff != "" {
		t.Errorf("mounts (-want +got):\n%s", diff)
	}
}

func TestMountsStayInside(t *testing.T) {
	before := mounts(t)
	m := lab.New(t, lab.Options{})
	m.Run("mount", "-t", "tmpfs", "tmpfs", "/mnt")
	if diff := cmp.Diff(before, mounts(t)); diff != "" {
		t.Errorf("the host's mounts changed (-before +after):\n%s", diff)
	}
}

func mounts(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestShellIsChosen(t *testing.T) {
	// What only this shell does when it is called sh.
	tests := map[string]struct{ script, want string }{
		"dash":    {`echo "${BASH_VERSION-none}" '\t' | tr -d '\n'; readlink -f /proc/$$/exe`, "none \tPATH"},
		"busybox": {`readlink -f /proc/$$/exe`, "PATH"},
		"bash":    {`echo "${BASH_VERSION%%.*}" "$SHELLOPTS" | grep -o posix; readlink -f /proc/$$/exe`, "posix\nPATH"},
	}
	for shell, test := range tests {
		t.Run(shell, func(t *testing.T) {
			path, err := filepath.EvalSymlinks(lab.Need(t, shell))
			if err != nil {
				t.Fatal(err)
			}
			m := lab.New(t, lab.Options{Shell: shell})
			m.WriteFile("/root/script", "#!/bin/sh\n"+test.script, 0o755)
			got := m.Run("/root/script")
			if want := strings.Replace(test.want, "PATH", path, 1) + "\n"; got.Stdout != want {
				t.Errorf("/bin/sh is not %s, want %q: %v", shell, want, got)
			}
		})
	}
}

func TestRunReportsTheEnd(t *testing.T) {
	m := lab.New(t, lab.Options{})
	tests := map[string]struct {
		command lab.Command
		want    lab.Result
	}{
		"exit code": {
			lab.Command{Argv: []string{"sh", "-c", "echo out; echo err >&2; exit 3"}},
			lab.Result{Stdout: "out\n", Stderr: "err\n", Code: 3},
		},
		"signal": {
			lab.Command{Argv: []string{"sh", "-c", "kill -TERM $$"}},
			lab.Result{Code: 143, Signal: syscall.SIGTERM},
		},
		"standard input": {
			lab.Command{Argv: []string{"cat"}, Stdin: "a\nb"},
			lab.Result{Stdout: "a\nb"},
		},
		"folder and environment": {
			lab.Command{Argv: []string{"/bin/sh", "-c", "pwd; env"}, Dir: "/usr", Env: []string{"X=1"}},
			lab.Result{Stdout: "/usr\nX=1\n"},
		},
		"nothing inherited": {
			lab.Command{Argv: []string{"sh", "-c", "pwd; echo $HOME; trap; ls /proc/self/fd; grep SigIgn /proc/self/status"}},
			lab.Result{Stdout: "/\n/root\n0\n1\n2\n3\nSigIgn:\t0000000000000000\n"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := m.RunCommand(test.command)
			got.Duration = 0
			got.Stdout = strings.ReplaceAll(got.Stdout, "PWD=/usr\n", "") // some shells export it
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestOutputHeldOpenIsReported(t *testing.T) {
	m := lab.New(t, lab.Options{})
	got := m.Run("sh", "-c", "sleep 1000 & echo done")
	if !got.Held || got.Stdout != "done\n" || got.Duration > 20*time.Second {
		t.Errorf("a command whose child holds its output: %v", got)
	}
}

func TestTimeoutKillsTheGroup(t *testing.T) {
	m := lab.New(t, lab.Options{})
	got, err := m.Do(lab.Command{
		Argv:    []string{"sh", "-c", "sleep 1001 & echo begun; wait"},
		Timeout: 100 * time.Millisecond,
	})
	if err == nil || !strings.Contains(err.Error(), "did not end within 100ms") || got.Stdout != "begun\n" {
		t.Errorf("got error %v, %v", err, got)
	}
	lab.Until(t, 10*time.Second, "the end of the group", func() bool { return len(m.Processes()) == 0 })
}

func TestProgramsThatCannotStart(t *testing.T) {
	m := lab.New(t, lab.Options{})
	for _, argv := range [][]string{{"no-such-program"}, {"/etc/passwd"}, {}} {
		if got, err := m.Do(lab.Command{Argv: argv}); err == nil {
			t.Errorf("%q started: %v", argv, got)
		}
	}
}

func TestProcessesEndWithTheMachine(t *testing.T) {
	var hostPID int
	t.Run("machine", func(t *testing.T) {
		m := lab.New(t, lab.Options{})
		hostPID = m.HostPID()
		m.Start("setsid", "sh", "-c", "trap '' TERM HUP; while :; do sleep 1000; done")
		m.Run("sh", "-c", "setsid sleep 1002 >/dev/null 2>&1 &")
		lab.Until(t, 10*time.Second, "three processes", func() bool { return len(m.Processes()) >= 3 })
	})
	if hostPID == 0 {
		t.Skip("no machine could be started, see above")
	}
	if err := syscall.Kill(hostPID, 0); err != syscall.ESRCH {
		t.Errorf("process 1 (pid %d) is still there: %v", hostPID, err)
	}
}

func TestStartedProcess(t *testing.T) {
	m := lab.New(t, lab.Options{})
	p := m.Start("sh", "-c", `trap 'echo got; exit 5' USR1; echo up; while :; do sleep 0.01; done`)
	lab.Until(t, 10*time.Second, "up", func() bool { out, _ := p.Output(); return out == "up\n" })
	if !p.Running() {
		t.Fatal("it ended by itself")
	}
	listed := slices.ContainsFunc(m.Processes(), func(i lab.ProcessInfo) bool {
		return i.PID == p.PID && i.Parent == 1 && i.Group == p.PID && i.Args[0] == "sh"
	})
	if !listed {
		t.Errorf("pid %d is not among %v", p.PID, m.Processes())
	}
	m.Signal(p, syscall.SIGUSR1, false)
	if got := m.Wait(p, 10*time.Second); got.Code != 5 || got.Stdout != "up\ngot\n" {
		t.Errorf("after SIGUSR1: %v", got)
	}
	m.Signal(p, syscall.SIGKILL, true) // no effect, no error
}

func TestOrphansAreReaped(t *testing.T) {
	m := lab.New(t, lab.Options{})
	m.Run("sh", "-c", "for i in 1 2 3 4 5; do (sleep 0.05 >/dev/null 2>&1 &) ; done")
	lab.Until(t, 10*time.Second, "no process, no zombie", func() bool { return len(m.Processes()) == 0 })
}

func TestFilesAreCopiedExactly(t *testing.T) {
	m := lab.New(t, lab.Options{})
	dir := t.TempDir()
	all := make([]byte, 1<<20)
	for i := range all {
		all[i] = byte(i)
	}
	for name, mode := range map[string]os.FileMode{"run": 0o755, "sub/secret": 0o600} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, all, mode); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("run", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	m.CopyDir(dir, "/srv/a b/copy")
	if m.ReadFile("/srv/a b/copy/link") != string(all) || m.ReadFile("/srv/a b/copy/sub/secret") != string(all) {
		t.Error("the contents changed")
	}
	got := m.RunCommand(lab.Command{Argv: []string{"sh", "-c", "stat -c '%a %u %n' *; stat -c %a sub/secret"}, Dir: "/srv/a b/copy"})
	if want := "777 0 link\n755 0 run\n755 0 sub\n600\n"; got.Stdout != want {
		t.Errorf("modes and owners, want\n%s%v", want, got)
	}
	m.WriteFile("/srv/sticky", "", 0o755|os.ModeSetuid)
	if got := m.Run("stat", "-c", "%a", "/srv/sticky"); got.Stdout != "4755\n" {
		t.Errorf("set-id bit: %v", got)
	}
}

func TestHelpersRunInside(t *testing.T) {
	m := lab.New(t, lab.Options{Programs: []string{"lab-echo", "lab-args"}})
	p := m.Start("lab-echo")
	lab.Until(t, 10*time.Second, "listening", func() bool { out, _ := p.Output(); return out == "listening\n" })
	if _, err := net.Dial("tcp", "127.0.0.1:5555"); err == nil {
		t.Error("the host reaches the machine's port")
	}
	if got := m.Run("bash", "-c", "cat </dev/tcp/127.0.0.1/5555"); got.Stdout != "hello\n" {
		t.Errorf("the machine does not reach its own port: %v", got)
	}
	if got := m.Wait(p, 10*time.Second); got.Code != 7 {
		t.Errorf("the helper's end: %v", got)
	}

	values := []string{"", "a b", "\xff\n\x01'\"$", strings.Repeat("x", 100_000)}
	got := m.RunCommand(lab.Command{Argv: append([]string{"/usr/local/bin/lab-args"}, values...), Env: []string{"VALUE=\xfe\n"}})
	if want := strings.Join(append(values, "\xfe\n", ""), "\x00"); got.Stdout != want {
		t.Errorf("arguments changed: %.200q", got.Stdout)
	}
}

// BenchmarkMachine measures a machine from its start to its end, with one command.
func BenchmarkMachine(b *testing.B) {
	for b.Loop() {
		m := lab.New(b, lab.Options{})
		m.Run("true")
		m.End()
	}
}

func TestChangedFiles(t *testing.T) {
	t.Parallel()
	m := lab.New(t, lab.Options{})
	m.Run("sh", "-c", `umask 022
mkdir -m 2750 /srv/a; printf hello >/srv/a/file; chown 3:4 /srv/a/file; chmod 4711 /srv/a/file; ln -s nowhere /srv/a/link
rm /etc/hostname; >/tmp/left`)
	var got []string
	for _, f := range m.Changed() {
		got = append(got, f.String())
	}
	want := []string{
		"/etc folder 0755 0:0", "/etc/hostname gone 0000 0:0",
		"/srv folder 0755 0:0", "/srv/a folder 2750 0:0", "/srv/a/file file 4711 3:4 2cf24dba5fb0",
		"/srv/a/link link 0777 0:0 -> nowhere",
		"/tmp folder 1777 0:0", "/tmp/left file 0644 0:0 e3b0c44298fc",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
