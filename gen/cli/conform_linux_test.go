package cli_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"palletgen/gen/cli"
	"palletgen/gen/conform"
	"palletgen/gen/lab"
)

// callConform runs palletgen conform and returns its exit code and what it says.
func callConform(t *testing.T, args ...string) (code int, out, messages string) {
	t.Helper()
	if err := lab.Available(); err != nil {
		lab.Skip(t, err.Error())
	}
	var stdout, stderr bytes.Buffer
	code = cli.Main(append([]string{"conform"}, args...), os.DirFS(root(t)), strings.NewReader(""), &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

func TestConformPrintsAMatrix(t *testing.T) {
	code, out, messages := callConform(t, "--only", "^table: status, |^life: post_stop", "nohup")
	want := `                          nohup
table
  status, not configured  ok
  status, stopped         ok
  status, running         ok
  status, crash-looping   ok
life
  post_stop               -

nohup: life: post_stop: post_stop
`
	if code != 0 || out != want || messages != "" {
		t.Errorf("exit code %d, messages %q, it prints\n%s\nwant\n%s", code, messages, out, want)
	}
}

func TestConformPrintsJSON(t *testing.T) {
	code, out, messages := callConform(t, "--json", "--only", "^table: status, stopped$", "--shell", "busybox", "nohup")
	var report conform.Report
	if err := json.Unmarshal([]byte(out), &report); err != nil || strings.Count(out, "\n") != 1 {
		t.Fatalf("%v in %s", err, out)
	}
	if code != 0 || messages != "" || !report.OK || report.Shell != "busybox" || len(report.Columns) != 1 ||
		report.Columns[0].Results[0].State != conform.OK {
		t.Errorf("exit code %d, messages %q, %s", code, messages, out)
	}
}

// TestConformNeverTakesSkippedForOK lets supervisors say that they cannot be brought up.
func TestConformNeverTakesSkippedForOK(t *testing.T) {
	for setup, why := range map[string]string{
		"needs: [no-such-program]":                        "needs no-such-program",
		"setup: echo 'needs another kernel' >&2; exit 69": "needs another kernel",
	} {
		dir := t.TempDir()
		if err := os.CopyFS(filepath.Join(dir, "nohup"), os.DirFS(filepath.Join(root(t), "templates/supervisors/nohup"))); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, "nohup/supervisor.yaml")
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		before, _, _ := strings.Cut(string(text), "\nconform:")
		if err := os.WriteFile(file, []byte(before+"\nconform:\n  "+setup+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		code, out, messages := callConform(t, "--supervisors", dir, "--only", "^table: status, stopped$", "nohup")
		if code != 1 || !strings.Contains(out, "status, stopped  skipped\n") || !strings.Contains(out, "nohup: skipped: "+why+"\n") ||
			!strings.Contains(messages, "0 checks are ok, 0 failed, 1 were skipped") {
			t.Errorf("exit code %d, messages %q, it prints\n%s", code, messages, out)
		}
	}
}

func TestConformWithoutAnyCheck(t *testing.T) {
	code, out, messages := callConform(t, "--only", "^tabel: ", "nohup")
	if code != 1 || out != "" || !strings.Contains(messages, `no check is called like "^tabel: "`) {
		t.Errorf("exit code %d, %q, %q", code, out, messages)
	}
}
