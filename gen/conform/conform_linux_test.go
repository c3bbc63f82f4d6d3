package conform_test

import (
	"flag"
	"slices"
	"strings"
	"testing"

	"palletgen/gen/conform"
	"palletgen/gen/lab"
	"palletgen/gen/plan"
)

var (
	which = flag.String("supervisors", "", "try only these, with commas between them")
	only  = flag.String("only", "", "only the checks that this regular expression finds")
)

// mayBeAbsent is the supervisor that no current distribution has.
const mayBeAbsent = "upstart"

// Supervisors as somebody else would write them, and the crates that install them.
const (
	outsideSupervisors = top + "/testdata/supervisors"
	outsideCrates      = top + "/testdata/crates"
)

// TestConform tries every supervisor that says how to bring it up, ours and others; each check is a subtest.
func TestConform(t *testing.T) {
	all := catalog(t, []string{outsideCrates}, []string{outsideSupervisors})
	report := try(t, conform.Options{Catalog: all, Supervisors: supervisors(t, all), Only: *only})
	t.Logf("%.0f seconds, %v", report.Seconds, report.Count())
	for _, column := range report.Columns {
		t.Run(column.Supervisor, func(t *testing.T) { tell(t, column) })
	}
	if *only == "" {
		ours := supervisors(t, catalog(t, nil, nil))
		report.Columns = slices.DeleteFunc(report.Columns, func(c *conform.Column) bool { return !slices.Contains(ours, c.Supervisor) })
		checkBlock(t, supervisorsReadme, conform.MatrixBlock, report.Markdown)
	}
}

// TestShells does again with other shells as /bin/sh what depends on them.
func TestShells(t *testing.T) {
	if testing.Short() {
		t.Skip("takes minutes")
	}
	for _, shell := range []string{"busybox", "bash"} {
		t.Run(shell, func(t *testing.T) {
			lab.Need(t, shell)
			ours := catalog(t, nil, nil)
			report := try(t, conform.Options{
				Catalog: ours, Supervisors: supervisors(t, ours), Shell: shell,
				Only: "^values: |^process: (all at once|command|environment|limits)|^rough: starts clean|^table: .*, running",
			})
			for _, column := range report.Columns {
				t.Run(column.Supervisor, func(t *testing.T) { tell(t, column) })
			}
		})
	}
}

// supervisors are those that can be brought up, and that were asked for.
func supervisors(t *testing.T, c *plan.Catalog) []string {
	t.Helper()
	names, err := c.SupervisorNames()
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(names, func(name string) bool {
		s, err := c.Supervisor(name)
		if err != nil {
			t.Fatal(err)
		}
		return s.Conform == nil || *which != "" && !slices.Contains(strings.Split(*which, ","), name)
	})
}

func try(t *testing.T, o conform.Options) *conform.Report {
	t.Helper()
	if err := lab.Available(); err != nil {
		lab.Skip(t, err.Error())
	}
	report, err := conform.Run(o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// tell makes subtests of what was found out about a supervisor.
func tell(t *testing.T, column *conform.Column) {
	if column.Skipped != "" {
		skip(t, column, column.Skipped)
	}
	for _, result := range column.Results {
		t.Run(result.Group+"/"+result.Check, func(t *testing.T) {
			switch result.State {
			case conform.Failed:
				t.Error(result.Details)
			case conform.Skipped:
				skip(t, column, result.Note)
			default:
				t.Logf("%.1f s %s", result.Seconds, result.Note)
			}
		})
	}
}

func skip(t *testing.T, column *conform.Column, why string) {
	if column.Supervisor == mayBeAbsent {
		t.Skip(why)
	}
	lab.Skip(t, why)
}

// TestEveryValueIsTried counts.
func TestEveryValueIsTried(t *testing.T) {
	if n := conform.Values(); n < 400 {
		t.Errorf("%d values, want at least 400", n)
	}
}
