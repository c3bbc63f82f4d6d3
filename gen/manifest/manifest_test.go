package manifest_test

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/manifest"
)

// whole has a value in every field.
func whole() *manifest.Manifest {
	return &manifest.Manifest{
		Palletgen: "1.2.3", Bundle: "web",
		Crates:   []manifest.Crate{{Name: "app", Instance: "b", Settings: manifest.Value(`{"args":["<&>","é"],"n":1}`)}},
		Services: []manifest.Service{{Name: "web", Crate: "app", Supervisor: "s6", Options: manifest.Value(`{}`), Service: manifest.Value(`{"user":"www"}`)}},
		Phases:   []manifest.Phase{{Name: "start-web", Script: "start", Service: "web"}},
		Commands: manifest.Commands{
			{Path: "run", Needs: manifest.Needs{Required: []string{"cat"}, Optional: []string{"ls"}, Provided: []string{"svc"}, Settings: []string{"java"}}},
			{Path: "lib.sh", Needs: manifest.Needs{Required: []string{}}},
		},
		Files: []manifest.File{{Path: "root/etc/web", Mode: "0644", SHA256: strings.Repeat("0", 64), Format: "text", Put: &manifest.Put{
			Path: "/etc/web", Owner: "root", Group: "www", Mode: "0640", Phase: "configure", Flag: "reload", Verify: manifest.Value(`["web","-t"]`), Secrets: []string{"TOKEN"},
		}}},
	}
}

func TestReadsWhatItWrites(t *testing.T) {
	for name, m := range map[string]*manifest.Manifest{"whole": whole(), "empty": {}} {
		text, err := m.Text()
		if err != nil {
			t.Fatal(err)
		}
		got, err := manifest.Read(text)
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, text)
		}
		again, err := got.Text()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(text), string(again)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if name == "whole" {
			if diff := cmp.Diff(m, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		}
	}
}

func TestReadRefuses(t *testing.T) {
	text, err := whole().Text()
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ from, to, want string }{
		{`"bundle"`, `"more": 1, "bundle"`, "unknown field"},
		{`"required":["cat"]`, `"required":["cat"],"more":1`, "unknown field"},
		{`"bundle": "web"`, `"bundle": "x", "bundle": "web"`, "there twice"},
		{`"optional":["ls"]`, `"optional":["ls"],"optional":["ls"]`, "there twice"},
		{`"owner"`, `"Owner"`, "spelled another way"},
		{`"name":"app","instance":"b"`, `"instance":"b","name":"app"`, "out of order"},
		{`{"n`, "{ \"n", "spelled another way"},
		{`"é"`, `"\u00e9"`, ""}, // within a setting any spelling is a value
		{"\n}\n", "\n}\n{}", "behind its end"},
		{`"commands": {`, `"commands": [`, "invalid character"},
	} {
		changed := strings.Replace(string(text), tc.from, tc.to, 1)
		if changed == string(text) {
			t.Fatalf("%s: not in the text", tc.from)
		}
		_, err := manifest.Read([]byte(changed))
		if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
			t.Errorf("%s: %v, want %q", tc.to, err, tc.want)
		}
	}
}

// TestShapeInReadme: the README names every field, and no other.
func TestShapeInReadme(t *testing.T) {
	data, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(data), "<!-- manifest -->\n")
	table, _, ok := strings.Cut(rest, "<!-- /manifest -->\n")
	if !ok {
		t.Fatal("README.md has no table of the manifest")
	}
	got := map[string]bool{}
	for line := range strings.Lines(table) {
		if cells := strings.Split(line, "|"); len(cells) > 2 && strings.Contains(cells[1], "`") {
			for _, field := range strings.Split(cells[1], ",") {
				got[strings.Trim(field, " `")] = true
			}
		}
	}
	want := map[string]bool{}
	fields(reflect.TypeFor[manifest.Manifest](), "", want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("README.md (-want +got):\n%s", diff)
	}
}

// fields adds the JSON fields of a type, with the path to each.
func fields(t reflect.Type, prefix string, found map[string]bool) {
	switch {
	case t == reflect.TypeFor[manifest.Commands]():
		fields(reflect.TypeFor[manifest.Needs](), prefix, found)
		return
	case t == reflect.TypeFor[manifest.Value]():
		return
	case t.Kind() == reflect.Slice, t.Kind() == reflect.Pointer:
		fields(t.Elem(), prefix, found)
		return
	case t.Kind() != reflect.Struct:
		return
	}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		found[prefix+name] = true
		fields(t.Field(i).Type, prefix+name+".", found)
	}
}
