package upstart_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/upstart"
)

const dumpVariable = "PALLETGEN_TEST_DUMP"

// TestMain plays the service where a job runs the test program: it writes down
// what it was given.
func TestMain(m *testing.M) {
	file := os.Getenv(dumpVariable)
	if file == "" {
		os.Exit(m.Run())
	}
	var given []string
	for i, arg := range os.Args[1:] {
		given = append(given, fmt.Sprintf("arg %d=%s", i, arg))
	}
	for i := 0; ; i++ {
		v, ok := os.LookupEnv(fmt.Sprintf("V%d", i))
		if !ok {
			break
		}
		given = append(given, fmt.Sprintf("V%d=%s", i, v))
	}
	err := os.WriteFile(file+".new", []byte(strings.Join(given, "\x00")), 0o600)
	if err == nil {
		err = os.Rename(file+".new", file)
	}
	if err != nil {
		os.Exit(1)
	}
	os.Exit(0)
}

// TestUpstartPassesEveryByte gives awkward values to a process by way of a job
// of the real upstart, which no current distribution has: it is skipped where
// initctl is not upstart's.
func TestUpstartPassesEveryByte(t *testing.T) {
	initctl := startUpstart(t)
	var conf strings.Builder
	want := []string{"arg 0=--"}
	values := []any{os.Args[0]}
	conf.WriteString("exec % --")
	for i, v := range awkward {
		conf.WriteString(" %")
		want = append(want, fmt.Sprintf("arg %d=%s", i+1, v))
		values = append(values, v)
	}
	conf.WriteString("\n")
	dump := filepath.Join(t.TempDir(), "dump")
	fmt.Fprintf(&conf, "env %s=%s\n", dumpVariable, dump)
	for i, v := range awkward {
		fmt.Fprintf(&conf, "env V%d=%%\n", i)
		want = append(want, fmt.Sprintf("V%d=%s", i, v))
		values = append(values, v)
	}
	job, err := upstart.Splice(marked(conf.String(), values...))
	if err != nil {
		t.Fatal(err)
	}
	initctl("reload-configuration", "all.conf", string(job))
	if out := initctl("start", "", ""); out != "" && !strings.Contains(out, "all") {
		t.Fatal(out)
	}
	for range 100 {
		if text, err := os.ReadFile(dump); err == nil {
			if diff := cmp.Diff(want, strings.Split(string(text), "\x00")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("the job did not run:\n%s\n%s", initctl("status", "", ""), job)
}

// startUpstart runs upstart and returns a function that writes a job file, if one
// is named, and gives a command for the job "all".
func startUpstart(t *testing.T) func(verb, file, text string) string {
	t.Helper()
	dir, initctl := upstartSession(t)
	return func(verb, file, text string) string {
		if file != "" {
			if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if verb == "reload-configuration" {
			return initctl(verb)
		}
		return initctl(verb, "all")
	}
}

// upstartSession runs upstart as a child of the test, and returns the folder of
// its job files and a function that runs initctl.
func upstartSession(t *testing.T) (jobs string, initctl func(args ...string) string) {
	t.Helper()
	version, err := exec.Command("initctl", "--version").Output()
	if err != nil || !strings.Contains(string(version), "upstart") {
		t.Skip("initctl is not upstart's")
	}
	program := ""
	for _, name := range []string{"upstart-init", "/sbin/upstart", "/sbin/init"} {
		if out, err := exec.Command(name, "--version").Output(); err == nil && strings.Contains(string(out), "upstart") {
			program = name
			break
		}
	}
	if program == "" {
		t.Skip("upstart's init is not here")
	}
	dir := t.TempDir()
	for _, name := range []string{"init", "log", "run", "home"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(program, "--user", "--no-dbus", "--no-startup-event", "--no-inherit-env",
		"--confdir="+dir+"/init", "--logdir="+dir+"/log")
	cmd.Env = append(os.Environ(), "XDG_RUNTIME_DIR="+dir+"/run", "HOME="+dir+"/home")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	session := sessionOf(t, fmt.Sprintf("%s/run/upstart/sessions/%d.session", dir, cmd.Process.Pid))
	return dir + "/init", func(args ...string) string {
		cmd := exec.Command("initctl", args...)
		cmd.Env = append(os.Environ(), session)
		out, _ := cmd.CombinedOutput()
		return string(out)
	}
}

// sessionOf waits for the file that names the session's address.
func sessionOf(t *testing.T, file string) string {
	t.Helper()
	for range 100 {
		if f, err := os.Open(file); err == nil {
			lines := bufio.NewScanner(f)
			ok := lines.Scan()
			_ = f.Close()
			if ok && strings.HasPrefix(lines.Text(), "UPSTART_SESSION=") {
				return lines.Text()
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("upstart did not open its session")
	return ""
}
