package render

import (
	"maps"
	"slices"
	"strings"

	"palletgen/gen/crate"
	"palletgen/gen/diag"
	"palletgen/gen/folder"
	"palletgen/gen/plan"
	"palletgen/gen/record"
	"palletgen/gen/shell"
	"palletgen/gen/supervisor"
)

// A phase is one word that ./run takes.
type phase struct {
	Name    string `json:"name"`
	Script  string `json:"script"`            // phases/SCRIPT.sh
	Service string `json:"service,omitempty"` // the one service that it is for
}

// A phaseScript is one file of phases/.
type phaseScript struct {
	name       string
	text       []byte
	required   []string // commands that must be on the host
	optional   []string // commands that are used where they are there
	provided   []string // commands that come with the supervisor
	configured []string // programs that settings name
}

var phaseDocs = map[string]string{
	"install":   "put the software on the host",
	"configure": "write its configuration, and that of its supervisor",
	"uninstall": "take the software off the host",
	"enable":    "start it when the host boots",
	"disable":   "do not start it when the host boots",
	"start":     "start it now, unless it runs",
	"stop":      "stop it now",
	"restart":   "stop and start it",
	"reload":    "make it read its configuration again",
	"status":    "tell whether it runs",
}

// scripts makes the phase scripts of the group, in the order of phases.
func (b *builder) scripts() []*phaseScript {
	var scripts []*phaseScript
	for _, name := range b.cratePhases() {
		scripts = append(scripts, b.script(name, b.crateFunctions(name)))
	}
	if len(b.group.Services()) > 0 {
		for _, action := range supervisor.Actions {
			scripts = append(scripts, b.script(action, b.actionFunctions(action)))
		}
	}
	return scripts
}

// cratePhases are install and configure, and what else the crates have.
func (b *builder) cratePhases() []string {
	names := []string{"install", "configure"}
	for _, known := range crate.Phases {
		if b.anyHas(known) && !slices.Contains(names, known) {
			names = append(names, known)
		}
	}
	own := map[string]bool{}
	for _, c := range b.group.Crates {
		for name := range c.PhaseDocs {
			own[name] = true
		}
	}
	return append(names, slices.Sorted(maps.Keys(own))...)
}

func (b *builder) anyHas(phase string) bool {
	return slices.ContainsFunc(b.group.Crates, func(c *plan.Crate) bool { return c.Phases[phase] != nil }) ||
		slices.ContainsFunc(b.files, func(f *hostFile) bool { return f.phase == phase })
}

// phaseList lists the words that ./run takes: each script's, and those for one
// service.
func (b *builder) phaseList(scripts []*phaseScript) []phase {
	var list []phase
	for _, s := range scripts {
		list = append(list, phase{Name: s.name, Script: s.name})
	}
	for _, c := range b.group.Services() {
		for _, action := range supervisor.Actions {
			list = append(list, phase{action + "-" + c.Service.Name, action, c.Service.Name})
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
	call     *record.Marked   // the statement that calls it
	provided []string         // commands that come with its supervisor
	lib      []shell.Function // of the folder that it is from
}

// crateFunctions makes the functions of a phase of crates: of each crate its
// own one, then that of its service's supervisor.
func (b *builder) crateFunctions(phase string) []*function {
	var functions []*function
	for _, c := range b.group.Crates {
		since := len(b.errs)
		own := &body{renderer: b.Renderer, errs: &b.errs}
		own.puts(b.files, func(f *hostFile) bool { return f.crate == c && !f.service && f.phase == phase })
		own.fragment(c.Phases[phase], c.Settings)
		if f := own.function(plan.FunctionName(phase) + "_" + c.ID); f != nil {
			f.crate, f.lib = c, c.Lib
			functions = append(functions, f)
		}
		if c.Service == nil || phase != "configure" {
			b.blame(c, since)
			continue
		}
		sup := c.Service.Supervisor
		under := &body{renderer: b.Renderer, errs: &b.errs}
		under.puts(b.files, func(f *hostFile) bool { return f.crate == c && f.service })
		under.fragment(sup.Phases[phase], c.Service.Data(b.group.Name))
		if f := under.function(phase + "_" + c.ID + "_under_" + plan.FunctionName(sup.Name)); f != nil {
			f.crate, f.lib, f.provided = c, sup.Lib, sup.Provides
			functions = append(functions, f)
		}
		b.blame(c, since)
	}
	return functions
}

// actionFunctions makes the functions of an action on the services. Services
// are stopped in the reverse order of their start.
func (b *builder) actionFunctions(action string) []*function {
	var functions []*function
	several := len(b.group.Services()) > 1
	for _, c := range b.group.Services() {
		since := len(b.errs)
		sup := c.Service.Supervisor
		part := &body{renderer: b.Renderer, errs: &b.errs}
		part.fragment(sup.Phases[action], c.Service.Data(b.group.Name))
		f := part.function(action + "_" + c.ID)
		b.blame(c, since)
		if f == nil {
			continue
		}
		f.crate, f.lib, f.provided = c, sup.Lib, sup.Provides
		f.call = callService(f.name, c.Service.Name, action, several)
		functions = append(functions, f)
	}
	if action == "stop" || action == "disable" {
		slices.Reverse(functions)
	}
	return functions
}

// callService is the statement that runs an action on a service, where several
// are in the bundle only when it is asked for.
func callService(function, service, action string, several bool) *record.Marked {
	call := checkedCall(function)
	if action == "status" {
		call.Text = function + " || worse $?\n"
	}
	if !several {
		return call
	}
	return &record.Marked{
		Text:   "case $only in '' | " + record.Marker(0) + ") " + strings.TrimSuffix(call.Text, "\n") + " ;; esac\n",
		Lines:  make([]diag.Pos, 1),
		Values: []record.Value{{V: service}},
	}
}

// checkedCall is the statement that calls a function, whose last command may
// have failed.
func checkedCall(function string) *record.Marked {
	return &record.Marked{Text: function + " || die 70 '" + function + " failed'\n", Lines: make([]diag.Pos, 1)}
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
}

// fragment takes in what the template prints.
func (p *body) fragment(fragment *folder.Fragment, data any) {
	if fragment == nil {
		return
	}
	marked, err := fragment.Execute(data)
	if err != nil {
		p.errs.Take(err)
		return
	}
	if strings.TrimSpace(marked.Text) == "" {
		return
	}
	p.sources = append(p.sources, fragment.Label)
	p.append(marked)
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
		line := &record.Marked{Text: putLine, Lines: []diag.Pos{pos}}
		for _, v := range []string{strings.TrimPrefix(f.path, "/"), f.path, f.owner, f.group, f.mode} {
			line.Values = append(line.Values, record.Value{V: v, Pos: pos})
		}
		p.append(line)
	}
}

// putLine calls the library's put: SOURCE DEST OWNER GROUP MODE.
var putLine = "put " + strings.Join([]string{
	record.Marker(0), record.Marker(1), record.Marker(2), record.Marker(3), record.Marker(4),
}, " ") + "\n"

// append adds marked, whose markers get the next free numbers.
func (p *body) append(marked *record.Marked) {
	text, ok := p.renderer.indent.indent(marked.Text)
	if !ok { // it is no shell by itself: let the engine say why
		_, err := p.renderer.engine.Splice(marked)
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
		call:   checkedCall(name),
	}
}
