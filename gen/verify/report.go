package verify

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"palletgen/gen/diag"
)

// A Report is what was found out about a bundle that is whole.
type Report struct {
	Name   string
	Files  int    // files in it
	Phases int    // phases that ./run takes, those of single services apart
	Digest string // SHA-256 of its plain tar, 64 hex digits
	Signed bool   // there is a signature
	Signer string // who made it and the key; "" where that was not asked for
}

// Same compares a digest, 64 hex digits, with one that somebody got another way.
func (r *Report) Same(digest string) bool { return strings.EqualFold(r.Digest, digest) }

// IsDigest tells whether s is a SHA-256 in hex digits.
func IsDigest(s string) bool {
	data, err := hex.DecodeString(s)
	return err == nil && len(data) == 32
}

// String is the line that tells of a bundle.
func (r *Report) String() string {
	words := []string{r.Name, count(r.Files, "file"), count(r.Phases, "phase"), "tar sha256:" + r.Digest}
	switch {
	case r.Signer != "":
		words = append(words, "signed by "+diag.Printable(r.Signer))
	case r.Signed:
		words = append(words, "signed, not checked")
	}
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), "  ")
}

// count says a number of things.
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
