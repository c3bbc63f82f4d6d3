package plan

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"palletgen/gen/diag"
	"palletgen/gen/shell"
)

var update = flag.Bool("update", false, "write the index of the embedded functions anew")

const root = "../.."

// libraryFiles reads all files of embedded shell functions.
func libraryFiles(t *testing.T) (sources []*diag.Source) {
	t.Helper()
	for _, pattern := range []string{"templates/lib/*.sh", "templates/supervisors/*/lib/*.sh", "crates/*/lib/*.sh"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range found {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			sources = append(sources, &diag.Source{Name: strings.TrimPrefix(name, root+"/"), Text: string(data)})
		}
	}
	return sources
}

// TestLibraryIsSound reads every function of the embedded library in full, since
// builds read only what their scripts call, and that in the index.
func TestLibraryIsSound(t *testing.T) {
	engine, indexed := shell.NewEngine(), shell.NewEngine()
	var index strings.Builder
	fmt.Fprintf(&index, "# What each function of the shell library calls, at which line of it. Made by\n# go test ./gen/plan -run Library -update\n")
	functions := 0
	for _, src := range libraryFiles(t) {
		full, err := engine.Library(src)
		if err != nil {
			t.Error(err)
			continue
		}
		outline, ok := engine.Outline(src)
		if !ok {
			t.Errorf("%s: no outline: builds read it in full, which takes longer", src.Name)
			continue
		}
		compareFunctions(t, src.Name, full, outline)
		var lines strings.Builder
		for i := range full {
			line, err := shell.IndexLine(&full[i])
			if err != nil {
				t.Error(err)
			}
			lines.WriteString(line)
		}
		indexed.Index = shell.ReadIndex(lines.String())
		outline, _ = indexed.Outline(src)
		compareFunctions(t, src.Name+", by the index", full, outline)
		fmt.Fprintf(&index, "# %s\n%s", src.Name, lines.String())
		functions += len(full)
	}
	if functions < 100 {
		t.Errorf("%d functions, want at least 100: is it all read?", functions)
	}
	compareIndex(t, index.String())
}

func compareFunctions(t *testing.T, what string, full, outline []shell.Function) {
	t.Helper()
	for i := range outline {
		calls, err := outline[i].Called()
		if err != nil {
			t.Error(err)
		}
		outline[i].Calls = calls
	}
	ignore := cmp.Options{cmpopts.IgnoreUnexported(shell.Function{}), cmpopts.IgnoreFields(diag.Pos{}, "Source")}
	if diff := cmp.Diff(full, outline, ignore); diff != "" {
		t.Errorf("%s (-full +outline)\n%s", what, diff)
	}
}

// compareIndex compares the embedded index with what it ought to be.
func compareIndex(t *testing.T, want string) {
	t.Helper()
	name := filepath.Join(root, Index)
	if *update {
		if err := os.WriteFile(name, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("%s is not up to date: go test ./gen/plan -run Library -update\n(-want +got)\n%s", Index, diff)
	}
}
