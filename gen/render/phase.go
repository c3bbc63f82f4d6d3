package render

import (
	"maps"
	"slices"

	"palletgen/gen/manifest"
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
