package record

import (
	"maps"
	"slices"

	"palletgen/gen/diag"
)

// Each stands in a path for the elements of a list or map.
const Each = "*"

// ReadsAt tells what the action at pos prints, or decides by: the paths that it reads off the
// data of the template, such as service.name, each as its fields. An action of a
// partial that is taken in several times has as many alternatives. ok is false
// where the template has no action there.
func (t *Template) ReadsAt(pos diag.Pos) (alternatives [][][]string, ok bool) {
	t.trace()
	alternatives, ok = t.reads[pos]
	return alternatives, ok
}

// ReadsFor tells what the action reads that an error of Execute is at, and the
// conditions that it stands in: the paths, each once.
func (t *Template) ReadsFor(pos diag.Pos) [][]string {
	t.trace()
	var at diag.Pos // the action begins at or before what is wrong in it
	for p := range t.reads {
		if p.Source == pos.Source && !after(p, pos) && (at.Source == nil || after(p, at)) {
			at = p
		}
	}
	paths := slices.Clone(t.around[at])
	for _, alternative := range t.reads[at] {
		paths = append(paths, alternative...)
	}
	slices.SortFunc(paths, slices.Compare)
	return slices.CompactFunc(paths, slices.Equal)
}

// after tells whether a stands behind b in a file.
func after(a, b diag.Pos) bool { return a.Line > b.Line || a.Line == b.Line && a.Col > b.Col }

func (t *Template) trace() {
	t.traced.Do(func() {
		tr := &tracer{t: t, reads: map[diag.Pos][][][]string{}, around: map[diag.Pos][][]string{}}
		tr.tree(t.source, seen{paths: [][]string{{}}}, 0)
		t.reads, t.around = tr.reads, tr.around
	})
}

// seen is what is known of a value without running the template: the paths that
// it may be read from and, of a map that a template makes by dict, its values.
type seen struct {
	paths [][]string
	keys  map[string]seen
	made  bool // by a function: its fields are none of those of the paths
}

// field is what a field of the value is.
func (s seen) field(names ...string) seen {
	for i, name := range names {
		if s.made {
			return s
		}
		if inner, ok := s.keys[name]; ok {
			return inner.field(names[i+1:]...)
		}
		var below seen
		for _, path := range s.paths {
			below.paths = append(below.paths, append(slices.Clip(path), name))
		}
		s = below
	}
	return s
}

// all are the paths of the value and of what is in it.
func (s seen) all() [][]string {
	paths := slices.Clone(s.paths)
	for _, name := range slices.Sorted(maps.Keys(s.keys)) {
		paths = append(paths, s.keys[name].all()...)
	}
	slices.SortFunc(paths, slices.Compare)
	return slices.CompactFunc(paths, slices.Equal)
}
