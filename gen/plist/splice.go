package plist

import (
	"strings"
	"unicode/utf8"

	"palletgen/gen/command"
	"palletgen/gen/diag"
	"palletgen/gen/record"
	"palletgen/gen/splice"
)

// Splice puts the values of m into its text:
//
//   - as the text of <string>, or a part of it: any text that XML can hold;
//   - as the text of <integer> or <real>: a number;
//   - between the elements of an <array>: a command or a list, which stands for a
//     <string> each.
//
// A value anywhere else is an error. The result is parsed again; its tree must be
// the template's with nothing but the values put in. Errors have the positions of
// the template and come as a diag.List.
func Splice(m *record.Marked) ([]byte, error) {
	p := &parser{text: m.Text, pos: splice.Lines(m), marked: true}
	tree, err := p.read()
	if err != nil {
		return nil, err
	}
	var errs diag.List
	arguments(m, tree, &errs)
	if err := errs.Err(); err != nil {
		return nil, err
	}
	s := &splicer{m: m, places: p.places, texts: make([]string, len(m.Values)), lists: make([][]string, len(m.Values))}
	text, err := splice.Put(m, s.replace)
	if err != nil {
		return nil, err
	}
	want := s.expected(tree)
	if err := s.errs.Err(); err != nil {
		return nil, err
	}
	got, err := (&parser{text: text, pos: splice.Lines(m)}).read()
	if err != nil {
		return nil, err
	}
	if !splice.Same(want, got) {
		return nil, splice.Changed(m)
	}
	return []byte(text), nil
}

// A splicer puts the values of one text into their places.
type splicer struct {
	m      *record.Marked
	places map[int]*place
	texts  []string   // the values that are text
	lists  [][]string // the values that are elements
	errs   diag.List
}

// replace returns what stands for value i, or why it cannot stand there.
func (s *splicer) replace(at, i int) (string, *diag.Error) {
	place := s.places[i]
	if place == nil {
		return "", splice.Problem("a value cannot stand here")
	}
	v := s.m.Values[i].V
	switch in := place.in.Name; {
	case in == "array":
		return s.elements(at, i, v)
	case in == "key", in == "data", in == "date":
		return "", splice.Problem("a value cannot stand in <%s>", in)
	}
	if _, ok := v.(bool); ok {
		return "", splice.Problem("a boolean is an element of its own").WithHint("{{ if … }}<true/>{{ else }}<false/>{{ end }}")
	}
	text, err := splice.Scalar(v, "the text of an element")
	if err == nil {
		err = sayable(text)
	}
	if err != nil {
		return "", err
	}
	s.texts[i] = text
	return escape.Replace(text), nil
}

// elements writes the words of a command or list, below each other.
func (s *splicer) elements(at, i int, v any) (string, *diag.Error) {
	list, err := words(v)
	if err != nil {
		return "", err
	}
	s.lists[i] = list
	line := s.m.Text[strings.LastIndexByte(s.m.Text[:at], '\n')+1 : at]
	indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	out := make([]string, len(list))
	for i, text := range list {
		if err := sayable(text); err != nil {
			return "", err
		}
		out[i] = "<string>" + escape.Replace(text) + "</string>"
	}
	return strings.Join(out, "\n"+indent), nil
}

func words(v any) ([]string, *diag.Error) {
	var list []string
	switch v := v.(type) {
	case command.Command:
		argv, ok := v.Argv()
		if !ok || v.IsZero() {
			return nil, splice.Problem("only a command of exact words can stand in <array>").WithHint("let a launcher script hold it")
		}
		return argv, nil
	case []string:
		return append([]string{}, v...), nil
	case []any:
		list = []string{}
		for _, v := range v {
			text, err := splice.Scalar(v, "<array>")
			if err != nil {
				return nil, err
			}
			list = append(list, text)
		}
		return list, nil
	}
	return nil, splice.Problem("only a command or a list can stand in <array>").WithHint("<string>{{ … }}</string>")
}

var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// sayable returns nil, or why no element can hold s: XML 1.0 has most control
// characters in no form, and reads a carriage return as a line end.
func sayable(s string) *diag.Error {
	const hint = `test it with fits "plist", and let a launcher script hold it`
	if !utf8.ValidString(s) {
		return splice.Problem("a property list cannot hold a value that is no UTF-8").WithHint(hint)
	}
	for _, r := range s {
		if r < ' ' && r != '\t' && r != '\n' || r == 0xfffe || r == 0xffff {
			return splice.Problem("a property list cannot hold the character %U", r).WithHint(hint)
		}
	}
	return nil
}

// Fits tells whether a property list can say v exactly: a text in <string>, a
// command in <array>. Of lists and maps every value must fit.
func Fits(v any) bool {
	return splice.Fits(v, func(v any) bool {
		list := []string{}
		if text, ok := v.(string); ok {
			list = []string{text}
		} else if c, ok := v.(command.Command); ok {
			if list, ok = c.Argv(); !ok {
				return false
			}
		}
		for _, text := range list {
			if sayable(text) != nil {
				return false
			}
		}
		return true
	})
}

// expected returns the tree that the finished file must have: the template's,
// with the values in place of their markers.
func (s *splicer) expected(n *Node) *Node {
	want := &Node{Name: n.Name}
	var pos diag.Pos
	if want.Text, pos = splice.Fill(s.m, n.Text, s.texts); pos != (diag.Pos{}) {
		if err := checkText(want); err != nil {
			s.errs.Add(&diag.Error{Pos: pos, Msg: err.Msg})
		}
	}
	for _, kid := range n.Kids {
		if i, ok := splice.Alone(kid.Text, s.m.Values); ok && kid.Name == "" {
			for _, text := range s.lists[i] {
				want.Kids = append(want.Kids, &Node{Name: "string", Text: text})
			}
			continue
		}
		want.Kids = append(want.Kids, s.expected(kid))
	}
	return want
}
