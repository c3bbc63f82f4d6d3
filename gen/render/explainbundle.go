package render

import (
	"slices"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/plan"
	"palletgen/gen/record"
	"palletgen/gen/schema"
)

// traceWhole traces run and README, whose templates see the bundle as a whole.
func (b *builder) traceWhole(path string, marked *record.Marked, text string, tmpl *record.Template, data map[string]any) {
	if b.trace == nil {
		return
	}
	t := &traced{marked: marked, text: text, code: b.trustLines}
	for i, from := range readOrigins(tmpl, marked.Values, data, func([]string, any) []*plan.Origin { return nil }) {
		value := marked.Values[i]
		t.from = append(t.from, func() []*plan.Origin {
			alternatives, _ := tmpl.ReadsAt(value.Pos)
			if found := b.bundleOrigins(alternatives, value.V); found != nil {
				return found
			}
			return from()
		})
	}
	t.why = becauseOf(tmpl, data, func(path []string, value string) []*plan.Origin {
		if value == "" {
			return b.bundleOrigins([][][]string{{path}}, nil)
		}
		return b.bundleOrigins([][][]string{{path}}, value)
	})
	b.trace.files[path] = t.lines
}

// traceRun traces run.
func (b *builder) traceRun(marked *record.Marked, text string) {
	if b.trace != nil {
		b.traceWhole("run", marked, text, b.run.template, b.trace.run)
	}
}

// named is a part of the data of run's template, with names in the place of slots.
func (b *builder) named(v any) any {
	switch v := v.(type) {
	case slot:
		if v == bundleSlot {
			return b.group.Name
		}
		return b.group.Services()[v].Service.Name
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = b.named(item)
		}
		return list
	case map[string]any:
		if v == nil {
			return v
		}
		named := make(map[string]any, len(v))
		for key, item := range v {
			named[key] = b.named(item)
		}
		return named
	}
	return v
}

// bundleOrigins tells where a value comes from that is of the bundle as a whole.
func (b *builder) bundleOrigins(alternatives [][][]string, value any) []*plan.Origin {
	var found []*plan.Origin
	made := func(name string) {
		found = append(found, &plan.Origin{Name: name, How: plan.MadeFor, Pos: b.group.Pos})
	}
	for _, path := range slices.Concat(alternatives...) {
		switch path[0] {
		case "bundle":
			found = append(found, b.group.Origin())
		case "services", "instances":
			found = append(found, b.instancesOf(path[0] == "instances", path[len(path)-1], value)...)
		case "crates":
			for _, c := range b.group.Crates {
				found = append(found, c.Origin())
			}
		case "version":
			made("the version of palletgen")
		case "needs", "own":
			found = append(found, b.commandOrigins(value)...)
		case "secrets":
			name, _ := value.(string)
			if of := b.secretOrigins(name); of != nil {
				found = append(found, of...)
			} else {
				found = append(found, b.secretOrigins("")...)
			}
		case "trust":
			made("the functions for --trusted")
		default:
			found = append(found, b.phaseOrigins(value)...)
		}
	}
	return found
}

// commandOrigins tells where a command is called; of several in one text, where
// each is first.
func (b *builder) commandOrigins(value any) []*plan.Origin {
	text, _ := value.(string)
	names := strings.Fields(text)
	var found []*plan.Origin
	for _, name := range names {
		of := append(b.callersOf("run").of(name), b.callersOf("lib.sh").of(name)...)
		if len(names) > 1 && len(of) > 1 {
			of = of[:1]
		}
		found = append(found, of...)
	}
	if found == nil {
		found = []*plan.Origin{{Name: "the commands that the phases call", How: plan.MadeFor, Pos: b.group.Pos}}
	}
	return found
}

// phaseOrigins tells where a phase comes from, by its name, the name of its
// functions, or what it is for.
func (b *builder) phaseOrigins(value any) []*plan.Origin {
	text, _ := value.(string)
	text = strings.TrimSpace(text)
	for _, s := range b.trace.scripts {
		if text != s.name && text != plan.FunctionName(s.name) && text != b.phaseDoc(s.name) {
			continue
		}
		if found := b.docOrigins(s); found != nil {
			return found
		}
		return b.phaseAbout(s)
	}
	return []*plan.Origin{{Name: "the phases of the bundle", How: plan.MadeFor, Pos: b.group.Pos}}
}

func (b *builder) instancesOf(instances bool, field string, value any) []*plan.Origin {
	if !instances && field != "supervisor" || field == record.Each {
		return b.serviceNames(value)
	}
	var found []*plan.Origin
	for _, c := range b.group.Services() {
		switch {
		case field == "supervisor" && c.Service.Supervisor.Name == value:
			found = append(found, c.Supervised(b.group)...)
		case instances && c.Service.Options[schema.InstanceSetting] == value:
			found = append(found, plan.View{Group: b.group, Crate: c, Service: true}.Origins([]string{"options", schema.InstanceSetting})...)
		}
	}
	return found
}

// trustLines gives the lines of the functions for --trusted their places.
func (b *builder) trustLines(text string) []diag.Pos {
	var places []diag.Pos
	for _, line := range b.libraryLines(text, b.libraryOf(nil)) {
		places = append(places, line.Template)
	}
	return places
}
