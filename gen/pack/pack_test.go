package pack

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
)

// sample is a bundle with folders inside folders, given out of order.
func sample(name string) Bundle {
	return Bundle{Name: name, Files: []File{
		{"run", 0o755, []byte("#!/bin/sh\n")},
		{"root/etc/sv/" + name + "/run", 0o755, []byte("#!/bin/sh\nexec true\n")},
		{"root/etc/sv/" + name + "-log", 0o600, []byte("secret\n")},
		{"phases/start.sh", 0o644, nil},
		{"README", 0o664, []byte(strings.Repeat("words ", 100))},
	}}
}

// samples makes n of them.
func samples(n int) func(int) (Bundle, error) {
	return func(i int) (Bundle, error) {
		if i < 0 || i >= n {
			return Bundle{}, fmt.Errorf("bundle %d was asked for", i)
		}
		return sample(fmt.Sprintf("b%03d", i)), nil
	}
}

// write calls Write and returns the results.
func write(t *testing.T, dir string, n int, bundle func(int) (Bundle, error), opts Options) []Result {
	t.Helper()
	var results []Result
	err := Write(t.Context(), dir, n, bundle, opts, func(r Result) { results = append(results, r) })
	if err != nil {
		t.Fatal(err)
	}
	return results
}

// archive packs one bundle and returns the bytes.
func archive(t *testing.T, b Bundle, opts Options) []byte {
	t.Helper()
	dir := t.TempDir()
	results := write(t, dir, 1, func(int) (Bundle, error) { return b, nil }, opts)
	data, err := os.ReadFile(results[0].File)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// headers returns the headers of an archive.
func headers(t *testing.T, data []byte) []*tar.Header {
	t.Helper()
	gz, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var list []*tar.Header
	for tr := tar.NewReader(gz); ; {
		h, err := tr.Next()
		if err == io.EOF {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, h)
	}
}

func TestArchiveList(t *testing.T) {
	type member struct {
		Name string
		Mode int64
	}
	var got []member
	for _, h := range headers(t, archive(t, sample("web"), Options{})) {
		got = append(got, member{h.Name, h.Mode})
	}
	want := []member{
		{"web/", 0o755},
		{"web/README", 0o644},
		{"web/phases/", 0o755},
		{"web/phases/start.sh", 0o644},
		{"web/root/", 0o755},
		{"web/root/etc/", 0o755},
		{"web/root/etc/sv/", 0o755},
		{"web/root/etc/sv/web-log", 0o600},
		{"web/root/etc/sv/web/", 0o755},
		{"web/root/etc/sv/web/run", 0o755},
		{"web/run", 0o755},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
}

// TestArchiveRules holds for every archive, whatever is in it.
func TestArchiveRules(t *testing.T) {
	when := time.Unix(1700000000, 0)
	list := headers(t, archive(t, sample("web"), Options{Time: when}))
	seen := map[string]bool{}
	for i, h := range list {
		if h.Format != tar.FormatUSTAR {
			t.Errorf("%s: format %v", h.Name, h.Format)
		}
		if h.Uid != 0 || h.Gid != 0 || h.Uname != "" || h.Gname != "" {
			t.Errorf("%s: owner %d:%d %q:%q", h.Name, h.Uid, h.Gid, h.Uname, h.Gname)
		}
		if !h.ModTime.Equal(when) {
			t.Errorf("%s: time %v", h.Name, h.ModTime)
		}
		if i > 0 && list[i-1].Name >= h.Name {
			t.Errorf("%s is not behind %s", h.Name, list[i-1].Name)
		}
		parent := h.Name[:strings.LastIndexByte(strings.TrimSuffix(h.Name, "/"), '/')+1]
		if parent != "" && !seen[parent] {
			t.Errorf("%s comes before its folder", h.Name)
		}
		if seen[h.Name] {
			t.Errorf("%s is there twice", h.Name)
		}
		seen[h.Name] = true
		if folder := h.Typeflag == tar.TypeDir; folder != strings.HasSuffix(h.Name, "/") {
			t.Errorf("%s: type %c", h.Name, h.Typeflag)
		}
	}
}

// TestGzipHeader: nothing of the host, the time or a name is in it.
func TestGzipHeader(t *testing.T) {
	data := archive(t, sample("web"), Options{Time: time.Unix(1700000000, 0)})
	want := []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255}
	if diff := cmp.Diff(want, data[:10]); diff != "" {
		t.Errorf("header (-want +got):\n%s", diff)
	}
}

func TestFixedMode(t *testing.T) {
	for _, test := range []struct {
		mode uint32
		want int64
	}{
		{0o644, 0o644}, {0o755, 0o755}, {0o664, 0o644}, {0o775, 0o755}, {0o444, 0o644}, {0o555, 0o755},
		{0o600, 0o600}, {0o640, 0o600}, {0o700, 0o700}, {0o750, 0o700}, {0o4755, 0o755}, {0o1777, 0o755}, {0, 0o600},
	} {
		if got := fixedMode(test.mode); got != test.want {
			t.Errorf("fixedMode(%04o) = %04o, want %04o", test.mode, got, test.want)
		}
	}
}

// TestSameBytes: neither the number of workers nor the bundles that went
// through the same compressor before change an archive.
func TestSameBytes(t *testing.T) {
	const n = 60
	varied := func(i int) (Bundle, error) {
		b := sample(fmt.Sprintf("b%03d", i))
		for j := range i % 7 {
			data := bytes.Repeat(fmt.Appendf(nil, "line %d of %d\n", j, i*i), i*j*50)
			b.Files = append(b.Files, File{fmt.Sprintf("data/%d", j), 0o644, data})
		}
		return b, nil
	}
	one, many := t.TempDir(), t.TempDir()
	a := write(t, one, n, varied, Options{Workers: 1})
	b := write(t, many, n, varied, Options{Workers: 7})
	for i := range n {
		x, y := read(t, a[i].File), read(t, b[i].File)
		bundle, _ := varied(i)
		if z := archive(t, bundle, Options{Workers: 1}); !bytes.Equal(x, y) || !bytes.Equal(x, z) {
			t.Errorf("%s is not the same each time", a[i].Name)
		}
	}
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestPinned fails when the compressor or the layout changes the bytes: a new
// version of palletgen may do that, a new version of Go may not.
func TestPinned(t *testing.T) {
	const want = "06ba9094dfba962b7a6f2bc81d0e37d42be4ddba3816152b789a68f044f59814"
	sum := sha256.Sum256(archive(t, sample("web"), Options{}))
	if got := hex.EncodeToString(sum[:]); got != want {
		t.Errorf("archive has SHA-256 %s, want %s", got, want)
	}
}

func TestResults(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	results := write(t, dir, 20, samples(20), Options{Workers: 4})
	for i, r := range results {
		if want := fmt.Sprintf("b%03d", i); r.Name != want || r.File != filepath.Join(dir, want+".tar.gz") {
			t.Errorf("result %d is %s, %s", i, r.Name, r.File)
		}
		data := read(t, r.File)
		if r.Size != int64(len(data)) {
			t.Errorf("%s: size %d, has %d bytes", r.Name, r.Size, len(data))
		}
		gz, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		digest := sha256.New()
		if _, err := io.Copy(digest, gz); err != nil {
			t.Fatal(err)
		}
		if want := hex.EncodeToString(digest.Sum(nil)); r.Digest != want {
			t.Errorf("%s: digest %s, want %s", r.Name, r.Digest, want)
		}
	}
	if got := tree(t, dir); len(got) != 20 {
		t.Errorf("the output holds %d files: %v", len(got), got)
	}
}

func TestList(t *testing.T) {
	b := sample("web")
	got, err := List(bytes.NewReader(archive(t, b, Options{})))
	if err != nil {
		t.Fatal(err)
	}
	want := slices.Clone(b.Files)
	slices.SortFunc(want, func(x, y File) int { return strings.Compare(x.Path, y.Path) })
	for i := range want {
		want[i].Mode = uint32(fixedMode(want[i].Mode))
		want[i].Data = append([]byte{}, want[i].Data...)
	}
	slices.SortStableFunc(want, func(x, y File) int { return strings.Compare(x.Path, y.Path) })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if _, err := List(strings.NewReader("no archive")); err == nil {
		t.Error("List reads what is no archive")
	}
}

func TestRefused(t *testing.T) {
	long := strings.Repeat("x", 101)
	for name, test := range map[string]struct {
		bundle Bundle
		want   string
	}{
		"no name":         {Bundle{}, `cannot pack bundle "": it has no name`},
		"name slash":      {Bundle{Name: "a/b"}, `cannot pack bundle "a/b": a slash in its name`},
		"name dots":       {Bundle{Name: ".."}, `cannot pack bundle "..": its name begins with .`},
		"name option":     {Bundle{Name: "-rf"}, `cannot pack bundle "-rf": its name begins with -`},
		"name control":    {Bundle{Name: "a\nb"}, `cannot pack bundle "a\nb": a control character in the name`},
		"absolute":        {with("/etc/passwd"), "cannot pack web//etc/passwd: the path is absolute"},
		"parent":          {with("a/../../b"), "cannot pack web/a/../../b: the path has a part .."},
		"standard input":  {with("-"), "cannot pack web/-: programs, sha256sum -c for one, take - for their standard input"},
		"dot":             {with("./a"), "cannot pack web/./a: the path has a part ."},
		"empty part":      {with("a//b"), "cannot pack web/a//b: a part of the path is empty"},
		"folder":          {with("a/"), "cannot pack web/a/: a part of the path is empty"},
		"empty path":      {with(""), "cannot pack web/: a part of the path is empty"},
		"NUL":             {with("a\x00b"), "cannot pack web/a\x00b: a control character in the name"},
		"not ASCII":       {with("größe"), "cannot pack web/größe: a character that is not ASCII in the name, which archives cannot say portably"},
		"device":          {with("a/Nul .x/b"), "cannot pack web/a/Nul .x/b: Windows takes a file named Nul .x for a device"},
		"device's number": {with("com7"), "cannot pack web/com7: Windows takes a file named com7 for a device"},
		"name device":     {Bundle{Name: "aux"}, `cannot pack bundle "aux": Windows takes a file named aux for a device`},
		"backslashes":     {with(`a/b\..\..\..\c`), `cannot pack web/a/b\..\..\..\c: the path has a part .. for Windows`},
		"twice":           {with("a/b", "a/b"), "cannot pack web/a/b: the bundle has two files of this name"},
		"case":            {with("a/File", "a/file"), "cannot pack web/a/file: only upper and lower case tell it from a/File"},
		"case of folders": {with("A/x", "a/y"), "cannot pack web/a/: only upper and lower case tell it from A/"},
		"file and folder": {with("a/b", "a"), "cannot pack web/a: the name is that of a file and of a folder"},
		"long":            {with(long), "cannot pack web/" + long + ": the path is too long for an archive (105 bytes with the bundle's name)"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "dist")
			err := Write(t.Context(), dir, 1, func(int) (Bundle, error) { return test.bundle, nil }, Options{}, nil)
			if err == nil || err.Error() != test.want {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
			if _, err := os.Lstat(dir); err == nil {
				t.Error("the output folder was left behind")
			}
		})
	}
}

// Names that are close to refused ones.
func TestNotRefused(t *testing.T) {
	for _, path := range []string{"console", "a.con", "aux1/x", "com", "com10", "nulls.conf", `dev-disk\x2dby.mount`, "a..b", "x -", "a/-"} {
		if msg := BadPath(path); msg != "" {
			t.Errorf("%q: %s", path, msg)
		}
	}
}

// with is a bundle of empty files.
func with(paths ...string) Bundle {
	b := Bundle{Name: "web"}
	for _, path := range paths {
		b.Files = append(b.Files, File{Path: path, Mode: 0o644})
	}
	return b
}

func TestSameNames(t *testing.T) {
	names := []string{"web", "db", "Web", "db"}
	dir := t.TempDir()
	err := Write(t.Context(), dir, len(names), func(i int) (Bundle, error) { return sample(names[i]), nil }, Options{}, nil)
	want := "cannot pack bundle Web: only upper and lower case tell it from web\ncannot pack two bundles named db"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if got := tree(t, dir); len(got) != 0 {
		t.Errorf("left behind: %v", got)
	}
}

// TestFitsUSTAR asks the tar package.
func TestFitsUSTAR(t *testing.T) {
	for _, parts := range [][]int{{100}, {101}, {99, 0}, {100, 0}, {1, 100}, {1, 101}, {155, 100}, {156, 100}, {155, 101}, {155, 99, 0}, {155, 100, 0}, {50, 50, 50, 50}, {90, 90, 90}, {3, 250}, {250, 3}} {
		var words []string
		for _, n := range parts {
			words = append(words, strings.Repeat("x", n))
		}
		name := strings.Join(words, "/")
		header := &tar.Header{Format: tar.FormatUSTAR, Typeflag: tar.TypeReg, Name: name}
		if strings.HasSuffix(name, "/") {
			header.Typeflag = tar.TypeDir
		}
		want := tar.NewWriter(io.Discard).WriteHeader(header) == nil
		if got := fitsUSTAR(name); got != want {
			t.Errorf("fitsUSTAR(%v) = %v, want %v", parts, got, want)
		}
	}
}

// tree returns what is below dir: each path with the content of the file.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	list := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		list[name] = "folder"
		if !d.IsDir() {
			list[name] = string(read(t, path))
		}
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return list
}

func TestEpoch(t *testing.T) {
	for env, want := range map[string]int64{
		"": 315532800, "0": 0, "1700000000": 1700000000, "007": 7, "8589934591": 8589934591,
	} {
		if got, err := Epoch(env); err != nil || got.Unix() != want {
			t.Errorf("Epoch(%q) = %v, %v, want %d", env, got, err, want)
		}
	}
	for _, env := range []string{"-1", "+1", "1.5", " 1", "1\n", "now", "0x10", "1e9", "8589934592", "99999999999999999999999999"} {
		if got, err := Epoch(env); err == nil {
			t.Errorf("Epoch(%q) = %v, want an error", env, got)
		}
	}
	list := headers(t, archive(t, sample("web"), Options{Time: time.Unix(latest, 999)}))
	if got := list[0].ModTime.Unix(); got != latest {
		t.Errorf("the latest time became %d", got)
	}
}

var errCancelled = errors.New("interrupted")

// TestCancel: an interrupted build leaves nothing, wherever it is interrupted.
func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	dir := filepath.Join(t.TempDir(), "dist")
	err := Write(ctx, dir, 50, func(i int) (Bundle, error) {
		if i == 20 {
			cancel(errCancelled)
		}
		return samples(50)(i)
	}, Options{Workers: 3}, func(Result) { t.Error("a result was reported") })
	if !errors.Is(err, errCancelled) {
		t.Errorf("got %v", err)
	}
	if got := tree(t, dir); len(got) != 0 {
		t.Errorf("left behind: %v", got)
	}
}
