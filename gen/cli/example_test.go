package cli_test

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/cli"
	"palletgen/gen/pack"
)

var update = flag.Bool("update", false, "rewrite out.example/ from the current output")

// palletgen runs the program in the folder dir and fails the test on an error.
func palletgen(t testing.TB, dir string, args ...string) string {
	t.Helper()
	assets := os.DirFS(root(t))
	t.Chdir(dir)
	var out, err bytes.Buffer
	if code := cli.Main(args, assets, strings.NewReader(""), &out, &err); code != 0 {
		t.Fatalf("palletgen %s: exit code %d\n%s", strings.Join(args, " "), code, &err)
	}
	return err.String()
}

// TestExample holds out.example, which people read, equal to what the example
// builds.
func TestExample(t *testing.T) {
	golden := filepath.Join(root(t), "out.example")
	dist := t.TempDir()
	palletgen(t, dist, "build", "-q", "-o", dist)
	got := map[string]string{}
	for _, archive := range archives(t, dist) {
		for name, data := range unpack(t, archive) {
			got[name] = data
		}
	}
	if *update {
		rewrite(t, golden, got)
	}
	if diff := cmp.Diff(readTree(t, golden), got); diff != "" {
		t.Errorf("out.example is not what the example builds (-out.example +built); go test ./gen/cli -update rewrites it\n%s", diff)
	}
}

// TestManyGroups makes ten thousand bundles in one go.
func TestManyGroups(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	var groups strings.Builder
	groups.WriteString("specs:\n  base: {extends: [java]}\ngroups:\n")
	const n = 10000
	for i := range n {
		fmt.Fprintf(&groups, "  group-%d: {extends: [base, java: {home: /opt/java-%d}]}\n", i, i)
	}
	var out, err bytes.Buffer
	if code := cli.Main([]string{"check", "-f", "-"}, os.DirFS(root(t)), strings.NewReader(groups.String()), &out, &err); code != 0 {
		t.Fatal(err.String())
	}
	if want := fmt.Sprintf("%d bundles can be made", n); !strings.Contains(err.String(), want) {
		t.Errorf("got %q, want %q in it", err.String(), want)
	}
}

func archives(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.tar.gz"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no archives in %s: %v", dir, err)
	}
	return files
}

// unpack returns the files of an archive below the folder that it unpacks to:
// "x " in front of the path stands for an executable one.
func unpack(t *testing.T, archive string) map[string]string {
	t.Helper()
	f, err := os.Open(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	list, err := pack.List(f)
	if err != nil {
		t.Fatal(err)
	}
	bundle := strings.TrimSuffix(filepath.Base(archive), ".tar.gz")
	files := map[string]string{}
	for _, file := range list {
		files[mark(file.Mode)+bundle+"/"+file.Path] = string(file.Data)
	}
	return files
}

func mark(mode uint32) string {
	if mode&0o111 != 0 {
		return "x "
	}
	return ""
}

func readTree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		files[mark(uint32(info.Mode()))+filepath.ToSlash(name)] = string(data)
		return err
	})
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return files
}

func rewrite(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	for name, data := range files {
		mode := os.FileMode(0o644)
		path, executable := strings.CutPrefix(name, "x ")
		if executable {
			mode = 0o755
		}
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(data), mode); err != nil {
			t.Fatal(err)
		}
	}
}
