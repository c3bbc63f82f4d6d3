package cli_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"palletgen/gen/cli"
)

// strangers are crates that somebody may give us: the description, a template,
// what install does, and a library.
var strangers = [][4]string{
	{"doc: x\nfiles: [{path: /etc/hello, template: t.tmpl}]\n", "hello {{ .x }}\n", "x_say hello\n", "x_say() {\n    note \"$1\"\n}\n"},
	{"doc: x\nsettings: {a: {type: string, doc: d, default: x}, b: {type: list, of: string, doc: d, default: ['{{ .a }}{{ .a }}']}}\n", "", "note {{ .a }} {{ .b | join .a }}\n", ""},
	{"doc: x\n", "", "{{ range 1000000000 }}{{ end }}", ""},
	{"doc: x\n", "", `{{ $x := "x" }}{{ range until 60000 }}{{ $x = print $x $x }}{{ end }}`, ""},
	{"doc: x\n", "", `{{ $x := list 1 }}{{ range until 60000 }}{{ $x = list $x $x }}{{ end }}{{ $x }}`, ""},
	{"doc: x\n", "", `{{ regexReplaceAll "(a*)*b?" (repeat 10000 "a") "$1$1" }}`, ""},
	{"doc: x\n", "", strings.Repeat("{{ if true }}", 100) + strings.Repeat("(", 100), ""},
	{"doc: x\nfiles: [{path: '/../etc', template: t.tmpl}, {path: '{{ .a }}', copy: ../../x}]\npayload: [/etc/passwd]\n", "", "", ""},
	{"doc: &a [*a]\n", "", "", "x() {\n    :\n}; rm -rf /\n"},
	{"doc: x\nservice: {name: x, command: [x, '{{ .bundle }}']}\nphases: {p: y}\nwarning: x\n", "", "echo $((((((1))))))\n", ""},
	{"doc: x\nsettings: {a: {type: struct, doc: d, fields: {b: {type: string, doc: d, default: '{{ .b }}'}}}}", "", "", ""},
	{"doc: x\nsettings: {a: {type: string, doc: d, pattern: '(a{1000}){1000}', default: x}}", "", "", ""},
}

// FuzzStranger builds a group with a crate that may be anybody's: it ends with a
// bundle, or with errors that have a place, and takes no more memory than the
// limits say. A build runs on several goroutines, so that its coverage differs
// from one run to the next: without -fuzzminimizetime 1x go spends a minute to
// minimize each new input.
func FuzzStranger(f *testing.F) {
	for _, s := range strangers {
		f.Add(s[0], s[1], s[2], s[3])
	}
	assets := inMemory(f, root(f))
	f.Fuzz(func(t *testing.T, description, template, install, library string) {
		dir := t.TempDir()
		write := func(name, text string) {
			path := filepath.Join(dir, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		write("palletgen.yaml", "groups: {g: {extends: [x]}}\n")
		write("crates/x/crate.yaml", description)
		write("crates/x/install.sh.tmpl", install)
		if template != "" {
			write("crates/x/t.tmpl", template)
		}
		if library != "" {
			write("crates/x/lib/x.sh", library)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		var out, errors bytes.Buffer
		args := []string{"build", "-q", "--crates", filepath.Join(dir, "crates"), "-f", filepath.Join(dir, "palletgen.yaml"), "-o", filepath.Join(dir, "dist")}
		code := cli.Main(args, assets, strings.NewReader(""), &out, &errors)
		runtime.ReadMemStats(&after)
		if taken := after.TotalAlloc - before.TotalAlloc; taken > 1<<30 {
			t.Errorf("it took %d MiB", taken>>20)
		}
		made, _ := os.ReadDir(filepath.Join(dir, "dist"))
		switch {
		case code == 0 && len(made) == 1 && made[0].Name() == "g.tar.gz" && errors.Len() == 0:
		case code == 1 && len(made) == 0 && strings.Contains(errors.String(), dir):
		default:
			t.Errorf("exit code %d, %d files:\n%s", code, len(made), &errors)
		}
		if left, _ := os.ReadDir(dir); len(left) > 3 {
			t.Errorf("it has left %d things", len(left))
		}
	})
}

// inMemory holds the folders that the program has embedded: to read them from the
// disk takes longer than to build with them.
func inMemory(t testing.TB, root string) fs.FS {
	assets := fstest.MapFS{}
	for _, folder := range []string{"templates", "crates"} {
		err := fs.WalkDir(os.DirFS(root), folder, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(filepath.Join(root, name))
			assets[name] = &fstest.MapFile{Data: data, Mode: 0o644}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return assets
}
