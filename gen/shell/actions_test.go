package shell_test

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"palletgen/gen/command"
	"palletgen/gen/diag"
	"palletgen/gen/plan"
	"palletgen/gen/record"
	"palletgen/gen/render"
	"palletgen/gen/shell"
	"palletgen/gen/spec"
)

// actions counts, for each action of a template, how often it printed, and in
// which contexts.
type actions struct {
	mu       sync.Mutex
	engine   *shell.Engine
	printed  map[string]int
	contexts map[string]map[string]bool
}

func place(pos diag.Pos) string { return pos.String() }

func (a *actions) observe(m *record.Marked) {
	a.mu.Lock()
	defer a.mu.Unlock()
	var contexts []string
	if len(m.Values) > 0 && len(m.Lines) > 0 && strings.HasSuffix(m.Values[0].Pos.Source.Name, ".sh.tmpl") {
		contexts = a.engine.Contexts(m)
	}
	for i, v := range m.Values {
		at := place(v.Pos)
		a.printed[at]++
		if contexts != nil {
			if a.contexts[at] == nil {
				a.contexts[at] = map[string]bool{}
			}
			if _, ok := v.V.(command.Command); ok {
				contexts[i] = "command" // its words, whether others come before them or not
			}
			a.contexts[at][contexts[i]] = true
		}
	}
}

// assetsOnDisk are the folders that the program has embedded.
type assetsOnDisk struct{ fs.FS }

// TestEveryActionIsReached builds fixtures of all crates under all supervisors:
// every action of every embedded template has to print in one of them, and an
// action of a shell template always in the same context.
func TestEveryActionIsReached(t *testing.T) {
	assets := assetsOnDisk{os.DirFS("../..")}
	catalog, err := plan.NewCatalog(assets, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	seen := &actions{engine: shell.NewEngine(), printed: map[string]int{}, contexts: map[string]map[string]bool{}}
	catalog.Tools.Loader.Observe = seen.observe
	built := buildFixtures(t, catalog)
	all := embeddedActions(t, catalog)
	var missed []string
	for _, at := range all {
		if seen.printed[at] == 0 && !strings.HasPrefix(at, "templates/packer/") && !strings.HasPrefix(at, "templates/onefile") && !strings.HasPrefix(at, "templates/userdata") {
			missed = append(missed, at)
		}
	}
	for _, at := range missed {
		t.Errorf("%s: no fixture reaches this action", at)
	}
	for _, at := range slices.Sorted(maps.Keys(seen.contexts)) {
		if of := slices.Sorted(maps.Keys(seen.contexts[at])); len(of) > 1 {
			t.Errorf("%s: the action stands in several contexts: %s", at, strings.Join(of, ", "))
		}
	}
	t.Logf("%d bundles; %d of %d actions are reached; the contexts of %d are known", built, len(all)-len(missed), len(all), len(seen.contexts))
}

// embeddedActions returns where all actions of all templates stand.
func embeddedActions(t *testing.T, catalog *plan.Catalog) []string {
	t.Helper()
	found := map[string]bool{}
	for _, root := range []string{"templates", "crates"} {
		err := filepath.WalkDir("../../"+root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".tmpl") {
				return err
			}
			name := strings.TrimPrefix(filepath.ToSlash(path), "../../")
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			tmpl, err := catalog.Tools.Loader.Parse(&diag.Source{Name: name, Text: string(data)})
			if err != nil {
				return err
			}
			for _, pos := range tmpl.Actions() {
				line := strings.Split(pos.Source.Text, "\n")[pos.Line-1]
				if !strings.HasPrefix(strings.TrimLeft(line[pos.Col-1:], " "), "fail ") { // it prints nothing
					found[place(pos)] = true
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// buildFixtures builds a group for each fixture.
func buildFixtures(t *testing.T, catalog *plan.Catalog) int {
	t.Helper()
	doc, err := spec.Load([]*diag.Source{{Name: "fixtures.yaml", Text: fixtures(t)}})
	if err != nil {
		t.Fatal(err)
	}
	planner, err := plan.NewPlanner(catalog, doc, nil)
	if err != nil {
		t.Fatal(err)
	}
	renderer := render.New(catalog, "v0")
	built := 0
	for _, group := range planner.Groups() {
		g, err := planner.Resolve(group)
		if err == nil {
			_, err = renderer.Bundle(g)
		}
		switch {
		case err == nil:
			built++
		case !strings.Contains(err.Error(), " cannot "): // what a supervisor cannot do
			t.Errorf("%s: %v", group.Name, err)
		}
	}
	return built
}
