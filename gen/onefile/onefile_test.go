package onefile

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"

	"palletgen/gen/pack"
)

// noHead is a head for tests that do not run the script.
func noHead(pack.Bundle) (string, error) { return "#!/bin/sh", nil }

// all is every byte, in order.
var all = func() []byte {
	var b []byte
	for i := range 256 {
		b = append(b, byte(i))
	}
	return b
}()

// sample has a file for each way in which contents are written.
func sample() pack.Bundle {
	long := strings.Repeat("a line of text that it's all about: 100% \\n $(x) `y` \"z\" !\n", 3000)
	files := []pack.File{
		{Path: "empty", Mode: 0o644},
		{Path: "lines", Mode: 0o644, Data: []byte("one\n\n\ttwo\n")},
		{Path: "-n/-dash", Mode: 0o644, Data: []byte("-n -e \\c %s\n")},
		{Path: "no-newline", Mode: 0o600, Data: []byte("a\nb")},
		{Path: "one-newline", Mode: 0o644, Data: []byte("\n")},
		{Path: "long", Mode: 0o644, Data: []byte(long)},
		{Path: "one-long-line", Mode: 0o644, Data: []byte(strings.Repeat("x'", maxWord))},
		{Path: "all/bytes", Mode: 0o755, Data: all},
		{Path: "all/twice", Mode: 0o700, Data: bytes.Repeat(append(all, "text\n12\n"...), 200)},
		{Path: "a b/it's $x", Mode: 0o755, Data: []byte("#!/bin/sh\n")},
		{Path: "digits", Mode: 0o644, Data: []byte("\x001\x002\xff7\n")},
	}
	return pack.Bundle{Name: "web", Files: files}
}

func TestRead(t *testing.T) {
	var script bytes.Buffer
	if err := write(&script, noHead, sample()); err != nil {
		t.Fatal(err)
	}
	head, files, err := Read(script.Bytes(), "web")
	if err != nil || head != "#!/bin/sh" {
		t.Fatalf("head %q, error %v", head, err)
	}
	_, want := pack.Tree(sample())
	if diff := cmp.Diff(want, files, cmp.Transformer("text", func(b []byte) string { return string(b) })); diff != "" {
		t.Errorf("files (-want +got):\n%.3000s", diff)
	}
}

// TestReadRefuses: a script that does anything else is none of ours.
func TestReadRefuses(t *testing.T) {
	b := pack.Bundle{Name: "web", Files: []pack.File{{Path: "run", Mode: 0o755, Data: []byte("#!/bin/sh\nexit\n")}, {Path: "x", Mode: 0o644, Data: []byte("x\x00")}}}
	var script bytes.Buffer
	if err := write(&script, noHead, b); err != nil {
		t.Fatal(err)
	}
	text := script.String()
	for name, bad := range map[string]string{
		"cut off":         text[:len(text)-1],
		"more at the end": text + "rm -rf /\n",
		"another command": strings.Replace(text, "onefile_modes 0755 run\n", "rm -rf /tmp/x\nonefile_modes 0755 run\n", 1),
		"a background":    strings.Replace(text, "onefile_modes 0755 run\n", "onefile_modes 0755 run &\n", 1),
		"a substitution":  strings.Replace(text, "onefile_modes 0755 run\n", "onefile_modes 0755 run $(id)\n", 1),
		"a redirection":   strings.Replace(text, "onefile_modes 0755 run\n", "onefile_modes 0755 run >/etc/passwd\n", 1),
		"other quotes":    strings.Replace(text, `onefile_bytes x 'x\000'`, `onefile_bytes x "x\000"`, 1),
		"a conversion":    strings.Replace(text, `'x\000'`, `'x%s'`, 1),
		"half an octal":   strings.Replace(text, `'x\000'`, `'x\0'`, 1),
		"no file":         strings.Replace(text, "0755 run", "0755 rum", 1),
		"another last":    strings.Replace(text, "{ onefile_main", "{ id; onefile_main", 1),
		"nothing":         "",
	} {
		if bad == text {
			t.Errorf("%s: the test changes nothing", name)
		}
		if _, _, err := Read([]byte(bad), "web"); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("run", []byte("#!/bin/sh\n"), []byte(nil))
	f.Add("a/b", all, []byte("onefile_text x 'y'\n"))
	f.Fuzz(func(t *testing.T, path string, data, junk []byte) {
		b := pack.Bundle{Name: "web", Files: []pack.File{{Path: path, Mode: 0o755, Data: data}}}
		if pack.Check(b) != nil {
			t.Skip()
		}
		var script bytes.Buffer
		if err := write(&script, noHead, b); err != nil {
			t.Fatal(err)
		}
		_, files, err := Read(script.Bytes(), "web")
		if err != nil || len(files) != 1 || files[0].Path != path || !bytes.Equal(files[0].Data, data) {
			t.Fatalf("%q: %v, %v", data, files, err)
		}
		at := bytes.Index(script.Bytes(), []byte("onefile_modes"))
		text := append(append(bytes.Clone(script.Bytes()[:at]), junk...), script.Bytes()[at:]...)
		if _, files, err := Read(text, "web"); err == nil && len(junk) > 0 && len(files) == 1 && bytes.Equal(files[0].Data, data) {
			t.Fatalf("%q was put in and is not seen", junk)
		}
	})
}

func TestUserDataLimit(t *testing.T) {
	b := pack.Bundle{Name: "web", Files: []pack.File{
		{Path: "small", Mode: 0o644, Data: []byte("x\n")},
		{Path: "big", Mode: 0o644, Data: bytes.Repeat(all, 10)},
	}}
	write := func(limit int) ([]pack.Result, error) {
		var results []pack.Result
		err := pack.Write(t.Context(), t.TempDir(), 1, func(int) (pack.Bundle, error) { return b, nil },
			pack.Options{Formats: []pack.Format{UserData(noHead, limit)}}, func(r pack.Result) { results = append(results, r) })
		return results, err
	}
	results, err := write(MaxUserData)
	if err != nil {
		t.Fatal(err)
	}
	size := int(results[0].Size)
	if _, err := write(size); err != nil {
		t.Errorf("limit %d: %v", size, err)
	}
	if _, err := write(size - 1); err == nil || !strings.Contains(err.Error(), "the largest: big") {
		t.Errorf("limit %d: %v, want an error that names what is big", size-1, err)
	}
}

func TestUserDataIsTheScript(t *testing.T) {
	var plain, packed bytes.Buffer
	if err := write(&plain, noHead, sample()); err != nil {
		t.Fatal(err)
	}
	if _, err := compress(&packed, func(w io.Writer) error { return write(w, noHead, sample()) }); err != nil {
		t.Fatal(err)
	}
	gz, err := gzip.NewReader(&packed)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(gz)
	if err != nil || !bytes.Equal(got, plain.Bytes()) {
		t.Errorf("%d bytes, error %v; want the script's %d", len(got), err, plain.Len())
	}
}
