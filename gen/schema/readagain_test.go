package schema_test

import (
	"strings"
	"testing"

	"palletgen/gen/diag"
	"palletgen/gen/record"
	"palletgen/gen/schema"
	"palletgen/gen/strictyaml"
)

// TestValuesInCodeOfCommands: what a shell, or another program, reads as code in a
// command takes no values; its arguments do.
func TestValuesInCodeOfCommands(t *testing.T) {
	const asCode = "service.command: the value would be read as shell code by "
	for text, want := range map[string]string{
		`[sh, -c, "x {{ .a }}"]`:                       asCode + "sh",
		`[/bin/sh, -ec, "{{ .a }}", sh]`:               asCode + "sh",
		`[su, "{{ .u }}", -c, "{{- .a -}}"]`:           asCode + "su",
		`["{{ .p }}", x, sh, -c, "{{ .a }}"]`:          "",
		`[env, A=b, bash, -c, 'x {{ .a | print }}']`:   asCode + "bash",
		`sh -c "x {{ .a }}"`:                           asCode + "sh",
		`sh -c 'x {{ if .b }}{{ .a }}{{ end }}'`:       asCode + "sh",
		`[awk, "{ print {{ .a }} }", f]`:               "service.command: the value would be read as awk code",
		`[sh, -c, 'x "$1"', sh, "{{ .a }}"]`:           "",
		`[sh, -c, "{{ if .b }}x{{ else }}y{{ end }}"]`: "",
		`sh -c 'x "$1"' sh {{ .a }}`:                   "",
		`"{{ .a }}"`:                                   "",
		`"{{ .p }} --x={{ .a }} '[{{ .b }}]'"`:         "",
	} {
		doc, err := strictyaml.Parse(&diag.Source{Name: "c.yaml", Text: "v: " + text + "\n"})
		if err != nil {
			t.Fatal(err)
		}
		for _, in := range []struct {
			typ   *schema.Type
			value strictyaml.Value
		}{{&schema.Type{Kind: "command"}, doc.Entries()[0].Value}, {&schema.Type{Kind: "map", Of: &schema.Type{Kind: "command"}}, doc}} {
			var errs diag.List
			schema.NewExpr(in.value, in.typ, "service.command", &record.Loader{}, &errs)
			switch {
			case want == "" && len(errs) > 0:
				t.Errorf("%s: %v", text, errs)
			case want != "" && (len(errs) != 1 || !strings.HasPrefix(errs[0].Msg, want) || errs[0].Pos.Line != 1 || errs[0].Hint == ""):
				t.Errorf("%s: got %v, want %s", text, errs, want)
			}
		}
	}
}
