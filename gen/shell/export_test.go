package shell

import (
	"reflect"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/record"
)

// Accepts reports whether the comparison takes text for m with its values put
// in. It lets tests show it texts that the engine would not write.
func (e *Engine) Accepts(m *record.Marked, text string) bool {
	p := e.planFor(m.Text, len(m.Values))
	s := splicer{engine: e, plan: p, marked: m}
	if len(p.troubles) > 0 || s.read(nil) != nil {
		return false
	}
	whole := &segment{end: len(p.text)}
	for _, seg := range p.segments {
		whole.places = append(whole.places, seg.places...)
		whole.stmts = append(whole.stmts, seg.stmts...)
		whole.comments = append(whole.comments, seg.comments...)
	}
	return e.comparer(&s).verify(whole, text).msg == ""
}

// Same reports whether the comparison takes one tree, without values, for another.
func (e *Engine) Same(want, got *syntax.File) bool {
	s := splicer{engine: e, plan: &plan{}}
	return e.comparer(&s).same(reflect.ValueOf(&want.Stmts).Elem(), reflect.ValueOf(&got.Stmts).Elem())
}

// Plans returns how many texts e remembers.
func (e *Engine) Plans() int { return len(e.plans) }

// kindNames are what a value's place is called, by its kind.
var kindNames = [...]string{"nowhere", "word", "pattern", "double quotes", "single quotes", "here-document", "raw here-document", "comment",
	"name", "number", "command", "refused"}

// Contexts returns what the place of each value is.
func (e *Engine) Contexts(m *record.Marked) []string {
	p := e.planFor(m.Text, len(m.Values))
	if len(p.byValue) != len(m.Values) {
		return nil
	}
	contexts := make([]string, len(m.Values))
	for i, at := range p.byValue {
		if at < 0 {
			return nil
		}
		contexts[i] = kindNames[p.places[at].kind]
	}
	return contexts
}
