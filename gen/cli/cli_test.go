package cli_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"palletgen/gen/cli"
)

// assetsVariable tells the palletgen of a script where crates and templates
// are; the program itself embeds them.
const assetsVariable = "PALLETGEN_TEST_ASSETS"

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"palletgen": func() {
			assets := os.DirFS(os.Getenv(assetsVariable))
			os.Exit(cli.Main(os.Args[1:], assets, os.Stdin, os.Stdout, os.Stderr))
		},
	})
}

func root(t testing.TB) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestScripts(t *testing.T) {
	top := root(t)
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join(top, "testdata", "script"),
		Setup: func(env *testscript.Env) error {
			env.Setenv(assetsVariable, top)
			return nil
		},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}
