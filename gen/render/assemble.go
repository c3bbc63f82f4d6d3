package render

import (
	"fmt"
	"maps"
	"slices"

	"palletgen/gen/command"
	"palletgen/gen/record"
	"palletgen/gen/shell"
)

// script makes one phase script: the library functions that it needs, the
// functions of crates and services, the calls of these.
func (b *builder) script(name string, functions []*function) *phaseScript {
	parts := make([]*record.Marked, 0, 2*len(functions))
	for _, f := range functions {
		parts = append(parts, f.marked)
	}
	for _, f := range functions {
		parts = append(parts, f.call)
	}
	texts, calls := b.spliceAll(parts, functions)
	s := &phaseScript{name: name}
	if len(b.errs) > 0 {
		return s
	}
	frame, err := b.phases.frame(name, parts, functions, calls)
	if err != nil {
		b.errs.Take(err)
		return s
	}
	s.required, s.optional, s.provided, s.configured = frame.required, frame.optional, frame.provided, commandNames(functions)

	text := make([]byte, 0, len(frame.library)+size(texts)+512)
	text = fmt.Appendf(text, "# phases/%s.sh of the bundle %s: %s.\n# Made by palletgen %s; ./run %s reads it.\n",
		name, b.group.Name, b.phaseDoc(name), b.version, name)
	if len(functions) == 0 {
		s.text = append(text, "# There is nothing to do in this phase.\n"...)
		return s
	}
	text = append(text, frame.library...)
	for i, part := range texts {
		if i <= len(functions) { // an empty line before each function, and before the calls
			text = append(text, '\n')
		}
		text = append(text, part...)
	}
	s.text = text
	return s
}

// spliceAll puts the values into the parts of a script, which are the functions
// and then their calls, and lists what they call.
func (b *builder) spliceAll(parts []*record.Marked, functions []*function) (texts []string, calls []shell.Call) {
	for i, part := range parts {
		script, err := b.engine.Splice(part)
		if err != nil {
			since := len(b.errs)
			b.errs.Take(err)
			b.blame(functions[i%len(functions)].crate, since)
			continue
		}
		texts = append(texts, script.Text)
		calls = append(calls, script.Calls...)
	}
	return texts, calls
}

func size(texts []string) int {
	n := 0
	for _, text := range texts {
		n += len(text)
	}
	return n
}

// commandNames lists the programs that settings of type command name, in the
// functions.
func commandNames(functions []*function) []string {
	names := map[string]bool{}
	for _, f := range functions {
		addCommandNames(names, f.marked.Values)
	}
	return sortedKeys(names)
}

func addCommandNames(names map[string]bool, values []record.Value) {
	for _, v := range values {
		if cmd, ok := v.V.(command.Command); ok && !cmd.IsZero() && cmd.Args[0].Lit != "" {
			names[cmd.Args[0].Lit] = true
		}
	}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
