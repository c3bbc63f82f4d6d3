package cli_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// TestSameBytes builds the example as another user, with another umask, time
// zone, folder and number of processors, and compares the archives.
func TestSameBytes(t *testing.T) {
	program := buildProgram(t)
	plain, other := t.TempDir(), t.TempDir()
	run(t, exec.Command(program, "build", "-q", "-o", plain))

	if err := os.Chmod(other, 0o777); err != nil {
		t.Fatal(err)
	}
	elsewhere := filepath.Join(other, "another folder")
	if err := os.Mkdir(elsewhere, 0o777); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("/bin/sh", "-c", `umask 077; exec "$0" build -q -o dist`, program)
	cmd.Dir = elsewhere
	cmd.Env = []string{"TZ=Asia/Kathmandu", "GOMAXPROCS=1", "LANG=tr_TR.UTF-8", "HOME=/nonexistent"}
	if os.Getuid() == 0 {
		const nobody = 65534
		if err := os.Chown(elsewhere, nobody, nobody); err != nil {
			t.Fatal(err)
		}
		openPath(t, elsewhere)
		openPath(t, program)
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	run(t, cmd)

	for _, archive := range archives(t, plain) {
		want, err := os.ReadFile(archive)
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(elsewhere, "dist", filepath.Base(archive)))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(want, got) {
			t.Errorf("%s differs", filepath.Base(archive))
		}
	}
}

// openPath lets other users reach a file below the test's temporary folder.
func openPath(t *testing.T, path string) {
	t.Helper()
	for dir := filepath.Dir(path); dir != os.TempDir() && dir != "/" && dir != "."; dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

func run(t testing.TB, cmd *exec.Cmd) {
	t.Helper()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, out)
	}
}

// buildProgram compiles palletgen as users do.
func buildProgram(t testing.TB) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "palletgen")
	cmd := exec.Command("go", "build", "-o", program, ".")
	cmd.Dir = root(t)
	run(t, cmd)
	return program
}
