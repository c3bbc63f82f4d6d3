package lint_test

import (
	"errors"
	"strings"
	"testing"

	"palletgen/gen/diag"
	"palletgen/gen/lint"
)

// FuzzLint: whatever the text is, lint comes to an end, and what it says has a
// place in the text.
func FuzzLint(f *testing.F) {
	for _, s := range corpus(f) {
		f.Add(s.bad, s.rule)
	}
	f.Fuzz(func(t *testing.T, text, rule string) {
		text += "\n# palletgen: allow " + rule
		src := &diag.Source{Name: "x.sh", Text: text}
		for _, lint := range []func(*diag.Source) error{lint.Script, lint.Template} {
			var list diag.List
			if err := lint(src); err != nil && !errors.As(err, &list) {
				t.Fatal(err)
			}
			for _, e := range list {
				if lines := strings.Count(text, "\n") + 1; e.Pos.Line > lines || e.Pos.Line > 0 && e.Pos.Col < 1 {
					t.Errorf("%v: there are %d lines", e, lines)
				}
			}
		}
	})
}
