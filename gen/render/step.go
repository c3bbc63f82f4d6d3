package render

import (
	"slices"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/plan"
	"palletgen/gen/record"
	"palletgen/gen/shell"
)

// A step is one thing that a phase does: it calls a function of a crate, or acts
// on a service.
type step struct {
	function *function // of a crate; nil for other steps
	text     string    // of the others: a statement; serviceMark stands for the service's name
	service  string
	only     bool         // several services are in the bundle, so the phase may be for others
	calls    []shell.Call // functions that are called by names which are words of the text
	at       diag.Pos     // where what it calls begins
}

// firstLine is the template's line that the functions of a crate begin with.
func firstLine(functions []*function, c *plan.Crate) diag.Pos {
	if len(functions) == 0 {
		return c.Pos
	}
	return functions[0].at()
}

// at is the template's line that the function begins with.
func (f *function) at() diag.Pos {
	if f.marked == nil {
		return diag.Pos{}
	}
	return f.marked.LineAt(0)
}

// serviceMark stands for the name of the service in the text of a step.
const serviceMark = "SERVICE"

// A function's nature decides how a phase may call it.
type nature int

const (
	// opaque: it runs commands that nobody knows enough about. Under --check it
	// is left out.
	opaque nature = iota
	// safe: it changes nothing under --check.
	safe
	// pure: it is calls of resource functions, one after the other, so that what
	// it will want can be looked at before anything is changed.
	pure
)

// harmlessPrograms change nothing on a host, so that a function may call them
// under --check.
var harmlessPrograms = []string{"cat", "cmp", "df", "grep", "head", "id", "ls", "readlink", "stat", "tail", "uname", "wc"}

// nature finds out about a function with this script.
func (m *phaseMaker) nature(f *function, script *shell.Script) (nature, error) {
	own, err := m.folder(f.lib)
	if err != nil {
		return opaque, err
	}
	l := &linker{libs: []library{m.lib, own}}
	resources, harmless := true, true
	for _, call := range script.Calls {
		switch called := l.function(call.Name); {
		case called != nil:
			resources = resources && called.Resource
			harmless = harmless && (called.Resource || called.ReadsOnly)
		case slices.Contains(harmlessPrograms, call.Name):
			resources = false
		default:
			resources, harmless = false, false
		}
	}
	switch {
	case resources && script.Style.Straight:
		return pure, nil
	case harmless && script.Style.Calm:
		return safe, nil
	}
	return opaque, nil
}

// tail makes the functions at the end of a phase script: look_PHASE, if there is
// anything to look at, and phase_PHASE.
func tail(phase string, steps []step, natures map[*function]nature) (marked *record.Marked, looks bool) {
	var look, do strings.Builder
	var looked, done []diag.Pos // where their lines come from
	var values []record.Value
	name := plan.FunctionName(phase)
	for _, s := range steps {
		if s.function == nil {
			values = s.write(&do, values)
			done = append(done, s.at)
			continue
		}
		call, at := s.function.name, s.function.at()
		switch natures[s.function] {
		case pure:
			look.WriteString("    " + call + "\n")
			looked = append(looked, at)
			call = "looked " + call
		case safe:
			call = "checkable " + call
		case opaque:
			call = "opaque " + call
		}
		do.WriteString("    " + call + "\n")
		done = append(done, at)
	}
	if do.Len() == 0 {
		do.WriteString("    :\n")
	}
	text := "# What ./run " + phase + " does.\nphase_" + name + "() {\n" + do.String() + "}\n"
	lines := frameLines(done)
	if look.Len() > 0 {
		text = "# What ./run " + phase + " looks at, all at once, before anything is changed.\nlook_" + name + "() {\n" + look.String() + "}\n\n" + text
		lines = slices.Concat(frameLines(looked), make([]diag.Pos, 1), lines)
	}
	return &record.Marked{Text: text, Lines: lines, Values: values}, look.Len() > 0
}

// frameLines puts the lines of a function's body between those that palletgen
// writes: its comment, its name, and the bracket behind it.
func frameLines(body []diag.Pos) []diag.Pos {
	if len(body) == 0 {
		body = make([]diag.Pos, 1) // ":"
	}
	return slices.Concat(make([]diag.Pos, 2), body, make([]diag.Pos, 1))
}

// write adds the statement; a value for each mark of the service's name.
func (s *step) write(text *strings.Builder, values []record.Value) []record.Value {
	statement := s.text
	if s.only {
		statement = "case $only in '' | *' '" + serviceMark + "' '*) " + statement + " ;; esac"
	}
	text.WriteString("    ")
	for i, part := range strings.Split(statement, serviceMark) {
		if i > 0 {
			text.WriteString(record.Marker(len(values)))
			values = append(values, record.Value{V: s.service})
		}
		text.WriteString(part)
	}
	text.WriteString("\n")
	return values
}
