package shell

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// place returns the place of a value.
func (f *finder) place(value int) *place {
	return &f.plan.places[f.plan.byValue[value]]
}

// settle says where a value stands, unless it is refused already.
func (f *finder) settle(value int, kind placeKind) {
	if p := f.place(value); p.kind == placeNone {
		p.kind = kind
	}
}

// forbid refuses all values below node.
func (f *finder) forbid(node any, r refusal) {
	for _, value := range markersIn(node) {
		f.refuse(value, r)
	}
}

// refuse refuses one value. The first reason stays.
func (f *finder) refuse(value int, r refusal) {
	p := f.place(value)
	if p.kind == placeRefused {
		return
	}
	p.kind, p.refusal, p.args, p.alone = placeRefused, r, false, false
}

// unplaced refuses what the walk did not come across, and reports whether there
// was nothing of the kind.
func (f *finder) unplaced() bool {
	before := len(f.plan.troubles)
	for i := range f.plan.places {
		if p := &f.plan.places[i]; p.kind == placeNone {
			f.refuse(p.value, refusal{"no value can stand here", ""})
		}
	}
	return len(f.plan.troubles) == before
}

// comments finds the values in comments.
func (f *finder) comments() {
	for _, seg := range f.plan.segments {
		for _, c := range seg.comments {
			for _, value := range appendMarkers(nil, c.Text) {
				if p := f.place(value); p.kind != placeNone {
					continue
				} else if f.inSubstitution(c) {
					f.refuse(value, refusal{"a value cannot stand in a comment inside of $( )", "put the comment before the statement"})
				} else if c.Hash.Offset() == 0 && strings.HasPrefix(c.Text, "!") {
					f.refuse(value, refusal{"no value can stand in the #! line", "write the interpreter in the template"})
				} else {
					p.kind = placeComment
				}
			}
		}
	}
}

// inSubstitution reports whether a comment is inside of $( ) or backquotes,
// where some shells look for the end without minding comments.
func (f *finder) inSubstitution(c syntax.Comment) bool {
	for _, sub := range f.ranges {
		if c.Hash.After(sub.Left) && sub.Right.After(c.Hash) {
			return true
		}
	}
	return false
}
