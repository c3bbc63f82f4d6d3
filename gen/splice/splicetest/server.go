package splicetest

import (
	"encoding/binary"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"testing"
)

// A Server is another program's reader of a format, in one process that answers
// one question after the other: fast enough for a fuzz target's oracle.
type Server struct {
	in  io.WriteCloser
	out io.Reader
}

// serve is the frame of the program: it reads questions, each with its length in
// front, and writes what answer returns as JSON; null where that fails.
const serve = `
import json, struct, sys
def serve(answer):
    while True:
        head = sys.stdin.buffer.read(4)
        if len(head) < 4:
            break
        question = sys.stdin.buffer.read(struct.unpack(">I", head)[0])
        try:
            said = answer(question)
        except Exception:
            said = None
        said = json.dumps(said).encode("ascii")
        sys.stdout.buffer.write(struct.pack(">I", len(said)) + said)
        sys.stdout.buffer.flush()
`

// Serve starts Python with a program that defines answer(question), of bytes.
func Serve(tb testing.TB, python, program string) *Server {
	tb.Helper()
	cmd := exec.Command(python, "-c", serve+program+"\nserve(answer)\n")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})
	return &Server{in: in, out: out}
}

// Ask returns the answer to a question in v, which stays as it is where the
// reader fails.
func (s *Server) Ask(t testing.TB, question []byte, v any) {
	t.Helper()
	frame := append(binary.BigEndian.AppendUint32(nil, uint32(len(question))), question...)
	if _, err := s.in.Write(frame); err != nil {
		t.Fatal(err)
	}
	head := make([]byte, 4)
	if _, err := io.ReadFull(s.out, head); err != nil {
		t.Fatal(err)
	}
	said := make([]byte, binary.BigEndian.Uint32(head))
	if _, err := io.ReadFull(s.out, said); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(said, v); err != nil {
		t.Fatalf("%s: %v", said, err)
	}
}
