package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/cli"
)

// chapter returns the fenced blocks of a chapter of README.md, without fences.
func chapter(t *testing.T, heading string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root(t), "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(text), "\n## "+heading+"\n")
	if !ok {
		t.Fatalf("README.md has no chapter %q", heading)
	}
	rest, _, _ = strings.Cut(rest, "\n## ")
	var blocks []string
	for _, block := range fenceRE.FindAllString(rest, -1) {
		_, block, _ = strings.Cut(block, "\n")
		blocks = append(blocks, strings.TrimSuffix(block, "```"))
	}
	return blocks
}

// TestReadmeExplain runs the commands of the chapter about explain on the
// example, and holds what it shows equal to what they print; its error is one of
// the script explain.txtar.
func TestReadmeExplain(t *testing.T) {
	blocks := chapter(t, "Where a line comes from")
	if len(blocks) != 3 {
		t.Fatalf("the chapter has %d blocks", len(blocks))
	}
	assets := os.DirFS(root(t))
	script, err := os.ReadFile(filepath.Join(root(t), "testdata", "script", "explain.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	var out, messages bytes.Buffer
	for command := range strings.SplitSeq(strings.TrimSpace(blocks[0]), "\n") {
		args := strings.Fields(command)
		if args[0] != "palletgen" {
			t.Fatalf("%s is no call of palletgen", command)
		}
		if code := cli.Main(args[1:], assets, strings.NewReader(""), &out, &messages); code != 0 {
			t.Fatalf("%s: exit code %d\n%s", command, code, &messages)
		}
	}
	if diff := cmp.Diff(blocks[1], out.String()); diff != "" {
		t.Errorf("the commands print other lines (-README +printed):\n%s", diff)
	}
	if !strings.Contains(string(script), "-- odd.err --\n"+blocks[2]) {
		t.Errorf("explain.txtar expects another error than\n%s", blocks[2])
	}
}
