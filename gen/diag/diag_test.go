package diag_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

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
    …` + strings.Repeat("x", 118) + `…
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
		"rieman": "riemann", "runnit": "runit", "jaav": "java", "nohpu": "nohup", "xyz": "", "JAVA": "java", "RunIt": "runit", "": "",
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

// TestSnippetWidths: the caret stands under its place whatever stands before it,
// and a line that is cut says so.
func TestSnippetWidths(t *testing.T) {
	for _, test := range []struct{ before, after, line, caret string }{
		{"a: ", "b", "a: b", "   ^"},
		{"\ta: ", "b", "\ta: b", "\t   ^"},
		{"日本: ", "b", "日本: b", "      ^"},
		{"e\u0301a: ", "b", "e\u0301a: b", "    ^"},
		{"🙂: ", "b", "🙂: b", "    ^"},
		{"\x1b[31m\u202e\u200b\u009b\x7f\u2028: ", "b", "␛[31m\ufffd\ufffd\ufffd␡\ufffd: b", "            ^"},
		{"\xff\xfe: ", "b", "\ufffd\ufffd: b", "    ^"},
		{strings.Repeat("x", 119), "b", strings.Repeat("x", 119) + "b", strings.Repeat(" ", 119) + "^"},
		{strings.Repeat("x", 120), "b", "…" + strings.Repeat("x", 118) + "b", strings.Repeat(" ", 119) + "^"},
		{"", strings.Repeat("b", 121), strings.Repeat("b", 119) + "…", "^"},
		{strings.Repeat("x", 200), strings.Repeat("b", 200), "…" + strings.Repeat("x", 59) + strings.Repeat("b", 59) + "…", strings.Repeat(" ", 60) + "^"},
		{strings.Repeat("日", 100), strings.Repeat("b", 200), "…" + strings.Repeat("日", 29) + strings.Repeat("b", 60) + "…", strings.Repeat(" ", 59) + "^"},
		{strings.Repeat("e\u0301", 100), "b", strings.Repeat("e\u0301", 100) + "b", strings.Repeat(" ", 100) + "^"},
	} {
		src := &diag.Source{Name: "a", Text: test.before + test.after + "\n"}
		line, caret, _ := diag.Snippet(diag.Pos{Source: src, Line: 1, Col: len(test.before) + 1})
		if line != test.line || caret != test.caret {
			t.Errorf("%.20q:\ngot  %s|\n     %s|\nwant %s|\n     %s|", test.before, line, caret, test.line, test.caret)
		}
	}
}

// TestNothingSteersTheTerminal: no character that steers a terminal, or hides, is
// shown as it is, whether in a message, in lines or in JSON.
func TestNothingSteersTheTerminal(t *testing.T) {
	for r := range rune(0x110000) {
		if r > 0x3100 && r%101 != 0 && !unicode.Is(unicode.Cf, r) {
			continue // they are too many
		}
		steers := r != '\t' && (r < ' ' || r >= 0x7f && r < 0xa0 || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp))
		text := string(r)
		if got := diag.Printable(text); steers == (got == text) && r != utf8.RuneError && (r < 0xd800 || r > 0xdfff) {
			t.Errorf("%U: %q", r, got)
		}
		if got := diag.PrintableLines("\n" + text); got[0] != '\n' || r != '\n' && got[1:] != diag.Printable(text) {
			t.Errorf("%U: %q in lines", r, got)
		}
		quoted, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		var back string
		escaped := diag.EscapeJSON(quoted)
		if err := json.Unmarshal(escaped, &back); err != nil || back != string([]rune(text)) || diag.Printable(string(escaped)) != string(escaped) {
			t.Errorf("%U: %s in JSON is %q: %v", r, escaped, back, err)
		}
	}
}
