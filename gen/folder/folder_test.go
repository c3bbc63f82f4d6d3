package folder_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/command"
	"palletgen/gen/diag"
	"palletgen/gen/folder"
	"palletgen/gen/record"
	"palletgen/gen/strictyaml"
)

// open returns the folder crates/tool with these files, and its description.
func open(t *testing.T, description string, files map[string]string) (*folder.Folder, strictyaml.Value) {
	t.Helper()
	fsys := fstest.MapFS{"crates/tool/crate.yaml": {Data: []byte(description)}}
	for name, text := range files {
		fsys["crates/tool/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	f, err := folder.NewShelf(fsys, "crates", "crate.yaml", nil).Get("tool")
	if err != nil {
		t.Fatal(err)
	}
	src, err := f.Read("crate.yaml")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := strictyaml.Parse(src)
	if err != nil {
		t.Fatal(err)
	}
	return f, doc
}

func TestFileKeys(t *testing.T) {
	f, doc := open(t, `
- {path: /a, template: a.sh.tmpl}
- {path: /b, template: b.tmpl, flag: "", verify: check -q "$HOME"}
- {path: /c, copy: sub/c, flag: "{{ .name }}.x", verify: [check, "{{ .text }}"]}
- {path: /d, copy: sub/c, flag: "{{ .none }}", verify: "{{ .cmd }}"}
`, map[string]string{"a.sh.tmpl": "a\n", "b.tmpl": "b\n", "sub/c": "\x00\xff{{"})
	var errs diag.List
	shape := record.Shape{"name": nil, "text": nil, "none": nil, "cmd": nil}
	files := f.LoadFiles(doc, &record.Loader{}, shape, &errs)
	if err := errs.Err(); err != nil {
		t.Fatal(err)
	}
	exact := func(words ...string) command.Command {
		cmd, err := command.Exact(words)
		if err != nil {
			t.Fatal(err)
		}
		return cmd
	}
	data := map[string]any{"name": "web", "text": "a b", "none": "", "cmd": exact("x", "y z")}
	type file struct {
		Source, Format string
		Flag           any
		Verify         any
		Copy           string
	}
	var got []file
	for _, f := range files {
		one := file{Source: f.Source, Format: f.Format}
		if f.Flag != nil {
			one.Flag = f.Flag.Eval(data, &errs)
		}
		if f.Verify != nil {
			one.Verify = f.Verify.Eval(data, &errs)
		}
		if f.Copy != nil {
			content, _, err := f.Copy.Read()
			errs.Take(err)
			one.Copy = string(content)
		}
		got = append(got, one)
	}
	if err := errs.Err(); err != nil {
		t.Error(err)
	}
	simple, _ := command.Parse(`check -q "$HOME"`)
	want := []file{
		{Source: "a.sh.tmpl", Format: "shell"},
		{Source: "b.tmpl", Format: "text", Flag: "", Verify: simple},
		{Source: "sub/c", Flag: "web.x", Verify: exact("check", "a b"), Copy: "\x00\xff{{"},
		{Source: "sub/c", Flag: "", Verify: exact("x", "y z"), Copy: "\x00\xff{{"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"a.sh.tmpl", "b.tmpl", "sub/c", "sub/c"}, folder.Sources(files, nil)); diff != "" {
		t.Errorf("sources (-want +got)\n%s", diff)
	}
}

func TestFilesThatCannotBe(t *testing.T) {
	large := string(make([]byte, 64<<20+1))
	for _, test := range []struct{ entry, want string }{
		{"{template: t.tmpl}", "a file needs a path, and a template or a copy"},
		{"{path: /a}", "a file needs a path, and a template or a copy"},
		{"{path: /a, copy: c, template: t.tmpl}", "a file is made of a template or is a copy, not both"},
		{"{path: /a, copy: c, format: text}", "format is for templates: a copy is taken byte for byte"},
		{"{path: /a, copy: c, override: x}", "override is for templates: a copy is taken byte for byte"},
		{"{path: /a, copy: sub}", "sub is no plain file"},
		{"{path: /a, copy: large}", "large has 67108865 bytes: a bundle carries files of up to 64 MiB"},
		{"{path: /a, copy: ../c}", `"../c" is no file of this folder`},
		{"{path: /a, copy: [c]}", "a list where a text belongs"},
		{"{path: /a, copy: c, flag: a/b}", `flag: "a/b" is not allowed here`},
		{"{path: /a, copy: c, flag: []}", "flag: a list where a name belongs"},
		{"{path: /a, copy: c, verify: x; y}", "verify: only one command can stand here"},
		{"{path: /a, copy: c, verify: []}", "verify: a command needs at least one word"},
	} {
		files := map[string]string{"t.tmpl": "", "c": "", "sub/x": ""}
		if strings.Contains(test.entry, "large") {
			files["large"] = large
		}
		f, doc := open(t, "- "+test.entry, files)
		var errs diag.List
		f.LoadFiles(doc, &record.Loader{}, record.Shape{}, &errs)
		if len(errs) != 1 || errs[0].Msg != test.want || errs[0].Hint == "" {
			t.Errorf("%s:\n got %v\nwant %s", test.entry, errs, test.want)
		}
	}
}
