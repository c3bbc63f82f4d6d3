package render

import (
	"fmt"
	"slices"
	"strings"

	"palletgen/gen/plan"
	"palletgen/gen/shell"
)

// ensureService is the phase that starts what is stopped, and has the others
// take up what was changed.
const ensureService = "ensure-service"

// retire is the phase that takes services out of their supervisors' hands.
const retire = "retire"

// A serviceAction is an action on the service of a crate.
type serviceAction struct {
	crate  *plan.Crate
	action string
}

// serviceFunction returns the function that does an action on the service of a
// crate; nil when that is nothing. Several scripts take it in: it is made once.
func (b *builder) serviceFunction(c *plan.Crate, action string) *function {
	key := serviceAction{c, action}
	f, made := b.actions[key]
	if !made {
		f = b.makeServiceFunction(c, action)
		b.actions[key] = f
	}
	return f
}

func (b *builder) makeServiceFunction(c *plan.Crate, action string) *function {
	since := len(b.errs)
	sup := c.Service.Supervisor
	part := &body{renderer: b.Renderer, errs: &b.errs, group: b.group, tracing: b.trace != nil}
	data := b.service(c)
	own, driven := sup.Phases[action], ""
	if own == nil && action != "unconfigure" {
		driven = plan.FunctionName(sup.Name)
		part.fragment(b.drive["service"], data)
		part.fragment(sup.Phases["service"], data)
		own = b.drive[action]
	}
	part.fragment(own, data)
	f := part.function(action + "_" + c.ID)
	b.blame(c, since)
	if f != nil {
		f.crate, f.lib, f.provided, f.driven, f.service = c, sup.Lib, sup.Provides, driven, true
	}
	return f
}

// serviceFunctions makes functions for several actions on one service. All of
// them are called by names that stay good where a fragment is empty.
func (b *builder) serviceFunctions(c *plan.Crate, actions ...string) (functions []*function, names []any) {
	for _, action := range actions {
		name := "true"
		if f := b.serviceFunction(c, action); f != nil {
			functions, name = append(functions, f), f.name
		}
		names = append(names, name)
	}
	return functions, names
}

// actionScript makes the script of an action on the services. They are stopped
// in the reverse order of their start.
func (b *builder) actionScript(action string) *phaseScript {
	var functions []*function
	var steps []step
	services := b.group.Services()
	for _, c := range services {
		var made []*function
		var names []any
		s := step{service: c.Service.Name, only: len(services) > 1}
		switch action {
		case "status":
			made, names = b.serviceFunctions(c, action)
			s.text = fmt.Sprintf("%s || worse $?", names...)
		case ensureService:
			made, names = b.serviceFunctions(c, "start", "reload", "restart", "status")
			s.text = fmt.Sprintf("ensure "+serviceMark+" %s %s %s %s ", names...) + c.Service.Supervisor.Name
		default:
			made, names = b.serviceFunctions(c, action, "status")
			s.text = fmt.Sprintf("act "+action+" "+serviceMark+" %s %s ", names...) + c.Service.Supervisor.Name
		}
		s.at = firstLine(made, c)
		functions, steps = append(functions, made...), append(steps, s)
	}
	if action == "stop" || action == "disable" {
		slices.Reverse(steps)
	}
	return b.script(action, functions, steps)
}

// uninstallScript makes the script that takes everything back, in the reverse
// order of how it came. The functions undo know more of the journal's lines than
// the library's uninstall does by itself.
func (b *builder) uninstallScript(undo []string) *phaseScript {
	const phase = "uninstall"
	var functions []*function
	var steps []step
	for _, c := range slices.Backward(b.group.Services()) {
		made, s := b.takeDown(c)
		functions, steps = append(functions, made...), append(steps, s)
	}
	own := b.crateFunctions(phase)
	slices.Reverse(own)
	last := step{text: strings.Join(append([]string{"uninstall"}, undo...), " ")}
	for _, name := range undo {
		last.calls = append(last.calls, shell.Call{Name: name})
	}
	steps = append(append(steps, calls(own)...), last)
	return b.script(phase, append(functions, own...), steps)
}

// takeDown makes the step that stops the service of a crate and takes it out of
// its supervisor's hands.
func (b *builder) takeDown(c *plan.Crate) ([]*function, step) {
	functions, names := b.serviceFunctions(c, "stop", "disable", "unconfigure", "status")
	text := fmt.Sprintf("take_down "+serviceMark+" %s %s %s %s ", names...) + c.Service.Supervisor.Name
	return functions, step{service: c.Service.Name, text: text, at: firstLine(functions, c)}
}

// retireScript makes the script that lets go of services: of each it removes
// what its supervisor has been given, so that another one can take over.
func (b *builder) retireScript() *phaseScript {
	var functions []*function
	var steps []step
	for _, c := range slices.Backward(b.group.Services()) {
		made, s := b.takeDown(c)
		files := b.crateFunction("retire_"+c.ID, func(p *body) { p.retire(c, b.files) })
		if files != nil {
			files.crate = c
			made = append(made, files)
			s.text = "{ " + s.text + " && " + files.name + "; }"
		}
		s.only = true
		functions, steps = append(functions, made...), append(steps, s)
	}
	return b.script(retire, functions, steps)
}
