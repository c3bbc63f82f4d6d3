package record

import (
	"fmt"

	"palletgen/gen/lazyregexp"
)

// mistaken is what fmt writes into its result where a verb does not fit its
// value, or where values are missing or left.
var mistaken = lazyregexp.New(`%![a-zA-Z]\(|%!\((NOVERB|EXTRA|BADINDEX|BADWIDTH|BADPREC)`)

// formatted is fmt.Sprintf, with an error where fmt would print one. What the
// format and the values have of the same look is no error.
func formatted(format string, values ...any) (string, error) {
	text := fmt.Sprintf(format, values...)
	n := len(mistaken.FindAllStringIndex(text, -1))
	if n == 0 {
		return text, nil
	}
	for _, v := range values {
		n -= len(mistaken.FindAllStringIndex(fmt.Sprint(v), -1))
	}
	if n > 0 {
		return "", limit("%d is for numbers, %s for texts, %v for anything; each takes one value, and %% none",
			"the format %q does not fit its values: %s", shown(format), shown(text))
	}
	return text, nil
}
