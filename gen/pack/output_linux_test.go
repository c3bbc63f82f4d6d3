package pack

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// roomEnv names the folder that the test's second process mounts its file
// systems on.
const roomEnv = "PALLETGEN_TEST_ROOM"

// rootEnv is set where the second process is the real root.
const rootEnv = "PALLETGEN_TEST_ROOT"

// TestRealErrors writes to file systems that are full and read-only, and as
// somebody who may not write. A second process does it, in its own mount
// namespace.
func TestRealErrors(t *testing.T) {
	if room := os.Getenv(roomEnv); room != "" {
		inRoom(t, room)
		return
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, "-test.run=^TestRealErrors$", "-test.v")
	cmd.Env = append(os.Environ(), roomEnv+"="+t.TempDir())
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWNS,
		Pdeathsig:  syscall.SIGKILL,
	}
	if uid := os.Getuid(); uid == 0 {
		cmd.Env = append(cmd.Env, rootEnv+"=1")
	} else {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: uid, Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}}
	}
	out, err := cmd.CombinedOutput()
	if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		if os.Getenv("PALLETGEN_REQUIRE_ALL") == "1" {
			t.Fatalf("no namespaces: %v", err)
		}
		t.Skipf("no namespaces: %v", err)
	}
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// inRoom is the second process's part.
func inRoom(t *testing.T, room string) {
	mount(t, "", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, "")
	mount(t, "tmpfs", room, "tmpfs", 0, "size=64k,mode=755")
	old := filepath.Join(room, "b000.tar.gz")
	put(t, old, "old")

	full := func(i int) (Bundle, error) {
		b := sample(fmt.Sprintf("b%03d", i))
		for j := range 10_000 {
			b.Files[4].Data = fmt.Appendf(b.Files[4].Data, "%d ", i*j*j)
		}
		return b, nil
	}
	refused(t, filepath.Join(room, "new", "dist"), full, "no space left on device")
	refused(t, room, full, "no space left on device")
	if got := tree(t, room); len(got) != 1 || got["b000.tar.gz"] != "old" {
		t.Errorf("the full file system holds %d files", len(got))
	}

	mount(t, "", room, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, "size=64k")
	refused(t, room, samples(10), "read-only file system")
	refused(t, filepath.Join(room, "new"), samples(10), "read-only file system")

	if os.Getenv(rootEnv) == "" {
		return // The test of the rights was made without a namespace.
	}
	mount(t, "", room, "", syscall.MS_REMOUNT, "size=64k")
	t.Chdir(room) // the folders above it are closed to others
	if err := syscall.Setuid(65534); err != nil {
		t.Fatal(err)
	}
	refused(t, ".", samples(10), "permission denied")
	refused(t, "new", samples(10), "permission denied")
}

// TestNotWritable is for users; root's turn is in TestRealErrors.
func TestNotWritable(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may write everywhere")
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(dir, 0o755)
	refused(t, dir, samples(10), "permission denied")
	refused(t, filepath.Join(dir, "new"), samples(10), "permission denied")
}

func mount(t *testing.T, source, target, kind string, flags uintptr, data string) {
	t.Helper()
	if err := syscall.Mount(source, target, kind, flags, data); err != nil {
		t.Fatalf("cannot mount on %s: %v", target, err)
	}
}

// refused expects an error that tells why, and one line of it.
func refused(t *testing.T, dir string, bundle func(int) (Bundle, error), why string) {
	t.Helper()
	err := Write(t.Context(), dir, 10, bundle, Options{}, nil)
	if want := "cannot write to " + dir + ": " + why; err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if err != nil && strings.Contains(err.Error(), ".palletgen-") {
		t.Errorf("the error names the temporary folder: %v", err)
	}
}
