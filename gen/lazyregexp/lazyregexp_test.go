package lazyregexp

import "testing"

// TestNew shows that a mistake in an expression is found by the tests of its
// package, whether they use it or not.
func TestNew(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("an expression that is none is taken, in a test")
		}
	}()
	New("(")
}
