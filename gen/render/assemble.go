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
// functions of crates and services, and what the phase does with these.
func (b *builder) script(name string, functions []*function, steps []step) *phaseScript {
	s, since := &phaseScript{name: name}, len(b.errs)
	b.trackAll(functions)
	parts := make([]*record.Marked, 0, len(functions)+1)
	texts := make([]string, 0, len(functions)+1)
	natures := map[*function]nature{}
	var calls []shell.Call
	for _, f := range functions {
		script := b.spliceFor(f)
		if script == nil {
			continue
		}
		parts, texts, calls = append(parts, f.marked), append(texts, script.Text), append(calls, script.Calls...)
		nature, err := b.phases.nature(f, script)
		b.errs.Take(err)
		natures[f] = nature
	}
	if len(b.errs) > since {
		return s
	}
	end, looks := tail(name, steps, natures)
	b.track(end)
	script, err := b.engine.Splice(end)
	if err != nil {
		b.errs.Take(err)
		return s
	}
	parts, texts, calls = append(parts, end), append(texts, script.Text), append(calls, script.Calls...)
	for _, s := range steps {
		calls = append(calls, s.calls...)
	}
	frame, err := b.phases.frame(name, parts, functions, calls)
	if err != nil {
		b.errs.Take(err)
		return s
	}
	b.traceParts(s, functions, end, texts)
	s.looks, s.frame, s.texts, s.configured = looks, frame, texts, commandNames(functions)
	return s
}

// write writes the script, with these functions of libraries.
func (s *phaseScript) write(b *builder, library string) []byte {
	text := make([]byte, 0, len(library)+size(s.texts)+512)
	text = fmt.Appendf(text, "# phases/%s.sh of the bundle %s: %s.\n# Made by palletgen %s; ./run %s reads it, after lib.sh.\n",
		s.name, b.group.Name, b.phaseDoc(s.name), b.version, s.name)
	text = append(text, library...)
	for _, part := range s.texts {
		text = append(text, '\n')
		text = append(text, part...)
	}
	return text
}

// spliceFor puts the values into a function, once; nil after an error.
func (b *builder) spliceFor(f *function) *shell.Script {
	if f.script != nil {
		return f.script
	}
	script, err := b.engine.Splice(f.marked)
	if err != nil {
		since := len(b.errs)
		b.errs.Take(b.whose(err, f.marked, f.from, func(m *record.Marked) error {
			_, err := b.engine.Splice(m)
			return err
		}))
		b.blame(f.crate, since)
		return nil
	}
	f.script, f.calls = script, script.Calls
	return script
}

func size(texts []string) int {
	n := 0
	for _, text := range texts {
		n += len(text) + 1
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
