package plan_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/diag"
	"palletgen/gen/plan"
	"palletgen/gen/spec"
)

// assets hold one crate with a service, one without, and the least supervisor
// that there can be.
func assets() fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range map[string]string{
		"templates/service.yaml": `
name: {type: name, required: true, doc: d}
command: {type: command, required: true, doc: d}
nice: {type: integer, doc: d}
umask: {type: mode, doc: d}
after: {type: list, of: name, doc: d}
`,
		"templates/supervisors/sup/supervisor.yaml": `
doc: a supervisor
crate: sup
options: {dir: {type: path, default: "/etc/{{ .service.name }}", doc: d}, tool: {type: url, doc: d}}
config: {file: {type: path, default: "{{ .options.dir }}/run", doc: d}, extra: {type: string, doc: d}}
service: {name: native, command: native, nice: native, after: native}
`,
		"crates/sup/crate.yaml":  "doc: installs sup",
		"crates/pay/crate.yaml":  "doc: d\nsettings: {url: {type: url, doc: d}}\npayload: [b, sub/a]",
		"crates/pay/b":           "B\x00",
		"crates/pay/sub/a":       "A",
		"crates/tool/crate.yaml": "doc: a tool\nsettings: {v: {type: string, default: crate, doc: d}, m: {type: map, default: {crate: '1'}, doc: d}}",
		"crates/web/crate.yaml": `
doc: a server
settings:
  name: {type: name, default: web, doc: d}
  after: {type: list, of: name, doc: d}
service: {name: "{{ .name }}", command: [serve, "{{ .name }}"], after: "{{ .after }}"}
supervisor_config: {sup: {extra: "for {{ .name }}"}}
`,
	} {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	for _, action := range []string{"enable", "disable", "start", "stop", "restart", "reload", "status"} {
		fsys["templates/supervisors/sup/"+action+".sh.tmpl"] = &fstest.MapFile{Data: []byte(action + " {{ .service.name }}\n")}
	}
	return fsys
}

// resolve resolves the group g of a palletgen.yaml.
func resolve(t *testing.T, text string, set ...string) (*plan.Group, error) {
	t.Helper()
	catalog, err := plan.NewCatalog(assets(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := spec.Load([]*diag.Source{{Name: "f", Text: text}})
	if err != nil {
		t.Fatal(err)
	}
	var overrides []spec.Override
	for _, s := range set {
		o, err := spec.ParseSet(s)
		if err != nil {
			t.Fatal(err)
		}
		overrides = append(overrides, o)
	}
	planner, err := plan.NewPlanner(catalog, doc, overrides)
	if err != nil {
		t.Fatal(err)
	}
	return planner.Resolve(doc.Groups[0])
}

func TestNearerSettingsWin(t *testing.T) {
	const text = `
specs:
  far: {extends: [tool: {v: far, m: {far: '2', all: far}}]}
  near: {extends: [far, tool: {v: near, m: {near: '3', all: near}}]}
groups:
  g: {extends: [near%s]}
`
	for _, test := range []struct {
		group string
		set   []string
		want  string
	}{
		{"", nil, "near"},
		{", tool: {v: group}", nil, "group"},
		{", tool: {v: group}", []string{"tool.v=set", "tool.m.set=4"}, "set"},
	} {
		g, err := resolve(t, strings.Replace(text, "%s", test.group, 1), test.set...)
		if err != nil {
			t.Fatal(err)
		}
		if len(g.Crates) != 1 || g.Crates[0].Settings["v"] != test.want {
			t.Errorf("%q: v = %v, want %s", test.group, g.Crates[0].Settings["v"], test.want)
		}
		m := g.Crates[0].Settings["m"].(map[string]any)
		want := map[string]any{"crate": "1", "far": "2", "near": "3", "all": "near"}
		if test.set != nil {
			want["set"] = "4"
		}
		if diff := cmp.Diff(want, m); diff != "" {
			t.Errorf("%q: m (-want +got)\n%s", test.group, diff)
		}
	}
}

func TestServiceAndSupervisor(t *testing.T) {
	g, err := resolve(t, `
groups:
  g:
    extends:
      - web: {supervisor: sup, after: [web-b]}
      - sup
      - web: {supervisor: sup, instance_id: b, service: {nice: 5}, sup: {dir: /srv}}
`)
	if err != nil {
		t.Fatal(err)
	}
	var got [][]any
	for _, c := range g.Services() {
		s := c.Service
		got = append(got, []any{c.ID, s.Name, s.Fields["nice"], s.Options["dir"], s.Config["file"], s.Config["extra"]})
	}
	want := [][]any{
		{"web_b", "web-b", 5, "/srv", "/srv/run", "for web"},
		{"web", "web", 0, "/etc/web", "/etc/web/run", "for web"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestErrors(t *testing.T) {
	for _, test := range []struct{ extends, want string }{
		{"[web: {supervisor: sup}]", "web runs under sup, but the group g does not extend the crate sup"},
		{"[sup, web: {supervisor: sub}]", `there is no supervisor "sub"`},
		{"[sup, web]", "web.supervisor is missing: what keeps the service running"},
		{"[sup, web: {supervisor: sup, service: {umask: '0022'}}]", "sup cannot do umask of the service web"},
		{"[sup, web: {supervisor: sup, sup: {dri: /x}}]", `web.sup has no setting "dri"`},
		{"[sup, web: {supervisor: sup, sup: 3}]", "web.sup: a number where a map belongs"},
		{"[tool: {supervisor: sup}]", `tool has no setting "supervisor"`},
		{"[sup, web: {supervisor: sup, after: [web]}]", "the services of group g wait for each other in a circle: web → web"},
		{"[sup, web: {supervisor: sup, name: web-b}, web: {supervisor: sup, instance_id: b}]", "two services of group g are called web-b: of the crates web and web"},
	} {
		_, err := resolve(t, "groups: {g: {extends: "+test.extends+"}}")
		var list diag.List
		if !errors.As(err, &list) || list[0].Msg != test.want || len(list) != 1 {
			t.Errorf("%s:\n got %v\nwant %s", test.extends, err, test.want)
		}
	}
}

func TestPayloads(t *testing.T) {
	g, err := resolve(t, "groups: {g: {extends: [tool, pay: {url: 'bundle:pay/b'}]}}")
	if err != nil {
		t.Fatal(err)
	}
	var got [][]string
	for _, p := range g.Payloads() {
		data, sum, err := p.Read()
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, []string{p.Path, string(data), sum[:8]})
	}
	want := [][]string{{"pay/b", "B\x00", "f6c6e57c"}, {"pay/sub/a", "A", "559aead0"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestURLsOfNoPayload(t *testing.T) {
	for _, test := range []struct{ extends, want string }{
		{"[pay: {url: 'bundle:pay/a'}]", `f:1:35: the bundle g does not carry bundle:pay/a; did you mean "bundle:pay/b"?`},
		{"[pay: {url: 'bundle:tool/x'}]", "f:1:35: the bundle g does not carry bundle:tool/x; known are: bundle:pay/b, bundle:pay/sub/a"},
		{"[sup, web: {supervisor: sup, sup: {tool: 'bundle:pay/b'}}]",
			"f:1:64: the bundle g does not carry bundle:pay/b; no crate of the group has a payload; add  payload: [NAME]  to a crate.yaml"},
		{"[sup, pay, web: {supervisor: sup, sup: {tool: 'bundle:pay/b'}}]", ""},
	} {
		_, err := resolve(t, "groups: {g: {extends: "+test.extends+"}}")
		got := ""
		var list diag.List
		if errors.As(err, &list) {
			got = list[0].Error() + "; " + list[0].Hint
		}
		if got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.extends, got, test.want)
		}
	}
}
