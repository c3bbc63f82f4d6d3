package spec

import (
	"maps"
	"slices"
	"strings"

	"palletgen/gen/diag"
)

// Check reports what is wrong with the specs as a whole: names that are a
// crate and a spec at once, circles, and specs that no group needs but that are
// wrong. It looks at each spec once, however often it is extended.
func (d *Document) Check(crates []string) error {
	c := &checker{doc: d, crates: crates, done: map[*Spec]extent{}, at: map[*Spec]int{}}
	for _, name := range slices.Sorted(maps.Keys(d.Specs)) {
		spec := d.Specs[name]
		if c.isCrate(name) {
			c.errs.Add(diag.At(spec.Pos, "%q is a crate and a spec", name).WithHint("give the spec another name"))
		}
		c.spec(spec, Entry{})
	}
	for _, spec := range d.second {
		c.spec(spec, Entry{})
	}
	return d.Known(c.errs).Err()
}

// An extent is how much a spec extends, directly or not.
type extent struct{ uses, levels int }

type checker struct {
	doc    *Document
	crates []string // sorted
	done   map[*Spec]extent
	path   []step        // from a spec to the one that is looked at
	at     map[*Spec]int // where they are in path
	errs   diag.List
}

// A step is a spec in a path, and the entry that led there.
type step struct {
	spec  *Spec
	entry Entry
}

func (c *checker) isCrate(name string) bool {
	_, found := slices.BinarySearch(c.crates, name)
	return found
}

// spec checks what a spec extends, to which entry led.
func (c *checker) spec(spec *Spec, entry Entry) extent {
	if known, ok := c.done[spec]; ok {
		return known
	}
	if at, ok := c.at[spec]; ok {
		c.circle(slices.Clone(c.path[at:]), entry)
		return extent{}
	}
	c.at[spec] = len(c.path)
	c.path = append(c.path, step{spec, entry})
	sum := extent{}
	for _, entry := range spec.Extends {
		sum.uses++
		inner := c.doc.Specs[entry.Name]
		switch {
		case c.isCrate(entry.Name):
		case inner == nil:
			if !c.doc.unread {
				c.errs.Add(c.doc.unknown(entry, c.crates))
			}
		case entry.Settings.Node != nil:
			c.errs.Add(settingsError(entry))
		default:
			of := c.spec(inner, entry)
			sum = extent{sum.uses + of.uses, max(sum.levels, of.levels+1)}
		}
	}
	c.path = c.path[:len(c.path)-1]
	delete(c.at, spec)
	sum = c.bounded(spec, sum)
	c.done[spec] = sum
	return sum
}

// bounded reports a spec that extends too much. Those that extend it are not to
// be told of too.
func (c *checker) bounded(spec *Spec, sum extent) extent {
	switch {
	case sum.uses > maxUses:
		c.errs.Add(usesError(spec))
		return extent{}
	case sum.levels >= maxLevels:
		c.errs.Add(levelsError(spec))
		return extent{}
	}
	return sum
}

// circle reports the circle that last closes, from the spec of it that is first
// by name.
func (c *checker) circle(path []step, last Entry) {
	first := 0
	names := make([]string, len(path))
	for i, s := range path {
		if names[i] = s.spec.Name; names[i] < names[first] {
			first = i
		}
	}
	if first > 0 {
		last = path[first].entry
	}
	names = append(names[first:], names[:first+1]...)
	c.errs.Add(diag.At(last.Pos, "extends goes in a circle: %s", strings.Join(names, " → ")).
		WithHint("remove one of these steps"))
}
