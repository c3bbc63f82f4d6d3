// Package splicetest helps the tests of packages that put values into a text.
// It imports gen/command, gen/diag and gen/record.
package splicetest

import (
	"strings"
	"testing"

	"palletgen/gen/command"
	"palletgen/gen/diag"
	"palletgen/gen/record"
)

// Marked stands in for a template: each hole of text is the place of a value.
// Value i has the place t:1:(i+1), line i of the text the place t:(i+1).
func Marked(hole, text string, values ...any) *record.Marked {
	src := &diag.Source{Name: "t"}
	m := &record.Marked{}
	var b strings.Builder
	for i, piece := range strings.SplitN(text, hole, len(values)+1) {
		if i > 0 {
			b.WriteString(record.Marker(i - 1))
		}
		b.WriteString(piece)
	}
	m.Text = b.String()
	for i, v := range values {
		m.Values = append(m.Values, record.Value{V: v, Pos: diag.Pos{Source: src, Line: 1, Col: i + 1}})
	}
	for i := range strings.Count(text, "\n") + 1 {
		m.Lines = append(m.Lines, diag.Pos{Source: src, Line: i + 1})
	}
	return m
}

// Becomes compares what a text has become with want; "" is for a text that has to
// be refused.
func Becomes(t testing.TB, name string, got []byte, err error, want string) {
	t.Helper()
	switch {
	case want == "" && err == nil:
		t.Errorf("%s: got %q, want an error", name, got)
	case want == "":
	case err != nil:
		t.Errorf("%s: %v", name, err)
	case string(got) != want:
		t.Errorf("%s:\ngot  %q\nwant %q", name, got, want)
	}
}

// Exact makes a command.
func Exact(argv ...string) command.Command {
	c, err := command.Exact(argv)
	if err != nil {
		panic(err)
	}
	return c
}

// First returns the first error of a diag.List with its hint, in one line.
func First(err error) string {
	list, ok := err.(diag.List)
	if !ok {
		return "no diag.List"
	}
	if list[0].Hint == "" {
		return list[0].Error()
	}
	return list[0].Error() + " | " + list[0].Hint
}

// Awkward are values with quotes, backslashes, blanks and what else means
// something to a format, in every neighbourhood.
var Awkward = []string{
	"", " ", "  a  ", "\t", "\r", "a\rb ", "'", `"`, `'"'"`, `\`, `\\`, `a\`, ` \a`, `\ `, ` \ \`, `\'`, `\"`, `'\`, `"\`, ` \"x`, "#", " #a", "a#", "$", "$A",
	"${}", "$$", "`id`", "$(id)", "~", "*", "?", "[a]", "{a,b}", "!", "!!", "&", "|", ";", "<", ">", "(", ")", "and", "or", "end script", "%s", "%%", "-n", "--",
	"\x01\x02\x7f", "\x80\x81\x88\xff", "ü€😀", "a=b", "=", ":", "\v\f",
}
