package render

import (
	"palletgen/gen/plan"
	"palletgen/gen/record"
	"palletgen/gen/shell"
)

// A function is one shell function of a phase script, with its values marked.
type function struct {
	name     string
	crate    *plan.Crate
	marked   *record.Marked
	provided []string         // commands that come with its supervisor
	driven   string           // the supervisor's name in functions, where the library does its actions; else ""
	lib      []shell.Function // of the folder that it is from
	script   *shell.Script    // with its values put in; nil before
	calls    []shell.Call     // what it calls; known with script
	from     []origins        // of its values, while lines are traced
	parts    []reasoned       // then: why its lines are there
	service  bool             // of the supervisor of its crate's service
}

// crateFunctions makes the functions of a phase of crates: of each crate one
// that puts its files and one that is its fragment, then those of its service's
// supervisor. Files have a function of their own, so that they are looked at
// whatever the fragment does.
func (b *builder) crateFunctions(phase string) []*function {
	var functions []*function
	for _, c := range b.group.Crates {
		since := len(b.errs)
		name := plan.FunctionName(phase) + "_" + c.ID
		made := []*function{
			b.crateFunction("files_"+name, func(p *body) {
				p.puts(b.files, func(f *hostFile) bool { return f.crate == c && !f.service && f.phase == phase })
			}),
			b.crateFunction(name, func(p *body) { p.fragment(c.Phases[phase], b.settings(c)) }),
		}
		for _, f := range made {
			if f != nil {
				f.crate, f.lib = c, c.Lib
				functions = append(functions, f)
			}
		}
		if c.Service != nil && phase == "configure" {
			functions = append(functions, b.supervisorFunctions(c, phase, name)...)
		}
		b.blame(c, since)
	}
	return functions
}

// supervisorFunctions makes the functions by which the supervisor of a crate's
// service configures it.
func (b *builder) supervisorFunctions(c *plan.Crate, phase, name string) []*function {
	sup, data := c.Service.Supervisor, b.service(c)
	name += "_under_" + plan.FunctionName(sup.Name)
	var functions []*function
	for _, f := range []*function{
		b.crateFunction("prepare_"+name, func(p *body) { p.fragment(sup.Phases["prepare"], data) }),
		b.crateFunction("files_"+name, func(p *body) {
			p.puts(b.files, func(f *hostFile) bool { return f.crate == c && f.service })
		}),
		b.crateFunction(name, func(p *body) { p.fragment(sup.Phases[phase], data) }),
	} {
		if f != nil {
			f.crate, f.lib, f.provided, f.service = c, sup.Lib, sup.Provides, true
			functions = append(functions, f)
		}
	}
	return functions
}

// crateFunction makes one function; nil when nothing is in it.
func (b *builder) crateFunction(name string, fill func(*body)) *function {
	p := &body{renderer: b.Renderer, errs: &b.errs, group: b.group, tracing: b.trace != nil}
	fill(p)
	return p.function(name)
}
