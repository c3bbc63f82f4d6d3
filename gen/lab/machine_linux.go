package lab

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

// bootTimeout is generous: a machine takes some tens of milliseconds, but a shared host may stand still for seconds.
const bootTimeout = 30 * time.Second

// errNoNamespaces says that this host cannot make machines.
var errNoNamespaces = errors.New("needs root and namespaces")

// Machine is a running disposable machine. It ends with its test. Its methods fail the test when the machine itself
// breaks, so they belong to the test's goroutine; Do and Spawn return errors instead and may be called from any.
type Machine struct {
	t       testing.TB
	control *net.UnixConn
	init    *exec.Cmd
	stderr  *bytes.Buffer // of process 1; read it after init.Wait only
}

// New starts a machine. Without root or namespaces the test is skipped (see Need).
func New(t testing.TB, options Options) *Machine {
	t.Helper()
	cfg := setup{Programs: options.Programs, Network: options.Network}
	if options.Shell != "" {
		cfg.Shell = Need(t, options.Shell)
	}
	m, err := boot(cfg)
	if errors.Is(err, errNoNamespaces) {
		Skip(t, err.Error())
	}
	if err != nil {
		t.Fatalf("lab: %v", err)
	}
	m.t = t
	t.Cleanup(m.End)
	return m
}

// boot starts process 1 and waits until it has made its machine.
func boot(cfg setup) (*Machine, error) {
	if os.Geteuid() != 0 {
		return nil, fmt.Errorf("%w: user id %d", errNoNamespaces, os.Geteuid())
	}
	control, theirs, err := socketPair(syscall.SOCK_SEQPACKET)
	if err != nil {
		return nil, err
	}
	defer theirs.Close()
	m := &Machine{control: control, stderr: new(bytes.Buffer)}
	if m.init, err = initCommand(cfg, theirs, m.stderr); err != nil {
		control.Close()
		return nil, err
	}
	if err := m.init.Start(); err != nil {
		control.Close()
		return nil, fmt.Errorf("%w: %w", errNoNamespaces, err)
	}
	if err := m.ready(); err != nil {
		m.End()
		return nil, err
	}
	return m, nil
}

// initCommand is this test binary as process 1 of new namespaces. It is started by path, not as /proc/self/exe, which
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

// ready waits for the one packet in which process 1 says "" or what it could not set up.
func (m *Machine) ready() error {
	if err := m.control.SetReadDeadline(time.Now().Add(bootTimeout)); err != nil {
		return err
	}
	answer := make([]byte, 4096)
	n, err := m.control.Read(answer)
	switch {
	case err != nil:
		m.End()
		return fmt.Errorf("cannot start a machine: no answer from process 1: %w\n%s", err, m.stderr)
	case string(answer[:n]) != readyMessage:
		return fmt.Errorf("%w: %s", errNoNamespaces, answer[:n])
	}
	return nil
}

// End ends the machine before its test does; twice is fine. The kernel ends every process of the machine before Wait
// returns, and its mounts with it.
func (m *Machine) End() {
	m.control.Close()
	if m.init.ProcessState != nil {
		return
	}
	// Errors are the expected ones: it is dead, or died of the kill.
	_ = m.init.Process.Kill()
	_ = m.init.Wait()
}

// In is the same machine for a subtest, which then is the one that fails. The machine ends with the outer test.
func (m *Machine) In(t testing.TB) *Machine {
	inner := *m
	inner.t = t
	return &inner
}

// HostPID is the pid of the machine's process 1 as the host sees it.
func (m *Machine) HostPID() int { return m.init.Process.Pid }
