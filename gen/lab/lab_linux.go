package lab

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// requireAll is the environment variable that turns every skip into a failure, so that a run that is meant to be
// complete cannot leave something out in silence.
const requireAll = "PALLETGEN_REQUIRE_ALL"

// Programs are helpers that a test binary offers inside a machine: each function is the main function of the
// program of that name and returns its exit code.
type Programs map[string]func() int

// Options says what a machine is like. The zero value is a machine with the host's own /bin/sh.
type Options struct {
	Shell    string   // program that /bin/sh is: "dash", "busybox", "bash", …; "" leaves the host's
	Programs []string // names of the helpers (see Main) to offer as /usr/local/bin/NAME
	Network  bool     // the machine has the host's network instead of one of its own
}

// Main runs the tests, once. TestMain must call it before it does anything that is meant for the tests alone, since the
// test binary also runs as process 1 of every machine and as each of the helper programs: then Main does not return.
func Main(m *testing.M, programs Programs) {
	if main, ok := programs[filepath.Base(os.Args[0])]; ok {
		os.Exit(main())
	}
	if setup, ok := os.LookupEnv(traceVariable); ok {
		os.Exit(traceMain(setup))
	}
	if setup, ok := os.LookupEnv(setupVariable); ok {
		os.Exit(initMain(setup))
	}
	m.Run() // the testing package keeps its exit code for when TestMain returns
}

// Need returns the path of a program of the host, which is also its path in a machine. Without it the test is
// skipped by name, or fails where PALLETGEN_REQUIRE_ALL=1.
func Need(t testing.TB, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		Skip(t, "needs the program "+program)
	}
	return path
}

// Until polls done every few milliseconds and fails the test when it is not true in time.
func Until(t testing.TB, timeout time.Duration, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(timeout); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("lab: waited %v in vain for: %s", timeout, what)
		}
	}
}

// Skip leaves a test out for a reason that names what is missing; it fails where PALLETGEN_REQUIRE_ALL=1.
func Skip(t testing.TB, reason string) {
	t.Helper()
	if os.Getenv(requireAll) == "1" {
		t.Fatalf("lab: %s (and %s=1 forbids to skip)", reason, requireAll)
	}
	t.Skipf("lab: %s", reason)
}
