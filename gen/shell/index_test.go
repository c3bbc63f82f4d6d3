package shell_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/diag"
	"palletgen/gen/shell"
)

// callsByIndex reads a file of the library by its outline and an index.
func callsByIndex(t *testing.T, text, index string) []string {
	t.Helper()
	engine := shell.NewEngine()
	engine.Index = shell.ReadIndex(index)
	functions, ok := engine.Outline(&diag.Source{Name: "x.sh", Text: text})
	if !ok {
		t.Fatal("no outline")
	}
	var got []string
	for i := range functions {
		calls, err := functions[i].Called()
		if err != nil {
			t.Fatal(err)
		}
		for _, call := range calls {
			got = append(got, functions[i].Name+" "+call.Name+" at "+call.Pos.String())
		}
	}
	return got
}

// TestIndex: the index is believed for the texts that it has, and for no others.
func TestIndex(t *testing.T) {
	const text = "# Two.\n\n# one: does it.\none() {\n    a\n}\n\ntwo() {\n    b\n}\n"
	functions, ok := shell.NewEngine().Outline(&diag.Source{Name: "x.sh", Text: text})
	if !ok {
		t.Fatal("no outline")
	}
	index := "# a comment\n"
	for i := range functions {
		line, err := shell.IndexLine(&functions[i])
		if err != nil {
			t.Fatal(err)
		}
		index += line
	}
	want := []string{"one a at x.sh:5", "two b at x.sh:9"}
	if diff := cmp.Diff(want, callsByIndex(t, text, index)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	// What the index says counts, where the text is the same.
	other := strings.NewReplacer("a:3", "c:1", "b:2", "d:2").Replace(index)
	want = []string{"one c at x.sh:3", "two d at x.sh:9"}
	if diff := cmp.Diff(want, callsByIndex(t, text, other)); diff != "" {
		t.Errorf("another index (-want +got)\n%s", diff)
	}
	// One byte more, and the function is read.
	want = []string{"one a at x.sh:5", "two d at x.sh:9"}
	if diff := cmp.Diff(want, callsByIndex(t, strings.Replace(text, "does it", "does it!", 1), other)); diff != "" {
		t.Errorf("another text (-want +got)\n%s", diff)
	}
}
