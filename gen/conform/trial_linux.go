package conform

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
)

// A trial is one check under way. It stands in for a test where package lab wants one.
type trial struct {
	mu       sync.Mutex
	done     []string // what was done so far, and what came of it
	failures []string
	skipped  string
	note     string // what the check wants to be told where it is ok
	cleanups []func()
}

// during calls f, which Fatalf and Skipf may end.
func (t *trial) during(f func()) {
	var one sync.WaitGroup
	one.Go(f) // a goroutine of its own, which Goexit may end
	one.Wait()
}

// clean ends what belongs to the trial.
func (t *trial) clean() {
	for i := len(t.cleanups) - 1; i >= 0; i-- {
		t.cleanups[i]()
	}
	t.cleanups = nil
}

func (t *trial) Helper() {}

// Logf takes note of something that was done.
func (t *trial) Logf(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.done = append(t.done, fmt.Sprintf(format, args...))
}

func (t *trial) Errorf(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.failures = append(t.failures, fmt.Sprintf(format, args...))
}

func (t *trial) Fatalf(format string, args ...any) {
	t.Errorf(format, args...)
	runtime.Goexit()
}

func (t *trial) Skipf(format string, args ...any) {
	t.mu.Lock()
	t.skipped = fmt.Sprintf(format, args...)
	t.mu.Unlock()
	runtime.Goexit()
}

func (t *trial) Failed() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.failures) > 0
}

func (t *trial) Cleanup(f func()) { t.cleanups = append(t.cleanups, f) }

// told is how many of the last things that were done are shown with a failure.
const told = 8

// details tells what failed, and what was done before.
func (t *trial) details() string {
	var b strings.Builder
	for _, failure := range t.failures {
		fmt.Fprintf(&b, "%s\n", failure)
	}
	if len(t.done) > 0 {
		fmt.Fprintf(&b, "what was done:\n")
	}
	for _, line := range t.done[max(0, len(t.done)-told):] {
		fmt.Fprintf(&b, "%s\n", indent(line, 2))
	}
	return b.String()
}
