package render

import (
	"slices"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/plan"
	"palletgen/gen/record"
	"palletgen/gen/schema"
)

// harmless are values of which one may stand wherever any value may.
var harmless = []any{"x", 1, "/x", true}

// mostTried bounds how many values of one action are tried.
const mostTried = 64

// maxTried bounds the bytes that are spliced to find out which values the errors of
// one file are about. Of errors behind that the values are not shown.
const maxTried = 16 << 20

// whose adds to errors about values the settings that these come from, where
// the values are to blame and not the template: with others in their places,
// splice says no such thing.
func (b *builder) whose(err error, marked *record.Marked, from []origins, splice func(*record.Marked) error) error {
	if err == nil || b.trace == nil {
		return err
	}
	return whose(err, marked, from, splice)
}

// whose is builder.whose while lines are traced.
func whose(err error, marked *record.Marked, from []origins, splice func(*record.Marked) error) error {
	var list diag.List
	list.Take(err)
	left := maxTried
	for i, e := range list {
		t := &trial{marked: marked, err: e, splice: splice, left: &left}
		for _, n := range t.blamed() {
			if n < len(from) {
				list[i] = plan.Told(list[i], from[n]())
			}
		}
	}
	return list
}

// A trial finds out which values an error is about.
type trial struct {
	marked *record.Marked
	err    *diag.Error
	splice func(*record.Marked) error
	tried  []int // the values that it may be about
	left   *int  // bytes that may still be spliced for all errors of a file
}

// blamed lists the values that the error is about: of those of the action that it
// is at; where it is at no action, of the template's line; where there are no
// values on that, of all.
func (t *trial) blamed() []int {
	for _, near := range []func(diag.Pos) bool{
		func(p diag.Pos) bool { return p == t.err.Pos },
		func(p diag.Pos) bool { return p.Source == t.err.Pos.Source && p.Line == t.err.Pos.Line },
		func(diag.Pos) bool { return true },
	} {
		if t.tried = t.values(near); len(t.tried) > 0 {
			break
		}
	}
	if len(t.tried) > mostTried {
		t.tried = t.tried[:mostTried]
	}
	var blamed []int
	for _, v := range harmless {
		if *t.left < 0 {
			return nil
		}
		if len(t.tried) == 0 || t.saysAgain(-1, v) {
			continue
		}
		for _, n := range t.tried {
			if *t.left < 0 {
				return nil
			}
			if !slices.Contains(blamed, n) && t.saysAgain(n, v) {
				blamed = append(blamed, n)
			}
		}
		if blamed == nil { // all of them together
			return t.tried
		}
	}
	slices.Sort(blamed)
	return blamed
}

func (t *trial) values(at func(diag.Pos) bool) []int {
	var found []int
	for n, value := range t.marked.Values {
		if at(value.Pos) {
			found = append(found, n)
		}
	}
	return found
}

// saysAgain tells whether the error stays when v stands in the place of all
// values that are tried but n.
func (t *trial) saysAgain(n int, v any) bool {
	*t.left -= len(t.marked.Text)
	other := &record.Marked{Text: t.marked.Text, Lines: t.marked.Lines, Values: slices.Clone(t.marked.Values)}
	for _, i := range t.tried {
		if i != n {
			other.Values[i].V = v
		}
	}
	var list diag.List
	list.Take(t.splice(other))
	return slices.ContainsFunc(list, func(found *diag.Error) bool { return found.Pos == t.err.Pos })
}

// whoseMode adds to an error about the mode of the file what the mode is made of.
func (b *builder) whoseMode(err error, f *hostFile) error {
	var list diag.List
	list.Take(err)
	for i, e := range list {
		if e.Hint == modeHint && f.spec.Mode != nil {
			list[i] = plan.Told(e, f.view(b.group).Expr("mode", f.spec.Mode).From)
		}
	}
	return list.Err()
}

// whoseWhole adds to errors about a file that is text of the config map where
// that text comes from.
func (b *builder) whoseWhole(err error, f *hostFile) error {
	if err == nil || !f.overridden() {
		return err
	}
	var list diag.List
	list.Take(err)
	for i, e := range list {
		list[i] = plan.Told(e, f.view(b.group).Origins([]string{"config", f.spec.Override}))
	}
	return list
}

// failed adds to errors of the execution of a template the settings that the
// action reads which they are at, and the conditions round it.
func (v view) failed(err error, tmpl *record.Template) error {
	var list diag.List
	list.Take(err)
	for i, e := range list {
		var found []*plan.Origin
		for _, path := range tmpl.ReadsFor(e.Pos) {
			found = append(found, v.Origins(path)...)
		}
		list[i] = plan.Told(e, found)
	}
	return list
}

// told adds to the errors that came up since the first `since` of them what the
// expressions read which they are at.
func (b *builder) told(v plan.View, since int, expressions ...*schema.Expr) {
	if b.trace == nil {
		return
	}
	for i, e := range b.errs[since:] {
		for _, expr := range expressions {
			if expr != nil && len(expr.ReadsAt(e.Pos)) > 0 {
				b.errs[since+i] = plan.Told(e, v.Expr("", expr).From)
				break
			}
		}
	}
}

// refuse adds an error about what expressions of the description of a file
// compute, with the settings that they read.
func (b *builder) refuse(e *diag.Error, files ...*hostFile) {
	for _, f := range files {
		if b.trace == nil || f.spec.Path == nil {
			continue
		}
		e = plan.Told(e, f.view(b.group).Expr("path", f.spec.Path).From)
	}
	b.errs.Add(e)
}

// inText tells where those values come from that stand in a part of the text.
func inText(marked *record.Marked, part string, from []origins) []*plan.Origin {
	var found []*plan.Origin
	for part != "" {
		at, n := record.FindMarker(part)
		if at < 0 {
			break
		}
		if n < len(from) {
			found = append(found, from[n]()...)
		}
		_, part, _ = strings.Cut(part[at:], record.Marker(n))
	}
	return found
}
