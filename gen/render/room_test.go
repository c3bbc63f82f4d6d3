package render

import (
	"fmt"
	"strings"
	"testing"

	"palletgen/gen/diag"
	"palletgen/gen/folder"
	"palletgen/gen/plan"
	"palletgen/gen/record"
)

func newTestBuilder() *builder {
	return &builder{group: &plan.Group{Name: "g"}, byPath: map[string]*hostFile{}, folders: map[string]*hostFile{}, spellings: spellings{}, refused: map[badFolder]bool{}}
}

func TestRoom(t *testing.T) {
	at := diag.Pos{Source: &diag.Source{Name: "crate.yaml"}, Line: 3}
	for _, test := range []struct {
		files, bytes int
		want         string
	}{
		{maxFiles, 0, "<nil>"},
		{maxFiles + 1, 0, "crate.yaml:3: group g has more than 40000 files"},
		{1, maxBytes, "<nil>"},
		{2, maxBytes/2 + 1, "crate.yaml:3: the files of group g have more than 400 MiB"},
	} {
		b := newTestBuilder()
		for range test.files {
			b.hasRoom(test.bytes, at)
		}
		if got := fmt.Sprint(b.errs.Err()); got != test.want {
			t.Errorf("%d files of %d bytes: got %s, want %s", test.files, test.bytes, got, test.want)
		}
	}
}

// TestTemplatesTogether: what no template alone may take, all together may not either.
func TestTemplatesTogether(t *testing.T) {
	b, at := newTestBuilder(), diag.Pos{Source: &diag.Source{Name: "crate.yaml"}, Line: 3}
	if err := b.spend(&record.Marked{Cost: maxCost}, at); err != nil || b.full {
		t.Error(err)
	}
	if err := b.spend(&record.Marked{Cost: 1}, at); err == nil || !b.full || !strings.Contains(err.Error(), "crate.yaml:3: the templates of group g take too much work") {
		t.Errorf("got %v", err)
	}
	loops, err := (&record.Loader{}).Parse(&diag.Source{Name: "a", Text: "{{ range until 1000 }}{{ $x := repeat 1000 \"x\" }}{{ end }}"})
	if err != nil {
		t.Fatal(err)
	}
	if m, err := loops.Execute(nil); err != nil || m.Cost < 1_500_000 || m.Cost > 3_000_000 {
		t.Errorf("got %+v, %v", m, err)
	}
}

// TestPathsBesideEachOther puts many files in folders of others: each is compared
// with those above and below it alone.
func TestPathsBesideEachOther(t *testing.T) {
	b := newTestBuilder()
	file := func(path string) *hostFile {
		return &hostFile{path: path, spec: &folder.File{Pos: diag.Pos{Source: &diag.Source{Name: "x"}}}}
	}
	for i := range 20_000 {
		f := file(fmt.Sprintf("/etc/d%d/file", i))
		if !b.checkPath(f) {
			t.Fatal(b.errs)
		}
		b.keep(f)
	}
	for path, ok := range map[string]bool{
		"/etc": false, "/etc/d7": false, "/etc/d7/file": false, "/etc/d7/file/x": false, "/etc/d7/file/x/y": false, "/": false, "/ü": false, "/a\\b": false, "/a\nb": false,
		"/etc/D7/x": false, "/ETC/other": false, "/etc/d7/FILE": false, "/etc/d7/File/x": false, "/etc/com1": false, "/x/Nul.conf/y": false, "/etc/..\\..\\x": false,
		"/etc/d7/files": true, "/D7": true, "/et": true, "/etc/d": true, "/x/etc": true,
	} {
		if got := b.checkPath(file(path)); got != ok {
			t.Errorf("%s: %t, want %t", path, got, ok)
		}
	}
}
