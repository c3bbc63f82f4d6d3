package diag_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palletgen/gen/diag"
)

func TestPrint(t *testing.T) {
	src := &diag.Source{Name: "a.yaml", Text: "first: 1\n\tköpf: \x1b[31m2\n" + strings.Repeat("x", 300) + "\n"}
	var list diag.List
	list.Add(
		diag.At(diag.Pos{Source: src, Line: 3, Col: 200}, "too long"),
		diag.At(diag.Pos{Source: src, Line: 2, Col: 9}, "not\x07 %s", "2").WithHint("write %d", 3),
		diag.At(diag.Pos{Source: src, Line: 1}, "no column"),
		diag.At(diag.Pos{Source: src}, "the whole file"),
		diag.At(diag.Pos{}, "no place"),
		diag.At(diag.Pos{}, "no place"),
	)
	var out strings.Builder
	diag.Print(&out, list.Err(), false)
	want := `no place
a.yaml: the whole file
a.yaml:1: no column
    first: 1
a.yaml:2:9: not␇ 2
    	köpf: ␛[31m2
    	      ^
    hint: write 3
a.yaml:3:200: too long
    ` + strings.Repeat("x", 120) + `
    ` + strings.Repeat(" ", 60) + `^
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestColour(t *testing.T) {
	var out strings.Builder
	diag.Print(&out, diag.At(diag.Pos{}, "wrong").WithHint("right"), true)
	if want := "\x1b[1;31mwrong\x1b[0m\n    \x1b[36mhint:\x1b[0m right\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

func TestSuggest(t *testing.T) {
	known := []string{"riemann", "runit", "java", "nohup"}
	for word, want := range map[string]string{
		"rieman": "riemann", "runnit": "runit", "jaav": "java", "nohpu": "nohup", "xyz": "", "": "",
	} {
		if got := diag.Suggest(word, known); got != want {
			t.Errorf("Suggest(%q) = %q, want %q", word, got, want)
		}
	}
}

// TestLongIsCut: what is wrong may be a word of a megabyte, and stand in a line
// of one.
func TestLongIsCut(t *testing.T) {
	long := strings.Repeat("é", 1<<19)
	src := &diag.Source{Name: long, Text: long}
	var list diag.List
	for range 200 {
		list.Add(diag.At(diag.Pos{Source: src, Line: 1, Col: 1 << 19}, "unknown %s", long).WithHint("%s", diag.DidYouMean(long, []string{long + "x"})))
	}
	var out strings.Builder
	diag.Print(&out, list, false)
	if most := 100 * 4 * 4_000; out.Len() > most {
		t.Errorf("printed %d bytes, more than %d", out.Len(), most)
	}
	if got := diag.Suggest(long, []string{long}); got != "" {
		t.Errorf("suggested %.20q", got)
	}
}
