package shell_test

import (
	"errors"
	"testing"

	"palletgen/gen/diag"
	"palletgen/gen/record"
	"palletgen/gen/shell"
)

// TestColumns: what is wrong with a template's own text is shown where it stands
// in the template, behind actions too.
func TestColumns(t *testing.T) {
	for _, tc := range []struct{ name, template, text, want string }{
		{"plain", "local x\n", "", "t:1:1"},
		{"in a line", "a; local x\n", "", "t:1:4"},
		{"indented where it is put", "if a; then\n  local x\nfi\n", "f() {\n    if a; then\n      local x\n    fi\n}\n", "t:2:3"},
		{"behind a value", "a {{ .v }} | local x\n", "", "t:1:14"},
		{"between values", "a {{ .v }} | local {{ .v }}\n", "", "t:1:14"},
		{"behind another action", "{{ if .v }}a {{ .v }}{{ end }}; local x\n", "", "t:1:33"},
		{"behind an action that prints nothing", "{{ if .v }}local x{{ end }}\n", "", "t:1"},
		{"at two places alike", "{{ if .v }}a {{ .v }}; local x{{ else }}b {{ .v }}; local x{{ end }}\n", "", "t:1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tmpl, err := (&record.Loader{}).Parse(&diag.Source{Name: "t", Text: tc.template})
			if err != nil {
				t.Fatal(err)
			}
			m, err := tmpl.Execute(map[string]any{"v": "w"})
			if err != nil {
				t.Fatal(err)
			}
			if tc.text != "" { // as a body puts it into a function
				m.Text = tc.text
				m.Lines = append([]diag.Pos{m.Lines[0]}, m.Lines...)
			}
			_, err = shell.NewEngine().Splice(m)
			var list diag.List
			if !errors.As(err, &list) {
				t.Fatalf("got %v, want errors", err)
			}
			if got := list[0].Pos.String(); got != tc.want {
				t.Errorf("got %s, want %s (%v)", got, tc.want, err)
			}
		})
	}
}
