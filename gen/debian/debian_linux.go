package debian

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"palletgen/gen/lab"
)

const (
	mirror = "http://deb.debian.org/debian"
	suite  = "bookworm"
	// variable is the environment variable with a tree that is there already, to save the minute. It must not be below
	// /tmp, of which a machine sees nothing.
	variable = "PALLETGEN_DEBIAN"
)

// Tree returns the folder of the tree. Every machine has it for itself, since a machine writes over the host's files and
// not into them. One that had to be made goes with the test.
func Tree(t lab.T) string {
	t.Helper()
	if tree := os.Getenv(variable); tree != "" {
		return tree
	}
	debootstrap := lab.Need(t, "debootstrap")
	NeedMirror(t)
	folder, err := os.MkdirTemp("/var/tmp", "palletgen-test-")
	if err != nil {
		t.Fatalf("%v", err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(folder); err != nil {
			t.Errorf("%v", err)
		}
	})
	tree := filepath.Join(folder, "debian")
	if said, err := exec.Command(debootstrap, "--variant=minbase", suite, tree, mirror).CombinedOutput(); err != nil {
		t.Fatalf("debootstrap: %v\n%.3000s", err, said)
	}
	return tree
}

// NeedMirror skips a test that gets packages where it cannot reach them.
func NeedMirror(t lab.T) {
	t.Helper()
	client := http.Client{Timeout: 20 * time.Second}
	answer, err := client.Head(mirror + "/dists/" + suite + "/InRelease")
	if err == nil {
		answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			err = fmt.Errorf("%s", answer.Status)
		}
	}
	if err != nil {
		lab.Skip(t, "needs the mirror "+mirror+": "+err.Error())
	}
}
