package shell_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"palletgen/gen/diag"
	"palletgen/gen/folder"
	"palletgen/gen/plan"
	"palletgen/gen/strictyaml"
)

// embedded are the folders that the program has embedded, with a call of reach
// at the beginning of every branch in their templates.
type embedded struct {
	fstest.MapFS
	branches []*branch
}

// A branch is the body of if, else, range or with.
type branch struct {
	at, text string // where its action stands: FILE:LINE; the action
	gone     bool
}

// opens finds the actions that a branch follows. None of ours holds }} in a text.
var opens = regexp.MustCompile(`(?s)\{\{-? *(?:if|else|range|with)\b.*?(-?\}\})`)

// readAssets reads the folders and marks their branches.
func readAssets(t *testing.T) *embedded {
	t.Helper()
	e := &embedded{MapFS: fstest.MapFS{}}
	for _, root := range []string{"templates", "crates"} {
		err := fs.WalkDir(os.DirFS("../.."), root, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(filepath.Join("../..", name))
			if strings.HasSuffix(name, ".tmpl") || strings.HasSuffix(name, ".yaml") {
				data = e.mark(name, data)
			}
			e.MapFS[name] = &fstest.MapFile{Data: data, Mode: 0o644}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return e
}

// mark puts {{ $_ := reach NUMBER }}, which prints nothing, behind each action
// that a branch follows. Lines stay where they are.
func (e *embedded) mark(name string, data []byte) []byte {
	var marked []byte
	last := 0
	for _, at := range opens.FindAllSubmatchIndex(data, -1) {
		closing := " }}"
		if data[at[2]] == '-' {
			closing = " -}}"
		}
		marked = append(marked, data[last:at[1]]...)
		marked = fmt.Appendf(marked, "{{ $_ := reach %d%s", len(e.branches), closing)
		line := 1 + strings.Count(string(data[:at[0]]), "\n")
		e.branches = append(e.branches, &branch{at: fmt.Sprintf("%s:%d", name, line), text: string(data[at[0]:at[1]])})
		last = at[1]
	}
	return append(marked, data[last:]...)
}

// reach is what the templates call.
func (e *embedded) reach(n int) string {
	e.branches[n].gone = true
	return ""
}

func (e *embedded) catalog(t *testing.T) *plan.Catalog {
	t.Helper()
	catalog, err := plan.NewCatalog(e, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	catalog.Tools.Loader.Funcs["reach"] = e.reach
	return catalog
}

// again is a catalog with the loader of another one, which has read nothing yet.
func (e *embedded) again(t *testing.T, before *plan.Catalog) *plan.Catalog {
	t.Helper()
	catalog := e.catalog(t)
	catalog.Tools.Loader.Observe = before.Tools.Loader.Observe
	return catalog
}

// formatsOf returns the formats of the templates that are no shell.
func formatsOf(t *testing.T, catalog *plan.Catalog) map[string]string {
	t.Helper()
	formats := map[string]string{"templates/readme.txt.tmpl": "text"}
	add := func(dir string, files []*folder.File) {
		for _, f := range files {
			if f.Format != "" && f.Format != "shell" {
				formats[dir+"/"+f.Source] = f.Format
			}
		}
	}
	crates, err := catalog.CrateNames()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range crates {
		c, err := catalog.Crate(name)
		if err != nil {
			t.Fatal(err)
		}
		add("crates/"+name, c.Files)
	}
	for _, name := range supervisors(t) {
		s, err := catalog.Supervisor(name)
		if err != nil {
			t.Fatal(err)
		}
		add("templates/supervisors/"+name, s.Files)
	}
	return formats
}

// A refusing is an action that calls fail.
type refusing struct{ at, text, says string }

// isIn tells that one of the errors is the refusal's: it stands at its line, and
// says what it says.
func (r *refusing) isIn(errs []*diag.Error) bool {
	for _, err := range errs {
		if pos := err.Pos; pos.Source != nil && fmt.Sprintf("%s:%d", pos.Source.Name, pos.Line) == r.at && strings.Contains(err.Msg, r.says) {
			return true
		}
	}
	return false
}

// embeddedActions returns where all actions of all templates stand that print,
// with nil, and those that refuse.
func embeddedActions(t *testing.T, catalog *plan.Catalog, assets *embedded) map[string]*refusing {
	t.Helper()
	all := map[string]*refusing{}
	add := func(src *diag.Source) {
		checkMarked(t, src.Name, src.Text)
		tmpl, err := catalog.Tools.Loader.Parse(src)
		if err != nil {
			t.Fatal(err)
		}
		for _, pos := range tmpl.Actions() {
			all[pos.String()] = refusingAt(t, pos)
		}
	}
	for name, file := range assets.MapFS {
		src := &diag.Source{Name: name, Text: string(file.Data)}
		switch {
		case strings.HasSuffix(name, ".tmpl"):
			add(src)
		case strings.HasSuffix(name, ".yaml") && name != "templates/example.yaml":
			doc, err := strictyaml.Parse(src)
			if err != nil {
				t.Fatal(err)
			}
			eachTemplate(doc, func(v strictyaml.Value) { add(&diag.Source{Name: v.Pos().String(), Text: v.Text()}) })
		}
	}
	return all
}

// eachTemplate visits the texts that hold actions.
func eachTemplate(v strictyaml.Value, visit func(strictyaml.Value)) {
	switch {
	case v.IsMap():
		for _, e := range v.Entries() {
			eachTemplate(e.Value, visit)
		}
	case v.IsList():
		for _, item := range v.Items() {
			eachTemplate(item, visit)
		}
	case v.IsScalar() && strings.Contains(v.Text(), "{{"):
		visit(v)
	}
}

// refusingAt reads the action at a place again: nil when it is none that calls
// fail. It says the first text that fail is given.
func refusingAt(t *testing.T, pos diag.Pos) *refusing {
	t.Helper()
	lines := strings.Split(pos.Source.Text, "\n")
	line := lines[pos.Line-1]
	rest := strings.TrimLeft(line[min(pos.Col-1, len(line)):], " ")
	if !strings.HasPrefix(rest, "fail ") {
		return nil
	}
	action, _, _ := strings.Cut(rest, "}}")
	says := firstText.FindStringSubmatch(action)
	if says == nil {
		t.Fatalf("%s: it cannot be told what this refusal says", pos)
	}
	return &refusing{at: fmt.Sprintf("%s:%d", pos.Source.Name, pos.Line), text: action, says: says[1]}
}

// firstText finds the first text in an action. None of ours that fail is given
// holds a quote.
var firstText = regexp.MustCompile(`"([^"\\]+)"`)
