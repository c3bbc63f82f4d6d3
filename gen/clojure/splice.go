package clojure

import (
	"fmt"
	"reflect"
	"sort"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"palletgen/gen/diag"
	"palletgen/gen/lazyregexp"
	"palletgen/gen/record"
	"palletgen/gen/splice"
)

// Splice puts the values of m into its text, each as its place wants it:
//
//   - where a form stands: a text becomes a string, a number and a boolean
//     become themselves, Code stands for its forms;
//   - within a string: a text, a number or a boolean, escaped;
//   - within a keyword: a name of letters, digits and _ . -;
//   - in a comment: one line.
//
// A value anywhere else is an error. The result is read again; its forms must be
// the template's with nothing but the values put in. Errors have the positions
// of the template and come as a diag.List.
func Splice(m *record.Marked) ([]byte, error) {
	s := &splicer{m: m, codes: map[int]*Node{}}
	r := &reader{text: m.Text, pos: splice.Lines(s.m)}
	tree, err := r.file()
	if err != nil {
		return nil, err
	}
	text, err := splice.Put(m, func(at, i int) (string, *diag.Error) {
		parent, place := find(tree, at)
		return s.replace(i, parent, place)
	})
	if err != nil {
		return nil, err
	}
	got, err := (&reader{text: text, pos: splice.Lines(s.m)}).file()
	if err != nil {
		return nil, err
	}
	want := bare(tree, s)
	if !reflect.DeepEqual(want, bare(got, nil)) {
		return nil, splice.Changed(m)
	}
	return []byte(text), nil
}

// A splicer puts the values of one text into their places.
type splicer struct {
	m     *record.Marked
	codes map[int]*Node // the forms of the values that are code
}

// find returns the innermost node at an offset, and the node that holds it.
func find(tree *Node, at int) (parent, place *Node) {
	place = tree
	for {
		i := sort.Search(len(place.Kids), func(i int) bool { return place.Kids[i].to > at })
		if i == len(place.Kids) || place.Kids[i].from > at {
			return parent, place
		}
		parent, place = place, place.Kids[i]
	}
}

// replace returns what stands for value i in a place, or why nothing can.
func (s *splicer) replace(i int, parent, place *Node) (string, *diag.Error) {
	v := s.m.Values[i].V
	switch place.Kind {
	case String:
		return content(v)
	case Comment:
		return inComment(v)
	case Keyword:
		return inKeyword(v)
	case Symbol:
		if place.Text == record.Marker(i) {
			return s.datum(i, v, parent)
		}
		return "", splice.Problem("a value cannot be part of the word %q", strings.ReplaceAll(place.Text, record.Marker(i), "{{ … }}")).
			WithHint("write it alone, or within a string")
	case Regex:
		return "", splice.Problem("a value cannot stand in a regular expression").WithHint("build it from a string: (re-pattern …)")
	}
	return "", splice.Problem("a value cannot stand here")
}

// datum writes a value as a form of its own.
func (s *splicer) datum(i int, v any, parent *Node) (string, *diag.Error) {
	switch v := v.(type) {
	case Code:
		return s.code(i, string(v), parent)
	case string:
		text, err := content(v)
		return `"` + text + `"`, err
	}
	return simple(v)
}

// simple writes a number or a boolean.
func simple(v any) (string, *diag.Error) {
	if _, ok := v.(Code); ok {
		return "", splice.Problem("code can stand only where a form stands")
	}
	return splice.Scalar(v, "Clojure text")
}

// content writes a value for the inside of a string, in ASCII: so it arrives
// whatever encoding the file is read with.
func content(v any) (string, *diag.Error) {
	text, ok := v.(string)
	if !ok {
		return simple(v)
	}
	if !utf8.ValidString(text) {
		return "", splice.Problem("this value is no UTF-8: Clojure's strings cannot hold it")
	}
	var b strings.Builder
	for _, c := range text {
		switch {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteRune(c)
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\t':
			b.WriteString(`\t`)
		case c == '\r':
			b.WriteString(`\r`)
		case c >= ' ' && c < 0x7f:
			b.WriteRune(c)
		default:
			for _, unit := range utf16.Encode([]rune{c}) {
				fmt.Fprintf(&b, `\u%04x`, unit)
			}
		}
	}
	return b.String(), nil
}

func inComment(v any) (string, *diag.Error) {
	text, ok := v.(string)
	if !ok {
		return simple(v)
	}
	if !utf8.ValidString(text) || strings.ContainsFunc(text, func(c rune) bool { return c < ' ' && c != '\t' || c == 0x7f }) {
		return "", splice.Problem("a comment cannot hold a value with a line end or another control character")
	}
	return text, nil
}

var keywordPart = lazyregexp.New(`^[A-Za-z0-9_.-]+$`)

func inKeyword(v any) (string, *diag.Error) {
	text, ok := v.(string)
	if !ok {
		return simple(v)
	}
	if !keywordPart.MatchString(text) {
		return "", splice.Problem("a keyword cannot hold the value %q", text).WithHint("letters, digits and _ . - can stand there")
	}
	return text, nil
}

// code writes complete forms.
func (s *splicer) code(i int, text string, parent *Node) (string, *diag.Error) {
	tree, err := Parse(&diag.Source{Name: "code", Text: text})
	if list, ok := err.(diag.List); ok {
		return "", splice.Problem("this value is no Clojure: %s", list[0])
	}
	switch parent.Kind {
	case Prefix, Meta, Discard, Tagged, Condition:
		if n := forms(tree.Kids); n != 1 {
			return "", splice.Problem("one form is wanted here, and this value has %d", n)
		}
	}
	s.codes[i] = tree
	if n := len(tree.Kids); n > 0 && tree.Kids[n-1].Kind == Comment {
		text += "\n"
	}
	return text, nil
}

// bare copies a tree without its places, and with the values of s, if not nil,
// in place of their markers.
func bare(n *Node, s *splicer) *Node {
	out := &Node{Kind: n.Kind, Text: n.Text}
	if s != nil {
		out.Kind, out.Text = s.fill(n)
	}
	for _, kid := range n.Kids {
		if s != nil && kid.Kind == Symbol {
			if _, i := record.FindMarker(kid.Text); kid.Text == record.Marker(i) && s.codes[i] != nil {
				out.Kids = append(out.Kids, bare(s.codes[i], nil).Kids...)
				continue
			}
		}
		out.Kids = append(out.Kids, bare(kid, s))
	}
	return out
}

// fill returns what a leaf is with its values.
func (s *splicer) fill(n *Node) (Kind, string) {
	var b strings.Builder
	kind, text := n.Kind, n.Text
	for {
		at, i := record.FindMarker(text)
		if at < 0 || i >= len(s.m.Values) {
			return kind, b.String() + text
		}
		if n.Kind == Symbol {
			switch s.m.Values[i].V.(type) {
			case string:
				kind = String
			case int, int64:
				kind = Number
			}
		}
		b.WriteString(text[:at])
		fmt.Fprint(&b, s.m.Values[i].V)
		text = text[at+len(record.Marker(i)):]
	}
}
