package lab

import (
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"time"
)

// Run runs a command to its end with the default environment and time.
func (m *Machine) Run(argv ...string) Result {
	m.t.Helper()
	return m.RunCommand(Command{Argv: argv})
}

// RunCommand runs a command to its end. One that cannot be started or takes too long fails the test.
func (m *Machine) RunCommand(c Command) Result {
	m.t.Helper()
	result, err := m.Do(c)
	if err != nil {
		m.t.Fatalf("lab: %v\n%v", err, result)
	}
	return result
}

// Do is RunCommand for other goroutines than the test's.
func (m *Machine) Do(c Command) (Result, error) {
	p, err := m.Spawn(c)
	if err != nil {
		return Result{Code: -1}, err
	}
	if c.Timeout == 0 {
		c.Timeout = DefaultTimeout
	}
	return p.wait(c.Timeout)
}

// Start starts a command that runs on beside the test, such as a supervisor. It ends with the machine at the latest.
func (m *Machine) Start(argv ...string) *Process {
	m.t.Helper()
	p, err := m.Spawn(Command{Argv: argv})
	if err != nil {
		m.t.Fatalf("lab: %v", err)
	}
	return p
}

// Wait waits for the end of a started command; taking longer fails the test.
func (m *Machine) Wait(p *Process, timeout time.Duration) Result {
	m.t.Helper()
	result, err := p.wait(timeout)
	if err != nil {
		m.t.Fatalf("lab: %v\n%v", err, result)
	}
	return result
}

// Signal sends a signal to a started command, alone or with its process group.
func (m *Machine) Signal(p *Process, sig syscall.Signal, group bool) {
	m.t.Helper()
	if err := p.signal(sig, group); err != nil {
		m.t.Fatalf("lab: cannot signal %q: %v", p.argv, err)
	}
}

// Spawn is Start for other goroutines than the test's, and for a whole Command.
func (m *Machine) Spawn(c Command) (*Process, error) {
	if len(c.Argv) == 0 {
		return nil, errors.New("cannot run an empty command")
	}
	if c.Env == nil {
		c.Env = DefaultEnv()
	}
	r := request{Op: opRun, Argv: c.Argv, Env: c.Env, Dir: c.Dir}
	return spawn(m.listener(), r, strings.NewReader(c.Stdin))
}

// spawn makes a request that starts something.
func spawn(control *net.UnixConn, r request, stdin io.Reader) (*Process, error) {
	p, replies, err := ask(control, r, stdin)
	if err != nil {
		return nil, err
	}
	var first reply
	if err := replies.Decode(&first); err != nil {
		p.conn.Close()
		return nil, fmt.Errorf("cannot run %q: no answer from the machine: %w", r.Argv, err)
	}
	if first.Err != "" {
		p.conn.Close()
		return nil, fmt.Errorf("cannot run %q: %s", r.Argv, first.Err)
	}
	p.PID = first.PID
	go p.follow(replies)
	return p, nil
}

// ask sends a request to whoever listens, with its descriptors, and starts to gather the output.
func ask(control *net.UnixConn, r request, stdin io.Reader) (*Process, *gob.Decoder, error) {
	conn, theirs, err := socketPair(syscall.SOCK_STREAM)
	if err != nil {
		return nil, nil, err
	}
	p := &Process{argv: r.Argv, started: time.Now(), conn: conn, orders: gob.NewEncoder(conn), done: make(chan struct{})}
	files := [fdCount]*os.File{fdStream: theirs}
	defer closeAll(files[:])
	if files[fdStdin], err = feed(stdin); err != nil {
		return nil, nil, err
	}
	if p.stdout, files[fdStdout], err = newCollector(); err != nil {
		return nil, nil, err
	}
	if p.stderr, files[fdStderr], err = newCollector(); err != nil {
		return nil, nil, err
	}
	if err := sendDescriptors(control, files); err != nil {
		conn.Close()
		return nil, nil, fmt.Errorf("cannot reach the machine: %w", err)
	}
	return p, gob.NewDecoder(conn), p.orders.Encode(r)
}

func closeAll(files []*os.File) {
	for _, f := range files {
		f.Close() // a nil *os.File only returns an error
	}
}

// feed returns a descriptor from which everything of r can be read: a file is its own.
func feed(r io.Reader) (*os.File, error) {
	switch r := r.(type) {
	case *os.File:
		return r, nil
	case *strings.Reader:
		if r.Len() == 0 {
			return os.Open(os.DevNull)
		}
	}
	ours, theirs, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	go func() {
		// An error is the reader's choice: it ended before it had read everything.
		_, _ = io.Copy(theirs, r)
		theirs.Close()
	}()
	return ours, nil
}

// builtin lets the listener itself do something and returns its reply and output.
func (m *Machine) builtin(r request, stdin io.Reader) (reply, string, error) {
	p, replies, err := ask(m.listener(), r, stdin)
	if err != nil {
		return reply{}, "", err
	}
	defer p.conn.Close()
	if err := p.conn.SetReadDeadline(time.Now().Add(DefaultTimeout)); err != nil {
		return reply{}, "", err
	}
	var answer reply
	if err := replies.Decode(&answer); err != nil {
		return reply{}, "", fmt.Errorf("no answer from the machine: %w", err)
	}
	if answer.Err != "" {
		return reply{}, "", errors.New(answer.Err)
	}
	finish(p.stdout, p.stderr)
	return answer, p.stdout.String(), nil
}

// Processes lists the machine's processes, by pid, but process 1 and what answers in a booted machine.
func (m *Machine) Processes() []ProcessInfo {
	m.t.Helper()
	answer, _, err := m.builtin(request{Op: opList}, strings.NewReader(""))
	if err != nil {
		m.t.Fatalf("lab: cannot list the processes: %v", err)
	}
	return answer.Processes
}
