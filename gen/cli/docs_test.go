package cli_test

import (
	"encoding/json"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// What the last sentence of a package's doc says of imports: which there are, or
// which there may not be.
var (
	importsRE = regexp.MustCompile(`It imports ([^.]*)\.`)
	butRE     = regexp.MustCompile(`It may import all (?:but ([^.]*)|others)\.`)
	packageRE = regexp.MustCompile(`\bgen/[a-z/]+`)
)

// TestPackageDocs: each package says what it is for and what it imports.
func TestPackageDocs(t *testing.T) {
	t.Parallel()
	cmd := exec.Command("go", "list", "-json=ImportPath,Dir,Imports,GoFiles", "./gen/...")
	cmd.Dir = root(t)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p struct {
			ImportPath, Dir  string
			Imports, GoFiles []string
		}
		if err := decoder.Decode(&p); err == io.EOF {
			return
		} else if err != nil {
			t.Fatal(err)
		}
		if len(p.GoFiles) > 0 { // else it holds tests only
			checkImports(t, p.ImportPath, packageDoc(t, p.Dir, p.GoFiles), p.Imports)
		}
	}
}

// packageDoc returns the doc of a package as one line.
func packageDoc(t *testing.T, dir string, files []string) string {
	t.Helper()
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, name), nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if file.Doc != nil {
			return strings.Join(strings.Fields(file.Doc.Text()), " ")
		}
	}
	return ""
}

// checkImports compares imports with what doc says of them.
func checkImports(t *testing.T, path, doc string, imports []string) {
	t.Helper()
	var own []string
	for _, i := range imports {
		if name, ok := strings.CutPrefix(i, "palletgen/"); ok {
			own = append(own, name)
		}
	}
	slices.Sort(own)
	if m := importsRE.FindStringSubmatch(doc); m != nil {
		said := packageRE.FindAllString(m[1], -1)
		slices.Sort(said)
		if !slices.Equal(said, own) {
			t.Errorf("%s imports %v, and its doc says %v", path, own, said)
		}
		return
	}
	m := butRE.FindStringSubmatch(doc)
	if m == nil {
		t.Errorf("%s: its doc does not say what it imports", path)
		return
	}
	for _, name := range packageRE.FindAllString(m[1], -1) {
		if slices.Contains(own, name) {
			t.Errorf("%s imports %s, and its doc says that it may not", path, name)
		}
	}
}
