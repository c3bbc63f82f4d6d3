package lab

import (
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// requireAll is the environment variable that turns every skip into a failure, so that a run that is meant to be
// complete cannot leave something out in silence.
const requireAll = "PALLETGEN_REQUIRE_ALL"

// Options says what a machine is like. The zero value is a machine with the host's own /bin/sh.
type Options struct {
	Shell    string   // program that /bin/sh is: "dash", "busybox", "bash", …; "" leaves the host's
	Programs []string // names of the helpers (see Enter) to offer as /usr/local/bin/NAME
	Network  bool     // the machine has the host's network instead of one of its own
}

// Enter comes first in the main function of every program that uses machines, since that program also runs as process 1
// of each machine, as each of the helper programs, as tracer and as what answers in a booted machine: then Enter does
// not return.
func Enter(programs Programs) {
	if main, ok := programs[filepath.Base(os.Args[0])]; ok {
		os.Exit(main())
	}
	for variable, main := range map[string]func(setup string) int{
		setupVariable: initMain, bootVariable: bootMain, agentVariable: agentMain, traceVariable: traceMain,
	} {
		if setup, ok := os.LookupEnv(variable); ok {
			os.Exit(main(setup))
		}
	}
}

// Available says why this host cannot make machines; nil is that it can.
func Available() error {
	s, err := begin(setup{})
	if err != nil {
		return err
	}
	s.End()
	return nil
}

// Need returns the path of a program of the host, which is also its path in a machine. Without it the test is
// skipped by name, or fails where PALLETGEN_REQUIRE_ALL=1.
func Need(t T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		Skip(t, "needs the program "+program)
	}
	return path
}

// Until polls done, at first every few milliseconds and then less and less often, and fails the test when it is not true
// in time.
func Until(t T, timeout time.Duration, what string, done func() bool) {
	t.Helper()
	pause := Pauses()
	for deadline := time.Now().Add(timeout); !done(); pause() {
		if time.Now().After(deadline) {
			t.Fatalf("lab: waited %v in vain for: %s", timeout, what)
		}
	}
}

// Pauses returns what is to be called between two polls: it sleeps for five milliseconds, and each time a fourth longer,
// up to sixty: many tests poll at a time, and what they wait for needs the processors more.
func Pauses() func() {
	pause := 4 * time.Millisecond
	return func() {
		pause = min(pause*5/4, 60*time.Millisecond)
		time.Sleep(pause)
	}
}

// Skip leaves a test out for a reason that names what is missing; it fails where PALLETGEN_REQUIRE_ALL=1.
func Skip(t T, reason string) {
	t.Helper()
	if os.Getenv(requireAll) == "1" {
		t.Fatalf("lab: %s (and %s=1 forbids to skip)", reason, requireAll)
	}
	t.Skipf("lab: %s", reason)
}
