package shell_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// grammarWords are the functions that the scripts of the grammar call: d prints
// its arguments behind the first, each with a NUL behind; lines prints its input.
const grammarWords = `e=E
d() {
    shift
    for d_arg in "$@"; do
        printf '%s\000' "$d_arg"
    done
}
lines() {
    while IFS= read -r d_line; do
        printf '%s\n' "$d_line"
    done
}
`

// loop is what a persistent shell runs behind its functions: it reads the same
// file again for each line of its input.
const loop = `d_end() {
    printf '\001end\n'
}
case ${KSH_VERSION-} in
*MIRBSD*)
    d_end() {
        print -n '\001end\n'
    }
    ;;
esac
cd "$2" || exit
d_file=$1
while IFS= read -r d_go; do
    . "$d_file"
    d_end
done
`

const endOfOutput = "\x01end\n"

// answerTime is how long a shell may take.
const answerTime = 20 * time.Second

// A persistentShell runs one script after the other in one process, which is a
// hundred times as fast as one process for each.
type persistentShell struct {
	argv, args []string
	cmd        *exec.Cmd
	in         io.WriteCloser
	out        *os.File
}

// shellServer runs a script in several shells.
type shellServer struct {
	file   string
	shells []*persistentShell
}

// newShellServer is for scripts of the grammar, in dash, bash and busybox.
func newShellServer(tb testing.TB) *shellServer {
	return newServer(tb, grammarWords, "dash", "bash", "busybox")
}

// newServer starts the shells of those names that are installed, each with the
// functions words.
func newServer(tb testing.TB, words string, names ...string) *shellServer {
	folder := tb.TempDir()
	s := &shellServer{file: filepath.Join(folder, "script")}
	program, empty := filepath.Join(folder, "loop"), filepath.Join(folder, "empty")
	if err := os.WriteFile(program, []byte(words+loop), 0o600); err != nil {
		tb.Fatal(err)
	}
	if err := os.Mkdir(empty, 0o700); err != nil {
		tb.Fatal(err)
	}
	for _, argv := range installed(tb) {
		if slices.Contains(names, argv[0]) {
			s.shells = append(s.shells, &persistentShell{argv: argv, args: []string{program, s.file, empty}})
		}
	}
	tb.Cleanup(func() {
		for _, sh := range s.shells {
			sh.stop()
		}
	})
	return s
}

func (p *persistentShell) start() error {
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	p.out = r
	p.cmd = exec.Command(p.argv[0], append(p.argv[1:len(p.argv):len(p.argv)], p.args...)...)
	p.cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}
	p.cmd.Stdout = w
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return err
	}
	err = p.cmd.Start()
	_ = w.Close()
	return err
}

func (p *persistentShell) stop() {
	if p.cmd == nil {
		return
	}
	_ = p.in.Close()
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
	_ = p.out.Close()
	p.cmd = nil
}

// ask lets the shell begin with the script.
func (p *persistentShell) ask() error {
	if p.cmd == nil {
		if err := p.start(); err != nil {
			return err
		}
	}
	_, err := io.WriteString(p.in, "go\n")
	return err
}

// answer compares what the script prints with want. After a difference the shell
// is started anew.
func (p *persistentShell) answer(want string) error {
	want += endOfOutput
	got, chunk := make([]byte, 0, len(want)), make([]byte, 4096)
	_ = p.out.SetReadDeadline(time.Now().Add(answerTime))
	var err error
	for err == nil && (len(got) < len(want) || !strings.HasSuffix(string(got), endOfOutput)) {
		var n int
		n, err = p.out.Read(chunk)
		if got = append(got, chunk[:n]...); string(got) == want {
			return nil
		}
		if strings.HasSuffix(string(got), endOfOutput) { // most likely that is all
			_ = p.out.SetReadDeadline(time.Now().Add(time.Second))
		}
	}
	p.stop()
	return fmt.Errorf("%s prints %q, want %q (%v)", p.argv[0], bytes.TrimSuffix(got, []byte(endOfOutput)), strings.TrimSuffix(want, endOfOutput), err)
}

// check runs a script in all shells.
func (s *shellServer) check(t testing.TB, script, want string) {
	t.Helper()
	s.checkIn(t, s.shells, script, want)
}

// checkIn runs a script in some of the shells.
func (s *shellServer) checkIn(t testing.TB, shells []*persistentShell, script, want string) {
	t.Helper()
	if err := os.WriteFile(s.file, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, sh := range shells {
		if err := sh.ask(); err != nil {
			sh.stop()
			t.Fatal(sh.argv[0], err)
		}
	}
	for _, sh := range shells {
		if err := sh.answer(want); err != nil {
			t.Errorf("%v\nscript:\n%s", err, script)
		}
	}
}
