package spec

import (
	"maps"
	"slices"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/strictyaml"
)

// A Use is one mention of a crate, by a group or by a spec that it extends.
type Use struct {
	Crate    string
	Pos      diag.Pos
	Settings strictyaml.Value // a map; no node when there are none
	Depth    int              // 0: by the group itself
}

// Instance returns the instance_id among the settings, "" when there is none.
func (u Use) Instance() string { return instance(u.Settings) }

// Flatten lists the crates that the group extends, in the order of their first
// mention: what a spec extends comes where the spec stands. A crate that is
// mentioned again is listed again. crates are the names of all crates.
func (d *Document) Flatten(group *Spec, crates []string) ([]Use, error) {
	f := &flattener{doc: d, crates: crates}
	f.spec(group, nil)
	return f.uses, f.errs.Err()
}

type flattener struct {
	doc    *Document
	crates []string // sorted
	uses   []Use
	errs   diag.List
}

func (f *flattener) spec(spec *Spec, path []*Spec) {
	path = append(path, spec)
	for _, entry := range spec.Extends {
		_, isCrate := slices.BinarySearch(f.crates, entry.Name)
		inner := f.doc.Specs[entry.Name]
		switch {
		case isCrate:
			f.uses = append(f.uses, Use{entry.Name, entry.Pos, entry.Settings, len(path) - 1})
		case inner == nil:
			f.unknown(entry)
		case entry.Settings.Node != nil:
			f.errs.Add(diag.At(entry.Settings.Pos(), "settings for %s, which is a spec", entry.Name).
				WithHint("settings belong to a crate: give them to the crate, here or in the spec"))
		case slices.Contains(path, inner):
			f.circle(entry, append(path[slices.Index(path, inner):], inner))
		default:
			f.spec(inner, path)
		}
	}
}

func (f *flattener) unknown(entry Entry) {
	known := append(slices.Clone(f.crates), slices.Collect(maps.Keys(f.doc.Specs))...)
	slices.Sort(known)
	hint := diag.DidYouMean(entry.Name, known)
	f.errs.Add(diag.At(entry.Pos, "there is no crate or spec %q", entry.Name).WithHint("%s", hint))
}

// circle reports a circle once: from the spec of it that is first by name.
func (f *flattener) circle(entry Entry, path []*Spec) {
	names := make([]string, len(path))
	for i, spec := range path {
		names[i] = spec.Name
	}
	if slices.Min(names) != names[0] {
		return
	}
	f.errs.Add(diag.At(entry.Pos, "extends goes in a circle: %s", strings.Join(names, " → ")).
		WithHint("remove one of these steps"))
}

// Check reports what is wrong with the specs as a whole: names that are a
// crate and a spec at once, and specs that no group needs but that are wrong.
func (d *Document) Check(crates []string) error {
	var errs diag.List
	for _, name := range slices.Sorted(maps.Keys(d.Specs)) {
		spec := d.Specs[name]
		if _, isCrate := slices.BinarySearch(crates, name); isCrate {
			errs.Add(diag.At(spec.Pos, "%q is a crate and a spec", name).WithHint("give the spec another name"))
			continue
		}
		_, err := d.Flatten(spec, crates)
		errs.Take(err)
	}
	return errs.Err()
}
