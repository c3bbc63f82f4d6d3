package record

import (
	"strings"

	"palletgen/gen/diag"
)

// checkActions refuses a template that is larger than any needs to be, before it
// is parsed: the parser calls itself for each action that is within another, and
// for each parenthesis.
func checkActions(src *diag.Source) error {
	if len(src.Text) > maxSource {
		return diag.At(diag.Pos{Source: src}, "the template has %d bytes, and %d are allowed", len(src.Text), maxSource).
			WithHint("a file this large is better carried as it is: files: [{path: /…, copy: NAME}]")
	}
	actions, parens, at := 0, 0, 0
	for {
		begin := strings.Index(src.Text[at:], "{{")
		if begin < 0 {
			return nil
		}
		at += begin
		end := strings.Index(src.Text[at:], "}}")
		if end < 0 {
			end = len(src.Text) - at
		}
		actions++
		parens += strings.Count(src.Text[at:at+end], "(")
		switch {
		case actions > maxActions:
			return diag.At(offset(src, at), "the template has more than %d actions", maxActions).WithHint("loop over a list instead")
		case parens > maxParens:
			return diag.At(offset(src, at), "the template has more than %d parentheses", maxParens).WithHint("give parts of the expression names: {{ $x := … }}")
		}
		at += max(end, 2)
	}
}
