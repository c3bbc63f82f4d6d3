package lab

import (
	"bytes"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	// DefaultTimeout is how long a Command may take that names no other time.
	DefaultTimeout = 60 * time.Second
	// holdGrace is how long after its end a command's output may stay open, for children that end with it.
	holdGrace = 500 * time.Millisecond
)

// Command is something to run in a machine.
type Command struct {
	Argv    []string      // Argv[0] without a slash is looked up in the PATH of Env
	Env     []string      // complete environment, NAME=value; nil is DefaultEnv()
	Dir     string        // "" is /
	Stdin   string        // "" is /dev/null
	Timeout time.Duration // 0 is DefaultTimeout; does not bound a Process that was only started
}

// DefaultEnv is the environment of a Command that names none.
func DefaultEnv() []string {
	return []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "TERM=dumb"}
}

// Result is how a command ended.
type Result struct {
	Stdout, Stderr string
	Code           int            // exit code; 128 + Signal when a signal ended it
	Signal         syscall.Signal // 0 when it exited by itself
	Duration       time.Duration
	Held           bool // a process that it left behind still held its output open
}

// String shows everything, for failure messages.
func (r Result) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "exit code %d after %v", r.Code, r.Duration.Round(time.Millisecond))
	if r.Held {
		b.WriteString(", output held open")
	}
	for _, out := range []struct{ name, text string }{{"stdout", r.Stdout}, {"stderr", r.Stderr}} {
		if out.text != "" {
			fmt.Fprintf(&b, "\n%s:\n%s", out.name, strings.TrimSuffix(out.text, "\n"))
		}
	}
	return b.String()
}

// Process is a command that runs in a machine, leader of its own session.
type Process struct {
	PID int // inside the machine

	argv    []string
	started time.Time
	conn    *net.UnixConn
	orders  *gob.Encoder
	done    chan struct{} // closed when result and err are set
	result  Result
	err     error

	stdout, stderr *collector
}

// wait waits for the end of the process, at most as long as said; a process that takes longer is killed with its group.
func (p *Process) wait(timeout time.Duration) (Result, error) {
	select {
	case <-p.done:
		return p.result, p.err
	case <-time.After(timeout):
	}
	err := fmt.Errorf("%q did not end within %v", p.argv, timeout)
	if killErr := p.signal(syscall.SIGKILL, true); killErr != nil {
		err = errors.Join(err, killErr)
	}
	select {
	case <-p.done:
	case <-time.After(bootTimeout):
		err = errors.Join(err, errors.New("nor after SIGKILL"))
	}
	return Result{Stdout: p.stdout.String(), Stderr: p.stderr.String(), Code: -1, Duration: time.Since(p.started)}, err
}

// signal asks process 1 to send a signal; none is sent to a process that has ended.
func (p *Process) signal(sig syscall.Signal, group bool) error {
	select {
	case <-p.done:
		return nil
	default:
		return p.orders.Encode(order{Signal: int(sig), Group: group})
	}
}

// Running says whether the process has not ended yet.
func (p *Process) Running() bool {
	select {
	case <-p.done:
		return false
	default:
		return true
	}
}

// Output is what the process has printed so far.
func (p *Process) Output() (stdout, stderr string) { return p.stdout.String(), p.stderr.String() }

// follow reads the second reply, which says how the process ended, and then what is left of the output.
func (p *Process) follow(replies *gob.Decoder) {
	defer close(p.done)
	defer p.conn.Close()
	var last reply
	if err := replies.Decode(&last); err != nil {
		p.err = fmt.Errorf("lost the machine while %q ran: %w", p.argv, err)
	} else if last.Err != "" {
		p.err = fmt.Errorf("after the end of %q: %s", p.argv, last.Err)
	}
	held := finish(p.stdout, p.stderr)
	p.result = Result{
		Stdout: p.stdout.String(), Stderr: p.stderr.String(),
		Code: last.Code, Signal: syscall.Signal(last.Signal),
		Duration: time.Since(p.started), Held: held,
	}
}

// collector gathers what arrives on a pipe.
type collector struct {
	pipe *os.File
	done chan struct{}
	mu   sync.Mutex
	buf  bytes.Buffer
	held bool // stopped by the deadline, not by the end; valid when done
}

// newCollector returns a collector and the end of its pipe to write to.
func newCollector() (*collector, *os.File, error) {
	var fds [2]int
	if err := syscall.Pipe2(fds[:], syscall.O_CLOEXEC); err != nil {
		return nil, nil, fmt.Errorf("cannot make a pipe: %w", err)
	}
	// Only our end must not block: that is what makes deadlines work. The other end belongs to programs that
	// expect an ordinary pipe.
	if err := syscall.SetNonblock(fds[0], true); err != nil {
		return nil, nil, fmt.Errorf("cannot read a pipe: %w", err)
	}
	c := &collector{pipe: os.NewFile(uintptr(fds[0]), "output"), done: make(chan struct{})}
	go c.gather()
	return c, os.NewFile(uintptr(fds[1]), "output"), nil
}

func (c *collector) gather() {
	defer close(c.done)
	defer c.pipe.Close()
	_, err := io.Copy(c, c.pipe)
	c.held = errors.Is(err, os.ErrDeadlineExceeded)
}

func (c *collector) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.buf.Write(p)
}

func (c *collector) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.buf.String()
}

// finish ends the gathering and says whether somebody still held a pipe.
func finish(collectors ...*collector) (held bool) {
	deadline := time.Now().Add(holdGrace)
	for _, c := range collectors {
		// An error means that the pipe is closed: then gather is at its end anyway.
		_ = c.pipe.SetReadDeadline(deadline)
	}
	for _, c := range collectors {
		<-c.done
		held = held || c.held
	}
	return held
}
