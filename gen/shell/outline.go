package shell

import (
	"strings"
	"sync"

	"palletgen/gen/diag"
)

// Outline splits a file of the shell library by function, as Library does, but
// by its lines alone: functions begin with "name() {" and end with "}", and
// between them are comments. Each is parsed and checked once its Called is
// asked for, unless the engine's index has it. ok is false for a file of another
// form.
func (e *Engine) Outline(src *diag.Source) (functions []Function, ok bool) {
	text := src.Text
	top, line, topLine := 0, 0, 0 // where the comment block before this line begins; lines count from 0
	for at := 0; at < len(text); {
		end := lineEnd(text, at)
		switch {
		case text[at] == '\n':
			top, topLine = end, line+1
		case text[at] != '#':
			name, isHead := strings.CutSuffix(text[at:end], "() {\n")
			last := strings.Index(text[at:], "\n}\n")
			if !isHead || !libraryName(name) || last < 0 {
				return nil, false
			}
			end = at + last + len("\n}\n")
			fn := Function{Name: name, Text: text[top:end], Pos: diag.Pos{Source: src, Line: line + 1, Col: 1}}
			fn.describe(text[top:at])
			fn.later = e.later(fn, topLine)
			functions = append(functions, fn)
			line += strings.Count(text[at:end], "\n") - 1
			top, topLine = end, line+1
		}
		at = end
		line++
	}
	return functions, true
}

// lineEnd is where the line that begins at at ends, its newline included.
func lineEnd(text string, at int) int {
	if n := strings.IndexByte(text[at:], '\n'); n >= 0 {
		return at + n + 1
	}
	return len(text)
}

// later finds out what the function calls, whose text begins behind so many
// lines.
func (e *Engine) later(fn Function, above int) func() (*Function, error) {
	return sync.OnceValues(func() (*Function, error) {
		if calls, ok := e.Index.calls(&fn); ok {
			return &Function{Calls: calls}, nil
		}
		// Empty lines before it keep the numbers of lines.
		read, err := e.Library(&diag.Source{Name: fn.Pos.Source.Name, Text: strings.Repeat("\n", above) + fn.Text})
		if err != nil {
			return nil, err
		}
		return &read[0], nil
	})
}

// Called returns the commands and functions that the function calls, as in
// Script. The error is that of Library.
func (fn *Function) Called() ([]Call, error) {
	if fn.later != nil {
		read, err := fn.later()
		if err != nil {
			return nil, err
		}
		return read.Calls, nil
	}
	return fn.Calls, nil
}

// Uses returns the calls with the numbers of their arguments; none where the
// index has the function, whose calls were checked when that was made. The error
// is that of Library.
func (fn *Function) Uses() ([]Use, error) {
	if fn.later != nil {
		read, err := fn.later()
		if err != nil {
			return nil, err
		}
		return read.uses, nil
	}
	return fn.uses, nil
}
