package render

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"palletgen/gen/command"
	"palletgen/gen/diag"
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
	texts, calls := b.spliceAll(parts)
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

// spliceAll puts the values into the parts of a script and lists what they call.
func (b *builder) spliceAll(parts []*record.Marked) (texts []string, calls []shell.Call) {
	for _, part := range parts {
		script, err := b.engine.Splice(part)
		if err != nil {
			b.errs.Take(err)
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

// A frame is what a phase script holds beside values: everything that is the
// same for all groups whose scripts differ in their values only.
//
// Each part of a script is a whole number of shell statements, parsed as such:
// a library function when its file was read, the others when their values were
// put in. So the script, which is one part after the other, parses too, and
// holds no function that nothing calls, since the library's are taken in by
// following calls.
type frame struct {
	library  string // the functions of the library, in the order of their names
	required []string
	optional []string
	provided []string
}

// A phaseMaker makes frames, each once.
type phaseMaker struct {
	lib    map[string]*shell.Function
	frames sync.Map // marked text of a whole script → *frame or error
}

func newPhaseMaker(lib []shell.Function) (*phaseMaker, error) {
	m := &phaseMaker{lib: map[string]*shell.Function{}}
	return m, m.add(m.lib, lib)
}

// add puts functions into lib; a name that is there already is an error.
func (m *phaseMaker) add(lib map[string]*shell.Function, functions []shell.Function) error {
	for i := range functions {
		f := &functions[i]
		if before := lib[f.Name]; before != nil && before.Text != f.Text {
			return diag.At(f.Pos, "the function %s is defined at %s already", f.Name, before.Pos).
				WithHint("functions of a folder begin with its name, such as NAME_%s", f.Name)
		}
		lib[f.Name] = f
	}
	return nil
}

// frame finds what a script needs. It is computed once for each text of a
// script with its values left out.
func (m *phaseMaker) frame(name string, parts []*record.Marked, functions []*function, calls []shell.Call) (*frame, error) {
	var b strings.Builder
	b.WriteString(name)
	for _, part := range parts {
		b.WriteString("\x00" + part.Text)
	}
	for _, f := range functions {
		if len(f.libs[0]) > 0 { // which folder's library it is
			b.WriteString("\x00" + f.libs[0][0].Pos.Source.Name)
		}
	}
	key := b.String()
	if done, ok := m.frames.Load(key); ok {
		return done.(*frame), nil
	}
	f, err := m.compute(functions, calls)
	if err != nil {
		return nil, err
	}
	m.frames.Store(key, f)
	return f, nil
}

func (m *phaseMaker) compute(functions []*function, calls []shell.Call) (*frame, error) {
	lib, provided, own := maps.Clone(m.lib), map[string]bool{}, map[string]bool{}
	for _, f := range functions {
		own[f.name] = true
		for _, functions := range f.libs {
			if err := m.add(lib, functions); err != nil {
				return nil, err
			}
		}
		for _, name := range f.prov {
			provided[name] = true
		}
	}
	reached, required, optional, used := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	var errs diag.List
	var reach func(calls []shell.Call, may []string)
	reach = func(calls []shell.Call, may []string) {
		for _, call := range calls {
			switch f := lib[call.Name]; {
			case own[call.Name] || reached[call.Name]:
			case f != nil:
				reached[call.Name] = true
				reach(f.Calls, f.Optional)
			case provided[call.Name]:
				used[call.Name] = true
			case slices.Contains(may, call.Name):
				optional[call.Name] = true
			default:
				m.checkName(call, lib, &errs)
				required[call.Name] = true
			}
		}
	}
	reach(calls, nil)
	if err := errs.Err(); err != nil {
		return nil, err
	}
	f := &frame{required: sortedKeys(required), provided: sortedKeys(used)}
	for _, name := range sortedKeys(optional) {
		if !required[name] {
			f.optional = append(f.optional, name)
		}
	}
	for _, name := range sortedKeys(reached) {
		f.library += "\n" + lib[name].Text
	}
	for name := range own {
		if reached[name] || lib[name] != nil {
			return nil, fmt.Errorf("cannot make a phase: a function of it and one of the library are both called %s", name)
		}
	}
	return f, nil
}

// realCommands are programs whose names are near to those of functions.
var realCommands = map[string]bool{"flock": true, "groups": true, "users": true, "unpack200": true}

// checkName refuses a call of what is neither a function nor, by all
// appearance, a program: its name is a slip away from a function's.
func (m *phaseMaker) checkName(call shell.Call, lib map[string]*shell.Function, errs *diag.List) {
	const least = 5 // shorter names are near to too many others
	if len(call.Name) < least || realCommands[call.Name] || strings.Contains(call.Name, "/") {
		return
	}
	if near := diag.Suggest(call.Name, sortedKeys(lib)); near != "" {
		errs.Add(diag.At(call.Pos, "there is no function %q", call.Name).
			WithHint("did you mean %q? a program of that name is called by its path", near))
	}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
