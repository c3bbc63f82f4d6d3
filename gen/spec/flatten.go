package spec

import (
	"maps"
	"slices"

	"palletgen/gen/diag"
	"palletgen/gen/strictyaml"
)

// A Use is one mention of a crate, by a group or by a spec that it extends.
type Use struct {
	Crate    string
	Pos      diag.Pos
	Settings strictyaml.Value // a map; no node when there are none
	Depth    int              // 0: by the group itself
	Broken   bool             // the settings could not be read
}

// Instance returns the instance_id among the settings, "" when there is none.
func (u Use) Instance() string { return instance(u.Settings) }

const (
	// maxUses is how many crates and specs one group may extend, those of its specs
	// counted as often as they are reached. Ten specs that each extend the next one
	// twice are a thousand.
	maxUses = 10_000
	// maxLevels is how many specs may extend one another in a row.
	maxLevels = 100
)

func usesError(spec *Spec) *diag.Error {
	return diag.At(spec.Pos, "%s extends more than %d crates and specs, those of its specs counted again each time", spec.Name, maxUses).
		WithHint("extend a spec once, not by several ways")
}

func levelsError(spec *Spec) *diag.Error {
	return diag.At(spec.Pos, "%s extends specs that extend specs, and so on for more than %d levels", spec.Name, maxLevels).
		WithHint("put some of them together")
}

// Flatten lists the crates that the group extends, in the order of their first
// mention: what a spec extends comes where the spec stands. A crate that is
// mentioned again is listed again. crates are the names of all crates. Where the
// list is not whole, since something in it is wrong, there is more to the group,
// and nobody can tell what it lacks.
func (d *Document) Flatten(group *Spec, crates []string) (uses []Use, whole bool, err error) {
	f := &flattener{doc: d, crates: crates}
	f.spec(group, nil)
	return f.uses, !f.broken, d.Known(f.errs).Err()
}

type flattener struct {
	doc     *Document
	crates  []string // sorted
	uses    []Use
	entries int  // that were looked at
	broken  bool // the uses are not all
	errs    diag.List
}

// tooMuch ends it, with one error.
func (f *flattener) tooMuch(group *Spec) {
	if f.entries <= maxUses {
		f.errs.Add(levelsError(group))
	} else if f.entries == maxUses+1 {
		f.errs.Add(usesError(group))
	}
	f.entries, f.broken = maxUses+2, true
}

func (f *flattener) spec(spec *Spec, path []*Spec) {
	path = append(path, spec)
	f.broken = f.broken || spec.broken
	for _, entry := range spec.Extends {
		if f.entries++; f.entries > maxUses || len(path) > maxLevels+1 {
			f.tooMuch(path[0])
			return
		}
		_, isCrate := slices.BinarySearch(f.crates, entry.Name)
		inner := f.doc.Specs[entry.Name]
		switch {
		case isCrate:
			f.uses = append(f.uses, Use{entry.Name, entry.Pos, entry.Settings, len(path) - 1, entry.broken})
		case inner == nil:
			f.broken = true
			if !f.doc.unread {
				f.errs.Add(f.doc.unknown(entry, f.crates))
			}
		case slices.Contains(path, inner): // Check tells of circles
			f.broken = true
		default:
			if entry.Settings.Node != nil {
				f.broken = true
				f.errs.Add(settingsError(entry))
			}
			f.spec(inner, path)
		}
	}
}

func settingsError(entry Entry) *diag.Error {
	return diag.At(entry.Settings.Pos(), "settings for %s, which is a spec", entry.Name).
		WithHint("settings belong to a crate: give them to the crate, here or in the spec")
}

func (d *Document) unknown(entry Entry, crates []string) *diag.Error {
	known := append(slices.Clone(crates), slices.Collect(maps.Keys(d.Specs))...)
	slices.Sort(known)
	return diag.At(entry.Pos, "there is no crate or spec %q", entry.Name).WithHint("%s", diag.DidYouMean(entry.Name, known))
}
