package render

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/folder"
	"palletgen/gen/manifest"
	"palletgen/gen/plan"
	"palletgen/gen/record"
	"palletgen/gen/shell"
	"palletgen/gen/supervisor"
)

// A phaseScript is one file of phases/.
type phaseScript struct {
	name       string
	texts      []string    // its own functions
	looks      bool        // it has something to look at before anything is changed
	*frame                 // what they need
	configured []string    // programs that settings name
	traced     []*traced   // its parts, while lines are traced
	functions  []*function // then: those of crates and services among them
}

var phaseDocs = map[string]string{
	"install":        "put the software on the host",
	"configure":      "write its configuration, and that of its supervisor",
	"enable":         "start it when the host boots",
	"disable":        "do not start it when the host boots",
	"start":          "start it now, unless it runs",
	"stop":           "stop it now",
	"restart":        "stop and start it",
	"reload":         "make it read its configuration again",
	"status":         "tell whether it runs",
	"ensure-service": "start it, or have it take up what was changed",
	"retire":         "stop it and take it from its supervisor; the rest stays",
	"rollback":       "bring back the files that the last changing run replaced",
	"uninstall":      "remove what the bundle made",
}

// scripts makes the phase scripts of the group, in the order of phases.
func (b *builder) scripts() []*phaseScript {
	var scripts []*phaseScript
	for _, name := range b.cratePhases() {
		functions := b.crateFunctions(name)
		scripts = append(scripts, b.script(name, functions, calls(functions)))
	}
	if len(b.group.Services()) > 0 {
		for _, action := range slices.Concat(supervisor.Actions, []string{ensureService}) {
			scripts = append(scripts, b.actionScript(action))
		}
		scripts = append(scripts, b.retireScript())
	}
	return append(scripts, b.script("rollback", nil, []step{{text: "rollback"}}), b.uninstallScript(undoing(scripts)))
}

// undoing are the functions that take back what functions of the scripts have recorded.
func undoing(scripts []*phaseScript) []string {
	names := map[string]bool{}
	for _, s := range scripts {
		if s.frame == nil {
			continue // after an error
		}
		for _, f := range s.reached {
			for _, name := range f.Undo {
				names[name] = true
			}
		}
	}
	return sortedKeys(names)
}

// calls are the steps that call these functions.
func calls(functions []*function) []step {
	var steps []step
	for _, f := range functions {
		steps = append(steps, step{function: f})
	}
	return steps
}

// cratePhases are install and configure, and the crates' own.
func (b *builder) cratePhases() []string {
	names := []string{"install", "configure"}
	own := map[string]bool{}
	for _, c := range b.group.Crates {
		for name := range c.PhaseDocs {
			own[name] = true
		}
	}
	return append(names, slices.Sorted(maps.Keys(own))...)
}

// phaseList lists the words that ./run takes: each script's, and those for one
// service.
func (b *builder) phaseList(scripts []*phaseScript) []manifest.Phase {
	var list []manifest.Phase
	for _, s := range scripts {
		list = append(list, manifest.Phase{Name: s.name, Script: s.name})
	}
	for _, c := range b.group.Services() {
		for _, action := range slices.Concat(supervisor.Actions, []string{ensureService, retire}) {
			list = append(list, manifest.Phase{Name: action + "-" + c.Service.Name, Script: action, Service: c.Service.Name})
		}
	}
	return list
}

func (b *builder) phaseDoc(name string) string {
	for _, c := range b.group.Crates {
		if doc := c.PhaseDocs[name]; doc != "" {
			return doc
		}
	}
	return phaseDocs[name]
}

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

// A body is the inside of a function while it is put together.
type body struct {
	renderer *Renderer
	errs     *diag.List
	text     strings.Builder
	lines    []diag.Pos
	values   []record.Value
	sources  []string
	broken   bool // something in it is no shell by itself
	group    *plan.Group
	tracing  bool
	from     []origins  // of the values, where tracing
	parts    []reasoned // then: why the lines are there
}

// fragment takes in what the template prints.
func (p *body) fragment(fragment *folder.Fragment, view view) {
	if fragment == nil {
		return
	}
	marked, err := fragment.Execute(view.data)
	if err != nil {
		if p.tracing {
			err = view.failed(err, fragment.Template)
		}
		p.errs.Take(err)
		return
	}
	var from []origins
	if p.tracing {
		from = view.read(fragment.Template, marked.Values)
	}
	if strings.TrimSpace(marked.Text) == "" || refuseSecrets(marked, from, p.errs) {
		return
	}
	p.sources = append(p.sources, fragment.Label)
	p.append(marked, from)
	if p.tracing {
		p.from = append(p.from, from...)
		p.parts = append(p.parts, reasoned{len(marked.Lines), view.because(fragment.Template)})
	}
}

// putWords are the arguments of the library's put: DEST OWNER GROUP MODE SHA256,
// then FLAG and VERIFY where there are any.
func (f *hostFile) putWords() []any {
	words := []any{f.path, f.owner, f.group, f.mode, f.sum()}
	if f.flag != "" || !f.verify.IsZero() {
		words = append(words, f.flag)
	}
	if !f.verify.IsZero() {
		words = append(words, f.verify)
	}
	return words
}

// puts takes in one line for each of the files that are meant.
func (p *body) puts(files []*hostFile, meant func(*hostFile) bool) {
	for _, f := range files {
		if !meant(f) {
			continue
		}
		pos := f.spec.Pos
		if name := f.description; !slices.Contains(p.sources, name) {
			p.sources = append(p.sources, name)
		}
		put := "put"
		if f.secrets != nil {
			put = "put_secret"
		}
		p.command(pos, put, f.putWords()...)
		if p.tracing {
			p.from = append(p.from, f.putOrigins(p.group)...)
			p.parts = append(p.parts, reasoned{1, always(f.made(p.group))})
		}
	}
}

// retire takes in the line that removes the files of the supervisor of a
// crate's service, and the folder of the service's name where one has such.
func (p *body) retire(c *plan.Crate, files []*hostFile) {
	words := []any{""}
	var paths []origins
	if p.tracing {
		paths = append(paths, crateOrigin(c))
	}
	for _, f := range files {
		if f.crate != c || !f.service {
			continue
		}
		words = append(words, f.path)
		if p.tracing {
			paths = append(paths, f.origin(p.group, "path", f.spec.Path))
		}
		if folder := path.Dir(f.path); path.Base(folder) == c.Service.Config[supervisor.ServiceName] {
			words[0] = folder
		}
		p.sources = []string{f.description}
	}
	if len(words) > 1 {
		p.command(c.Pos, "retire", words...)
		p.from = append(p.from, paths...)
	}
}

// command takes in a line that calls a function with values.
func (p *body) command(pos diag.Pos, name string, words ...any) {
	line := &record.Marked{Text: name, Lines: []diag.Pos{pos}}
	for _, v := range words {
		line.Text += " " + record.Marker(len(line.Values))
		line.Values = append(line.Values, record.Value{V: v, Pos: pos})
	}
	line.Text += "\n"
	p.append(line, nil)
}

// append adds marked, whose markers get the next free numbers; from tells where
// its values come from, while lines are traced.
func (p *body) append(marked *record.Marked, from []origins) {
	text, ok := p.renderer.indent.indent(marked.Text)
	if !ok { // it is no shell by itself: let the engine say why
		splice := func(m *record.Marked) error {
			_, err := p.renderer.engine.Splice(m)
			return err
		}
		err := splice(marked)
		if p.tracing && err != nil {
			err = whose(err, marked, from, splice)
		}
		p.errs.Take(err)
		p.broken = true
	}
	if !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	p.text.WriteString(renumber(text, len(p.values)))
	p.lines = append(p.lines, marked.Lines...)
	p.values = append(p.values, marked.Values...)
}

// renumber adds by to the number of each marker in text.
func renumber(text string, by int) string {
	if by == 0 {
		return text
	}
	return record.Fill(text, func(b *strings.Builder, index int) { b.WriteString(record.Marker(index + by)) })
}

// function makes the body a function; nil when nothing is in it, or nothing
// that could be one.
func (p *body) function(name string) *function {
	if len(p.lines) == 0 || p.broken {
		return nil
	}
	head := provenance(p.sources...) + name + "() {\n"
	lines := make([]diag.Pos, 2, len(p.lines)+3)
	lines[0], lines[1] = p.lines[0], p.lines[0]
	lines = append(append(lines, p.lines...), p.lines[len(p.lines)-1])
	return &function{
		name:   name,
		marked: &record.Marked{Text: head + p.text.String() + "}\n", Lines: lines, Values: p.values},
		from:   p.from, parts: p.parts,
	}
}
