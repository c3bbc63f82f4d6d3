package shell_test

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"palletgen/gen/clojure"
	"palletgen/gen/command"
	"palletgen/gen/ini"
	"palletgen/gen/plist"
	"palletgen/gen/record"
	"palletgen/gen/shell"
	"palletgen/gen/systemd"
	"palletgen/gen/upstart"
)

// actions counts, for each action of a template, how often it printed, and in
// which contexts.
type actions struct {
	formats map[string]string // of the templates that are no shell, by their names
	engine  *shell.Engine

	mu       sync.Mutex
	printed  map[string]int
	contexts map[string]map[string]bool
}

// contextsOf are how the formats call the place of each value.
var contextsOf = map[string]func(*record.Marked) []string{
	"systemd": systemd.Contexts, "upstart": upstart.Contexts, "ini": ini.Contexts, "plist": plist.Contexts, "clojure": clojure.Contexts,
	// A text has no places but its lines: what can stand in one can stand in all.
	"text": func(m *record.Marked) []string { return slices.Repeat([]string{"a line"}, len(m.Values)) },
}

// formatOf tells the format of what a template printed; "" for an expression in
// YAML, whose value is none of a text.
func (a *actions) formatOf(m *record.Marked) string {
	for _, line := range m.Lines {
		name := line.Source.Name
		switch {
		case strings.HasSuffix(name, ".sh.tmpl"):
			return "shell"
		case a.formats[name] != "":
			return a.formats[name]
		}
	}
	return ""
}

func (a *actions) observe(m *record.Marked) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, v := range m.Values {
		a.printed[v.Pos.String()]++
	}
	format := a.formatOf(m)
	if len(m.Values) == 0 || format == "" {
		return
	}
	of := contextsOf[format]
	if format == "shell" {
		of = a.engine.Contexts
	}
	contexts := of(m)
	for i, v := range m.Values {
		at := v.Pos.String()
		if a.contexts[at] == nil {
			a.contexts[at] = map[string]bool{}
		}
		context := "unknown"
		if contexts != nil && contexts[i] != "" {
			context = contexts[i]
		}
		if _, ok := v.V.(command.Command); ok && format == "shell" {
			context = "command" // its words, whether others come before them or not
		}
		a.contexts[at][format+": "+context] = true
	}
}

// TestEveryActionIsReached builds fixtures of all crates under all supervisors,
// in all formats: every action of every embedded template, and every expression
// in the embedded YAML, has to print in one of them, every branch of one has to
// be gone, and an action that refuses has to refuse. An action of a template has
// the same context wherever it prints. There are no exceptions.
func TestEveryActionIsReached(t *testing.T) {
	assets := readAssets(t)
	catalog := assets.catalog(t)
	seen := &actions{formats: formatsOf(t, catalog), engine: shell.NewEngine(), printed: map[string]int{}, contexts: map[string]map[string]bool{}}
	catalog.Tools.Loader.Observe = seen.observe
	catalog = assets.again(t, catalog) // which reads everything with the observer
	built, refused := buildFixtures(t, catalog)
	all := embeddedActions(t, catalog, assets)
	missed := 0
	miss := func(format string, args ...any) {
		missed++
		t.Errorf(format, args...)
	}
	for at, fail := range all {
		switch {
		case fail == nil && seen.printed[at] == 0:
			miss("%s: no fixture reaches this action", at)
		case fail != nil && !fail.isIn(refused):
			miss("%s: no fixture is refused by this action: %s", at, fail.text)
		}
	}
	for _, b := range assets.branches {
		if !b.gone {
			miss("%s: no fixture goes this branch: %s", b.at, b.text)
		}
	}
	for _, at := range slices.Sorted(maps.Keys(all)) {
		of := slices.Sorted(maps.Keys(seen.contexts[at]))
		if len(of) > 1 || len(of) == 1 && strings.HasSuffix(of[0], "unknown") || len(of) == 0 && all[at] == nil && !strings.Contains(at, ".yaml:") {
			miss("%s: the action has the contexts %q, not one", at, of)
		}
	}
	t.Logf("%d bundles, %d refused; %d actions and %d branches, %d are missed; %d contexts", built, len(refused), len(all), len(assets.branches), missed, len(seen.contexts))
	if len(all) < 1000 || len(assets.branches) < 400 {
		t.Errorf("only %d actions and %d branches were found", len(all), len(assets.branches))
	}
}
