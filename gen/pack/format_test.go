package pack

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// one is a bundle function for a single bundle.
func one(b Bundle) func(int) (Bundle, error) {
	return func(int) (Bundle, error) { return b, nil }
}

// words is a format that lists the paths.
var words = Other("words", ".words", 0o777, func(w io.Writer, b Bundle, digest string) error {
	for _, f := range b.Files {
		if strings.Contains(f.Path, "bad") {
			return fmt.Errorf("%s has a bad file", b.Name)
		}
		fmt.Fprintln(w, f.Path)
	}
	_, err := fmt.Fprintln(w, digest)
	return err
})

// TestFormats: every format of a bundle in one call, with one digest.
func TestFormats(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0o077))
	dir := t.TempDir()
	when := time.Unix(1700000000, 0)
	results := write(t, dir, 2, samples(2), Options{Time: when, Formats: []Format{Folder, Tar, words, TarGz}})
	var names []string
	for i, r := range results {
		names = append(names, filepath.Base(r.File))
		if want := results[i/4*4+3].Digest; r.Digest != want || r.Size == 0 {
			t.Errorf("%s: digest %s, size %d; want the digest %s of the archive", r.File, r.Digest, r.Size, want)
		}
	}
	want := []string{"b000", "b000.tar", "b000.words", "b000.tar.gz", "b001", "b001.tar", "b001.words", "b001.tar.gz"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("outputs (-want +got):\n%s", diff)
	}
	_, files := Tree(sample("b000"))
	for _, f := range files {
		name := filepath.Join(dir, "b000", f.Path)
		data, err := os.ReadFile(name)
		if err != nil || string(data) != string(f.Data) {
			t.Errorf("%s: %q, %v", name, data, err)
		}
		info, err := os.Stat(name)
		if err != nil || uint32(info.Mode().Perm()) != f.Mode || !info.ModTime().Equal(when) {
			t.Errorf("%s: %v, %v; want mode %o", name, info, err, f.Mode)
		}
	}
	info, err := os.Stat(filepath.Join(dir, "b000", "root"))
	if err != nil || info.Mode().Perm() != 0o755 || !info.ModTime().Equal(when) {
		t.Errorf("a folder: %v, %v", info, err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, ".*")); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

// TestFolderReplaced: a folder that holds a bundle gives way to the next, with all that the next has not.
func TestFolderReplaced(t *testing.T) {
	dir := t.TempDir()
	b := sample("web")
	b.Files = append(b.Files, File{"manifest.json", 0o644, nil}, File{"SHA256SUMS", 0o644, nil})
	write(t, dir, 1, one(b), Options{Formats: []Format{Folder}})
	b.Files = b.Files[1:] // without run
	write(t, dir, 1, one(b), Options{Formats: []Format{Folder}})
	if _, err := os.Stat(filepath.Join(dir, "web", "run")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("run is still there: %v", err)
	}
	// Without run it is none any more.
	err := Write(t.Context(), dir, 1, one(b), Options{Formats: []Format{Folder}}, nil)
	if err == nil || !strings.Contains(err.Error(), "holds no bundle") {
		t.Errorf("a folder of somebody else's was replaced: %v", err)
	}
}

// TestFolderBroughtBack: where a later output cannot be put in place, folders return.
func TestFolderBroughtBack(t *testing.T) {
	dir := t.TempDir()
	complete := func(i int) (Bundle, error) {
		b := sample(fmt.Sprintf("b%d", i))
		b.Files = append(b.Files, File{"manifest.json", 0o644, nil}, File{"SHA256SUMS", 0o644, []byte("first")})
		return b, nil
	}
	write(t, dir, 1, complete, Options{Formats: []Format{Folder}})
	work, err := openOutput(dir)
	if err != nil {
		t.Fatal(err)
	}
	a := newArchiver(Default)
	var results []Result
	for i := range 2 {
		b, _ := complete(i)
		b.Files[len(b.Files)-1].Data = []byte("second")
		members, err := check(b)
		if err != nil {
			t.Fatal(err)
		}
		r := Result{Name: b.Name, File: work.target(b.Name), format: Folder}
		if _, err := Folder.write(a, work.temp(i), b, members, &r); err != nil {
			t.Fatal(err)
		}
		results = append(results, r)
	}
	if err := os.RemoveAll(work.temp(1)); err != nil { // so that the second rename fails
		t.Fatal(err)
	}
	if err := work.commit(t.Context(), results); err == nil {
		t.Fatal("no error")
	}
	if err := work.close(false); err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join(dir, "b0", "SHA256SUMS"))
	if err != nil || string(sums) != "first" {
		t.Errorf("SHA256SUMS is %q, %v; want the first", sums, err)
	}
	if list, err := os.ReadDir(dir); err != nil || len(list) != 1 {
		t.Errorf("left: %v, %v", list, err)
	}
}

// TestFormatErrors: what a format finds wrong with bundles is told of all of them, and nothing is written.
func TestFormatErrors(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "dist")
	bundle := func(i int) (Bundle, error) {
		return Bundle{Name: fmt.Sprintf("b%d", i), Files: []File{{Path: "bad", Mode: 0o644}}}, nil
	}
	err := Write(t.Context(), dir, 3, bundle, Options{Formats: []Format{TarGz, words}}, nil)
	for i := range 3 {
		if want := fmt.Sprintf("b%d has a bad file", i); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s: %v", dir, err)
	}
}

// TestFormatsCollide: a folder called like the archive of another bundle.
func TestFormatsCollide(t *testing.T) {
	bundle := func(i int) (Bundle, error) { return sample([]string{"web", "web.tar"}[i]), nil }
	err := Write(t.Context(), t.TempDir(), 2, bundle, Options{Formats: []Format{Folder, Tar}}, nil)
	if err == nil || !strings.Contains(err.Error(), "so is bundle") {
		t.Errorf("error %v", err)
	}
}
