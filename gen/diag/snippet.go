package diag

import (
	"strings"
	"unicode/utf8"
)

// snippetWidth is how many columns of a source line are shown at most.
const snippetWidth = 120

// maxSnippet is how many bytes to either side of a place are looked at.
const maxSnippet = 16 * snippetWidth

// Snippet returns the source line at pos and a line with a caret under its
// column, for a person; ok is false where there is none.
func Snippet(pos Pos) (line, caret string, ok bool) { return snippet(pos) }

// snippet returns the source line at pos and a line with a caret under its
// column. A long line is cut around the column, and … stands where it is.
func snippet(pos Pos) (line, caret string, ok bool) {
	if pos.Source == nil || pos.Line == 0 {
		return "", "", false
	}
	text := pos.Source.line(pos.Line)
	if strings.TrimSpace(text) == "" {
		return "", "", false
	}
	col := max(0, min(pos.Col-1, len(text)))
	for col > 0 && col < len(text) && !utf8.RuneStart(text[col]) {
		col--
	}
	// No line that fits has more bytes, whatever combines with what.
	from, to := max(0, col-maxSnippet), min(len(text), col+maxSnippet)
	before, after := cells(text[from:col]), cells(text[col:to])
	if widthOf(before)+widthOf(after) > snippetWidth || from > 0 || to < len(text) {
		left := max(min(widthOf(before), snippetWidth/2), snippetWidth-widthOf(after))
		before = fit(before, left, true, from > 0)
		after = fit(after, snippetWidth-widthOf(before), false, to < len(text))
	}
	return written(before) + written(after), pad(before) + "^", true
}

// A cell is a character as it is shown, and how many columns it takes.
type cell struct {
	text  string
	width int
}

// cells makes a text visible, character by character.
func cells(text string) []cell {
	list := make([]cell, 0, min(len(text), 4*snippetWidth))
	for _, r := range text { // a byte that is no UTF-8 is U+FFFD
		shown := visible(r)
		list = append(list, cell{string(shown), columns(shown)})
	}
	return list
}

// fit leaves as many cells as take no more columns than wide, those at the end or
// at the beginning, with … in the place of the others; more tells that there are
// others in any case.
func fit(list []cell, wide int, end, more bool) []cell {
	if widthOf(list) <= wide && !more {
		return list
	}
	cut, taken, n := cell{"…", 1}, 1, 0
	for ; n < len(list); n++ {
		next := list[n]
		if end {
			next = list[len(list)-1-n]
		}
		if taken += next.width; taken > wide {
			break
		}
	}
	if !end {
		return append(list[:n:n], cut)
	}
	list = list[len(list)-n:]
	for len(list) > 0 && list[0].width == 0 { // its base is cut off
		list = list[1:]
	}
	return append([]cell{cut}, list...)
}

func widthOf(list []cell) int {
	sum := 0
	for _, c := range list {
		sum += c.width
	}
	return sum
}

func written(list []cell) string {
	var b strings.Builder
	for _, c := range list {
		b.WriteString(c.text)
	}
	return b.String()
}

// pad is the blanks that are as wide as the cells. A tab stays a tab.
func pad(list []cell) string {
	var b strings.Builder
	for _, c := range list {
		if c.text == "\t" {
			b.WriteByte('\t')
		} else {
			b.WriteString(strings.Repeat(" ", c.width))
		}
	}
	return b.String()
}
