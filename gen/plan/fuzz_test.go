package plan_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"palletgen/gen/diag"
	"palletgen/gen/plan"
	"palletgen/gen/spec"
)

// FuzzResolve reads whatever comes as a palletgen.yaml, a crate and a supervisor:
// it ends with an error, or with groups that are whole.
func FuzzResolve(f *testing.F) {
	for _, seed := range [][4]string{
		{"groups: {a: {extends: [nohup, odd: {supervisor: odd, x: y, odd: {a: b}}]}}", "doc: x\nsettings: {x: {type: string, doc: x}}\nservice: {name: odd, command: [x]}", "doc: x\ncrate: odd\nservice: {command: native}\nconfig: {service_name: {type: name, default: x, doc: x}}", "note {{ .x }}"},
		{"specs: {b: {extend: [c: 3]}}\ngroup: {a: {extends: {odd: {<<: {}}}}, A: {extends: [b: {}, [], ~, {}]}}", "docs: x\nsettings: [a]\nfiles: [3, {path: x}]", "options: {a: {type: list, of: {type: map}, default: {}}}\nconform: []", "{{ if }}"},
		{"groups: {a: {extends: [odd: &x {}, odd: *x, {odd: , x: 1}]}}", "settings: {1: 2, a: {typ: enum, values: 3, default: {{ .b }}}, b: {type: struct, fields: [a]}}\npayload: [../x]\nphases: 3", "service: [a]\nfiles: {}\nprovides: {a: b}", "}"},
		{"groups:\n  a:\n  - b\n", "? [a]\n: b", "a: !!int 3", "\x00"},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3])
	}
	f.Fuzz(func(t *testing.T, text, crate, sup, script string) {
		dir := t.TempDir()
		for name, content := range map[string]string{
			"crates/odd/crate.yaml": crate, "crates/odd/install.sh.tmpl": script, "sup/odd/supervisor.yaml": sup, "sup/odd/service.sh.tmpl": script,
		} {
			path := filepath.Join(dir, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		catalog, err := plan.NewCatalog(os.DirFS("../.."), []string{filepath.Join(dir, "crates")}, []string{filepath.Join(dir, "sup")})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = catalog.Crate("odd")
		_, _ = catalog.Supervisor("odd")
		doc, err := spec.Load([]*diag.Source{{Name: "f", Text: text}})
		planner, more := plan.NewPlanner(catalog, doc, nil)
		if planner == nil {
			t.Fatal(more)
		}
		for _, group := range planner.Groups() {
			g, wrong := planner.Resolve(group)
			if wrong == nil && err == nil && more == nil && g == nil {
				t.Error("neither a group nor an error")
			}
			if wrong != nil {
				var out strings.Builder
				diag.Print(&out, wrong, false)
				if out.String() == "" || diag.PrintableLines(out.String()) != out.String() {
					t.Errorf("told: %q", &out)
				}
			}
		}
	})
}
