package render_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"palletgen/gen/folder"
	"palletgen/gen/plan"
	"palletgen/gen/schema"
)

// readBack are the texts that are read back by a test, as what reads them does:
// those of configs, and those that FuzzLogrotate and TestLogrotateHoldsHostileFolders
// have.
func readBack(crate, source string) bool {
	for _, c := range configs {
		if c.crate == crate {
			return !strings.HasPrefix(source, "logrotate")
		}
	}
	return slices.Contains([]string{"systemd", "upstart", "sysvinit", "openrc"}, crate) && source == "logrotate.tmpl"
}

// harmless are the kinds of settings whose values are digits, letters and . _ - and
// nothing else, whatever a user writes.
var harmless = []string{"integer", "bytes", "seconds", "port", "signal", "boolean", "mode", "name"}

// TestTextsHoldHarmlessTypes: what has no escaper, and is read back by no test,
// holds only settings whose type leaves nothing that could mean more than itself.
// The supervisor of testdata is among them.
func TestTextsHoldHarmlessTypes(t *testing.T) {
	catalog, err := plan.NewCatalog(os.DirFS("../.."), []string{"../../testdata/crates"}, []string{"../../testdata/supervisors"})
	if err != nil {
		t.Fatal(err)
	}
	checked := map[string]bool{}
	check := func(owner string, schemas map[string]*schema.Schema, files []*folder.File) {
		for _, f := range files {
			if f.Format != "text" || readBack(owner, f.Source) {
				continue
			}
			for _, path := range f.Template.Reads() {
				names := strings.Split(path, ".")
				of := schemas[names[0]]
				if of != nil {
					names = names[1:]
				} else {
					of = schemas[""]
				}
				// What is said only by whether it is there, or is one of some words, is not printed.
				if printedNowhere := owner == "finit" && slices.Contains([]string{"service.post_stop", "service.pre_start"}, path); printedNowhere {
					continue
				}
				if typ := typeAt(of, names); typ == nil || !isHarmless(typ) {
					t.Errorf("%s/%s: %s may be any text", owner, f.Source, path)
				}
				checked[owner+"/"+f.Source] = true
			}
		}
	}
	names, err := catalog.CrateNames()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		c, err := catalog.Crate(name)
		if err != nil {
			t.Fatal(err)
		}
		check(name, map[string]*schema.Schema{"": c.Settings}, c.Files)
	}
	if names, err = catalog.SupervisorNames(); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		s, err := catalog.Supervisor(name)
		if err != nil {
			t.Fatal(err)
		}
		check(name, map[string]*schema.Schema{"service": catalog.Service, "options": s.Options, "config": s.Config}, s.Files)
	}
	want := []string{"finit/boot.conf.tmpl", "finit/service.conf.tmpl", "nginx/logrotate.tmpl", "runit/log-config.tmpl", "s6/down-signal.tmpl", "s6/timeout-kill.tmpl"}
	if got := slices.Sorted(maps.Keys(checked)); !slices.Equal(got, want) {
		t.Errorf("of these the types are looked at: %q, not of %q", got, want)
	}
}

// typeAt follows the fields of structs; nil where there is no such setting.
func typeAt(settings *schema.Schema, path []string) *schema.Type {
	if settings == nil {
		return nil
	}
	for _, s := range settings.Settings {
		switch {
		case s.Name != path[0]:
		case len(path) == 1:
			return s.Type
		default:
			return typeAt(s.Type.Fields, path[1:])
		}
	}
	return nil
}

// isHarmless tells that a type takes none of the bytes that mean something to a
// shell, to logrotate or to a reader of lines.
func isHarmless(typ *schema.Type) bool {
	if typ.Kind == "enum" || slices.Contains(harmless, typ.Kind) {
		return true
	}
	if typ.Pattern == nil {
		return false
	}
	for c := range rune(0x100) {
		plain := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("/._+@,-", c)
		if !plain && (typ.Pattern.MatchString("/a"+string(c)) || typ.Pattern.MatchString("/"+string(c)+"a")) {
			return false
		}
	}
	return true
}
