package plan

import (
	"path"
	"testing"

	"palletgen/gen/shell"
)

// TestLibraryUsage checks what each function of the embedded library says of its
// arguments, and that those which call it give as many: builds look at users'
// functions only, since these are known to be right.
func TestLibraryUsage(t *testing.T) {
	engine := shell.NewEngine()
	folders := map[string]map[string]*shell.Function{}
	calls := 0
	for _, src := range libraryFiles(t) {
		functions, err := engine.Library(src)
		if err != nil {
			t.Fatal(err)
		}
		folder := path.Dir(src.Name)
		if folders[folder] == nil {
			folders[folder] = map[string]*shell.Function{}
		}
		for i := range functions {
			folders[folder][functions[i].Name] = &functions[i]
		}
	}
	for folder, functions := range folders {
		for _, fn := range functions {
			if u, err := fn.Usage(); err != nil || u.Line == "" {
				t.Errorf("%s: the comment of %s does not begin with its usage (%v)", fn.Pos, fn.Name, err)
			} else if n := fn.Reads(); u.Most >= 0 && n > u.Most {
				t.Errorf("%s: %s reads $%d, and its usage says %s", fn.Pos, fn.Name, n, u.Line)
			}
			uses, _ := fn.Uses()
			for _, use := range uses {
				called := functions[use.Name]
				if called == nil {
					called = folders["templates/lib"][use.Name]
				}
				if called != nil {
					calls++
					if err := called.Misused(use); err != nil {
						t.Errorf("%s: %v", folder, err)
					}
				}
			}
		}
	}
	if calls < 500 {
		t.Errorf("%d calls were checked, want at least 500", calls)
	}
}
