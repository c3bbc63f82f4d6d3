package record

import (
	"fmt"
	"strings"

	"palletgen/gen/diag"
)

// Marked is the output of one execution of a template, with a marker in the
// place of every value that was printed.
type Marked struct {
	Text   string     // LF line ends; no control byte but newline and tab
	Lines  []diag.Pos // Lines[i] is the template line that line i (from 0) of Text begins on
	Values []Value    // Values[i] belongs to Marker(i), which occurs once in Text
	Cost   int        // what it took to make: bytes read and made by functions, and each step in a loop as 256
	Track  *[]Put     // where not nil: who puts the values in notes here where, in the order of the text
}

// A Put is where a value was put: the bytes From, up to but without To, of the
// finished text.
type Put struct{ Value, From, To int }

// Note notes a value that was put in, where that is asked for.
func (m *Marked) Note(value, from, to int) {
	if m.Track != nil {
		*m.Track = append(*m.Track, Put{value, from, to})
	}
}

// LineAt returns the template's line that the text at an offset comes from.
func (m *Marked) LineAt(offset int) diag.Pos {
	n := strings.Count(m.Text[:min(offset, len(m.Text))], "\n")
	if n < len(m.Lines) {
		return m.Lines[n]
	}
	return diag.Pos{}
}

// A Value is one value that a template printed.
type Value struct {
	V   any      // string, int, int64, bool, command.Command, []any …
	Pos diag.Pos // the action that printed it
}

// markerLen is the length of every marker in bytes.
const markerLen = 8

// Marker returns the marker of value i. It can stand as a word, as a name and
// inside a number's place: a letter or underscore, then letters and digits.
func Marker(i int) string { return fmt.Sprintf("_pg%04x_", i) }

// FindMarker returns where the first marker of s begins and the index of its
// value; at is -1 when s holds none.
func FindMarker(s string) (at, index int) {
	for from := 0; ; {
		at := strings.Index(s[from:], "_pg")
		if at < 0 {
			return -1, 0
		}
		at += from
		if n, ok := markerIndex(s[at:]); ok {
			return at, n
		}
		from = at + 1
	}
}

// Fill returns text with each marker replaced by what put writes for its value.
func Fill(text string, put func(b *strings.Builder, index int)) string {
	var b strings.Builder
	for {
		at, index := FindMarker(text)
		if at < 0 {
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(text[:at])
		put(&b, index)
		text = text[at+markerLen:]
	}
}

// markerIndex reads the marker that s begins with.
func markerIndex(s string) (int, bool) {
	if len(s) < markerLen || s[markerLen-1] != '_' {
		return 0, false
	}
	n := 0
	for _, c := range []byte(s[3 : markerLen-1]) {
		switch {
		case c >= '0' && c <= '9':
			n = n<<4 | int(c-'0')
		case c >= 'a' && c <= 'f':
			n = n<<4 | int(c-'a'+10)
		default:
			return 0, false
		}
	}
	return n, true
}
