package verify

import (
	"io"
	"strings"

	"palletgen/gen/lazyregexp"
	"palletgen/gen/onefile"
)

// bakedIn is the line of a script's head that names the phases which it runs by
// itself; see templates/onefile.sh.tmpl.
var bakedIn = lazyregexp.New(`(?m)^    \[ \$# -gt 0 \] \|\| set -- (.*)$`)

// BakedIn lists the phases that a script with such a head runs by itself.
func BakedIn(head string) []string {
	match := bakedIn.FindStringSubmatch(head)
	if match == nil {
		return nil
	}
	return strings.Fields(match[1])
}

// readScript reads a bundle that is one script, compressed or not.
func (c *checker) readScript(r io.Reader) {
	text, err := io.ReadAll(io.LimitReader(r, maxScript+1))
	if err != nil {
		c.damaged(err)
		return
	}
	if len(text) > maxScript {
		c.fatal("the script has more than a bundle can: %d MiB at most", maxScript>>20)
		return
	}
	head, files, err := onefile.Read(text, "bundle")
	if err != nil {
		e := c.fatal("%v", err)
		if strings.HasPrefix(string(text), "#!") && !strings.Contains(string(text), "onefile_") {
			e.WithHint("user data made with --from only says where the bundle is: verify that one")
		}
		return
	}
	c.bundle.Files = files
	c.head = head
}

// checkHead compares what stands before the files in a script with what palletgen
// writes there.
func (c *checker) checkHead() {
	if c.head == "" || c.Verifier.Head == nil {
		return
	}
	want, err := c.Verifier.Head(c.bundle.Name, BakedIn(c.head))
	if err != nil || want != c.head {
		c.bad("what stands before the files in the script is not what this palletgen writes there").
			WithHint("it was changed, or made by palletgen %s: verify it with that one", c.manifest.Palletgen)
	}
}
