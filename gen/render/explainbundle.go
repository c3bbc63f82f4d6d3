package render

import (
	"slices"

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
	b.trace.files[path] = t.lines
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
			made("the commands that the phases call")
		case "secrets":
			made("the secrets of the group")
		case "trust":
			made("the functions for --trusted")
		default:
			made("the phases of the bundle")
		}
	}
	return found
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
