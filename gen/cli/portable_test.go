package cli_test

import (
	"strings"
	"testing"

	"palletgen/gen/diag"
	"palletgen/gen/lint"
)

// TestScriptsArePortable: the rules hold for whole scripts as they are delivered
// too, where more can be seen than in the parts that build checks.
func TestScriptsArePortable(t *testing.T) {
	told := map[string]bool{}
	for name, text := range unpackAll(t) {
		if !isScript(name, text) {
			continue
		}
		err := lint.Script(&diag.Source{Name: name, Text: text})
		list, _ := err.(diag.List)
		for _, e := range list {
			if line := nth(text, e.Pos.Line); !told[line] {
				told[line] = true
				t.Errorf("%v\n%s", e, line)
			}
		}
	}
}

// nth returns line n of text, from 1.
func nth(text string, n int) string {
	for line := range strings.Lines(text) {
		if n--; n == 0 {
			return line
		}
	}
	return ""
}
