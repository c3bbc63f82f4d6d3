// Package diag holds positions in source texts and the messages that point at
// them. Every other package reports through it, so that all errors of a build
// are shown at once, sorted, each with its source line, a caret and a remedy.
// It imports no other package of palletgen.
package diag

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// A Source is a named text that messages point into: a palletgen.yaml, a
// crate.yaml, a template.
type Source struct {
	Name string // as it is shown to the user: "crates/riemann/crate.yaml"
	Text string

	split sync.Once
	lines []string
}

// line returns the 1-based line n without its line end, "" where there is none.
// The lines are kept: of a large file many may be asked for.
func (s *Source) line(n int) string {
	s.split.Do(func() { s.lines = strings.Split(s.Text, "\n") })
	if n < 1 || n > len(s.lines) {
		return ""
	}
	return strings.TrimSuffix(s.lines[n-1], "\r")
}

// A Pos is a place in a source. Line and Col count from 1, Col in bytes.
// Line 0 means the source as a whole; a nil Source means no place at all.
type Pos struct {
	Source    *Source
	Line, Col int
}

// String returns file:line:col, as far as the place is known.
func (p Pos) String() string {
	switch {
	case p.Source == nil:
		return ""
	case p.Line == 0:
		return p.Source.Name
	case p.Col == 0:
		return fmt.Sprintf("%s:%d", p.Source.Name, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.Source.Name, p.Line, p.Col)
}

// Text returns the source line at p, "" where there is none.
func (p Pos) Text() string {
	if p.Source == nil || p.Line == 0 {
		return ""
	}
	return p.Source.line(p.Line)
}

// Find is p, where it has no column, with that of the only place of word in its
// line.
func (p Pos) Find(word string) Pos {
	if p.Source == nil || p.Line == 0 || p.Col > 0 || word == "" {
		return p
	}
	line := p.Source.line(p.Line)
	if at := strings.Index(line, word); at >= 0 && strings.LastIndex(line, word) == at {
		p.Col = at + 1
	}
	return p
}

// An Error is one message: what is wrong, where, and what to do about it.
type Error struct {
	Pos  Pos
	Msg  string
	Hint string // the remedy; "" when the message says it already
	Also []Note // other places that have to do with it
}

// A Note points at a place that has to do with an error; its message tells the
// place itself.
type Note struct {
	Pos Pos
	Msg string
}

// At makes an error at pos.
func At(pos Pos, format string, args ...any) *Error {
	return &Error{Pos: pos, Msg: fmt.Sprintf(format, args...)}
}

// WithHint adds the remedy to e and returns e.
func (e *Error) WithHint(format string, args ...any) *Error {
	e.Hint = fmt.Sprintf(format, args...)
	return e
}

// Error returns "file:line:col: message", without source line and hint.
func (e *Error) Error() string {
	if pos := e.Pos.String(); pos != "" {
		return pos + ": " + e.Msg
	}
	return e.Msg
}

// A List is any number of errors. As an error it lists them one a line.
type List []*Error

// Add appends errs to the list.
func (l *List) Add(errs ...*Error) { *l = append(*l, errs...) }

// Take appends err to the list: each of its errors when it is a List. An error
// of another kind becomes one without a position. nil adds nothing.
func (l *List) Take(err error) {
	switch err := err.(type) {
	case nil:
	case List:
		l.Add(err...)
	case *List:
		l.Add(*err...)
	case *Error:
		l.Add(err)
	default:
		l.Add(&Error{Msg: err.Error()})
	}
}

// Err returns the list sorted by place and without repetitions, or nil when it
// is empty.
func (l List) Err() error {
	if len(l) == 0 {
		return nil
	}
	sorted := slices.Clone(l)
	slices.SortStableFunc(sorted, compare)
	return slices.CompactFunc(sorted, func(a, b *Error) bool {
		return a.Error() == b.Error() && a.Hint == b.Hint
	})
}

// Error lists the errors, one a line.
func (l List) Error() string {
	lines := make([]string, len(l))
	for i, e := range l {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

func compare(a, b *Error) int {
	return cmp.Or(
		cmp.Compare(name(a.Pos), name(b.Pos)),
		cmp.Compare(a.Pos.Line, b.Pos.Line),
		cmp.Compare(a.Pos.Col, b.Pos.Col),
		cmp.Compare(a.Msg, b.Msg),
	)
}

func name(p Pos) string {
	if p.Source == nil {
		return ""
	}
	return p.Source.Name
}
