package record_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestBranches holds which branches each line stands in.
func TestBranches(t *testing.T) {
	tmpl := parse(t, `start {{ if .on }}on{{ else }}off{{ end }}
{{- if .no }}
never
{{- else if .on }}
elseif
{{- end }}
{{ range $i, $x := .list -}}
{{ if eq $x "b" }}{{ continue }}{{ end }}item {{ $x }}
{{ if eq $x "c" }}{{ break }}{{ end -}}
{{ end }}after
{{ with .sub }}{{ template "greet.tmpl" . }}{{ end -}}
{{ template "greet.tmpl" .sub }}end
{{ range .none }}x{{ else }}none{{ end }}
{{ range .list }}{{ range $.list }}{{ . }}{{ end }}{{ end }}
`)
	data := map[string]any{"on": true, "no": false, "list": []any{"a", "b", "c", "d"}, "none": []any(nil), "sub": map[string]any{"name": "x"}}
	marked, err := tmpl.Execute(data)
	if err != nil {
		t.Fatal(err)
	}
	branches, err := tmpl.Branches(data)
	if err != nil {
		t.Fatal(err)
	}
	if len(branches) != len(marked.Lines) {
		t.Errorf("%d lines have branches, of %d", len(branches), len(marked.Lines))
	}
	var got []string
	for i, line := range strings.Split(strings.TrimSuffix(marked.Text, "\n"), "\n") {
		told := line
		for _, b := range branches[i] {
			told += fmt.Sprintf(" | %s", b.Text)
			if b.Else {
				told += " else"
			}
			if b.Element > 0 {
				told += fmt.Sprintf(" %d=%v", b.Element, b.Dot)
			}
			told += fmt.Sprintf(" %d:%d", b.Pos.Line, b.Pos.Col)
		}
		got = append(got, told)
	}
	want := []string{
		"start on | {{ if .on }} 1:13",
		"elseif | {{ if .no }} else 2:8 | {{ else if .on }} 4:13",
		"item _pg0000_ | {{ range $i, $x := .list }} 1=a 7:10",
		"item _pg0001_ | {{ range $i, $x := .list }} 3=c 7:10",
		"after",
		`hello _pg0002_ | {{ with .sub }} 11:9 | {{ template "greet.tmpl" . }} 11:28`,
		`hello _pg0003_ | {{ template "greet.tmpl" .sub }} 12:13`,
		"end",
		"none | {{ range .none }} else 13:10",
	}
	inner := "_pg0004__pg0005__pg0006__pg0007__pg0008__pg0009__pg000a__pg000b__pg000c__pg000d__pg000e__pg000f__pg0010__pg0011__pg0012__pg0013_"
	for i, x := range []string{"a", "b", "c", "d"} {
		inner += fmt.Sprintf(" | {{ range .list }} %d=%s 14:10", i+1, x)
		for j, y := range []string{"a", "b", "c", "d"} {
			inner += fmt.Sprintf(" | {{ range $.list }} %d=%s 14:27", j+1, y)
		}
	}
	if diff := cmp.Diff(append(want, inner), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if again, err := tmpl.Execute(data); err != nil || again.Text != marked.Text {
		t.Errorf("it is another template now: %v", err)
	}
}
