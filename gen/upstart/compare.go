package upstart

import (
	"reflect"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/record"
)

// expected returns the tree that the finished file must have: the template's,
// with the values in place of their markers.
func (s *splicer) expected() *Conf {
	want := &Conf{}
	for _, c := range s.conf.Comments {
		text, _ := s.fill(c.Text)
		want.Comments = append(want.Comments, &Comment{Text: text})
	}
	for _, st := range s.conf.Stanzas {
		if st.Name == "env" {
			s.variableName(st.Words[0])
		}
		want.Stanzas = append(want.Stanzas, &Stanza{
			Pos: st.Pos, Name: st.Name, Words: s.words(st.Words), On: s.event(st.On), Exec: s.command(st.Exec), Script: st.Script,
		})
	}
	return want
}

// variableName checks that the values before the first = of env NAME=VALUE
// hold none themselves.
func (s *splicer) variableName(w *Word) {
	name, _, _ := strings.Cut(w.Text, "=")
	if name, pos := s.fill(name); pos != (diag.Pos{}) && !nameRE.MatchString(name) {
		s.errs.Add(diag.At(pos, "%q is not the name of a variable", name))
	}
}

// fill puts the values into a leaf of the tree. pos is the place of the last
// one, the zero Pos when there is none.
func (s *splicer) fill(text string) (filled string, pos diag.Pos) {
	var b strings.Builder
	for {
		at, i := record.FindMarker(text)
		if at < 0 || i >= len(s.values) {
			return b.String() + text, pos
		}
		b.WriteString(text[:at])
		b.WriteString(s.values[i].text)
		text, pos = text[at+len(record.Marker(i)):], s.m.Values[i].Pos
	}
}

func (s *splicer) words(words []*Word) []*Word {
	var filled []*Word
	for _, w := range words {
		text, pos := s.fill(w.Text)
		if pos == (diag.Pos{}) {
			pos = w.Pos
		}
		if text == "" {
			s.errs.Add(diag.At(pos, "upstart takes no empty argument").WithHint("leave the stanza out where the value is empty: {{ if … }}"))
		}
		filled = append(filled, &Word{Pos: pos, Text: text})
	}
	return filled
}

func (s *splicer) event(e *Event) *Event {
	if e == nil {
		return nil
	}
	if len(e.Words) == 1 {
		if _, i := record.FindMarker(e.Words[0].Text); e.Words[0].Text == record.Marker(i) && i < len(s.values) && s.values[i].event != nil {
			return s.values[i].event
		}
	}
	return &Event{Op: e.Op, Left: s.event(e.Left), Right: s.event(e.Right), Words: s.words(e.Words)}
}

func (s *splicer) command(x *Exec) *Exec {
	if x == nil {
		return nil
	}
	filled := &Exec{Redirs: x.Redirs}
	for _, w := range x.Words {
		if _, i := record.FindMarker(w.Text); w.Text == record.Marker(i) && i < len(s.values) && s.values[i].words != nil {
			for _, arg := range s.values[i].words.Args {
				filled.Words = append(filled.Words, &ExecWord{Text: arg.Lit + arg.Src, Expand: arg.Src != ""})
			}
			continue
		}
		word := &ExecWord{Text: w.Text, Expand: w.Expand}
		if !w.Expand {
			word.Text, _ = s.fill(w.Text)
		}
		filled.Words = append(filled.Words, word)
	}
	return filled
}

var (
	posType  = reflect.TypeFor[diag.Pos]()
	spanType = reflect.TypeFor[span]()
)

// same compares every field of two trees but their places.
func same(a, b reflect.Value) bool {
	if a.Type() == posType || a.Type() == spanType {
		return true
	}
	switch a.Kind() {
	case reflect.Pointer:
		if a.IsNil() || b.IsNil() {
			return a.IsNil() == b.IsNil()
		}
		return same(a.Elem(), b.Elem())
	case reflect.Struct:
		for i := range a.NumField() {
			if !same(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	case reflect.Slice:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !same(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	}
	return a.Equal(b)
}
