package lab

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// executed notes a command, and says whether it counts.
func (t *tracer) executed(argv []string) bool {
	t.report.Execs = append(t.report.Execs, argv)
	if t.waits(argv) {
		return false
	}
	t.report.Points++
	t.moment(AtExec, t.report.Points, func() string { return fmt.Sprintf("the start of %q", argv) })
	return true
}

// argvOf is the arguments of a stopped process.
func argvOf(pid int) []string {
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		return nil
	}
	return strings.Split(strings.TrimSuffix(string(line), "\x00"), "\x00")
}

// waits says whether a command is part of a loop that waits.
func (t *tracer) waits(argv []string) bool {
	line := strings.Join(argv, "\x00")
	if strings.HasPrefix(line, "sleep\x00") {
		t.waiting = true
		return true
	}
	if t.waiting && slices.Contains(t.recent, line) {
		return true
	}
	const most = 4 // commands of one such loop
	t.waiting = false
	t.recent = append(t.recent[max(0, len(t.recent)-most+1):], line)
	return false
}

// changes notes a system call that changes files.
func (t *tracer) changes(pid int) {
	program := name(pid)
	if slices.Contains(t.cfg.Foreign, program) {
		return
	}
	what, ok := changing(pid)
	if !ok {
		return
	}
	t.report.Changes = append(t.report.Changes, program+": "+what)
	t.moment(AtChange, len(t.report.Changes), func() string { return program + ": " + what })
}

// moment kills the command when this is the one. The task that brought it about is stopped: nothing of the command
// can happen between the two.
func (t *tracer) moment(kind Moment, count int, what func() string) {
	if t.cfg.Kill != kind || t.cfg.At != count || t.report.Killed {
		return
	}
	t.report.Killed, t.report.Moment = true, what()
	target := t.leader
	if t.cfg.Group {
		target = -target
	}
	// It fails only when nothing is left to be killed.
	_ = syscall.Kill(target, syscall.SIGKILL)
}

// name is the name of the program that a task runs.
func name(pid int) string {
	if target, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid)); err == nil {
		if base := filepath.Base(target); base != "busybox" {
			return base
		}
	}
	comm, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
	if err != nil {
		return "?"
	}
	return strings.TrimSpace(string(comm))
}
