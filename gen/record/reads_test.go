package record_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/diag"
	"palletgen/gen/record"
)

// TestReadsAt holds what is known of each action and condition of a template without its
// data: the paths that it reads, for each way to it.
func TestReadsAt(t *testing.T) {
	for text, want := range map[string]string{
		`{{ .a }}{{ .a.b }}`:     "a | a.b",
		`{{ "x" }}{{ print 1 }}`: " | ",
		`{{ .a | default .b }}`:  "a b",
		`{{ with .a }}{{ .b }}{{ $.c }}{{ else }}{{ .d }}{{ end }}`:        "a | a.b | c | d",
		`{{ range .a }}{{ . }}{{ .b }}{{ end }}`:                           "a | a.* | a.*.b",
		`{{ range $k, $v := .a }}{{ $k }}{{ $v.b }}{{ end }}`:              "a | a.* | a.*.b",
		`{{ range $x := .a }}{{ $x }}{{ end }}{{ .b }}`:                    "a | a.* | b",
		`{{ $x := .a }}{{ if .c }}{{ $x = .b }}{{ end }}{{ $x }}`:          "c | a b",
		`{{ $x := .a }}{{ if .c }}{{ $x := .b }}{{ $x }}{{ end }}{{ $x }}`: "c | b | a",
		`{{ (get .a "b").c }}{{ index .a "b" }}`:                           "a.b.c | a.b",
		`{{ (first .a).c }}`:                                               "a",
		`{{ join " " (append .a .b.c) }}`:                                  "a b.c",
		`{{ template "p.tmpl" .a }}`:                                       "a.x",
		`{{ template "p.tmpl" (dict "x" .b) }}`:                            "b",
		`{{ template "p.tmpl" .a }}{{ template "p.tmpl" .b }}`:             "a.x or b.x",
		`{{ template "again.tmpl" . }}`:                                    "a or a.a or a.a.a or a.a.a.a or a.a.a.a.a or a.a.a.a.a.a or a.a.a.a.a.a.a or a.a.a.a.a.a.a.a | b or a.b or a.a.b or a.a.a.b or a.a.a.a.b or a.a.a.a.a.b or a.a.a.a.a.a.b or a.a.a.a.a.a.a.b",
	} {
		loader := record.Loader{Partials: map[string]*diag.Source{
			"p.tmpl":     {Name: "p.tmpl", Text: "{{ .x }}"},
			"again.tmpl": {Name: "again.tmpl", Text: "{{ .a }}{{ if .b }}{{ template \"again.tmpl\" .a }}{{ end }}"},
		}}
		src := &diag.Source{Name: "t", Text: text}
		tmpl, err := loader.Parse(src)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, strings.Join(actions(tmpl, src, loader.Partials["p.tmpl"], loader.Partials["again.tmpl"]), " | ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

// actions lists what each action reads that the template has in these files.
func actions(tmpl *record.Template, sources ...*diag.Source) []string {
	var list []string
	for _, src := range sources {
		for col := 1; col <= len(src.Text); col++ {
			if alternatives, ok := tmpl.ReadsAt(diag.Pos{Source: src, Line: 1, Col: col}); ok {
				var ways []string
				for _, paths := range alternatives {
					var words []string
					for _, path := range paths {
						words = append(words, strings.Join(path, "."))
					}
					ways = append(ways, strings.Join(words, " "))
				}
				list = append(list, strings.Join(ways, " or "))
			}
		}
	}
	return list
}

// TestReadsFor holds what an action reads in which something is wrong, and the
// conditions that it stands in.
func TestReadsFor(t *testing.T) {
	loader := record.Loader{Partials: map[string]*diag.Source{"p.tmpl": {Name: "p.tmpl", Text: "{{ if .x }}{{ fail .y }}{{ end }}"}}}
	src := &diag.Source{Name: "t", Text: `{{ .a }}{{ if .b }}{{ with .c }}{{ fail (print "no " .d) }}{{ else }}{{ $.e }}{{ end }}{{ end }}{{ range .f }}{{ template "p.tmpl" . }}{{ end }}{{ .g }}`}
	tmpl, err := loader.Parse(src)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		src  *diag.Source
		at   string
		want string
	}{
		{src, ".a", "a"},
		{src, "fail", "b c c.d"},
		{src, ".d", "b c c.d"}, // within the action
		{src, "$.e", "b c e"},
		{src, ".g", "g"},
		{loader.Partials["p.tmpl"], "fail", "f f.*.x f.*.y"},
	} {
		pos := diag.Pos{Source: test.src, Line: 1, Col: strings.Index(test.src.Text, test.at) + 1}
		var got []string
		for _, path := range tmpl.ReadsFor(pos) {
			got = append(got, strings.Join(path, "."))
		}
		if diff := cmp.Diff(test.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.at, diff)
		}
	}
	if got := tmpl.ReadsFor(diag.Pos{Source: src}); got != nil {
		t.Errorf("the template as a whole reads %v", got)
	}
}
