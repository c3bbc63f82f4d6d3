package render

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"palletgen/gen/plan"
	"palletgen/gen/record"
	"palletgen/gen/schema"
	"palletgen/gen/shell"
	"palletgen/gen/supervisor"
)

// A runMaker makes run, the program that runs the phases.
type runMaker struct {
	template *record.Template
	required []string // commands that it, and what it uses of the library, cannot do without
	optional []string // and those that they use where they are there
	trust    trust
	calls    []shell.Call // in it, functions of the library included
	marked   sync.Map     // see markedRun
}

// newRunMaker finds out what run uses of the library, and tells phases.
func newRunMaker(template *record.Template, engine *shell.Engine, phases *phaseMaker) (*runMaker, error) {
	m := &runMaker{template: template, trust: phases.trust()}
	// What run calls is the same in all bundles.
	sample := []any{map[string]any{"name": "p", "function": "p", "doc": "d"}}
	marked, err := template.Execute(map[string]any{
		"bundle": "b", "version": "v", "phases": sample, "looks": sample, "needs": []any(nil),
		"services": []any{"s"}, "actions": toList(supervisor.Actions), "own": []any(nil),
		"instances": []any{map[string]any{"id": "i", "services": []any{"s"}}}, "trust": shell.Code(":"), "signed": true,
		"secrets": map[string]any(nil),
	})
	if err != nil {
		return nil, err
	}
	script, err := engine.Splice(marked)
	if err != nil {
		return nil, err
	}
	l := phases.newLinker()
	l.own["phase_p"], l.own["look_p"] = true, true
	for _, name := range append(script.Defs, sortedKeys(m.trust.functions)...) {
		l.own[name] = true
	}
	l.follow(script.Calls, nil)
	if err := l.errs.Err(); err != nil {
		return nil, err
	}
	frame := l.frame()
	m.calls = script.Calls
	m.required, m.optional, phases.carried = frame.required, frame.optional, l.reached
	return m, nil
}

// runScript makes run.
func (b *builder) runScript(scripts []*phaseScript) string {
	marked, err := b.markedRun(scripts)
	if err != nil {
		b.errs.Take(err)
		return ""
	}
	services := b.group.Services()
	filled := *marked
	filled.Values = slices.Clone(marked.Values)
	for i, v := range filled.Values {
		switch slot, ok := v.V.(slot); {
		case ok && slot == bundleSlot:
			filled.Values[i].V = b.group.Name
		case ok:
			filled.Values[i].V = services[slot].Service.Name
		}
	}
	b.track(&filled)
	script, err := b.engine.Splice(&filled)
	if err != nil {
		b.errs.Take(err)
		return ""
	}
	b.traceRun(&filled, script.Text)
	return script.Text
}

// A slot stands for the bundle's name, or for that of service number slot, in
// the run of all bundles that differ in their names only.
type slot int

const bundleSlot slot = -1

// markedRun executes the template of run, once for all groups with as many
// services and the same phases and needs.
func (b *builder) markedRun(scripts []*phaseScript) (*record.Marked, error) {
	var key strings.Builder
	var needs, looks, services, actions, instances []any
	for _, s := range scripts {
		fmt.Fprintf(&key, "%s\x00%s\x00%s\x00%t\x00", s.name, b.phaseDoc(s.name), strings.Join(s.required, " "), s.looks)
		needs = append(needs, map[string]any{"script": s.name, "commands": toList(s.required)})
		if s.looks {
			looks = append(looks, map[string]any{"name": s.name, "function": plan.FunctionName(s.name)})
		}
	}
	byInstance := map[string][]any{}
	for i, c := range b.group.Services() {
		services = append(services, slot(i))
		id, _ := c.Service.Options[schema.InstanceSetting].(string)
		key.WriteString("." + id)
		if id != "" {
			byInstance[id] = append(byInstance[id], slot(i))
		}
	}
	for _, id := range sortedKeys(byInstance) {
		instances = append(instances, map[string]any{"id": id, "services": byInstance[id]})
	}
	secrets := b.secretData()
	if secrets != nil {
		fmt.Fprintf(&key, "\x00%v", secrets)
	}
	if done, ok := b.run.marked.Load(key.String()); ok && b.trace == nil {
		return done.(*record.Marked), nil
	}
	if len(services) > 0 {
		actions = toList(supervisor.Actions)
	}
	data := map[string]any{
		"bundle": bundleSlot, "version": b.version, "phases": b.phaseData(scripts), "looks": looks,
		"services": services, "actions": actions, "needs": needs, "own": toList(b.run.required), "instances": instances,
		"trust": b.run.trust.code(b.Signed), "signed": b.Signed,
		"secrets": secrets,
	}
	if b.trace != nil {
		b.trace.run = b.named(data).(map[string]any)
	}
	marked, err := b.run.template.Execute(data)
	if err == nil {
		b.run.marked.Store(key.String(), marked)
	}
	return marked, err
}

// phaseData is what templates see of the phases.
func (b *builder) phaseData(scripts []*phaseScript) []any {
	var list []any
	for _, s := range scripts {
		list = append(list, map[string]any{"name": s.name, "function": plan.FunctionName(s.name), "doc": b.phaseDoc(s.name)})
	}
	return list
}
