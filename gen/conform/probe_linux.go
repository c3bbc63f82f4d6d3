package conform

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"palletgen/gen/lab"
)

// The probe and its child, which are programs of the machines.
const (
	Probe = "palletgen-probe" // palletgen-probe DIR ARG…
	Child = "palletgen-child"
	// daemon is the argument of what the mode fork leaves behind.
	daemon = "daemon"
)

// Programs are the helpers that machines here need; see lab.Enter.
func Programs() lab.Programs { return lab.Programs{Probe: probe, Child: child} }

// What the probe does, as the file DIR/mode says when it starts; a number of milliseconds may follow the word:
//
//	up        listens on DIR/port (when that file is there) and serves until its stop signal; its child dies of TERM
//	late      the same, but begins to listen, and writes DIR/listening, only after that time (a second)
//	deaf      the same, but never listens
//	crash     says why and exits 1 at once
//	flap      the same after that time (300)
//	quit      exits 0 after that time (0)
//	stubborn  up, but ignores TERM, as its child does
//	heir      up, but leaves behind a child that ignores TERM
//	fork      exits 0; a copy in a session of its own goes on for ten seconds, as a daemon does
//	flood     up, after DIR/flood lines of 100 bytes on standard output
//
// It always has one child, in its process group, that outlives it. USR2 makes it exit 1.
// It writes a line "PID NANOSECONDS" to DIR/starts for each start, the name of each signal to DIR/signals, and "end" to
// DIR/ends and NANOSECONDS to DIR/ended when it ends by itself. A second one beside it writes to DIR/overlaps.
func probe() int {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: palletgen-probe DIR [ARG...]")
		return 64
	}
	if len(os.Args) == 3 && os.Args[2] == daemon {
		time.Sleep(10 * time.Second)
		return 0
	}
	p := &probed{dir: os.Args[1]}
	code, err := p.serve()
	if err != nil {
		fmt.Fprintln(os.Stderr, "probe:", err)
		return 1
	}
	return code
}

// probed is a running probe.
type probed struct {
	dir, mode string
	time      time.Duration // of the mode; 0 where it says none
	lock      *os.File
}

// signalNames are the signals that the probe takes note of.
var signalNames = map[os.Signal]string{
	syscall.SIGHUP: "HUP", syscall.SIGTERM: "TERM", syscall.SIGUSR1: "USR1", syscall.SIGUSR2: "USR2",
	syscall.SIGINT: "INT", syscall.SIGQUIT: "QUIT",
}

func (p *probed) serve() (code int, err error) {
	signals := make(chan os.Signal, 16)
	for s := range signalNames {
		signal.Notify(signals, s)
	}
	if err := p.readMode(); err != nil {
		return 0, err
	}
	if err := p.append("starts", fmt.Sprint(os.Getpid(), " ", time.Now().UnixNano())); err != nil {
		return 0, err
	}
	if err := p.alone(); err != nil {
		return 0, err
	}
	fmt.Println("probe: mode", p.mode)
	switch p.mode {
	case "crash":
		return 0, fmt.Errorf("cannot open the store")
	case "flap":
		time.Sleep(p.after(300 * time.Millisecond))
		return 0, fmt.Errorf("cannot keep the store open")
	case "quit":
		time.Sleep(p.after(0))
		return 0, nil
	case "fork":
		return 0, p.fork()
	case "flood":
		if err := p.flood(); err != nil {
			return 0, err
		}
	}
	// The child holds no output: whoever reads that must not wait for it.
	if err := exec.Command("/usr/local/bin/"+Child, p.dir, p.mode).Start(); err != nil {
		return 0, err
	}
	if err := p.listen(); err != nil {
		return 0, err
	}
	return p.obey(signals)
}

// alone takes the lock DIR/alone for as long as the probe runs; where another one has it, that is a line in DIR/overlaps.
func (p *probed) alone() error {
	lock, err := os.OpenFile(filepath.Join(p.dir, "alone"), os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return err
	}
	p.lock = lock // it is closed by the end of the process alone
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return p.append("overlaps", fmt.Sprint(os.Getpid()))
	}
	return nil
}

// obey takes note of signals until one ends it.
func (p *probed) obey(signals <-chan os.Signal) (code int, err error) {
	for s := range signals {
		if err := p.append("signals", signalNames[s]); err != nil {
			return 0, err
		}
		switch {
		case s == syscall.SIGUSR2:
			return 1, nil
		case s != syscall.SIGHUP && s != syscall.SIGUSR1 && p.mode != "stubborn":
			return 0, errors.Join(p.append("ends", "end"), p.append("ended", fmt.Sprint(time.Now().UnixNano())))
		}
	}
	return 0, nil
}

func (p *probed) readMode() error {
	text, err := os.ReadFile(filepath.Join(p.dir, "mode"))
	if err != nil {
		return err
	}
	word, number, timed := strings.Cut(strings.TrimSpace(string(text)), " ")
	p.mode = word
	if !timed {
		return nil
	}
	milliseconds, err := strconv.Atoi(number)
	p.time = time.Duration(milliseconds) * time.Millisecond
	return err
}

func (p *probed) after(otherwise time.Duration) time.Duration {
	if p.time != 0 {
		return p.time
	}
	return otherwise
}

// fork starts what a daemon is after it has forked: the same program, in a session of its own.
func (p *probed) fork() error {
	copied := exec.Command(probePath, p.dir, daemon)
	copied.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	return copied.Start()
}

// flood says a lot.
func (p *probed) flood() error {
	text, err := os.ReadFile(filepath.Join(p.dir, "flood"))
	if err != nil {
		return err
	}
	lines, err := strconv.Atoi(strings.TrimSpace(string(text)))
	for i := range lines {
		fmt.Printf("%-98d.\n", i)
	}
	return err
}

// listen opens the port and accepts whoever comes.
func (p *probed) listen() error {
	if p.mode == "deaf" {
		return nil
	}
	if p.mode == "late" {
		time.Sleep(p.after(time.Second))
	}
	port, err := os.ReadFile(filepath.Join(p.dir, "port"))
	switch {
	case os.IsNotExist(err):
		return p.append("listening", "no port")
	case err != nil:
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+strings.TrimSpace(string(port)))
	if err != nil {
		return err
	}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			conn.Close()
		}
	}()
	return p.append("listening", "listening")
}

// append adds a line to a file. What was on the way when the process is killed is whole, or is not there.
func (p *probed) append(name, line string) error {
	f, err := os.OpenFile(filepath.Join(p.dir, name), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteString(line + "\n")
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}

// child, which is called palletgen-child DIR MODE, sleeps until it is told to end.
func child() int {
	if mode := os.Args[len(os.Args)-1]; mode == "stubborn" || mode == "heir" {
		signal.Ignore(syscall.SIGTERM)
	}
	time.Sleep(time.Hour)
	return 0
}
