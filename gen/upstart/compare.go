package upstart

import (
	"strings"

	"palletgen/gen/command"
	"palletgen/gen/diag"
	"palletgen/gen/splice"
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

// fill puts the values into a leaf of the tree, see splice.Fill.
func (s *splicer) fill(text string) (filled string, pos diag.Pos) {
	return splice.Fill(s.m, text, s.texts)
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
		if i, ok := splice.Alone(e.Words[0].Text, s.m.Values); ok && s.events[i] != nil {
			return s.events[i]
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
		if i, ok := splice.Alone(w.Text, s.m.Values); ok {
			if c, ok := s.m.Values[i].V.(command.Command); ok {
				for _, arg := range c.Args {
					filled.Words = append(filled.Words, &ExecWord{Text: arg.Lit + arg.Src, Expand: arg.Src != ""})
				}
				continue
			}
		}
		word := &ExecWord{Text: w.Text, Expand: w.Expand}
		if !w.Expand {
			word.Text, _ = s.fill(w.Text)
		}
		filled.Words = append(filled.Words, word)
	}
	return filled
}
