package render

import (
	"strings"
	"sync"

	"palletgen/gen/diag"
	"palletgen/gen/record"
	"palletgen/gen/shell"
)

// A frame is what a phase script needs beside its own functions. It is the same
// for all groups whose scripts differ in their values only.
//
// Each part of a script is a whole number of shell statements, parsed as such:
// a library function when its file was read, the others when their values were
// put in. So the script, which is one part after the other, parses too, and
// a bundle holds no function that nothing calls, since the library's are taken
// in by following calls.
type frame struct {
	reached  library // functions of libraries, without those that run uses itself
	required []string
	optional []string
	provided []string
}

// A library is the functions of one folder, by name.
type library map[string]*shell.Function

// A phaseMaker makes frames, each once.
type phaseMaker struct {
	lib     library  // templates/lib
	carried library  // what of it run uses: it is in lib.sh, for all phases
	folders sync.Map // first function of a folder's library → library
	frames  sync.Map // marked text of a whole script → *frame
	slips   sync.Map // see near
	layouts sync.Map // see layout
}

func newPhaseMaker(functions []shell.Function) (*phaseMaker, error) {
	m := &phaseMaker{}
	lib, err := m.load(functions)
	m.lib = lib
	return m, err
}

// load sorts functions by name; a name that is there already is an error.
func (m *phaseMaker) load(functions []shell.Function) (library, error) {
	lib := make(library, len(functions))
	for i := range functions {
		f := &functions[i]
		for _, before := range []*shell.Function{lib[f.Name], m.lib[f.Name]} {
			if before != nil {
				return nil, diag.At(f.Pos, "the function %s is defined at %s already", f.Name, before.Pos).
					WithHint("functions of a folder begin with its name, such as NAME_%s", f.Name)
			}
		}
		lib[f.Name] = f
	}
	return lib, nil
}

// folder returns the library of a crate's or a supervisor's folder.
func (m *phaseMaker) folder(functions []shell.Function) (library, error) {
	if len(functions) == 0 {
		return nil, nil
	}
	if done, ok := m.folders.Load(&functions[0]); ok {
		return done.(library), nil
	}
	lib, err := m.load(functions)
	if err == nil {
		m.folders.Store(&functions[0], lib)
	}
	return lib, err
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
		if len(f.lib) > 0 { // which folder's library it is
			b.WriteString("\x00" + f.lib[0].Pos.Source.Name)
		}
	}
	key := b.String()
	if done, ok := m.frames.Load(key); ok {
		return done.(*frame), nil
	}
	f, err := m.link(functions, calls)
	if err == nil {
		m.frames.Store(key, f)
	}
	return f, err
}
