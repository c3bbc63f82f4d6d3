package lab

import (
	"encoding/gob"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

const (
	// setupVariable marks a program that is to be process 1; its value is a setup as JSON.
	setupVariable = "PALLETGEN_LAB_INIT"
	// readyMessage is the packet that says that a machine is up.
	readyMessage = "ready"
	// controlFD is where process 1 finds its control socket.
	controlFD = 3
)

// setup is what process 1 must know to make its machine.
type setup struct {
	Shell    string   // program that /bin/sh shall be, or ""
	Programs []string // helpers
	Network  bool     // the host's network
}

// machineInit starts what the test asks for and reaps whatever dies: as process 1 of a machine, or as the agent of a
// booted one, who reaps only what it has started.
type machineInit struct {
	mu       sync.Mutex // held from the fork to the entry in children, so that no exit is missed
	children map[int]chan<- syscall.WaitStatus
	upper    *os.Root // what differs from the host; no path leads there

	booted     sync.Mutex // held while a system is booted
	cgroups    *os.Root   // where it has its cgroup; no path leads there
	cgroupsErr error      // why there is none
}

// initMain is the main function of process 1. It never returns while the test is there.
func initMain(text string) int {
	control, err := inherit()
	if err != nil {
		fmt.Fprintf(os.Stderr, "lab: %v\n", err)
		return 1
	}
	var cfg setup
	if err := json.Unmarshal([]byte(text), &cfg); err != nil {
		fmt.Fprintf(os.Stderr, "lab: cannot read the setup: %v\n", err)
		return 1
	}
	init := &machineInit{}
	message := readyMessage
	if err := init.makeMachine(cfg); err != nil {
		message = err.Error()
	}
	if _, err := control.Write([]byte(message)); err != nil || message != readyMessage {
		return 1
	}
	init.listen(control)
	init.end()
	return 0
}

// inherit takes what process 1 or an agent was started with.
func inherit() (control *net.UnixConn, err error) {
	if control, err = unixConn(os.NewFile(controlFD, "control")); err != nil {
		return nil, err
	}
	// Caught, not ignored: what is ignored, its children would ignore too.
	caught := make(chan os.Signal, 1)
	signal.Notify(caught, syscall.SIGHUP, syscall.SIGINT, syscall.SIGQUIT, syscall.SIGTERM)
	return control, keepDescriptors()
}

// listen answers requests until the test has ended.
func (i *machineInit) listen(control *net.UnixConn) {
	i.children = map[int]chan<- syscall.WaitStatus{}
	deaths := make(chan os.Signal, 1)
	signal.Notify(deaths, syscall.SIGCHLD)
	go i.reap(deaths)
	for {
		files, err := receiveDescriptors(control)
		if err != nil {
			return
		}
		go i.serve(files)
	}
}

// keepDescriptors keeps from the machine's programs what the test itself inherited, such as the pipes of a build tool:
// a service that holds one of them would hang whoever waits for its end.
func keepDescriptors() error {
	entries, err := os.ReadDir("/proc/self/fd")
	for _, entry := range entries {
		if fd, err := strconv.Atoi(entry.Name()); err == nil && fd >= controlFD {
			syscall.CloseOnExec(fd)
		}
	}
	if err != nil {
		return fmt.Errorf("cannot look at the open files: %w", err)
	}
	return nil
}

// reap collects every dead process, of which most are orphans, and passes on how the commands of the test ended.
func (i *machineInit) reap(deaths <-chan os.Signal) {
	for range deaths {
		i.mu.Lock()
		for {
			var status syscall.WaitStatus
			pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
			if err == syscall.EINTR {
				continue
			}
			if err != nil || pid <= 0 {
				break
			}
			if ended, ok := i.children[pid]; ok {
				delete(i.children, pid)
				ended <- status
			}
		}
		i.mu.Unlock()
	}
}

// serve answers one request.
func (i *machineInit) serve(files [fdCount]*os.File) {
	stream, err := unixConn(files[fdStream])
	if err != nil {
		closeAll(files[fdStdin:])
		return
	}
	defer stream.Close()
	requests, replies := gob.NewDecoder(stream), gob.NewEncoder(stream)
	var r request
	if err := requests.Decode(&r); err != nil {
		closeAll(files[fdStdin:])
		return
	}
	switch r.Op {
	case opRun:
		i.run(i.start, r, files, requests, replies)
		return
	case opBoot:
		i.run(i.boot, r, files, requests, replies)
		return
	}
	answer, err := i.builtin(r, files[fdStdin], files[fdStdout])
	if err != nil {
		answer.Err = err.Error()
	}
	closeAll(files[fdStdin:])
	// The other side may have given up: nothing to tell then.
	_ = replies.Encode(answer)
}

// starter starts what a request asks for. What it returns waits for the end of that, and of all that belongs to it.
type starter func(r request, files [fdCount]*os.File) (pid int, wait func() (syscall.WaitStatus, error), err error)

// run starts something, says so, follows orders meanwhile, and says how it ended.
func (i *machineInit) run(start starter, r request, files [fdCount]*os.File, orders *gob.Decoder, replies *gob.Encoder) {
	pid, wait, err := start(r, files)
	closeAll(files[fdStdin:])
	if err != nil {
		_ = replies.Encode(reply{Err: err.Error()})
		return
	}
	_ = replies.Encode(reply{PID: pid})
	go i.obey(pid, orders)
	status, err := wait()
	last := reply{PID: pid, Code: status.ExitStatus()}
	if status.Signaled() {
		last.Signal = int(status.Signal())
		last.Code = 128 + last.Signal
	}
	if err != nil {
		last.Err = err.Error()
	}
	_ = replies.Encode(last)
}

// start starts a command.
func (i *machineInit) start(r request, files [fdCount]*os.File) (pid int, wait func() (syscall.WaitStatus, error), err error) {
	argv0, err := lookPath(r.Argv[0], r.Env)
	if err != nil {
		return 0, nil, err
	}
	if r.Dir == "" {
		r.Dir = "/"
	}
	pid, ended, err := i.fork(argv0, r.Argv, &syscall.ProcAttr{
		Dir:   r.Dir,
		Env:   r.Env,
		Files: []uintptr{files[fdStdin].Fd(), files[fdStdout].Fd(), files[fdStderr].Fd()},
		Sys:   &syscall.SysProcAttr{Setsid: true},
	})
	return pid, func() (syscall.WaitStatus, error) { return <-ended, nil }, err
}

// fork forks and execs. Not os/exec: its Wait and reap would take each other's children.
func (i *machineInit) fork(argv0 string, argv []string, attributes *syscall.ProcAttr) (pid int, ended <-chan syscall.WaitStatus, err error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if pid, err = syscall.ForkExec(argv0, argv, attributes); err != nil {
		return 0, nil, fmt.Errorf("%s: %w", argv0, err)
	}
	status := make(chan syscall.WaitStatus, 1)
	i.children[pid] = status
	return pid, status, nil
}

// lookPath finds a program in the PATH that the program itself will have.
func lookPath(name string, env []string) (string, error) {
	if strings.Contains(name, "/") {
		return name, nil
	}
	for _, entry := range env {
		if list, ok := strings.CutPrefix(entry, "PATH="); ok {
			for _, dir := range filepath.SplitList(list) {
				if file, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
					return file, nil
				}
			}
		}
	}
	return "", fmt.Errorf("%s: not found in PATH", name)
}

// obey sends signals to a running child as told. The lock keeps the pid from being reaped, and so from being reused.
func (i *machineInit) obey(pid int, orders *gob.Decoder) {
	for {
		var o order
		if err := orders.Decode(&o); err != nil {
			return
		}
		target := pid
		if o.Group {
			target = -pid
		}
		i.mu.Lock()
		if _, running := i.children[pid]; running {
			// Fails only when it is dead and not reaped yet.
			_ = syscall.Kill(target, syscall.Signal(o.Signal))
		}
		i.mu.Unlock()
	}
}
