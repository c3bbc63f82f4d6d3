package plan_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/plan"
)

// TestOrigins holds where values come from, what wins first, with what defaults
// read.
func TestOrigins(t *testing.T) {
	const doc = `
specs:
  base: {extends: [tool: {v: far, m: {far: '1', both: '1'}}]}
groups:
  g:
    extends:
      - base
      - sup
      - tool: {m: {near: '1', both: '2'}}
      - web: {supervisor: sup, instance_id: two, service: {nice: 3}, sup: {tool: "https://x/"}}
`
	g, err := resolve(t, doc, "tool.v=set")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		crate, path, value string
		want               []string
	}{
		{"tool", "v", "", []string{"tool.v, set at --set:1:8"}},
		{"tool", "m", "", []string{"tool.m, set at f:9:19", "tool.m, set at f:3:38", "tool.m, default at crates/tool/crate.yaml:2:79"}},
		{"tool", "m.*", "2", []string{"tool.m, set at f:9:37", "tool.m, set at f:3:38", "tool.m, default at crates/tool/crate.yaml:2:79"}},
		{"tool", "m.both", "", []string{"tool.m.both, set at f:9:37"}},
		{"tool", "m.far", "", []string{"tool.m.far, set at f:3:44"}},
		{"tool", "m.crate", "", []string{"tool.m.crate, default at crates/tool/crate.yaml:2:87"}},
		{"web", "name", "", []string{"web.name, default at crates/web/crate.yaml:4:31"}},
		{"web", "after", "", []string{"web.after, not set; described at crates/web/crate.yaml:5:3"}},
		{"web", "supervisor", "", []string{"web.supervisor, set at f:10:27"}},
		{"web", "service.name", "", []string{
			"web.service.name, set at crates/web/crate.yaml:6:17", "  web.name, default at crates/web/crate.yaml:4:31",
			"web.instance_id, set at f:10:45",
		}},
		{"web", "service.nice", "", []string{"web.service.nice, set at f:10:66"}},
		{"web", "service.umask", "", []string{"web.service.umask, not set; described at templates/service.yaml:5:1"}},
		{"web", "options.tool", "", []string{"web.sup.tool, set at f:10:82"}},
		{"web", "config.file", "", []string{
			"web.supervisor_config.sup.file, default at templates/supervisors/sup/supervisor.yaml:5:38",
			"  web.sup.dir, default at templates/supervisors/sup/supervisor.yaml:4:38",
			"    web.service.name, set at crates/web/crate.yaml:6:17", "      web.name, default at crates/web/crate.yaml:4:31",
			"    web.instance_id, set at f:10:45",
		}},
		{"web", "config.extra", "", []string{"web.supervisor_config.sup.extra, set at crates/web/crate.yaml:7:34", "  web.name, default at crates/web/crate.yaml:4:31"}},
		{"web", "bundle", "", []string{"group g, named at f:5:3"}},
		{"web", "config.nothing", "", nil},
	} {
		path := strings.Split(test.path, ".")
		c := g.Crates[slices.IndexFunc(g.Crates, func(c *plan.Crate) bool { return c.Name == test.crate })]
		v := plan.View{Group: g, Crate: c, Value: test.value}
		v.Service = slices.Contains([]string{"service", "options", "config", "bundle"}, path[0])
		if diff := cmp.Diff(test.want, told(v.Origins(path), "")); diff != "" {
			t.Errorf("%s of %s (-want +got):\n%s", test.path, test.crate, diff)
		}
	}
}

func told(list []*plan.Origin, indent string) []string {
	var lines []string
	for _, o := range list {
		lines = append(lines, indent+o.String())
		lines = append(lines, told(o.From, indent+"  ")...)
	}
	return lines
}
