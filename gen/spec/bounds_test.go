package spec_test

import (
	"fmt"
	"strings"
	"testing"

	"palletgen/gen/diag"
	"palletgen/gen/spec"
)

// load reads specs and one group, g, that extends last.
func load(t *testing.T, specs, last string) *spec.Document {
	t.Helper()
	doc, err := spec.Load([]*diag.Source{{Name: "f", Text: "specs:\n" + specs + "groups: {g: {extends: [" + last + "]}}\n"}})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestExtendsIsBounded: specs that extend the next one by several ways would be
// 2 to the 30th crates, or never end.
func TestExtendsIsBounded(t *testing.T) {
	chain := func(n, ways int) string {
		var b strings.Builder
		for i := range n {
			next := fmt.Sprintf("s%03d", i+1)
			if i == n-1 {
				next = "java"
			}
			if ways == 2 && i < n-1 {
				fmt.Fprintf(&b, "  s%03d: {extends: [%s, t%03d]}\n  t%03d: {extends: [%s]}\n", i, next, i, i, next)
			} else {
				fmt.Fprintf(&b, "  s%03d: {extends: [%s]}\n", i, next)
			}
		}
		return b.String()
	}
	for _, test := range []struct{ specs, check, flatten string }{
		{chain(100, 1), "", ""},
		{chain(101, 1), "f:2:3: s000 extends specs that extend specs, and so on for more than 100 levels", "f:103:10: g extends specs that extend specs, and so on for more than 100 levels"},
		{chain(5000, 1), "f:4901:3: s4899 extends specs that extend specs, and so on for more than 100 levels", "g extends specs that extend specs"},
		{chain(8, 2), "", ""},
		{chain(30, 2), "extends more than 10000 crates and specs", "f:61:10: g extends more than 10000 crates and specs, those of its specs counted again each time"},
		{"  s000: {extends: [b, c]}\n  b: {extends: [s000, c]}\n  c: {extends: [b, s000]}\n", "f:2:23: extends goes in a circle: c → s000 → c", ""},
	} {
		doc := load(t, test.specs, "s000")
		told := func(err error) string { return fmt.Sprint(err) }
		if err := doc.Check([]string{"java"}); test.check == "" != (err == nil) || !strings.Contains(told(err), test.check) {
			t.Errorf("%.40q: check: got %.300v\nwant %s", test.specs, err, test.check)
		}
		if _, _, err := doc.Flatten(doc.Groups[0], []string{"java"}); test.flatten == "" != (err == nil) || !strings.Contains(told(err), test.flatten) {
			t.Errorf("%.40q: flatten: got %.300v\nwant %s", test.specs, err, test.flatten)
		}
	}
}
