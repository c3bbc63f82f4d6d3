package render_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"palletgen/gen/lab"
	"palletgen/gen/plan"
	"palletgen/gen/render"
)

// FuzzLogrotate gives a log's folder any name and has the real logrotate tell
// which file it would look after: that one, as often and as large as is said.
func FuzzLogrotate(f *testing.F) {
	program := lab.Need(f, "logrotate")
	catalog, err := plan.NewCatalog(os.DirFS("../.."), nil, nil)
	if err != nil {
		f.Fatal(err)
	}
	renderer := render.New(catalog, "v0")
	for _, v := range hostileValues {
		f.Add(v)
		f.Add("x" + v + "/y")
	}
	file := filepath.Join(f.TempDir(), "conf")
	f.Fuzz(func(t *testing.T, value string) {
		if !utf8.ValidString(value) || len(value) > 200 {
			return // settings are UTF-8; a file can have a name of 255 bytes
		}
		text, err := configUnder(catalog, renderer, "systemd", "app", "command: [x], log_size: 8192, log_keep: 3", "etc/logrotate.d/app", leaf{"app.log_dir", "§"}.set("/var/log/"+value))
		if err != nil {
			return
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(program, "-d", "-s", "/dev/null", file)
		cmd.Env = []string{"LC_ALL=C"}
		said, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s\nof\n%s", err, said, text)
		}
		want := filepath.Clean("/var/log/"+value) + "/app.log"
		pattern := "rotating pattern: \"" + want + "\"  8192 bytes (3 rotations)\n"
		if n := strings.Count(string(said), "rotating pattern:"); n != 1 || !strings.Contains(string(said), pattern) || !strings.Contains(string(said), "\nconsidering log "+want+"\n") {
			t.Fatalf("logrotate does not look after %q alone:\n%s\nof\n%s", want, said, text)
		}
	})
}
