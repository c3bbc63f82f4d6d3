package lab

import (
	"errors"
	"fmt"
	"net"
	"syscall"
)

// booted is a system inside a machine that has an init of its own.
type booted struct {
	agent *net.UnixConn // control socket of the agent inside
	init  *Process
}

// Boot starts a command as process 1 of a system inside the machine, as a host's kernel starts its init, with
// container=lab in its environment. From then on the machine's methods act in that system: it has the machine's root, /tmp
// and network, but its own processes and host name, fresh /dev, /proc and /run, a read-only /sys and /proc/sys, and a
// cgroup v2 tree at /sys/fs/cgroup. Boot returns when the command runs, which says nothing about what that has done yet.
// Where the host has no cgroup v2 the test is skipped (see Need).
//
// An init starts whatever the host's own files tell it to, as root: take out of the machine what is not to be started.
// For systemd these are /etc/systemd/system/*.wants, the links in /lib/systemd/system/multi-user.target.wants and the
// generators in /lib/systemd/system-generators, after which a boot takes a tenth of a second; for sysvinit /etc/inittab.
func (m *Machine) Boot(argv ...string) {
	m.t.Helper()
	err := m.boot(argv)
	if errors.Is(err, errNoNamespaces) {
		Skip(m.t, err.Error())
	}
	if err != nil {
		m.t.Fatalf("lab: cannot boot %q: %v", argv, err)
	}
}

// Shutdown ends the booted system: SIGKILL to its process 1, and the kernel ends all others. Then the machine is as it
// was before Boot, but for the files that were written, and can be booted again. Without a booted system it does nothing.
func (m *Machine) Shutdown() {
	m.t.Helper()
	if err := m.shutdown(); err != nil {
		m.t.Fatalf("lab: cannot shut down: %v", err)
	}
}

// Booted says whether there is a booted system whose process 1 has not ended, as it does after a poweroff.
func (s *system) Booted() bool {
	b := s.booted.Load()
	return b != nil && b.init.Running()
}

// Console is what process 1 of the booted system, and whoever has its output, printed so far.
func (s *system) Console() string {
	b := s.booted.Load()
	if b == nil {
		return ""
	}
	stdout, stderr := b.init.Output()
	return stdout + stderr
}

// listener is the socket of whoever answers: the agent of the booted system, or process 1 of the machine.
func (s *system) listener() *net.UnixConn {
	if b := s.booted.Load(); b != nil {
		return b.agent
	}
	return s.control
}

func (s *system) boot(argv []string) error {
	if s.booted.Load() != nil {
		return errors.New("the machine is booted already")
	}
	if len(argv) == 0 {
		return errors.New("an empty command")
	}
	agent, theirs, err := socketPair(syscall.SOCK_SEQPACKET)
	if err != nil {
		return err
	}
	init, err := spawn(s.control, request{Op: opBoot, Argv: argv}, theirs)
	if err != nil {
		agent.Close()
		return fmt.Errorf("%w: %w", errNoNamespaces, err)
	}
	s.booted.Store(&booted{agent: agent, init: init})
	answer, err := ready(agent)
	if err == nil && answer != readyMessage {
		err = errors.New(answer)
	}
	if err != nil {
		err = fmt.Errorf("%w\n%s", err, s.Console())
		return errors.Join(err, s.shutdown())
	}
	return nil
}

func (s *system) shutdown() error {
	b := s.booted.Swap(nil)
	if b == nil {
		return nil
	}
	b.agent.Close()
	// It fails when process 1 ends at this moment; wait tells whatever else is wrong.
	_ = b.init.signal(syscall.SIGKILL, false)
	_, err := b.init.wait(bootTimeout)
	return err
}
