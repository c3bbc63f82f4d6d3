package transport

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"palletgen/gen/cli"
)

// build runs "palletgen build" on a palletgen.yaml ("" is the embedded example) and returns all that it writes, by its
// path in the output folder: "app-runit.tar.gz", "app-runit.sh" ….
func build(t testing.TB, config string, args ...string) map[string]string {
	t.Helper()
	dir := t.TempDir()
	argv := append([]string{"build", "-o", dir}, args...)
	if config != "" {
		argv = append(argv, "-f", "-")
	}
	palletgen(t, config, argv...)
	written := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		written[strings.TrimPrefix(name, dir+"/")] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return written
}

// palletgen runs a command of the program, which has to succeed, and returns what it prints.
func palletgen(t testing.TB, stdin string, argv ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	// The folders of the checkout are those that the program embeds.
	if code := cli.Main(argv, os.DirFS("../.."), strings.NewReader(stdin), &stdout, &stderr); code != 0 {
		t.Fatalf("palletgen %q: exit code %d\n%s%s\nof\n%.2000s", argv, code, &stdout, &stderr, stdin)
	}
	return stdout.String()
}

// appConfig is a palletgen.yaml with one group, app, of one service, app, under this supervisor: a probe of gen/conform
// whose folder is serviceDir. Lines of the crate's settings can be added.
func appConfig(supervisor string, settings ...string) string {
	var b strings.Builder
	crate := supervisor
	if supervisor == "runit" {
		crate += ": {packages: {apt: [runit]}}" // what a host without a network has, beside its own init
	}
	fmt.Fprintf(&b, "groups:\n  app:\n    extends:\n      - %s\n      - app:\n          supervisor: %s\n", crate, supervisor)
	fmt.Fprintf(&b, "          command: [%s, %s]\n", probePath, serviceDir)
	for _, line := range settings {
		fmt.Fprintf(&b, "          %s\n", line)
	}
	return b.String()
}
