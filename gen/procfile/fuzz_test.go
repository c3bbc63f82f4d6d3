package procfile_test

import (
	"strings"
	"testing"

	"palletgen/gen/diag"
	"palletgen/gen/importer/importertest"
	"palletgen/gen/procfile"
)

// FuzzImport: what is made of any Procfile and .env can be built, or is refused;
// every line with something in it is named there.
func FuzzImport(f *testing.F) {
	f.Add(strings.Join(lines, "\n"), environment, false)
	f.Add("web: a $A\nweb: b\n-: c\nx-1: d\nx_1: e\n", "A=*\nA=\"\\\"\n1=2\n", true)
	f.Fuzz(func(t *testing.T, text, env string, honcho bool) {
		src, envSrc := &diag.Source{Name: "P", Text: text}, &diag.Source{Name: "E", Text: env}
		o := procfile.Options{Group: "g", Supervisor: "runit", Formation: map[string]int{"all": 2}, Directory: "/srv"}
		if honcho {
			o.Dialect = procfile.Honcho
		}
		g, err := procfile.Import(src, []*diag.Source{envSrc}, o)
		if err != nil {
			return
		}
		yaml := g.YAML()
		if err := importertest.Build(yaml); err != nil {
			t.Fatalf("%v\n%s", err, yaml)
		}
		var places []diag.Pos
		for _, s := range []*diag.Source{src, envSrc} {
			n := 0
			for line := range strings.Lines(s.Text) {
				n++
				if trimmed := strings.TrimSpace(line); trimmed != "" && trimmed[0] != '#' {
					places = append(places, diag.Pos{Source: s, Line: n})
				}
			}
		}
		if missing := importertest.Unsaid(g, yaml, places); missing != nil {
			t.Fatalf("nothing is said of %q\n%s", missing, yaml)
		}
	})
}
