package unitfile_test

import (
	"strings"
	"testing"

	"palletgen/gen/diag"
	"palletgen/gen/importer/importertest"
	"palletgen/gen/unitfile"
)

// TestUnknownToSystemd: what systemd leaves out of a list is named, and what is made
// of the rest can be built.
func TestUnknownToSystemd(t *testing.T) {
	possible, err := importertest.Possible("systemd")
	if err != nil {
		t.Fatal(err)
	}
	src := &diag.Source{Name: "a.service", Text: "[Service]\nExecStart=/bin/a\nAmbientCapabilities=CAP_X\nRestrictAddressFamilies=AF_FOO\nReadWritePaths=/a/../b /c\n"}
	g, err := unitfile.Import([]unitfile.File{{Name: "a.service", Sources: []*diag.Source{src}}}, unitfile.Options{Group: "g", Supervisor: "systemd", Possible: possible})
	if err != nil {
		t.Fatal(err)
	}
	yaml := g.YAML()
	for _, lost := range []string{`cannot say "CAP_X"`, `cannot say "AF_FOO"`, `cannot say "/a/../b"`} {
		if !strings.Contains(yaml, lost) {
			t.Errorf("%s is missing in\n%s", lost, yaml)
		}
	}
	if err := importertest.Build(yaml); err != nil {
		t.Errorf("%v\n%s", err, yaml)
	}
}
