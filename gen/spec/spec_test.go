package spec_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/diag"
	"palletgen/gen/spec"
)

func TestFlatten(t *testing.T) {
	doc, err := spec.Load([]*diag.Source{
		{Name: "a", Text: "specs: {base: {extends: [java, tool: {v: 1}]}, more: {extends: [base, runit]}}"},
		{Name: "b", Text: "groups: {g: {extends: [more, app, tool: {v: 2}, app: {instance_id: x}]}}"},
	})
	if err != nil {
		t.Fatal(err)
	}
	uses, _, err := doc.Flatten(doc.Groups[0], []string{"app", "java", "runit", "tool"})
	if err != nil {
		t.Fatal(err)
	}
	type use struct {
		Crate, Instance, Pos string
		Depth                int
		Settings             bool
	}
	var got []use
	for _, u := range uses {
		got = append(got, use{u.Crate, u.Instance(), u.Pos.String(), u.Depth, u.Settings.Node != nil})
	}
	want := []use{
		{"java", "", "a:1:26", 2, false},
		{"tool", "", "a:1:32", 2, true},
		{"runit", "", "a:1:71", 1, false},
		{"app", "", "b:1:30", 0, false},
		{"tool", "", "b:1:35", 0, true},
		{"app", "x", "b:1:49", 0, true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestParseSet(t *testing.T) {
	for text, want := range map[string]string{
		"a.b=c":            "c",
		"a.b=":             "",
		"a.b=c=d":          "c=d",
		"a.b= *x #y: ":     " *x #y: ",
		"a.b='it''s'":      "it's",
		`a.b="x\ty"`:       "x\ty",
		"a.b=null":         "null",
		"a.b={c: d}":       "a map",
		"a.b=[c]":          "a list",
		"a.b=line\nbreak ": "line\nbreak ",
	} {
		o, err := spec.ParseSet(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		v := o.Settings.Entries()[0].Value
		got := v.Describe()
		if v.IsScalar() {
			got = v.Text()
		}
		if o.Crate != "a" || got != want {
			t.Errorf("%q: got %q of %s, want %q", text, got, o.Crate, want)
		}
	}
	for _, text := range []string{"", "a", "a.b", "a=b", ".b=c", "a.=c", "a..b=c", "a.b=[c", "a.b='c", "a.b={&x c: d}"} {
		if _, err := spec.ParseSet(text); err == nil {
			t.Errorf("%q: no error", text)
		}
	}
}

// FuzzLoad reads whatever comes: it ends, and with an error or with groups.
func FuzzLoad(f *testing.F) {
	for _, seed := range []string{
		"groups: {g: {extends: [java]}}",
		"specs: {a: {extends: [b]}, b: {extends: [a]}}\ngroups: {g: {extends: [a, java: {v: 1}]}}",
		"groups:\n\tg: 1\n", "a: &b [*b]", "? {a: b}\n: c", "groups: {g: {extends: [{}]}}", "--- \n...\n---",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		doc, err := spec.Load([]*diag.Source{{Name: "f", Text: text}})
		if err != nil {
			if err.Error() == "" {
				t.Error("an error without a message")
			}
			return
		}
		if len(doc.Groups) == 0 {
			t.Error("neither groups nor an error")
		}
		for _, g := range doc.Groups {
			_, _, _ = doc.Flatten(g, []string{"java"})
		}
		_ = doc.Check([]string{"java"})
	})
}
