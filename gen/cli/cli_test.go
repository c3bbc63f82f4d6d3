package cli_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"palletgen/gen/cli"
	"palletgen/gen/conform"
	"palletgen/gen/lab"
)

// assetsVariable tells the palletgen of a script where crates and templates
// are; the program itself embeds them.
const assetsVariable = "PALLETGEN_TEST_ASSETS"

func TestMain(m *testing.M) {
	lab.Enter(conform.Programs())
	testscript.Main(m, map[string]func(){
		"palletgen": func() {
			assets := os.DirFS(os.Getenv(assetsVariable))
			os.Exit(cli.Main(os.Args[1:], assets, os.Stdin, os.Stdout, os.Stderr))
		},
	})
}

// top is the top of the checkout, found before any test changes the folder.
var top, topErr = filepath.Abs("../..")

func root(t testing.TB) string {
	t.Helper()
	if topErr != nil {
		t.Fatal(topErr)
	}
	return top
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join(root(t), "testdata", "script"),
		Setup: func(env *testscript.Env) error {
			env.Setenv(assetsVariable, top)
			return nil
		},
		Condition:           missing,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}

// missing is the condition missing:PROGRAM of scripts, for those that are to be
// skipped without it. Where every program is required it fails the script.
func missing(condition string) (bool, error) {
	program, ok := strings.CutPrefix(condition, "missing:")
	if !ok {
		return false, fmt.Errorf("unknown condition %q", condition)
	}
	_, err := exec.LookPath(program)
	if err != nil && os.Getenv("PALLETGEN_REQUIRE_ALL") == "1" {
		return false, fmt.Errorf("needs %s, which is not here", program)
	}
	return err != nil, nil
}
