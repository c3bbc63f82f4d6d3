package lab

import (
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
)

// How a test talks to process 1 of its machine.
//
// One packet socket leads there. For each thing to do a packet with four descriptors is sent: a stream of its own, on
// which one request and its replies go as gob (strings are bytes there: every value arrives as it is), and the
// standard input, output and error of what is done. Closing the packet socket ends the machine. A booted machine has a
// second such socket, to an agent inside.

// The operations of a request.
const (
	opRun      = "run"      // start Argv; first reply when it runs, second when it ended
	opBoot     = "boot"     // the same with a system of which Argv is process 1; standard input is its control socket
	opPut      = "put"      // unpack the tar archive on standard input below /
	opGet      = "get"      // copy the file Argv[0] to standard output
	opList     = "list"     // reply with the processes
	opContinue = "continue" // continue every stopped process
	opChanged  = "changed"  // reply with the files that are not the host's
)

// request is the first message on a stream.
type request struct {
	Op   string
	Argv []string
	Env  []string // complete, NAME=value
	Dir  string
}

// order is every further message from the test for a running process.
type order struct {
	Signal int
	Group  bool // to the whole process group
}

// reply is every message from process 1.
type reply struct {
	PID       int // as seen inside
	Code      int // exit code; 128 + signal when killed
	Signal    int // 0 when it exited by itself
	Err       string
	Processes []ProcessInfo
	Files     []FileInfo
}

// descriptors of a packet, in this order.
const (
	fdStream = iota
	fdStdin
	fdStdout
	fdStderr
	fdCount
)

// socketPair returns two connected sockets of a type, neither inherited by children.
func socketPair(kind int) (ours *net.UnixConn, theirs *os.File, err error) {
	fds, err := syscall.Socketpair(syscall.AF_UNIX, kind|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("cannot make a socket pair: %w", err)
	}
	theirs = os.NewFile(uintptr(fds[1]), "theirs")
	ours, err = unixConn(os.NewFile(uintptr(fds[0]), "ours"))
	if err != nil {
		theirs.Close()
		return nil, nil, err
	}
	return ours, theirs, nil
}

// unixConn turns a descriptor into a connection and closes the descriptor.
func unixConn(f *os.File) (*net.UnixConn, error) {
	defer f.Close()
	conn, err := net.FileConn(f)
	if err != nil {
		return nil, fmt.Errorf("cannot use a socket: %w", err)
	}
	unix, ok := conn.(*net.UnixConn)
	if !ok {
		conn.Close()
		return nil, fmt.Errorf("cannot use a socket: it is a %T", conn)
	}
	return unix, nil
}

// sendDescriptors sends one packet with the descriptors of one request.
func sendDescriptors(conn *net.UnixConn, files [fdCount]*os.File) error {
	var fds [fdCount]int
	for i, f := range files {
		fds[i] = int(f.Fd())
	}
	_, _, err := conn.WriteMsgUnix([]byte{fdCount}, syscall.UnixRights(fds[:]...), nil)
	return err
}

// receiveDescriptors waits for one packet; an error also when the other side has gone.
func receiveDescriptors(conn *net.UnixConn) (files [fdCount]*os.File, err error) {
	buf, control := make([]byte, 1), make([]byte, syscall.CmsgSpace(4*fdCount))
	n, controlLen, _, _, err := conn.ReadMsgUnix(buf, control)
	if err != nil {
		return files, err
	}
	if n == 0 {
		return files, io.EOF
	}
	messages, err := syscall.ParseSocketControlMessage(control[:controlLen])
	if err != nil {
		return files, err
	}
	var fds []int
	if len(messages) == 1 {
		fds, err = syscall.ParseUnixRights(&messages[0])
	}
	if err != nil {
		return files, err
	}
	if len(fds) != fdCount {
		return files, fmt.Errorf("%d descriptors in %d messages, want %d", len(fds), len(messages), fdCount)
	}
	for i, fd := range fds {
		files[i] = os.NewFile(uintptr(fd), "passed")
	}
	return files, nil
}
