package cli_test

import (
	"archive/tar"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/klauspost/compress/gzip"

	"palletgen/gen/pack"
)

// groupsFile writes a palletgen.yaml of n groups, each with one service and
// values of its own, and returns its path.
func groupsFile(t testing.TB, n int) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("specs:\n  base: {extends: [runit]}\ngroups:\n")
	for i := range n {
		fmt.Fprintf(&b, "  web-%d:\n    extends: [base, app: {supervisor: runit, name: web-%d, user: web, command: [/usr/bin/web, --id, 'n %d'], ready_port: %d, environment: {ID: 'x%d'}}]\n",
			i, i, i, 1024+i%60000, i)
	}
	path := filepath.Join(t.TempDir(), "groups.yaml")
	if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// BenchmarkExample is one cold `palletgen build` of the example, as a process.
// floor is a process of the same program that does nothing.
func BenchmarkExample(b *testing.B) {
	program, dist := buildProgram(b), b.TempDir()
	b.Run("build", func(b *testing.B) {
		for b.Loop() {
			cmd := exec.Command(program, "build", "-q", "-o", dist)
			cmd.Dir = dist
			run(b, cmd)
		}
	})
	b.Run("floor", func(b *testing.B) {
		for b.Loop() {
			run(b, exec.Command(program, "version"))
		}
	})
}

// BenchmarkGroups builds many groups of one service each. floor writes the same
// files as archives of the same form, with tar and gzip alone and as many
// workers.
func BenchmarkGroups(b *testing.B) {
	program := buildProgram(b)
	for _, n := range []int{1000, 10000} {
		file, dist := groupsFile(b, n), b.TempDir()
		b.Run(fmt.Sprintf("build-%d", n), func(b *testing.B) {
			var memory int64
			for b.Loop() {
				cmd := exec.Command(program, "build", "-q", "-f", file, "-o", dist)
				run(b, cmd)
				memory = max(memory, cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss)
			}
			b.ReportMetric(float64(memory)/1024, "MiB")
		})
		b.Run(fmt.Sprintf("floor-%d", n), func(b *testing.B) { benchmarkFloor(b, dist) })
	}
}

func benchmarkFloor(b *testing.B, dist string) {
	files, err := filepath.Glob(filepath.Join(dist, "*.tar.gz"))
	if err != nil {
		b.Fatal(err)
	}
	contents := make([][]pack.File, len(files))
	for i, file := range files {
		f, err := os.Open(file)
		if err != nil {
			b.Fatal(err)
		}
		if contents[i], err = pack.List(f); err != nil {
			b.Fatal(err)
		}
		f.Close()
	}
	out := b.TempDir()
	for b.Loop() {
		next := make(chan int)
		done := make(chan error)
		for range 2 {
			go func() { done <- floorWorker(out, contents, next) }()
		}
		for i := range contents {
			next <- i
		}
		close(next)
		for range 2 {
			if err := <-done; err != nil {
				b.Fatal(err)
			}
		}
	}
}

func floorWorker(out string, contents [][]pack.File, next chan int) error {
	zip := gzip.NewWriter(nil)
	for i := range next {
		f, err := os.Create(filepath.Join(out, fmt.Sprintf("%d.tar.gz", i)))
		if err != nil {
			return err
		}
		zip.Reset(f)
		w := tar.NewWriter(zip)
		for _, file := range contents[i] {
			header := &tar.Header{Name: file.Path, Mode: int64(file.Mode), Size: int64(len(file.Data)), Format: tar.FormatUSTAR}
			if err := w.WriteHeader(header); err != nil {
				return err
			}
			if _, err := w.Write(file.Data); err != nil {
				return err
			}
		}
		for _, close := range []func() error{w.Close, zip.Close, f.Close} {
			if err := close(); err != nil {
				return err
			}
		}
	}
	return nil
}
