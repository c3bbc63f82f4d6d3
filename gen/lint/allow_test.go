package lint_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/diag"
	"palletgen/gen/lint"
)

func TestAllow(t *testing.T) {
	const none = ""
	for name, tc := range map[string]struct{ text, want string }{
		"at the end":      {"local x # palletgen: allow local", none},
		"with a reason":   {"local x # palletgen: allow local: no ksh93 here", none},
		"above":           {"# palletgen: allow local\nlocal x", none},
		"two above":       {"# palletgen: allow local\n# palletgen: allow export-split\nexport x=$y; local x", none},
		"two in one":      {"# palletgen: allow local, export-split\nexport x=$y; local x", none},
		"over lines":      {"# palletgen: allow export-split\nexport x=1 \\\n    y=$z", none},
		"end of a block":  {"f() {\n    local x # palletgen: allow local\n}", none},
		"another line":    {"local x\nlocal y # palletgen: allow local", "x.sh:1:1: local"},
		"useless":         {"x=1 # palletgen: allow local", "x.sh:1:5: nothing here breaks the rule local"},
		"useless below":   {"local x # palletgen: allow local\n# palletgen: allow local\nx=1", "x.sh:2:1: nothing here breaks the rule local"},
		"unknown":         {"x # palletgen: allow locl", "x.sh:1:3: there is no rule locl to allow"},
		"no rule":         {"x # palletgen: allow", "x.sh:1:3: this comment to palletgen says nothing that is known"},
		"another word":    {"x # palletgen: ignore local", "x.sh:1:3: this comment to palletgen says nothing that is known"},
		"no comment":      {"echo '# palletgen: allow local'\nlocal x", "x.sh:2:1: local"},
		"parser refuses":  {"x=(a b) # palletgen: allow array", none},
		"below #!":        {"#!/bin/bash\n# palletgen: allow interpreter\nx", none},
		"no explanation":  {"local x; x ${(f)y} # palletgen: allow local", "x.sh:1:"},
		"another too":     {"x=(a b) # palletgen: allow array\nlocal y", "x.sh:2:1: local"},
		"in $( )":         {"x=$(\n    local y # palletgen: allow local\n)", none},
		"not ASCII":       {"x=1 # \xc3\xbc\n# palletgen: allow non-ascii\nx=\xc3\xbc", "x.sh:1:7: a byte that is no ASCII"},
		"code of a trap":  {"trap 'local x' EXIT # palletgen: allow local", none},
		"other comments":  {"# see palletgen: allow local\nx=1 # palletgen", none},
		"above a keyword": {"# palletgen: allow local\nif true; then local x; fi", none},
	} {
		t.Run(name, func(t *testing.T) {
			err := lint.Script(&diag.Source{Name: "x.sh", Text: tc.text + "\n"})
			got := none
			if err != nil {
				got = err.Error()
			}
			if !strings.HasPrefix(got, tc.want) || strings.Contains(got, "\n") || tc.want == none && got != none {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestTemplate(t *testing.T) {
	err := lint.Template(&diag.Source{Name: "x.sh.tmpl", Text: `{{/* local
local */ -}}
{{- if .x }}
local {{ .name }}=$({{ .command }}; echo {{ printf "}}" }})
{{- else }}
x={{.y}}; export x=$z
{{- end }}
printf '%d\n' {{ .n }}
kill {{ template "a" }} -- 5
`})
	want := `x.sh.tmpl:4:1: local is no POSIX shell: ksh93 has none, yash and posh split its values (local)
x.sh.tmpl:6:20: yash and posh split into words what is expanded here (export-split)
x.sh.tmpl:9:25: kill -- fails in dash and busybox (kill-dashes)`
	if err == nil {
		t.Fatal("no error")
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
