package schema_test

import (
	"fmt"
	"strings"
	"testing"

	"palletgen/gen/diag"
	"palletgen/gen/schema"
)

// chain is n settings, each default of which is made of the one before.
func chain(n int, kind, first, next string) string {
	text := fmt.Sprintf("s0: {type: %s, doc: d, default: %s}\n", kind, first)
	for i := 1; i < n; i++ {
		text += fmt.Sprintf("s%d: {type: %s, doc: d, default: %s}\n", i, kind, strings.ReplaceAll(next, "LAST", fmt.Sprintf("s%d", i-1)))
	}
	return text
}

// TestChainsAreBounded: settings that hold the one before twice would need 2 to
// the 1000th bytes; and those that only copy something large, each as much.
func TestChainsAreBounded(t *testing.T) {
	const want = "templates make more than 16777216 bytes"
	large := strings.Repeat("x", 1<<19)
	for _, test := range []struct{ text, want string }{
		{chain(1000, "string", "x", `"{{ .LAST }}"`), ""},
		{chain(1000, "string", "x", `"{{ .LAST }}{{ .LAST }}"`), "the template prints more than 8388608 bytes"},
		{chain(1000, "string", large, `"{{ .LAST }}"`), want},
		{chain(1000, "string", large, `"{{ .LAST }}y"`), want},
		{chain(1000, "{type: list, of: string}", "[x]", `"{{ concat .LAST .LAST }}"`), "a list of more than 65536 elements"},
		{chain(100, "{type: list, of: string}", "["+strings.Repeat("x,", 1<<14)+"]", `"{{ .LAST }}"`), want},
		{fmt.Sprintf("a: {type: string, doc: d, default: %s}\nb: {type: list, doc: d, default: [%s]}\n", large, strings.Repeat(`"{{ .a }}",`, 100)), want},
	} {
		text := strings.NewReplacer("type: {type: list, of: string}", "type: list").Replace(test.text)
		_, err := resolve(load(t, text))
		if test.want == "" && err != nil || test.want != "" && !strings.Contains(fmt.Sprint(err), test.want) {
			t.Errorf("%.60q: got %.300v, want %s", text, err, test.want)
		}
	}
}

func TestPatternsAreBounded(t *testing.T) {
	for _, pattern := range []string{"(abcdefghijk){1000}", strings.Repeat("a", 20_000)} {
		var errs diag.List
		schema.Load(parse(t, "a: {type: string, doc: d, pattern: '"+pattern+"'}"), &errs)
		if got := fmt.Sprint(errs.Err()); got != "f:1:36: cannot read the pattern: a regular expression for more than 10000 characters" {
			t.Errorf("got %.200s", got)
		}
	}
}
