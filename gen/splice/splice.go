// Package splice holds what all formats share that put values into a text by a
// grammar of their own: replacing markers, writing plain values, and comparing
// the syntax tree of the result with the one that was meant. It imports
// gen/command, gen/diag, gen/record, and gen/shell for what shells read again.
package splice

import (
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/record"
)

// A Span is a piece of a parsed text: the bytes From, up to but without To.
type Span struct{ From, To int }

// Holds reports whether the byte at an offset belongs to the span.
func (s Span) Holds(at int) bool { return s.From <= at && at < s.To }

// Position turns an offset into a place of the source.
func Position(src *diag.Source, at int) diag.Pos { return Positions(src)(at) }

// Positions is Position for many places of one source. The function it returns
// goes on from where it was before; it is not safe for concurrent use.
func Positions(src *diag.Source) func(at int) diag.Pos {
	line, begin, known := 1, 0, 0 // of the line that the byte known is in
	return func(at int) diag.Pos {
		at = min(at, len(src.Text))
		if at < known {
			line, begin, known = 1, 0, 0
		}
		piece := src.Text[known:at]
		if last := strings.LastIndexByte(piece, '\n'); last >= 0 {
			line += strings.Count(piece, "\n")
			begin = known + last + 1
		}
		known = at
		return diag.Pos{Source: src, Line: line, Col: at - begin + 1}
	}
}

// Lines is m.LineAt for many places: it goes on from where it was before, and is
// not safe for concurrent use.
func Lines(m *record.Marked) func(at int) diag.Pos {
	line, known := 0, 0 // of the byte known
	return func(at int) diag.Pos {
		at = min(at, len(m.Text))
		if at < known {
			line, known = 0, 0
		}
		line += strings.Count(m.Text[known:at], "\n")
		known = at
		if line < len(m.Lines) {
			return m.Lines[line]
		}
		return diag.Pos{}
	}
}

// Put returns the text of m with the result of replace in place of each marker:
// of value i, at an offset of the text. What replace reports without a place
// gets the value's. The error is a diag.List.
func Put(m *record.Marked, replace func(at, i int) (string, *diag.Error)) (string, error) {
	var b strings.Builder
	var errs diag.List
	used := make([]bool, len(m.Values))
	for from := 0; ; {
		at, i := record.FindMarker(m.Text[from:])
		if at < 0 {
			b.WriteString(m.Text[from:])
			break
		}
		at += from
		b.WriteString(m.Text[from:at])
		from = at + len(record.Marker(i))
		if i >= len(used) || used[i] {
			errs.Add(diag.At(m.LineAt(at), "cannot put values into this file: a marker is not where it was printed"))
			break
		}
		used[i] = true
		out, problem := replace(at, i)
		if problem != nil {
			if problem.Pos == (diag.Pos{}) {
				problem.Pos = m.Values[i].Pos
			}
			errs.Add(problem)
		}
		m.Note(i, b.Len(), b.Len()+len(out))
		b.WriteString(out)
	}
	for i, used := range used {
		if !used {
			errs.Add(diag.At(m.Values[i].Pos, "cannot put this value into the file: its marker is lost"))
		}
	}
	return b.String(), errs.Err()
}

// Fill returns a leaf of a tree with the texts of values in place of their
// markers. pos is the place of the last one, the zero Pos when there is none.
func Fill(m *record.Marked, leaf string, texts []string) (filled string, pos diag.Pos) {
	if !Marked(leaf) {
		return leaf, pos
	}
	filled = record.Fill(leaf, func(b *strings.Builder, i int) {
		if i < len(texts) {
			b.WriteString(texts[i])
			pos = m.Values[i].Pos
		}
	})
	return filled, pos
}

// Marked reports whether a leaf of a tree holds a marker.
func Marked(leaf string) bool {
	at, _ := record.FindMarker(leaf)
	return at >= 0
}

// Alone returns the value whose marker is the whole leaf; false where it is not.
func Alone(leaf string, values []record.Value) (i int, ok bool) {
	at, i := record.FindMarker(leaf)
	return i, at == 0 && leaf == record.Marker(i) && i < len(values)
}

// Problem makes an error whose place Put adds.
func Problem(format string, args ...any) *diag.Error { return diag.At(diag.Pos{}, format, args...) }

// Changed is the error for a finished text whose tree is not the one meant.
func Changed(m *record.Marked) error {
	return diag.List{diag.At(m.LineAt(0), "cannot put values into this file: one of them would change its structure")}
}
