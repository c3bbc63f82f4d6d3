package plan

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"palletgen/gen/diag"
	"palletgen/gen/shell"
)

// TestLibraryIsSound reads every function of the embedded library in full, since
// builds read only what their scripts call.
func TestLibraryIsSound(t *testing.T) {
	var names []string
	for _, pattern := range []string{"templates/lib/*.sh", "templates/supervisors/*/lib/*.sh"} {
		found, err := filepath.Glob("../../" + pattern)
		if err != nil || len(found) == 0 {
			t.Fatal(found, err)
		}
		names = append(names, found...)
	}
	engine := shell.NewEngine()
	functions := 0
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		src := &diag.Source{Name: name, Text: string(data)}
		full, err := engine.Library(src)
		if err != nil {
			t.Error(err)
			continue
		}
		outline, ok := engine.Outline(src)
		if !ok {
			t.Errorf("%s: no outline: builds read it in full, which takes longer", name)
			continue
		}
		for i := range outline {
			calls, err := outline[i].Called()
			if err != nil {
				t.Error(err)
			}
			outline[i].Calls = calls
		}
		ignore := cmp.Options{cmpopts.IgnoreUnexported(shell.Function{}), cmpopts.IgnoreFields(diag.Pos{}, "Source")}
		if diff := cmp.Diff(full, outline, ignore); diff != "" {
			t.Errorf("%s (-full +outline)\n%s", name, diff)
		}
		functions += len(full)
	}
	if functions < 100 {
		t.Errorf("%d functions, want at least 100: is it all read?", functions)
	}
}
