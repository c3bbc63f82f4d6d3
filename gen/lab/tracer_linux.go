package lab

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

// traceGrace is how long processes of a killed command may run on.
const traceGrace = 20 * time.Second

// tracer follows the process tree of one command by ptrace. All of it happens on one thread, as ptrace demands.
type tracer struct {
	cfg    traceSetup
	leader int
	status syscall.WaitStatus // of the leader, when it has ended
	tasks  map[int]*task      // traced threads and processes by id
	ended  int                // commands
	report TraceReport
	resume func(pid, signal int) error // lets a task go on to its next event

	waiting bool     // since the last sleep nothing new was executed
	recent  []string // the last commands that counted
}

// task is one traced thread or process.
type task struct {
	counts bool     // it executed a program that counts
	argv   []string // of that program
	unborn bool     // it has not stopped yet for the first time
}

// traceMain is the main function of a tracer. Its exit code is that of the command.
func traceMain(text string) int {
	runtime.LockOSThread()
	t := tracer{tasks: map[int]*task{}}
	err := json.Unmarshal([]byte(text), &t.cfg)
	if err == nil {
		err = t.start(os.Args[1:])
	}
	if err == nil {
		err = t.follow()
	}
	if err == nil {
		err = t.write()
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "lab: cannot trace %q: %v\n", os.Args[1:], err)
		return 125
	}
	if t.status.Signaled() {
		return 128 + int(t.status.Signal())
	}
	return t.status.ExitStatus()
}

func (t *tracer) write() error {
	data, err := json.Marshal(t.report)
	if err != nil {
		return err
	}
	return os.WriteFile(t.cfg.Report, data, 0o600)
}

// start starts the command, which stops after its first execve.
func (t *tracer) start(argv []string) error {
	env := slices.DeleteFunc(os.Environ(), func(entry string) bool { return strings.HasPrefix(entry, traceVariable+"=") })
	options := syscall.PTRACE_O_TRACEFORK | syscall.PTRACE_O_TRACEVFORK | syscall.PTRACE_O_TRACECLONE |
		syscall.PTRACE_O_TRACEEXEC | syscall.PTRACE_O_TRACEEXIT
	t.resume = syscall.PtraceCont
	if t.cfg.Kill == AtChange {
		options |= syscall.PTRACE_O_TRACESYSGOOD
		t.resume = syscall.PtraceSyscall
	}
	path, err := exec.LookPath(argv[0])
	if err != nil {
		return err
	}
	t.leader, err = syscall.ForkExec(path, argv, &syscall.ProcAttr{
		Env:   env,
		Files: []uintptr{0, 1, 2},
		Sys:   &syscall.SysProcAttr{Ptrace: true, Setsid: true},
	})
	if err != nil {
		return err
	}
	t.task(t.leader).unborn = false
	var status syscall.WaitStatus
	if _, err := wait(t.leader, &status, syscall.WALL); err != nil {
		return err
	}
	if !status.Stopped() {
		return fmt.Errorf("it did not stop: %#x", status)
	}
	if err := syscall.PtraceSetOptions(t.leader, options); err != nil {
		return err
	}
	return t.resume(t.leader, 0)
}

// wait is wait4, which a signal may disturb.
func wait(pid int, status *syscall.WaitStatus, options int) (int, error) {
	for {
		got, err := syscall.Wait4(pid, status, options, nil)
		if err != syscall.EINTR {
			return got, err
		}
	}
}

// follow handles events until the command has ended, and everything of its session. What is left then is let go by
// the end of the tracer.
func (t *tracer) follow() error {
	for t.tasks[t.leader] != nil {
		var status syscall.WaitStatus
		pid, err := wait(-1, &status, syscall.WALL)
		if err != nil {
			return err
		}
		t.handle(pid, status)
	}
	for deadline := time.Now().Add(traceGrace); t.sessionRuns(); {
		if time.Now().After(deadline) {
			return fmt.Errorf("something of its session runs on after %v", traceGrace)
		}
		var status syscall.WaitStatus
		pid, err := wait(-1, &status, syscall.WALL|syscall.WNOHANG)
		if err == syscall.ECHILD {
			return nil
		}
		if err != nil {
			return err
		}
		if pid == 0 {
			time.Sleep(2 * time.Millisecond)
			continue
		}
		t.handle(pid, status)
	}
	return nil
}

// sessionRuns says whether a traced process is still in the session of the command.
func (t *tracer) sessionRuns() bool {
	for pid := range t.tasks {
		if p, err := readProcess(pid); err == nil && p.Session == t.leader {
			return true
		}
	}
	return false
}

// handle handles one event and lets the task go on.
func (t *tracer) handle(pid int, status syscall.WaitStatus) {
	if status.Exited() || status.Signaled() {
		if pid == t.leader {
			t.status = status
		}
		delete(t.tasks, pid)
		return
	}
	if !status.Stopped() {
		return
	}
	now := t.task(pid)
	deliver := 0
	switch cause := status.TrapCause(); {
	case cause == syscall.PTRACE_EVENT_EXEC:
		now.argv = argvOf(pid)
		now.counts = t.executed(now.argv)
	case cause == syscall.PTRACE_EVENT_EXIT:
		if now.counts && pid != t.leader {
			now.counts = false
			t.ended++
			t.moment(AfterEnd, t.ended, func() string { return fmt.Sprintf("the end of %q", now.argv) })
		}
	case status.StopSignal() == syscall.SIGTRAP|0x80: // before and behind every system call
		t.changes(pid)
	case cause > 0: // a birth
		if child, err := syscall.PtraceGetEventMsg(pid); err == nil {
			t.task(int(child))
		}
	case now.unborn && status.StopSignal() == syscall.SIGSTOP: // how the child of a traced process begins
		now.unborn = false
	default:
		deliver = int(status.StopSignal())
	}
	// It fails when the task was killed meanwhile: its end is the next event.
	_ = t.resume(pid, deliver)
}

// task is what is known of a task, which is a new one where nothing is.
func (t *tracer) task(pid int) *task {
	if t.tasks[pid] == nil {
		t.tasks[pid] = &task{unborn: true}
	}
	return t.tasks[pid]
}
