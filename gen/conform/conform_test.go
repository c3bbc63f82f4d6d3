package conform_test

import (
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/conform"
	"palletgen/gen/lab"
	"palletgen/gen/plan"
)

var update = flag.Bool("update", false, "write the tables of the READMEs anew")

func TestMain(m *testing.M) {
	// The tests mostly wait for supervisors. A -parallel on the command line comes later and wins.
	if err := flag.Set("test.parallel", "6"); err != nil {
		panic(err)
	}
	lab.Main(m, conform.Programs())
}

// top is the folder of the crates and templates that palletgen embeds; the others are where the tables are.
const (
	top               = "../.."
	readme            = top + "/README.md"
	supervisorsReadme = top + "/templates/supervisors/README.md"
)

func catalog(t *testing.T, crates, supervisors []string) *plan.Catalog {
	t.Helper()
	c, err := plan.NewCatalog(os.DirFS(top), crates, supervisors)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// checkBlock compares a table of a file with what it should be, which is made of what is there.
func checkBlock(t *testing.T, file, name string, make func(known string) string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, block, after, err := conform.Block(string(text), name)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	want := make(block)
	if *update && want != block {
		if err := os.WriteFile(file, []byte(before+want+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, block); diff != "" {
		t.Errorf("%s: the table %s is not as it should be; go test ./gen/conform -update writes it anew (-want +got):\n%s", file, name, diff)
	}
}

func TestTablesInReadme(t *testing.T) {
	for _, tc := range []struct {
		file, name string
		table      func(*plan.Catalog) (string, error)
	}{
		{readme, conform.SupervisorsBlock, conform.Supervisors},
		{supervisorsReadme, conform.FieldsBlock, conform.Fields},
	} {
		checkBlock(t, tc.file, tc.name, func(string) string {
			table, err := tc.table(catalog(t, nil, nil))
			if err != nil {
				t.Fatal(err)
			}
			return table
		})
	}
}

func TestMarkdownKeepsWhatWasNotTried(t *testing.T) {
	known := "| check | old | new |\n| --- | --- | --- |\n| a: one | ok | FAIL |\n| a: gone | ok | ok |\n"
	report := &conform.Report{Columns: []*conform.Column{
		{Supervisor: "new", Results: []conform.Result{{Group: "a", Check: "one", State: conform.OK}, {Group: "a", Check: "two", State: conform.Impossible}}},
		{Supervisor: "other", Skipped: "needs other", Results: []conform.Result{{Group: "a", Check: "one", State: conform.Skipped}}},
	}}
	want := "| check | new | old |\n| --- | --- | --- |\n| a: one | ok | ok |\n| a: two | - |  |\n"
	if diff := cmp.Diff(want, report.Markdown(known)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
