package record_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/diag"
	"palletgen/gen/record"
)

func parse(t *testing.T, text string) *record.Template {
	t.Helper()
	loader := record.Loader{Partials: map[string]*diag.Source{
		"greet.tmpl": {Name: "partials/greet.tmpl", Text: "hello {{ .name }}\n"},
	}}
	tmpl, err := loader.Parse(&diag.Source{Name: "a.tmpl", Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return tmpl
}

func TestExecuteMarksEveryPrintedValue(t *testing.T) {
	tmpl := parse(t, `user {{ .user }}
{{- range .list }}
{{ $x := . }}item {{ $x | upper }} {{ printf "%s!" . }}
{{- end }}
{{ template "greet.tmpl" .sub }}end {{ if .no }}{{ .user }}{{ end }}
`)
	data := map[string]any{"user": "o'neil", "list": []any{"a", "b"}, "sub": map[string]any{"name": "x"}, "no": false}
	for range 2 { // a runner is used again
		got, err := tmpl.Execute(data)
		if err != nil {
			t.Fatal(err)
		}
		want := "user _pg0000_\nitem _pg0001_ _pg0002_\nitem _pg0003_ _pg0004_\nhello _pg0005_\nend \n"
		if diff := cmp.Diff(want, got.Text); diff != "" {
			t.Errorf("text (-want +got):\n%s", diff)
		}
		var values, places, lines []string
		for _, v := range got.Values {
			values = append(values, v.V.(string))
			places = append(places, v.Pos.String())
		}
		for _, pos := range got.Lines {
			lines = append(lines, pos.String())
		}
		if diff := cmp.Diff([]string{"o'neil", "A", "a!", "B", "b!", "x"}, values); diff != "" {
			t.Errorf("values (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"a.tmpl:1:9", "a.tmpl:3:22", "a.tmpl:3:39", "a.tmpl:3:22", "a.tmpl:3:39", "partials/greet.tmpl:1:10"}, places); diff != "" {
			t.Errorf("places (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"a.tmpl:1", "a.tmpl:3", "a.tmpl:3", "partials/greet.tmpl:1", "a.tmpl:5"}, lines); diff != "" {
			t.Errorf("lines (-want +got):\n%s", diff)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"a\n{{ if }}", "a.tmpl:2:1: missing value for if"},
		{"a\n{{ nosuch .x }}", `a.tmpl:2:4: unknown function "nosuch"`},
		{"{{ now }}", `a.tmpl:1:4: unknown function "now"`},
		{"{{ env \"HOME\" }}", `a.tmpl:1:4: unknown function "env"`},
		{"{{ recordValue 1 .x }}", `a.tmpl:1:4: unknown function "recordValue"`},
		{"x\n{{ template \"nosuch.tmpl\" . }}", `a.tmpl:2:13: unknown partial "nosuch.tmpl"`},
		{"{{ define \"x\" }}y{{ end }}", "a.tmpl: a template cannot define others"},
		{"a\x01", "a.tmpl:1:2: control character 0x01 in a template"},
		{"a _pg0000_", `a.tmpl:1:3: "_pg0000_" is reserved`},
	} {
		_, err := (&record.Loader{}).Parse(&diag.Source{Name: "a.tmpl", Text: test.text})
		if err == nil {
			t.Errorf("%q: no error", test.text)
		} else if err.Error() != test.want {
			t.Errorf("%q:\n got %s\nwant %s", test.text, err, test.want)
		}
	}
}

func TestParseErrorsHaveAPlaceAndARemedy(t *testing.T) {
	for _, test := range []struct{ text, want, hint string }{
		{"a {{ .x }\nb", `a.tmpl:1:3: unexpected "}" in operand`, "an action ends with two braces"},
		{"a {{ .x }", `a.tmpl:1:3: unexpected "}" in operand`, "an action ends with two braces"},
		{"a\n b {{ .x\nc\n", "a.tmpl:2:4: unclosed action", "end it with }}"},
		{"{{ if .a }}\n{{ end }}\n {{- range .b }}{{ if .c }}{{ end }}\n", "a.tmpl:3:2: the template ends too early", "has no {{ end }}"},
		{"{{ with .endless }}\n{{ .ifs }}", "a.tmpl:1:1: the template ends too early", "has no {{ end }}"},
		{"a {{ end }}", "a.tmpl:1:3: unexpected {{end}}", "that it could end"},
		{"{{ .a }} {{ else }}", "a.tmpl:1: unexpected {{else}}", "it belongs between"}, // of two actions on a line either may be meant
		{"{{ $x }}", `a.tmpl:1:1: undefined variable "$x"`, "{{ $name := … }}"},
		{"{{ {x }}", `a.tmpl:1:1: unexpected "{" in command`, "two braces"},
		{"{{ greeting }}", `a.tmpl:1:4: unknown function "greeting"`, "a setting is written with a dot: .greeting; known are"},
		{"{{ .x | uper }}", `a.tmpl:1:9: unknown function "uper"`, `did you mean "upper"?`},
		{"{{ .x | quote }}", `a.tmpl:1:9: unknown function "quote"`, "leave it out"},
		{`{{ include "x" . }}`, `a.tmpl:1:4: unknown function "include"`, "{{ template"},
	} {
		_, err := (&record.Loader{}).Parse(&diag.Source{Name: "a.tmpl", Text: test.text})
		var list diag.List
		list.Take(err)
		if len(list) != 1 || list[0].Error() != test.want || !strings.Contains(list[0].Hint, test.hint) {
			t.Errorf("%q: got %v, want %s | %s", test.text, list, test.want, test.hint)
		}
	}
}

func TestExecuteErrorsNameTheLine(t *testing.T) {
	_, err := parse(t, "a\nb {{ .missing }}").Execute(map[string]any{})
	if want := `a.tmpl:2:6: map has no entry for key "missing"`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	for text, want := range map[string]string{
		"{{ .s.x }}":                         "a.tmpl:1:6: there is no .x in this value, which is no map",
		"{{ with .s }}{{ .x }}{{ end }}":     "a.tmpl:1:17: there is no .x in this value, which is no map",
		"{{ .nothing.x }}":                   "a.tmpl:1:12: there is no .x in this value, which is empty",
		`{{ .s "x" }}`:                       "a.tmpl:1:4: .s is no function: it takes nothing behind it",
		"{{ range .s }}{{ . }}{{ end }}":     "a.tmpl:1:10: range goes through lists, maps and numbers, and this is none",
		"{{ range $x := .s }}{{ . }}{{end}}": "a.tmpl:1:16: range goes through lists, maps and numbers, and this is none",
	} {
		_, err := parse(t, text).Execute(map[string]any{"s": "two\nlines", "nothing": nil})
		if err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}

func TestOutputIsBounded(t *testing.T) {
	for text, want := range map[string]string{
		"{{ range until 65000 }}" + strings.Repeat("0123456789", 20) + "{{ end }}": "a.tmpl: the template prints more than 8388608 bytes",
		`{{ range until 16000 }}{{ repeat 800 "x" }}{{ end }}`:                     "the template prints more than 8388608 bytes",
		`{{ repeat 1000000000 "x" }}`:                                              "error calling repeat: a text of more than 1048576 bytes",
		`{{ repeat 100000 (repeat 100000 "x") }}`:                                  "error calling repeat: a text of more than 1048576 bytes",
		`{{ range until 1000000000 }}{{ end }}`:                                    "a.tmpl:1:10: error calling until: a list of more than 65536 elements",
		`{{ indent 1000000000 "x" }}`:                                              "error calling indent: a text of more than 1048576 bytes",
	} {
		if _, err := parse(t, text).Execute(nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: got %v, want %s", text, err, want)
		}
	}
}

func TestPrintfRefusesWhatDoesNotFit(t *testing.T) {
	data := map[string]any{"s": "50%", "odd": "%!d(string=x)", "n": 7}
	for text, want := range map[string]string{
		`{{ printf "%s!d(%d)" .s .n }}`: "50%!d(7)",
		`{{ printf "<%s>" .odd }}`:      "<%!d(string=x)>",
		`{{ printf "%03d%%!" .n }}`:     "007%!",
		`{{ printf "%d" .s }}`:          `the format "%d" does not fit its values: %!d(string=50%)`,
		`{{ printf "%s %s" .s }}`:       "does not fit its values: 50% %!s(MISSING)",
		`{{ printf "%s" .s .n }}`:       "does not fit its values: 50%%!(EXTRA int=7)",
		`{{ printf "%" .s }}`:           "does not fit its values: %!(NOVERB)",
	} {
		got, err := parse(t, text).Execute(data)
		switch {
		case err != nil && !strings.Contains(err.Error(), want):
			t.Errorf("%s: got %v, want %s", text, err, want)
		case err == nil && got.Values[0].V != want:
			t.Errorf("%s: got %q, want %q", text, got.Values[0].V, want)
		}
	}
}

func TestCheckFindsUnknownFields(t *testing.T) {
	tmpl := parse(t, "{{ .user }}{{ with .service }}{{ .name }}{{ .nam }}{{ $.usr }}{{ end }}{{ range .list }}{{ .any }}{{ end }}{{ template \"greet.tmpl\" .service }}{{ template \"greet.tmpl\" . }}")
	shape := record.Shape{"user": nil, "list": nil, "service": {"name": nil}}
	var got []string
	for _, e := range tmpl.Check(shape) {
		got = append(got, e.Error()+" | "+e.Hint)
	}
	want := []string{
		`a.tmpl:1:45: nothing is named .nam here | did you mean "name"?`,
		`a.tmpl:1:56: nothing is named .usr here | did you mean "user"?`,
		`partials/greet.tmpl:1:10: nothing is named .name here | known are: list, service, user`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"list", "name", "service", "user", "usr"}, tmpl.Reads()); diff != "" {
		t.Errorf("reads (-want +got):\n%s", diff)
	}
}
