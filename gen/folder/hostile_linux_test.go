package folder_test

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/diag"
	"palletgen/gen/folder"
	"palletgen/gen/record"
	"palletgen/gen/shell"
	"palletgen/gen/strictyaml"
)

// onDisk makes a crate of these files and returns its folder, and the folder of
// crates that it is in. A name that ends in / is a folder.
func onDisk(t *testing.T, files map[string]string) (f *folder.Folder, dir string) {
	t.Helper()
	shelf := t.TempDir()
	dir = filepath.Join(shelf, "tool")
	files["crate.yaml"] += "doc: a tool\n"
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "/") {
			continue
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	f, err := folder.NewShelf(os.DirFS(t.TempDir()), ".", "crate.yaml", []string{shelf}).Get("tool")
	if err != nil {
		t.Fatal(err)
	}
	return f, dir
}

// TestNothingLeavesTheFolder: whatever a name in a crate's folder stands for,
// palletgen reads plain files of the folder alone, and waits for nothing.
func TestNothingLeavesTheFolder(t *testing.T) {
	const link, outside = "a link leads out of the folder", "is no file of this folder"
	must := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	f, dir := onDisk(t, map[string]string{"inside": "inside", "sub/inside": "in sub", "large": strings.Repeat("x", 1<<20+1)})
	at := func(name string) string { return filepath.Join(dir, name) }
	for name, target := range map[string]string{
		"passwd": "/etc/passwd", "up": "../../secret", "zero": "/dev/zero", "proc": "/proc/self/environ", "etc": "/etc", "root": "/", "abs": at("inside"),
		"loop": "loop", "loop1": "loop2", "loop2": "loop1", "dangling": "nowhere", "good": "inside", "deep": "sub/inside", "self": ".", "chain": "passwd", "sub/above": "../inside",
	} {
		must(os.Symlink(target, at(name)))
	}
	must(os.WriteFile(filepath.Join(dir, "../../secret"), []byte("secret"), 0o600))
	must(syscall.Mkfifo(at("fifo"), 0o644))
	must(os.Symlink("fifo", at("tofifo")))
	socket, err := net.Listen("unix", at("socket"))
	must(err)
	defer socket.Close()
	if err := syscall.Mknod(at("device"), syscall.S_IFCHR|0o644, 1<<8|5); err != nil { // /dev/zero
		t.Logf("no device can be made: %v", err)
		must(os.Symlink("/dev/zero", at("device")))
	}
	for name, want := range map[string]string{
		"inside": "inside", "sub/inside": "in sub", "good": "inside", "deep": "in sub", "sub/above": "inside", "self/inside": "inside",
		"passwd": link, "up": link, "zero": link, "proc": link, "etc/passwd": link, "root/etc/passwd": link, "abs": link, "chain": link,
		"loop": "too many levels of symbolic links", "loop1": "too many levels of symbolic links", "dangling": "no such file", "nosuch": "no such file",
		"fifo": "no plain file", "tofifo": "no plain file", "socket": "no plain file", "sub": "no plain file", "self": "no plain file", "device": "",
		"../../secret": outside, "/etc/passwd": outside, "sub/../inside": outside, "sub//inside": outside, "./inside": outside, "": outside,
		"large": "it has more than 1048576 bytes",
	} {
		// As the template of a file, and as one that is copied.
		for _, kind := range []string{"template", "copy"} {
			doc, err := strictyaml.Parse(&diag.Source{Name: "f", Text: fmt.Sprintf("[{path: /a, %s: %q}]", kind, name)})
			must(err)
			var errs diag.List
			files := f.LoadFiles(doc, &record.Loader{}, record.Shape{}, &errs)
			got := ""
			switch {
			case len(files) == 1 && kind == "copy":
				data, _, err := files[0].Copy.Read()
				if got = string(data); err != nil {
					got = err.Error()
				}
			case len(files) == 1:
				marked, err := files[0].Template.Execute(nil)
				must(err)
				got = marked.Text
			default:
				got = fmt.Sprint(errs.Err())
			}
			if name == "large" && kind == "copy" {
				want = strings.Repeat("x", 1<<20+1)
			}
			if !strings.Contains(got, want) || name == "device" && len(files) > 0 {
				t.Errorf("%s: %q: got %.200q, want %s", kind, name, got, want)
			}
		}
	}
}

// TestNotTooMuchInAFolder: folders of any size and depth are refused before they
// are read to the end.
func TestNotTooMuchInAFolder(t *testing.T) {
	texts := map[string]string{}
	for i := range 17 {
		texts[fmt.Sprintf("lib/%d.sh", i)] = strings.Repeat("#", 1<<20-1) + "\n"
	}
	many := map[string]string{}
	for i := range 2_001 {
		many[fmt.Sprintf("sub/%d", i)] = ""
	}
	for want, files := range map[string]map[string]string{
		"the folder has more than 2000 files and folders":                       many,
		"the folder's templates and libraries have more than 16777216 bytes":    texts,
		"a\nb: the name of the file holds a control character":                  {"a\nb": ""},
		"lib/\xff.sh: the name of the file holds a control character, or is":    {"lib/\xff.sh": ""},
		"more than 16 folders are within each other":                            {strings.Repeat("d/", 20): ""},
		"lib/x.sh: cannot read the file: it has more than 1048576 bytes":        {"lib/x.sh": strings.Repeat("#", 1<<20+1)},
		"install.sh.tmpl: cannot read the file: it has more than 1048576 bytes": {"install.sh.tmpl": strings.Repeat("#", 1<<20+1)},
		"cannot read crate.yaml: it has more than 1048576 bytes":                {"crate.yaml": strings.Repeat("#", 1<<20) + "\n"},
		"nothing uses this file":                                                {strings.Repeat("long", 60): ""},
	} {
		f, _ := onDisk(t, files)
		var errs diag.List
		d := f.Describe("crate.yaml", "a crate", []string{"doc"}, &errs)
		tools := folder.Tools{Loader: &record.Loader{}, Engine: shell.NewEngine()}
		if len(errs) == 0 {
			f.LoadParts(d, nil, []string{"install"}, tools, record.Shape{}, &errs)
		}
		if len(errs) == 0 || !strings.Contains(errs.Error(), want) {
			t.Errorf("got %.300v, want %s", errs, want)
		}
	}
}

// TestNamesOfFolders: the name of a crate becomes part of comments and of the
// names of functions, so it is a plain one.
func TestNamesOfFolders(t *testing.T) {
	shelf := t.TempDir()
	for _, name := range []string{"good", "a b", "a\nrm -rf x", "$(x)", "-x", "ü", strings.Repeat("x", 101), "a:b", "a'b"} {
		if err := os.MkdirAll(filepath.Join(shelf, name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(shelf, name, "crate.yaml"), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	_, err := folder.NewShelf(os.DirFS(t.TempDir()), ".", "crate.yaml", []string{shelf}).Names()
	list, _ := err.(diag.List)
	if len(list) != 8 {
		t.Errorf("got %d errors, want 8: %v", len(list), err)
	}
	if err := os.RemoveAll(shelf); err != nil {
		t.Fatal(err)
	}
	// A link to a crate elsewhere is how users put crates together.
	_, elsewhere := onDisk(t, map[string]string{})
	if err := os.Mkdir(shelf, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(elsewhere, filepath.Join(shelf, "linked")); err != nil {
		t.Fatal(err)
	}
	names, err := folder.NewShelf(os.DirFS(t.TempDir()), ".", "crate.yaml", []string{shelf}).Names()
	if diff := cmp.Diff([]string{"linked"}, names); err != nil || diff != "" {
		t.Error(err, diff)
	}
}
