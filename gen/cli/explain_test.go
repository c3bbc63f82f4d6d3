package cli_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"palletgen/gen/cli"
	"palletgen/gen/diag"
	"palletgen/gen/plan"
	"palletgen/gen/render"
	"palletgen/gen/spec"
	"palletgen/gen/supervisor"
)

// explainer makes explained bundles.
type explainer struct {
	t        *testing.T
	catalog  *plan.Catalog
	renderer *render.Renderer
	count    struct{ files, values int }
	classes  map[string]int // lines of each class
}

func newExplainer(t *testing.T, signed bool) *explainer {
	t.Helper()
	catalog, err := plan.NewCatalog(os.DirFS(root(t)), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	renderer := render.New(catalog, cli.Version)
	renderer.Signed = signed
	return &explainer{t: t, catalog: catalog, renderer: renderer, classes: map[string]int{}}
}

// resolve resolves the groups of a document; those that their supervisor cannot
// do are left out.
func (x *explainer) resolve(yaml string) []*plan.Group {
	x.t.Helper()
	doc, err := spec.Load([]*diag.Source{{Name: "palletgen.yaml", Text: yaml}})
	if err != nil {
		x.t.Fatal(err)
	}
	planner, err := plan.NewPlanner(x.catalog, doc, nil)
	if err != nil {
		x.t.Fatal(err)
	}
	var groups []*plan.Group
	for _, group := range planner.Groups() {
		switch resolved, err := planner.Resolve(group); {
		case err == nil:
			groups = append(groups, resolved)
		case !strings.Contains(err.Error(), " cannot do "):
			x.t.Fatal(err)
		}
	}
	return groups
}

// TestEveryLineHasAnOrigin explains every crate under every supervisor: the same
// bundle comes out as without, each line of each file has an origin, and each
// value a place.
func TestEveryLineHasAnOrigin(t *testing.T) {
	seen := map[string]bool{}
	for _, signed := range []bool{false, true} {
		x := newExplainer(t, signed)
		all := supervisors(t)
		if signed { // only run is another file
			all = all[:1]
		}
		for _, sup := range all {
			for _, group := range append(x.resolve(everything(t, sup)), x.resolve(library(t, x.catalog, sup))...) {
				x.check(group)
				for _, c := range group.Crates {
					seen[c.Name] = true
				}
			}
		}
		t.Logf("%d files, %d values, lines: %v", x.count.files, x.count.values, x.classes)
		for _, class := range []string{ofTemplate, ofDescription, aboutFiles, aboutGroup} {
			if x.classes[class] == 0 {
				t.Errorf("no line is one %s", class)
			}
		}
		names, err := x.catalog.CrateNames()
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if !seen[name] {
				t.Errorf("the crate %s was explained under no supervisor", name)
			}
		}
	}
}

// library is a palletgen.yaml with a group of each crate.
func library(t *testing.T, catalog *plan.Catalog, sup *supervisor.Supervisor) string {
	t.Helper()
	names, err := catalog.CrateNames()
	if err != nil {
		t.Fatal(err)
	}
	more := map[string]string{
		"app":     ", instance_id: two, command: \"web 'x\\ny' $HOME\", environment: {A: \"b\\nc\", B: d}",
		"redis":   ", password: {env: REDIS_PASSWORD}",
		"haproxy": ", frontends: {www: {port: 80, backend: web}}, backends: {web: {servers: {a: \"h:1\"}}}",
	}
	yaml := "groups:\n"
	for _, name := range names {
		loaded, err := catalog.Crate(name)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case name == sup.Crate || loaded.Service == nil:
			yaml += "  " + name + ": {extends: [" + name + "]}\n"
		case loaded.Refuses[sup.Name] == "":
			yaml += "  " + name + ": {extends: [" + sup.Crate + ", " + name + ": {supervisor: " + sup.Name + more[name] + "}]}\n"
		}
	}
	return yaml
}

// check explains a group.
func (x *explainer) check(group *plan.Group) {
	x.t.Helper()
	explained, err := x.renderer.Explain(group)
	if err != nil {
		x.t.Fatal(err)
	}
	plain, err := x.renderer.Bundle(group)
	if err != nil {
		x.t.Fatal(err)
	}
	for i, f := range explained.Files {
		if string(plain.Files[i].Data) != string(f.Data) {
			x.t.Errorf("explained, %s of %s is another file", f.Path, group.Name)
		}
		lines := explained.Lines(f.Path)
		checkLines(x.t, group.Name+" "+f.Path, string(f.Data), lines)
		x.count.files++
		for i, line := range lines {
			x.count.values += len(line.Values)
			x.classes[x.class(fmt.Sprintf("%s %s:%d", group.Name, f.Path, i+1), line)]++
		}
	}
}

// checkLines fails the test on a line that comes from nowhere.
func checkLines(t *testing.T, what, text string, lines []render.Line) {
	t.Helper()
	want := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if len(lines) != len(want) {
		t.Errorf("%s: %d lines are explained, of %d", what, len(lines), len(want))
		return
	}
	for i, line := range lines {
		switch {
		case line.Text != want[i]:
			t.Errorf("%s:%d: explained as %q, it is %q", what, i+1, line.Text, want[i])
		case line.Template.Source == nil && (line.Why == "" || len(line.About) == 0):
			t.Errorf("%s:%d comes from nowhere: %s", what, i+1, line.Text)
		case line.Template.Source != nil && line.Template.Line > strings.Count(line.Template.Source.Text, "\n")+1:
			t.Errorf("%s:%d: there is no %s", what, i+1, line.Template)
		}
		if line.Template.Source == nil && len(line.About) > 0 {
			placed(t, fmt.Sprintf("%s:%d is about: %s", what, i+1, line.Text), line.About)
		}
		if !sameText(line) {
			t.Errorf("%s:%d is %q, and not %s", what, i+1, line.Text, line.Template)
		}
		if strings.HasPrefix(line.Why, "the commands that ") {
			if name := unknownCommand(line); name != "" {
				t.Errorf("%s:%d: who calls %s? %s", what, i+1, name, line.Text)
			}
		}
		if want, got := conditions(line), reasonsAt(line); got < want {
			t.Errorf("%s:%d stands in %d conditions at %s, and %d are told: %s", what, i+1, want, line.Template, got, line.Text)
		}
		for _, because := range line.Because {
			if because.Text == "" || because.Pos.Source == nil && len(because.Origins) == 0 {
				t.Errorf("%s:%d: %+v is no reason", what, i+1, because)
			}
			if len(because.Origins) > 0 {
				placed(t, fmt.Sprintf("%s:%d because %s", what, i+1, because.Text), because.Origins)
			}
		}
		for _, value := range line.Values {
			placed(t, fmt.Sprintf("%s:%d (%s): %s", what, i+1, value.Action, line.Text), value.Origins)
			if value.From > value.To || value.To > len(line.Text) {
				t.Errorf("%s:%d: a value from %d to %d", what, i+1, value.From, value.To)
			}
		}
	}
}

// frameRE matches lines that palletgen puts round what templates print: the
// comment that says where a function is from, its name, and calls of it.
var frameRE = regexp.MustCompile(`^(# from .*|[a-z_0-9]+\(\) \{|\}|    (looked |checkable |opaque )?[a-z_0-9]+)$`)

// sameText tells whether a line without values is the one of its template, as
// far as that can be told: where no action stands on it, or before it.
func sameText(line render.Line) bool {
	if line.Template.Source == nil || strings.HasSuffix(line.Template.Source.Name, ".yaml") || frameRE.MatchString(line.Text) {
		return true
	}
	source := strings.TrimSpace(strings.Split(line.Template.Source.Text, "\n")[line.Template.Line-1])
	return strings.Contains(source, "{{") || strings.Contains(source, "}}") || strings.HasPrefix(strings.TrimSpace(line.Text), source)
}

// placed fails the test where an origin has no place.
func placed(t *testing.T, what string, list []*plan.Origin) {
	t.Helper()
	if len(list) == 0 {
		t.Errorf("%s: a value comes from nowhere", what)
	}
	for _, o := range list {
		if o.Pos.Source == nil || o.Pos.Line == 0 || o.Name == "" || o.How == "" {
			t.Errorf("%s: %+v is no place", what, o)
		}
		if len(o.From) > 0 {
			placed(t, what, o.From)
		}
	}
}
