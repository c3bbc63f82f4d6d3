package behaviour

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"palletgen/gen/cli"
)

// build makes the bundle of one group and returns the archive. An empty config is the embedded example.
func build(t testing.TB, group, config string, flags ...string) []byte {
	t.Helper()
	return buildAs(t, ".tar.gz", group, config, flags...)
}

// buildAs makes the bundle in the format that flags ask for, the files of which have this suffix.
func buildAs(t testing.TB, suffix, group, config string, flags ...string) []byte {
	t.Helper()
	dir := t.TempDir()
	args := append([]string{"build", "-o", dir}, flags...)
	if config != "" {
		args = append(args, "-f", "-")
	}
	var messages bytes.Buffer
	// The folders of the checkout are those that the program embeds.
	code := cli.Main(append(args, group), os.DirFS("../.."), strings.NewReader(config), &messages, &messages)
	if code != 0 {
		t.Fatalf("palletgen %q: exit code %d\n%s\nof\n%.2000s", args, code, &messages, config)
	}
	archive, err := os.ReadFile(filepath.Join(dir, group+suffix))
	if err != nil {
		t.Fatal(err)
	}
	return archive
}
