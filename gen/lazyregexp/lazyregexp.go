// Package lazyregexp compiles regular expressions of package variables at their
// first use: a run of palletgen uses few of the many there are, and would else
// wait for all of them before it begins. It imports no other package of palletgen.
package lazyregexp

import (
	"os"
	"regexp"
	"strings"
	"sync"
)

// A Regexp is a regular expression that is compiled when it is first used. The
// methods are those of [regexp.Regexp].
type Regexp struct {
	compiled func() *regexp.Regexp
}

// New returns a regular expression. Where it is none, the first use panics; in
// tests, New does.
func New(expr string) *Regexp {
	r := &Regexp{sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })}
	if inTest {
		r.compiled()
	}
	return r
}

// inTest tells whether this is the program of a test.
var inTest = len(os.Args) > 0 && strings.HasSuffix(strings.TrimSuffix(os.Args[0], ".exe"), ".test")

// Regexp returns the expression, compiled.
func (r *Regexp) Regexp() *regexp.Regexp { return r.compiled() }
