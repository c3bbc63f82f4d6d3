package verify_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"palletgen/gen/cli"
	"palletgen/gen/pack"
	"palletgen/gen/shell"
	"palletgen/gen/verify"
)

// config has a file of every format that has a grammar of its own.
const config = `
groups:
  small:
    extends:
      - systemd
      - upstart
      - supervisord
      - runit
      - riemann: {supervisor: systemd, install_packages: false, instance_id: a}
      - riemann: {supervisor: upstart, install_packages: false, instance_id: b}
      - riemann: {supervisor: supervisord, install_packages: false, instance_id: c}
      - app: {supervisor: runit, command: [/bin/x, "it's", "é $(x)", "a\nb"]}
`

// build makes the bundle in a format and returns the path of the output.
func build(t testing.TB, format, suffix string, flags ...string) string {
	t.Helper()
	dir := t.TempDir()
	var messages bytes.Buffer
	args := append([]string{"build", "-q", "-o", dir, "-f", "-", "--format", format}, flags...)
	if code := cli.Main(args, os.DirFS("../.."), strings.NewReader(config), &messages, &messages); code != 0 {
		t.Fatalf("palletgen %q: %d\n%s", args, code, &messages)
	}
	return filepath.Join(dir, "small"+suffix)
}

func verifier() *verify.Verifier {
	return &verify.Verifier{Time: pack.Default, Shell: shell.NewEngine()}
}

// check checks a bundle that is one file.
func check(t testing.TB, data []byte) (*verify.Report, error) {
	t.Helper()
	return verifier().Check(t.Context(), "b", bytes.NewReader(data))
}

// wants checks what is said of a bundle.
func wants(t testing.TB, err error, want ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("nothing is wrong with it, want %q", want)
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != len(want) {
		t.Errorf("%d problems, want %d:\n%v", len(lines), len(want), err)
	}
	for _, text := range want {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("%q is not said:\n%v", text, err)
		}
	}
}

// A member is one of a tar.
type member struct {
	tar.Header
	data []byte
}

// A bundle is what tests change.
type bundle []*member

// load reads the plain tar of the bundle.
func load(t testing.TB) bundle {
	t.Helper()
	data, err := os.ReadFile(build(t, "tar", ".tar"))
	if err != nil {
		t.Fatal(err)
	}
	var b bundle
	for tr := tar.NewReader(bytes.NewReader(data)); ; {
		h, err := tr.Next()
		if err == io.EOF {
			return b
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(tr)
		if err != nil {
			t.Fatal(err)
		}
		b = append(b, &member{*h, text})
	}
}

// clone is a bundle that can be changed.
func (b bundle) clone() *bundle {
	c := make(bundle, len(b))
	for i, m := range b {
		c[i] = &member{m.Header, slices.Clone(m.data)}
	}
	return &c
}

// get returns the member of a path below the folder.
func (b bundle) get(path string) *member {
	for _, m := range b {
		if m.Name == "small/"+path {
			return m
		}
	}
	panic(path)
}

// add adds a member where it belongs by its name.
func (b *bundle) add(h tar.Header, data string) {
	if h.Mode == 0 {
		h.Mode = 0o644
	}
	h.ModTime, h.Format = pack.Default, tar.FormatUSTAR
	*b = append(*b, &member{h, []byte(data)})
	slices.SortStableFunc(*b, func(x, y *member) int { return strings.Compare(x.Name, y.Name) })
}

func (b *bundle) remove(path string) {
	*b = slices.DeleteFunc(*b, func(m *member) bool { return m.Name == "small/"+path })
}

// set changes a file, and what the bundle says of it.
func (b bundle) set(path, text string) {
	m, list := b.get(path), b.get("manifest.json")
	before := sum(m.data)
	m.data = []byte(text)
	list.data = bytes.ReplaceAll(list.data, []byte(before), []byte(sum(m.data)))
	b.sums()
}

// sums writes SHA256SUMS anew.
func (b bundle) sums() {
	var text strings.Builder
	for _, m := range b {
		path := strings.TrimPrefix(m.Name, "small/")
		if m.Typeflag == tar.TypeReg && !strings.HasPrefix(path, "SHA256SUMS") {
			fmt.Fprintf(&text, "%s  %s\n", sum(m.data), path)
		}
	}
	b.get("SHA256SUMS").data = []byte(text.String())
}

// manifest changes what manifest.json says, and the sums with it.
func (b bundle) manifest(from, to string) {
	m := b.get("manifest.json")
	text := strings.Replace(string(m.data), from, to, 1)
	if text == string(m.data) {
		panic("not in the manifest: " + from)
	}
	m.data = []byte(text)
	b.sums()
}

func sum(data []byte) string {
	digest := sha256.Sum256(data)
	return hex.EncodeToString(digest[:])
}

// tar writes the archive.
func (b bundle) tar(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, m := range b {
		h := m.Header
		if h.Typeflag == tar.TypeReg {
			h.Size = int64(len(m.data))
		}
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(m.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func compressed(t testing.TB, data []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
