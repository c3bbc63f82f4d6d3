package conform_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/conform"
)

// A fault is put into a copy of a good folder.
type fault struct {
	name, file string
	old, new   string
	red        []string // the checks that must find it, among those of panel
}

// victim is the supervisor that the faults are put into: the one that runs on every host.
const victim = "nohup"

var faults = []fault{
	{"none", "supervisor.yaml", "crate: nohup", "crate: nohup", nil},
	{"stop sends no signal", "lib/nohup.sh", "    background_down\n", "    background_stops=1\n", []string{
		"life: stop_timeout", "table: stop, running",
	}},
	{"nothing is killed", "lib/nohup.sh", "    background_kill\n", "    :\n", []string{"life: stop_timeout"}},
	{"the log is not shown", "lib/nohup.sh", `    log_tail "$nohup_log_file"`, "    :", []string{"rough: dies at start"}},
	{"a field is dropped in silence", "supervisor.yaml", "service:\n", "service:\n  post_stop: native\n", []string{"life: post_stop"}},
	{"configure ends the process", "configure.sh.tmpl", "log_folder", "pkill -f palletgen-probe\nlog_folder", []string{"rough: configure leaves the process"}},
	{"a file is forgotten", "unconfigure.sh.tmpl", "background_unconfigure", "echo x >/etc/forgotten\n: background_unconfigure", []string{"rough: uninstall leaves nothing"}},
	{"the service has another niceness", "run.sh.tmpl", "#!/bin/sh\n", "#!/bin/sh\nrenice 7 $$\n", []string{"process: nice"}},
	{"the host cannot be set up", "supervisor.yaml", "conform:\n", "conform:\n  setup: exit 3\n", panel},
}

// panel are the checks that every fault is tried with.
var panel = []string{
	"life: post_stop", "life: stop_timeout", "process: nice", "process: umask", "rough: configure leaves the process",
	"rough: dies at start", "rough: uninstall leaves nothing", "table: start, running", "table: stop, running",
}

// TestFaultsAreFound checks that the suite can fail, and where.
func TestFaultsAreFound(t *testing.T) {
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			report := try(t, conform.Options{
				Catalog: catalog(t, nil, []string{broken(t, f)}), Supervisors: []string{victim}, Only: "^(" + strings.Join(panel, "|") + ")$",
			})
			var red []string
			for _, result := range report.Columns[0].Results {
				if result.State == conform.Failed {
					red = append(red, result.Group+": "+result.Check)
				}
			}
			slices.Sort(red)
			if diff := cmp.Diff(f.red, red); diff != "" || report.OK != (f.red == nil) {
				t.Errorf("ok is %v, failed checks (-want +got):\n%s\n%s", report.OK, diff, report.Failures())
			}
		})
	}
}

// broken is a folder of supervisors with a copy of the victim that has the fault.
func broken(t *testing.T, f fault) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, victim), os.DirFS(filepath.Join(top, "templates/supervisors", victim))); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, victim, f.file)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), f.old); n != 1 {
		t.Fatalf("%s is %d times in %s: the fault has to be written anew", f.old, n, f.file)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(text), f.old, f.new, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}
