package lab

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"sync/atomic"
	"syscall"
	"time"
)

// bootTimeout is generous: a machine takes some tens of milliseconds, but a shared host may stand still for seconds.
const bootTimeout = 30 * time.Second

// errNoNamespaces says that this host cannot make machines.
var errNoNamespaces = errors.New("needs root and namespaces")

// Machine is a running disposable machine. It ends with its test. Its methods fail the test when the machine itself
// breaks, so they belong to the test's goroutine; Do and Spawn return errors instead and may be called from any.
type Machine struct {
	t T
	*system
}

// system is what a machine's copies for subtests have in common.
type system struct {
	control *net.UnixConn
	init    *exec.Cmd
	stderr  *bytes.Buffer // of process 1; read it after init.Wait only
	booted  atomic.Pointer[booted]
}

// New starts a machine. Without root or namespaces the test is skipped (see Need).
func New(t T, options Options) *Machine {
	t.Helper()
	cfg := setup{Programs: options.Programs, Network: options.Network}
	if options.Shell != "" {
		cfg.Shell = Need(t, options.Shell)
	}
	s, err := begin(cfg)
	if errors.Is(err, errNoNamespaces) {
		Skip(t, err.Error())
	}
	if err != nil {
		t.Fatalf("lab: %v", err)
	}
	t.Cleanup(s.End)
	return &Machine{t: t, system: s}
}

// begin starts process 1 and waits until it has made its machine.
func begin(cfg setup) (*system, error) {
	if os.Geteuid() != 0 {
		return nil, fmt.Errorf("%w: user id %d", errNoNamespaces, os.Geteuid())
	}
	control, theirs, err := socketPair(syscall.SOCK_SEQPACKET)
	if err != nil {
		return nil, err
	}
	defer theirs.Close()
	s := &system{control: control, stderr: new(bytes.Buffer)}
	if s.init, err = initCommand(cfg, theirs, s.stderr); err != nil {
		control.Close()
		return nil, err
	}
	if err := s.init.Start(); err != nil {
		control.Close()
		return nil, fmt.Errorf("%w: %w", errNoNamespaces, err)
	}
	answer, err := ready(control)
	if err == nil && answer != readyMessage {
		err = fmt.Errorf("%w: %s", errNoNamespaces, answer)
	}
	if err != nil {
		s.End()
		return nil, fmt.Errorf("cannot start a machine: %w\n%s", err, s.stderr)
	}
	return s, nil
}

// initCommand is this program itself as process 1 of new namespaces. It is started by path, not as /proc/self/exe, which
// would stay a file of the host's mounts that cannot be bound in the machine. No parent-death signal: that follows
// the thread, which the Go runtime may end at will; process 1 ends by itself when the control socket closes.
func initCommand(cfg setup, control *os.File, stderr *bytes.Buffer) (*exec.Cmd, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(cfg)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(exe)
	cmd.Args = []string{"lab-init"}
	cmd.Dir = "/"
	cmd.Env = []string{setupVariable + "=" + string(text)}
	cmd.Stderr = stderr
	cmd.ExtraFiles = []*os.File{control}
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWPID | syscall.CLONE_NEWNS | syscall.CLONE_NEWUTS | syscall.CLONE_NEWIPC,
		Setsid:     true,
	}
	if !cfg.Network {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWNET
	}
	return cmd, nil
}

// ready waits for the one packet in which process 1 says readyMessage, or what it could not set up.
func ready(control *net.UnixConn) (string, error) {
	if err := control.SetReadDeadline(time.Now().Add(bootTimeout)); err != nil {
		return "", err
	}
	answer := make([]byte, 4096)
	n, err := control.Read(answer)
	if err != nil {
		return "", fmt.Errorf("no answer from process 1: %w", err)
	}
	return string(answer[:n]), nil
}

// End ends the machine before its test does; twice is fine. The kernel ends every process of the machine before Wait
// returns, and its mounts with it.
func (s *system) End() {
	// What cannot be shut down in time ends with the machine.
	_ = s.shutdown()
	s.control.Close()
	if s.init.ProcessState != nil {
		return
	}
	// Errors are the expected ones: it is dead, or died of the kill.
	_ = s.init.Process.Kill()
	_ = s.init.Wait()
}

// In is the same machine for a subtest, which then is the one that fails. The machine ends with the outer test.
func (m *Machine) In(t T) *Machine { return &Machine{t: t, system: m.system} }

// HostPID is the pid of the machine's process 1 as the host sees it.
func (s *system) HostPID() int { return s.init.Process.Pid }
