package shell

import (
	"regexp"
	"strings"
	"sync"

	"palletgen/gen/diag"
)

// outlineRE matches the line that begins a function of an outline.
var outlineRE = regexp.MustCompile(`^([a-z_][a-z0-9_]*)\(\) \{$`)

// Outline splits a file of the shell library by function, as Library does, but
// by its lines alone: functions begin with "name() {" and end with "}", and
// between them are comments. Each is parsed and checked once its Called is
// asked for, unless the engine's index has it. ok is false for a file of another form.
func (e *Engine) Outline(src *diag.Source) (functions []Function, ok bool) {
	lines := strings.SplitAfter(src.Text, "\n")
	for i := 0; i < len(lines); i++ {
		line := strings.TrimSuffix(lines[i], "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		name := outlineRE.FindStringSubmatch(line)
		if name == nil {
			return nil, false
		}
		top, last := i, i
		for top > 0 && strings.HasPrefix(lines[top-1], "#") {
			top--
		}
		for last < len(lines) && lines[last] != "}\n" {
			last++
		}
		if last == len(lines) {
			return nil, false
		}
		fn := Function{Name: name[1], Text: strings.Join(lines[top:last+1], ""), Pos: diag.Pos{Source: src, Line: i + 1, Col: 1}}
		fn.describe(lines[top:i])
		// Empty lines before it keep the numbers of lines.
		alone := &diag.Source{Name: src.Name, Text: strings.Repeat("\n", top) + fn.Text}
		fn.later = sync.OnceValues(func() ([]Call, error) {
			if calls, ok := e.Index.calls(&fn); ok {
				return calls, nil
			}
			read, err := e.Library(alone)
			if err != nil {
				return nil, err
			}
			return read[0].Calls, nil
		})
		functions = append(functions, fn)
		i = last
	}
	return functions, true
}

// Called returns the commands and functions that the function calls, as in
// Script. The error is that of Library.
func (fn *Function) Called() ([]Call, error) {
	if fn.later != nil {
		return fn.later()
	}
	return fn.Calls, nil
}
