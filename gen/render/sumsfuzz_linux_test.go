package render

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"palletgen/gen/lab"
	"palletgen/gen/pack"
)

// FuzzSums puts files of any name that a bundle can have under SHA256SUMS, and has
// real programs check them: the whole, and with one byte more in one of them.
func FuzzSums(f *testing.F) {
	programs := [][]string{{lab.Need(f, "sha256sum"), "-c", "SHA256SUMS"}, {lab.Need(f, "busybox"), "sha256sum", "-c", "SHA256SUMS"}}
	for _, path := range []string{"run", "-c", " a", "a ", "a  b", "*x", "a b/it's $x", "#", "a: OK", "(x)", "SHA256 (x) = y", "\"", "%s", "~", "-", "a/-n", `\\a`} {
		f.Add(path, "x"+path, []byte("x\n"))
	}
	f.Fuzz(func(t *testing.T, a, b string, data []byte) {
		sums := map[string]string{}
		sum := sha256.Sum256(data)
		sums[a], sums[b] = hex.EncodeToString(sum[:]), hex.EncodeToString(sum[:])
		files := []pack.File{{Path: a, Data: data}, {Path: b, Data: data}}
		if pack.Check(pack.Bundle{Name: "web", Files: files}) != nil || slices.ContainsFunc(files, func(f pack.File) bool { return f.Path == "SHA256SUMS" }) {
			return
		}
		dir := t.TempDir()
		for _, file := range append(files, pack.File{Path: "SHA256SUMS", Data: sumsFile(sums)}) {
			name := filepath.Join(dir, file.Path)
			if os.MkdirAll(filepath.Dir(name), 0o755) != nil || os.WriteFile(name, file.Data, 0o644) != nil {
				return // too long a name, for one
			}
		}
		for _, program := range programs {
			check := func() error {
				cmd := exec.Command(program[0], program[1:]...)
				cmd.Dir = dir
				return cmd.Run()
			}
			if err := check(); err != nil {
				t.Fatalf("%q: %v: %q", program, err, sumsFile(sums))
			}
			if err := os.WriteFile(filepath.Join(dir, b), append(slices.Clone(data), 'x'), 0o644); err != nil {
				t.Fatal(err)
			}
			if check() == nil {
				t.Fatalf("%q: a change of %q is not seen", program, b)
			}
			if err := os.WriteFile(filepath.Join(dir, b), data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	})
}
