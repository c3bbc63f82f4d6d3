package render

import (
	"slices"
	"strings"

	"palletgen/gen/plan"
	"palletgen/gen/shell"
)

// libraryOf lists the functions that the scripts may hold.
func (b *builder) libraryOf(scripts []*phaseScript) []*shell.Function {
	var list []*shell.Function
	for _, f := range b.phases.lib {
		list = append(list, f)
	}
	for _, s := range scripts {
		for _, f := range s.reached {
			list = append(list, f)
		}
	}
	return list
}

// libraryLines tells of a text that is functions, one after the other, with
// empty lines between them.
func (b *builder) libraryLines(text string, functions []*shell.Function) []Line {
	var lines []Line
	for text != "" {
		rest, spaced := strings.CutPrefix(text, "\n")
		i := slices.IndexFunc(functions, func(f *shell.Function) bool { return strings.HasPrefix(rest, f.Text) })
		if i < 0 {
			return append(lines, own("a line of a library", nil, splitLines(text)...)...)
		}
		f := functions[i]
		if spaced {
			lines = append(lines, between([]*plan.Origin{written(f)})...)
		}
		for n, line := range splitLines(f.Text) {
			pos := f.Pos
			pos.Line, pos.Col = pos.Line-commentLines(f.Text)+n, 0
			lines = append(lines, Line{Text: line, Template: pos})
		}
		text = rest[len(f.Text):]
	}
	return lines
}

// commentLines counts the lines of comments that a function's text begins with.
func commentLines(text string) int {
	n := 0
	for strings.HasPrefix(text, "#") {
		_, text, _ = strings.Cut(text, "\n")
		n++
	}
	return n
}
