package lab

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Moment says when a traced command is killed.
type Moment string

// The moments. A command counts from its execve on, whoever of the traced process tree made it. Not counted are the
// traced command itself, and sleep with the commands that are repeated after it, as in a loop that waits: how often it
// goes round differs from run to run.
const (
	Never    Moment = ""
	AfterEnd Moment = "end"   // the At-th command to end has done everything, and its parent does not know yet
	AtExec   Moment = "exec"  // the At-th command is there, and has done nothing yet
	AtChange Moment = "write" // the At-th system call that changes files is about to be made; counts those of every process but of Foreign programs
)

// Trace says what is done to a traced command.
type Trace struct {
	Kill    Moment
	At      int      // 1 is the first
	Group   bool     // SIGKILL for the whole process group, not for the command alone
	Foreign []string // names of programs whose system calls are no moments of AtChange: they are killed before or after
}

// TraceReport is what was seen.
type TraceReport struct {
	Execs   [][]string // the arguments of each command that was executed, in their order; not the traced command's own
	Points  int        // how many of Execs are counted, see Moment
	Changes []string   // with AtChange: each system call that changes files, "PROGRAM: CALL"
	Killed  bool       // the moment came
	Moment  string     // what was about to happen, or had happened, when it was killed
}

// traceVariable marks a program that is to trace its arguments; its value is a traceSetup as JSON.
const traceVariable = "PALLETGEN_LAB_TRACE"

// traceSetup is what the tracer must know.
type traceSetup struct {
	Trace
	Report string // file for the TraceReport as JSON
}

// RunTraced runs a command as the leader of a session and follows every process that it starts, until it has ended and
// so have all processes of its session; what left the session, as a daemon does, runs on.
func (m *Machine) RunTraced(c Command, trace Trace) (Result, TraceReport) {
	m.t.Helper()
	cfg := traceSetup{Trace: trace, Report: "/run/lab-trace-" + strconv.FormatInt(time.Now().UnixNano(), 36)}
	text, err := json.Marshal(cfg)
	if err != nil {
		m.t.Fatalf("lab: %v", err)
	}
	if c.Env == nil {
		c.Env = DefaultEnv()
	}
	c.Env = append(append([]string{}, c.Env...), traceVariable+"="+string(text))
	c.Argv = append([]string{helperFile}, c.Argv...)
	result := m.RunCommand(c)
	// A process that was born as the tracer ended is left with the stop that tracing begins with.
	if _, _, err := m.builtin(request{Op: opContinue}, strings.NewReader("")); err != nil && len(m.Processes()) > 0 {
		m.t.Fatalf("lab: cannot continue what was traced: %v", err)
	}
	var report TraceReport
	if err := json.Unmarshal([]byte(m.ReadFile(cfg.Report)), &report); err != nil {
		m.t.Fatalf("lab: cannot read what was traced: %v\n%v", err, result)
	}
	return result, report
}

// String is the count, for messages.
func (r TraceReport) String() string {
	return fmt.Sprintf("%d commands, killed %v: %s", len(r.Execs), r.Killed, r.Moment)
}
