package pack

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/diag"
)

// failing is a batch of n bundles of which some cannot be made.
func failing(n int, wrong ...int) func(int) (Bundle, error) {
	return func(i int) (Bundle, error) {
		for _, w := range wrong {
			if i == w {
				return Bundle{}, diag.At(diag.Pos{}, "bundle %03d is wrong", i)
			}
		}
		return samples(n)(i)
	}
}

// TestAllErrors: all errors are reported at once, in order, whoever is first.
func TestAllErrors(t *testing.T) {
	for _, workers := range []int{1, 2, 8} {
		dir := filepath.Join(t.TempDir(), "new", "dist")
		err := Write(t.Context(), dir, 100, failing(100, 3, 50, 99), Options{Workers: workers}, nil)
		want := "bundle 003 is wrong\nbundle 050 is wrong\nbundle 099 is wrong"
		if err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
		if _, err := os.Lstat(filepath.Dir(dir)); err == nil {
			t.Error("the folders that were made for the output are still there")
		}
	}
}

// TestUntouched: an error leaves what was in the output folder.
func TestUntouched(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "b000.tar.gz"), "old")
	put(t, filepath.Join(dir, "mine"), "mine")
	before := tree(t, dir)
	if err := Write(t.Context(), dir, 5, failing(5, 4), Options{}, nil); err == nil {
		t.Fatal("no error")
	}
	if diff := cmp.Diff(before, tree(t, dir)); diff != "" {
		t.Errorf("output folder (-before +after):\n%s", diff)
	}
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestReplace: an existing archive is replaced by another file, so that who
// has it open goes on reading the old one; other files stay.
func TestReplace(t *testing.T) {
	dir := t.TempDir()
	target := filepath.Join(dir, "b000.tar.gz")
	put(t, target, "old")
	put(t, filepath.Join(dir, "mine"), "mine")
	elsewhere := filepath.Join(t.TempDir(), "elsewhere")
	put(t, elsewhere, "elsewhere")
	if err := os.Symlink(elsewhere, filepath.Join(dir, "b001.tar.gz")); err != nil {
		t.Fatal(err)
	}
	open, err := os.Open(target)
	if err != nil {
		t.Fatal(err)
	}
	defer open.Close()

	write(t, dir, 2, samples(2), Options{})
	old := make([]byte, 10)
	if n, _ := open.Read(old); string(old[:n]) != "old" {
		t.Errorf("the open file holds %q", old[:n])
	}
	if got := string(read(t, elsewhere)); got != "elsewhere" {
		t.Errorf("a file outside the output was written: %q", got)
	}
	got := tree(t, dir)
	if len(got) != 3 || got["mine"] != "mine" || got["b000.tar.gz"] == "old" || got["b001.tar.gz"] == "elsewhere" {
		t.Errorf("the output holds %q", got)
	}
}

// TestTargetIsFolder: found before anything is replaced.
func TestTargetIsFolder(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "b000.tar.gz"), "old")
	if err := os.MkdirAll(filepath.Join(dir, "b002.tar.gz", "x"), 0o755); err != nil {
		t.Fatal(err)
	}
	before := tree(t, dir)
	err := Write(t.Context(), dir, 3, samples(3), Options{}, nil)
	if err == nil || !strings.Contains(err.Error(), "b002.tar.gz: it is a folder") {
		t.Errorf("got %v", err)
	}
	if diff := cmp.Diff(before, tree(t, dir)); diff != "" {
		t.Errorf("output folder (-before +after):\n%s", diff)
	}
}

// TestRollback: a rename that fails half way takes the others back.
func TestRollback(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "b001.tar.gz"), "old")
	before := tree(t, dir)
	out, err := openOutput(dir)
	if err != nil {
		t.Fatal(err)
	}
	var results []Result
	for i := range 4 {
		results = append(results, Result{File: out.target(fmt.Sprintf("b%03d", i))})
		if i != 2 { // its rename will fail
			put(t, out.temp(i), "new")
		}
	}
	if err := out.commit(t.Context(), results); err == nil {
		t.Error("no error")
	}
	if err := out.close(false); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff(before, tree(t, dir)); diff != "" {
		t.Errorf("output folder (-before +after):\n%s", diff)
	}
}

func TestOutputIsFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	put(t, file, "text")
	for _, dir := range []string{file, filepath.Join(file, "below", "it")} {
		err := Write(t.Context(), dir, 1, samples(1), Options{}, nil)
		want := fmt.Sprintf("cannot write to %s: %s is a file", dir, file)
		if dir == file {
			want = fmt.Sprintf("cannot write to %s: it is a file", dir)
		}
		if err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
	if got := string(read(t, file)); got != "text" {
		t.Errorf("the file now holds %q", got)
	}
}

func TestCannot(t *testing.T) {
	out := &output{dir: "dist"}
	for _, test := range []struct {
		errno     syscall.Errno
		msg, hint string
	}{
		{syscall.EACCES, "permission denied", "may write to"},
		{syscall.EROFS, "read-only file system", "mounted for writing"},
		{syscall.ENOSPC, "no space left on device", "make room"},
		{syscall.EDQUOT, "disk quota exceeded", "make room"},
		{syscall.EIO, "input/output error", ""},
	} {
		e := out.cannot(&os.PathError{Op: "open", Path: "dist/.palletgen-1/7.tar.gz", Err: test.errno})
		if e.Msg != "cannot write to dist: "+test.msg || !strings.Contains(e.Hint, test.hint) {
			t.Errorf("%d: %q, hint %q", test.errno, e.Msg, e.Hint)
		}
	}
	if e := out.cannot(errors.New("odd")); e.Msg != "cannot write to dist: odd" {
		t.Errorf("got %q", e.Msg)
	}
}

// TestMemory: the bundles of a call do not sit in memory together.
func TestMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("short")
	}
	const n, size = 800, 100_000
	most := uint64(0)
	write(t, t.TempDir(), n, func(i int) (Bundle, error) {
		if i%100 == 0 {
			var stats runtime.MemStats
			runtime.ReadMemStats(&stats)
			most = max(most, stats.HeapInuse)
		}
		return Bundle{Name: fmt.Sprint(i), Files: []File{{"data", 0o644, make([]byte, size)}}}, nil
	}, Options{Workers: 1})
	if most > 32<<20 {
		t.Errorf("%d MiB in use for %d bundles of %d bytes", most>>20, n, size)
	}
}
