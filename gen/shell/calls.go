package shell

import (
	"maps"
	"slices"
	"strings"
)

// calls collects what a script defines and calls.
type calls struct {
	defs  map[string]bool
	lines map[string]int // name → the line (from 0) of its first call
	names []string       // of lines, sorted
	funcs []string       // of defs, sorted
}

func (c *calls) define(name string) {
	if c.defs == nil {
		c.defs = map[string]bool{}
	}
	c.defs[name] = true
}

func (c *calls) add(name string, line int) {
	if IsBuiltin(name) {
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

// builtins are the utilities that every target shell brings itself, and those
// that stand beside every POSIX shell wherever it does not bring them.
const builtins = " . : [ alias bg break cd command continue echo eval exec exit export false fc fg getopts hash jobs" +
	" kill printf pwd read readonly return set shift test times trap true type ulimit umask unalias unset wait "

// IsBuiltin reports whether a command of that name needs no program of its own.
func IsBuiltin(name string) bool {
	return name != "" && !strings.Contains(name, " ") && strings.Contains(builtins, " "+name+" ")
}
