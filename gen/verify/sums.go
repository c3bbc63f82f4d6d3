package verify

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// checkSums compares SHA256SUMS with the files. It sets sums where that can be
// read.
func (c *checker) checkSums() {
	sums := map[string]string{}
	text, ok := bytes.CutSuffix(c.data[Sums], []byte("\n"))
	if !ok || len(text) > maxText {
		c.bad("%s is cut off, or not as palletgen writes it", Sums)
		return
	}
	var names []string
	for i, line := range strings.Split(string(text), "\n") {
		sum, path, found := strings.Cut(line, "  ")
		if !found || len(sum) != 64 || strings.ToLower(sum) != sum || !IsDigest(sum) || path == "" {
			c.bad("line %d of %s is not as palletgen writes it", i+1, Sums)
			return
		}
		names = append(names, path)
		sums[path] = sum
	}
	c.sums = sums
	if name, ok := sorted(names); !ok {
		c.bad("%s names %q twice, or out of order", Sums, name)
	}
	for _, name := range names {
		if _, there := c.data[name]; !there {
			c.bad("%q is missing: %s lists it", name, Sums)
		}
	}
	for _, f := range c.bundle.Files {
		switch wanted, listed := c.sums[f.Path]; {
		case f.Path == Sums, f.Path == Signature:
			if listed {
				c.bad("%s lists %s, which it cannot", Sums, f.Path)
			}
		case !listed:
			c.bad("%s was added: %s does not list it", f.Path, Sums)
		default:
			if digest := sha256.Sum256(f.Data); hex.EncodeToString(digest[:]) != wanted {
				c.bad("%s was changed: its SHA-256 is %x, in %s it is %s", f.Path, digest, Sums, wanted)
			}
		}
	}
}
