package behaviour

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"palletgen/gen/conform"
	"palletgen/gen/lab"
	"palletgen/gen/plan"
)

// readmes are those with an example: of a crate, and of a supervisor for it.
var readmes = []string{"../../crates/README.md", "../../templates/supervisors/README.md"}

// exampleFile is a file that they tell to write: its path, and the block of code behind it.
var exampleFile = regexp.MustCompile("(?s)`(my-(?:crates|supervisors)/[^`]+)`[^`]*```[a-z]*\n(.*?)```")

// exampleName is the name of such a file where it is introduced.
var exampleName = regexp.MustCompile("(?m)`my-[a-z]+/[a-z]+/[^`]+`( \\(.*\\))?:?$")

// exampleGroups is a palletgen.yaml of theirs that is about these files.
var exampleGroups = regexp.MustCompile("(?s)```yaml\n(groups:\n  greeter.*?)```")

// readme writes the files of the READMEs' examples into a folder of their own, outside of the repository, and
// returns it and the palletgen.yaml of each example.
func readme(t *testing.T) (dir string, groups []string) {
	t.Helper()
	var text string
	for _, file := range readmes {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text += string(data)
	}
	dir = t.TempDir()
	files := exampleFile.FindAllStringSubmatch(text, -1)
	if named := exampleName.FindAllString(text, -1); len(files) != len(named) {
		t.Fatalf("the READMEs name %d files of examples, and show %d", len(named), len(files))
	}
	for _, match := range files {
		path := filepath.Join(dir, match[1])
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(match[2]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, match := range exampleGroups.FindAllStringSubmatch(text, -1) {
		groups = append(groups, match[1])
	}
	if len(groups) != 2 {
		t.Fatalf("the READMEs have %d palletgen.yaml of groups that greet, want 2", len(groups))
	}
	return dir, groups
}

// TestReadmeCrate builds the crate of crates/README.md and runs it as told there.
func TestReadmeCrate(t *testing.T) {
	dir, groups := readme(t)
	h := &host{Machine: lab.New(t, lab.Options{}), t: t}
	h.unpack("greeter", groups[0], "--crates", filepath.Join(dir, "my-crates"))
	h.wants(h.phase("install", "configure", "start", "status"), 0, "hello: running, pid ")
	greets(h, "/var/log", "good morning, it's $(date)")
	h.wants(h.phase("install", "configure", "start"), 0, "changed=0")
	h.wants(h.phase("stop"), 0, "changed=1")
}

// TestReadmeSupervisor runs the same crate under the supervisor of templates/supervisors/README.md.
func TestReadmeSupervisor(t *testing.T) {
	lab.Need(t, "svscan")
	dir, groups := readme(t)
	h := &host{Machine: lab.New(t, lab.Options{}), t: t}
	h.unpack("greeter-svscan", groups[1],
		"--crates", filepath.Join(dir, "my-crates"), "--supervisors", filepath.Join(dir, "my-supervisors"))
	// Our own crates run under it as well.
	build(t, "riemann-svscan", "groups: {riemann-svscan: {extends: [svscan, java, riemann: {supervisor: svscan}]}}",
		"--crates", filepath.Join(dir, "my-crates"), "--supervisors", filepath.Join(dir, "my-supervisors"))
	h.must("groupadd", "-r", "hello")
	h.must("useradd", "-r", "-M", "-g", "hello", "hello")
	h.must("mkdir", "-p", "/etc/service")
	h.wants(h.phase("start"), 78)
	h.ok("configure", "enable")
	h.Start("svscan", "/etc/service")
	h.wants(h.phase("start", "status"), 0, "hello: running, pid ")
	h.wants(h.phase("start", "configure", "enable"), 0, "changed=0")
	h.ok("restart", "reload")
	h.ok("stop")
	h.wants(h.phase("status"), 3, "hello: stopped")
	h.wants(h.phase("reload"), 70)
	h.ok("start")
	h.ok("uninstall")
	h.wants(h.phase("status"), 4)
	if left := h.Run("ls", "/etc/service/hello", "/etc/svscan/hello", "/opt/hello"); left.Stdout != "" {
		t.Errorf("uninstall leaves %v", left)
	}
}

// TestReadmeSupervisorConforms does with it those checks of conformance that a simpler version would fail.
func TestReadmeSupervisorConforms(t *testing.T) {
	t.Parallel()
	lab.New(t, lab.Options{}).End() // or it is skipped
	lab.Need(t, "svscan")
	dir, _ := readme(t)
	catalog, err := plan.NewCatalog(os.DirFS("../.."), []string{filepath.Join(dir, "my-crates")}, []string{filepath.Join(dir, "my-supervisors")})
	if err != nil {
		t.Fatal(err)
	}
	report, err := conform.Run(conform.Options{
		Catalog: catalog, Supervisors: []string{"svscan"},
		Only: "^process: (user|environment|limits)|^life: pre_start|^log: |^values: names|^rough: (dies|uninstall)|^moves: ",
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, result := range report.Columns[0].Results {
		if result.State == conform.Failed || result.State == conform.Skipped {
			t.Errorf("%s: %s: %s %s", result.Group, result.Check, result.Details, result.Note)
		}
	}
	if ok := report.Count()[conform.OK]; ok < 20 {
		t.Errorf("%d checks are ok", ok)
	}
}

// greets waits until some log below folder holds the line.
func greets(h *host, folder, line string) {
	h.t.Helper()
	lab.Until(h.t, patience, "the greeting in a log", func() bool {
		return strings.Contains(h.Run("grep", "-rhxF", line, folder).Stdout, line)
	})
}
