package cli_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"palletgen/gen/diag"
	"palletgen/gen/plan"
	"palletgen/gen/spec"
)

// awkward are values that many places refuse, as YAML: texts, lists, maps.
var awkward = []string{
	`"a\nb"`, `"a b"`, `"-x"`, `"/a\\b"`, `"/é"`, `""`, `7`, `true`, `["a\nb"]`, `[a, "a b", "x'y"]`, `{"a b": x}`, `{a: "a\nb"}`, `{a: {file: "x"}}`,
}

// TestErrorsShowTheSetting gives awkward values to every setting of every crate,
// to every field of a service and to every option of supervisors: an error that
// is not where the value stands has a note that shows this place.
func TestErrorsShowTheSetting(t *testing.T) {
	b := &blamer{explainer: newExplainer(t, false)}
	names, err := b.catalog.CrateNames()
	if err != nil {
		t.Fatal(err)
	}
	for _, sup := range supervisors(t) {
		for _, field := range b.catalog.Service.Names() {
			b.try(sup.Crate+", app: {supervisor: "+sup.Name, "command", "service: {"+field+": ", "}")
		}
		for _, option := range sup.Options.Names() {
			b.try(sup.Crate+", app: {supervisor: "+sup.Name, "", sup.Name+": {"+option+": ", "}")
		}
	}
	for _, sup := range []string{"systemd", "runit", "upstart"} {
		for _, name := range names {
			crate, err := b.catalog.Crate(name)
			switch {
			case err != nil:
				t.Fatal(err)
			case crate.Service == nil && sup != "systemd":
				continue
			}
			for _, setting := range crate.Settings.Names() {
				switch {
				case setting == "supervisor":
				case crate.Service == nil:
					b.try(name+": {", setting, setting+": ", "")
				default:
					b.try(sup+", "+name+": {supervisor: "+sup, setting, setting+": ", "")
				}
			}
		}
	}
	t.Logf("%d errors, of which %d are not where the value stands", b.errors, b.elsewhere)
	if b.elsewhere == 0 {
		t.Error("no error was elsewhere")
	}
}

// A blamer counts errors about values.
type blamer struct {
	*explainer
	errors, elsewhere int
}

// try gives the awkward values to a setting of a group that extends this; they
// stand alone on their line.
func (b *blamer) try(extends, setting, before, behind string) {
	b.t.Helper()
	const line = 5
	for _, value := range awkward {
		yaml := "groups:\n  g:\n    extends:\n      [" + extends + needed(extends, setting) + "\n" + before + value + behind + "\n}]\n"
		for _, e := range b.refusals(yaml) {
			b.errors++
			if e.Pos.Source != nil && e.Pos.Source.Name == "palletgen.yaml" {
				continue
			}
			b.elsewhere++
			shown := func(n diag.Note) bool {
				return n.Pos.Source != nil && n.Pos.Source.Name == "palletgen.yaml" && n.Pos.Line == line
			}
			if !slices.ContainsFunc(e.Also, shown) {
				b.t.Errorf("%s%s: %v shows %v", before, value, e, e.Also)
			}
		}
	}
}

// needed are settings that a crate does not do without, but for one.
func needed(extends, but string) string {
	text := ""
	for _, each := range [][3]string{
		{"app", "command", "[web]"}, {"haproxy", "frontends", "{www: {port: 80, backend: web}}"}, {"haproxy", "backends", "{web: {servers: {a: \"h:1\"}}}"},
	} {
		if strings.Contains(extends, each[0]+": {") && each[1] != but {
			text += ", " + each[1] + ": " + each[2]
		}
	}
	if extends[len(extends)-1] != '{' {
		text += ","
	}
	return text
}

// refusals are the errors that the group of a document has.
func (b *blamer) refusals(yaml string) diag.List {
	b.t.Helper()
	doc, err := spec.Load([]*diag.Source{{Name: "palletgen.yaml", Text: yaml}})
	if err != nil {
		b.t.Fatalf("%s: %v", yaml, err)
	}
	planner, err := plan.NewPlanner(b.catalog, doc, nil)
	if err != nil {
		b.t.Fatalf("%s: %v", yaml, err)
	}
	group, err := planner.Resolve(planner.Groups()[0])
	if err == nil {
		_, err = b.renderer.Bundle(group)
	}
	var list diag.List
	if err != nil && !errors.As(err, &list) {
		list.Take(err)
	}
	return list
}
