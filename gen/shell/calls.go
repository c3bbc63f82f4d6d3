package shell

import (
	"maps"
	"slices"

	"palletgen/gen/posix"
)

// calls collects what a script defines and calls.
type calls struct {
	defs  map[string]bool
	lines map[string]int // name → the line (from 0) of its first call
	names []string       // of lines, sorted
	funcs []string       // of defs, sorted
	uses  []use
}

func (c *calls) define(name string) {
	if c.defs == nil {
		c.defs = map[string]bool{}
	}
	c.defs[name] = true
}

func (c *calls) add(name string, line int) {
	if posix.IsBuiltin(name) {
		return
	}
	if c.lines == nil {
		c.lines = map[string]int{}
	}
	if first, seen := c.lines[name]; !seen || line < first {
		c.lines[name] = line
	}
}

func (c calls) sorted() calls {
	c.names = slices.Sorted(maps.Keys(c.lines))
	c.funcs = slices.Sorted(maps.Keys(c.defs))
	return c
}
