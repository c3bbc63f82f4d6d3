package render

import (
	"slices"
	"strings"

	"palletgen/gen/shell"
)

// A trust is what run has for --trusted: those functions of the library that
// check a signature. They stand in run itself, and not in lib.sh as all others,
// since lib.sh is one of the files that they judge.
type trust struct{ functions library }

// trustPrefix begins the names of these functions.
const trustPrefix = "trust_"

// inEveryRun are those that a bundle has that is not signed: they refuse it.
var inEveryRun = []string{"trust_asked", "trust_refuse"}

func (m *phaseMaker) trust() trust {
	t := trust{library{}}
	for name, f := range m.lib {
		if strings.HasPrefix(name, trustPrefix) {
			t.functions[name] = f
		}
	}
	return t
}

// code is the text of the functions that the run of a bundle has.
func (t trust) code(signed bool) shell.Code {
	text := t.functions.text(func(f *shell.Function) bool { return signed || slices.Contains(inEveryRun, f.Name) })
	return shell.Code(strings.TrimPrefix(text, "\n"))
}

// commands are those that these functions use where they are there.
func (t trust) commands(signed bool) []string {
	if !signed {
		return nil
	}
	var names []string
	for _, f := range t.functions {
		names = append(names, f.Optional...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
