package render

import (
	"slices"

	"palletgen/gen/diag"
	"palletgen/gen/plan"
	"palletgen/gen/record"
)

// harmless are values of which one may stand wherever any value may.
var harmless = []any{"x", 1, "/x", true}

// mostTried bounds how many values of one action are tried.
const mostTried = 64

// whose adds to errors about values the settings that these come from, where
// the values are to blame and not the template: with another one in its place,
// splice says no such thing.
func (b *builder) whose(err error, marked *record.Marked, from []origins, splice func(*record.Marked) error) error {
	if err == nil || b.trace == nil {
		return err
	}
	var list diag.List
	list.Take(err)
	for i, e := range list {
		told, tried := *e, 0
		for n, value := range marked.Values {
			if value.Pos != e.Pos || n >= len(from) || tried == mostTried {
				continue
			}
			if tried++; blames(marked, n, e, splice) {
				told.Also = append(told.Also, notes(from[n]())...)
			}
		}
		told.Also = slices.Compact(told.Also)
		list[i] = &told
	}
	return list
}

// blames tells whether the error is about value n of those that its action
// printed.
func blames(marked *record.Marked, n int, e *diag.Error, splice func(*record.Marked) error) bool {
	says := func(n int, v any) bool {
		other := &record.Marked{Text: marked.Text, Lines: marked.Lines, Values: slices.Clone(marked.Values)}
		for i := range other.Values {
			if other.Values[i].Pos == e.Pos && i != n {
				other.Values[i].V = v
			}
		}
		var list diag.List
		list.Take(splice(other))
		return slices.ContainsFunc(list, func(found *diag.Error) bool { return found.Pos == e.Pos })
	}
	return slices.ContainsFunc(harmless, func(v any) bool { return says(n, v) && !says(-1, v) })
}

// notes point at the settings that a value comes from in the end.
func notes(list []*plan.Origin) []diag.Note {
	var found []diag.Note
	for _, o := range list {
		below := notes(o.From)
		if len(below) == 0 && (o.How == plan.SetAt || o.How == plan.DefaultAt) {
			below = []diag.Note{{Pos: o.Pos, Msg: "the value of " + o.String()}}
		}
		found = append(found, below...)
	}
	return found
}
