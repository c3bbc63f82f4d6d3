package behaviour

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// The services of these tests, programs of the machines (see TestMain).
const (
	serverName = "lab-server" // lab-server DIR ARG…
	childName  = "lab-child"
)

// What lab-server does, as the file DIR/mode says when it starts:
//
//	up        listens on DIR/port (when that file is there) and serves until its stop signal; its child dies of TERM
//	late      the same, but listens only after a second
//	deaf      the same, but never listens
//	crash     says why and exits 1 at once
//	flap      the same after 300 milliseconds
//	stubborn  up, but ignores TERM, as its child does
//	heir      up, but leaves behind a child that ignores TERM
//
// It always has one child, lab-child, in its process group, that outlives it.
// It writes what it was given to DIR/args and DIR/environ (each value ended by NUL, as in /proc), and a line to
// DIR/starts for each start and to DIR/signals for each signal.
func server() int {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: lab-server DIR [ARG...]")
		return 64
	}
	dir := os.Args[1]
	mode, err := os.ReadFile(filepath.Join(dir, "mode"))
	if err == nil {
		err = serve(dir, strings.TrimSpace(string(mode)))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "lab-server:", err)
		return 1
	}
	return 0
}

// signalNames are the signals that lab-server takes note of.
var signalNames = map[os.Signal]string{
	syscall.SIGHUP: "HUP", syscall.SIGTERM: "TERM", syscall.SIGUSR1: "USR1", syscall.SIGINT: "INT", syscall.SIGQUIT: "QUIT",
}

func serve(dir, mode string) error {
	signals := make(chan os.Signal, 16)
	for s := range signalNames {
		signal.Notify(signals, s)
	}
	if err := writeGiven(dir); err != nil {
		return err
	}
	if err := appendLine(filepath.Join(dir, "starts"), fmt.Sprint(os.Getpid())); err != nil {
		return err
	}
	fmt.Println("lab-server: mode", mode)
	switch mode {
	case "crash":
		return fmt.Errorf("cannot open the store")
	case "flap":
		time.Sleep(300 * time.Millisecond)
		return fmt.Errorf("cannot keep the store open")
	}
	child := exec.Command("/usr/local/bin/"+childName, dir, mode)
	if err := child.Start(); err != nil {
		return err
	}
	if err := listen(dir, mode); err != nil {
		return err
	}
	for s := range signals {
		if err := appendLine(filepath.Join(dir, "signals"), signalNames[s]); err != nil {
			return err
		}
		if s != syscall.SIGHUP && s != syscall.SIGUSR1 && mode != "stubborn" {
			return nil
		}
	}
	return nil
}

// child, which is called lab-child DIR MODE, sleeps until it is told to end.
func child() int {
	if mode := os.Args[len(os.Args)-1]; mode == "stubborn" || mode == "heir" {
		signal.Ignore(syscall.SIGTERM)
	}
	time.Sleep(time.Hour)
	return 0
}

// listen opens the port and accepts whoever comes.
func listen(dir, mode string) error {
	port, err := os.ReadFile(filepath.Join(dir, "port"))
	if os.IsNotExist(err) || mode == "deaf" {
		return nil
	}
	if mode == "late" {
		time.Sleep(time.Second)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+strings.TrimSpace(string(port)))
	if err != nil {
		return err
	}
	if err := appendLine(filepath.Join(dir, "listening"), "listening"); err != nil {
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
	return nil
}

// writeGiven copies what the kernel says the process was given: Go's own lists leave out what is odd.
func writeGiven(dir string) error {
	for name, source := range map[string]string{"args": "/proc/self/cmdline", "environ": "/proc/self/environ"} {
		data, err := os.ReadFile(source)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func appendLine(name, line string) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = fmt.Fprintln(f, line)
	return err
}
