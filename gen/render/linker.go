package render

import (
	"reflect"
	"slices"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/shell"
)

// A linker follows the calls of a script into the libraries.
type linker struct {
	maker    *phaseMaker
	libs     []library
	carried  library         // lib.sh has them in any case
	own      map[string]bool // functions that the script itself defines
	provided map[string]bool // commands that come with a supervisor
	reached  library
	required map[string]bool
	optional map[string]bool
	used     map[string]bool // of those that are provided
	errs     diag.List
}

func (m *phaseMaker) newLinker() *linker {
	return &linker{
		maker: m, libs: []library{m.lib}, own: map[string]bool{}, provided: map[string]bool{}, reached: library{},
		required: map[string]bool{}, optional: map[string]bool{}, used: map[string]bool{},
	}
}

func (m *phaseMaker) link(functions []*function, calls []shell.Call) (*frame, error) {
	l := m.newLinker()
	l.carried = m.carried
	taken := map[*shell.Function]bool{}
	for _, f := range functions {
		if len(f.lib) > 0 && !taken[&f.lib[0]] {
			taken[&f.lib[0]] = true
			lib, err := m.folder(f.lib)
			if err != nil {
				return nil, err
			}
			l.libs = append(l.libs, lib)
		}
		l.own[f.name] = true
		for _, name := range f.provided {
			l.provided[name] = true
		}
	}
	for name := range l.own {
		if f := l.function(name); f != nil {
			return nil, diag.At(f.Pos, "the function %s has the name of a phase's function", name).WithHint("give it another name")
		}
	}
	l.follow(calls, nil)
	for _, f := range functions {
		l.count(f.script.Uses())
		if f.driven != "" {
			l.parts(f.driven, f.calls, map[string]bool{})
		}
	}
	if err := l.errs.Err(); err != nil {
		return nil, err
	}
	return l.frame(), nil
}

func (l *linker) function(name string) *shell.Function {
	for _, lib := range l.libs {
		if f := lib[name]; f != nil {
			return f
		}
	}
	return nil
}

// follow takes in what calls reach; may are the commands that the caller uses
// only where they are there.
func (l *linker) follow(calls []shell.Call, may []string) {
	for _, call := range calls {
		if l.own[call.Name] || l.reached[call.Name] != nil || l.carried[call.Name] != nil {
			continue
		}
		switch f := l.function(call.Name); {
		case f != nil:
			l.reached[call.Name] = f
			called, err := f.Called()
			l.errs.Take(err)
			l.follow(called, f.Optional)
			uses, _ := f.Uses() // its error is that of Called
			l.count(uses)
		case l.provided[call.Name]:
			l.used[call.Name] = true
		case slices.Contains(may, call.Name):
			l.optional[call.Name] = true
		case !l.required[call.Name]:
			l.required[call.Name] = true
			l.checkName(call)
		}
	}
}

// count checks the calls of functions of the libraries: each has to have as many
// arguments as the function takes.
func (l *linker) count(uses []shell.Use) {
	for _, use := range uses {
		if f := l.function(use.Name); f != nil && !l.own[use.Name] {
			l.errs.Take(f.Misused(use))
		}
	}
}

// parts takes in the functions of a supervisor that what the calls reach calls by
// names which are only known at run time.
func (l *linker) parts(supervisor string, calls []shell.Call, seen map[string]bool) {
	for _, call := range calls {
		f := l.function(call.Name)
		if f == nil || seen[call.Name] {
			continue
		}
		seen[call.Name] = true
		called, err := f.Called()
		l.errs.Take(err)
		for _, part := range f.Parts {
			name := supervisor + "_" + part
			if l.function(name) == nil {
				l.errs.Add(diag.At(call.Pos.Find(call.Name), "the supervisor %s has no function %s", supervisor, name).
					WithHint("write it in its lib/, or a fragment for the action"))
				continue
			}
			own := []shell.Call{{Name: name, Pos: call.Pos}}
			l.follow(own, f.Optional)
			called = append(called[:len(called):len(called)], own...)
		}
		l.parts(supervisor, called, seen)
	}
}

func (l *linker) frame() *frame {
	f := &frame{reached: l.reached, required: sortedKeys(l.required), provided: sortedKeys(l.used)}
	for _, name := range sortedKeys(l.optional) {
		if !l.required[name] {
			f.optional = append(f.optional, name)
		}
	}
	return f
}

// realCommands are programs whose names are near to those of functions.
var realCommands = map[string]bool{"flock": true, "groups": true, "users": true, "unpack200": true}

// checkName refuses a call of what is neither a function nor, by all
// appearance, a program: its name is a slip away from a function's.
func (l *linker) checkName(call shell.Call) {
	const least = 5 // shorter names are near to too many others
	if len(call.Name) < least || realCommands[call.Name] || strings.Contains(call.Name, "/") {
		return
	}
	for _, lib := range l.libs {
		if near := l.maker.near(lib, call.Name); near != "" {
			l.errs.Add(diag.At(call.Pos.Find(call.Name), "there is no function %q", call.Name).
				WithHint("did you mean %q? a program of that name is called by its path", near))
		}
	}
}

// near returns the function of the library whose name is a slip away from name,
// or "". Scripts call the same programs again and again: each is compared once.
func (m *phaseMaker) near(lib library, name string) string {
	type slip struct {
		library uintptr
		name    string
	}
	key := slip{reflect.ValueOf(lib).Pointer(), name}
	if done, ok := m.slips.Load(key); ok {
		return done.(string)
	}
	near := diag.Suggest(name, sortedKeys(lib))
	m.slips.Store(key, near)
	return near
}
