package render

import (
	"slices"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/plan"
	"palletgen/gen/secret"
	"palletgen/gen/shell"
)

// callers tell where commands are called in one file of a bundle.
type callers struct {
	b         *builder
	calls     []shell.Call      // in what the file holds by itself
	functions []*shell.Function // of libraries that it uses
	functsOf  []*function       // of crates and services in it, whose values may be commands
	host      *hostFile         // it is one of the host's; else nil
	phase     string            // of the files whose judges it calls; "" for none
	known     map[string][]*plan.Origin
}

// callersOf finds out about a file that the manifest lists commands of.
func (b *builder) callersOf(file string) *callers {
	c := b.trace.callers[file]
	if c != nil {
		return c
	}
	c = &callers{b: b, known: map[string][]*plan.Origin{}}
	b.trace.callers[file] = c
	switch {
	case file == "run":
		c.calls, c.functions = b.run.calls, values(b.phases.carried)
		c.functions = append(c.functions, values(b.run.trust.functions)...)
	case file == "lib.sh":
		c.calls, c.functions = b.run.calls, values(b.phases.carried)
		for _, s := range b.trace.scripts {
			c.script(s)
		}
	case b.byPath[hostPath(file)] != nil:
		c.host = b.byPath[hostPath(file)]
		c.calls = c.host.calls
	default:
		for _, s := range b.trace.scripts {
			if "phases/"+s.name+".sh" == file {
				c.script(s)
				c.phase = s.name
				c.functions = append(c.functions, values(b.phases.carried)...)
			}
		}
	}
	return c
}

func values(lib library) []*shell.Function {
	var list []*shell.Function
	for _, name := range sortedKeys(lib) {
		list = append(list, lib[name])
	}
	return list
}

func (c *callers) script(s *phaseScript) {
	for _, f := range s.functions {
		c.calls = append(c.calls, f.calls...)
	}
	c.functsOf = append(c.functsOf, s.functions...)
	c.functions = append(c.functions, values(s.reached)...)
}

// of tells where a command is called: in each file the first place, or the place
// of the function that may call it.
func (c *callers) of(name string) []*plan.Origin {
	if found, ok := c.known[name]; ok {
		return found
	}
	var places []diag.Pos
	for _, call := range c.calls {
		if call.Name == name {
			places = append(places, call.Pos)
		}
	}
	for _, f := range c.functions {
		called, _ := f.Called() // its error was told when the script was made
		for _, call := range called {
			if call.Name == name {
				places = append(places, call.Pos)
			}
		}
		if slices.Contains(f.Optional, name) {
			places = append(places, mayUse(f, name))
		}
	}
	found := originsOf("command "+name, places)
	for _, o := range found {
		o.How = plan.CalledAt
	}
	found = append(found, c.named(name)...)
	c.known[name] = found
	return found
}

// mayUse is the line of the function's comment that names a command.
func mayUse(f *shell.Function, name string) diag.Pos {
	pos := diag.Pos{Source: f.Pos.Source, Line: f.Pos.Line}
	above := f.Pos.Line - commentLines(f.Text)
	for i, line := range splitLines(f.Text) {
		rest, ok := strings.CutPrefix(line, "# may use:")
		if ok && slices.Contains(strings.FieldsFunc(rest, func(r rune) bool { return r == ' ' || r == ',' }), name) {
			pos.Line = above + i
		}
	}
	return pos
}

// named tells which settings and descriptions of files name a command.
func (c *callers) named(name string) []*plan.Origin {
	var found []*plan.Origin
	for _, f := range c.functsOf {
		for i, v := range f.marked.Values {
			names := map[string]bool{}
			if addCommandNames(names, f.marked.Values[i:i+1]); names[name] && i < len(f.from) && v.V != nil {
				found = append(found, f.from[i]()...)
			}
		}
	}
	for _, f := range c.b.files {
		if c.phase == f.phase && !f.verify.IsZero() && f.verify.Args[0].Lit == name {
			found = append(found, f.origin(c.b.group, "verify", f.spec.Verify)()...)
		}
	}
	if h := c.host; h != nil && slices.Contains(h.commands, name) {
		from := c.b.viewOf(h).read(h.spec.Template, h.marked.Values)
		for i := range h.marked.Values {
			names := map[string]bool{}
			if addCommandNames(names, h.marked.Values[i:i+1]); names[name] {
				found = append(found, from[i]()...)
			}
		}
	}
	return found
}

// secretOrigins tells where the secret of a name is set; of all where it is "".
func (b *builder) secretOrigins(name string) []*plan.Origin {
	var found []*plan.Origin
	for _, f := range b.files {
		if f.secrets == nil {
			continue
		}
		from := b.viewOf(f).read(f.spec.Template, f.marked.Values)
		for i, v := range f.marked.Values {
			if ref, ok := v.V.(secret.Ref); ok && (name == "" || ref.Name() == name) {
				found = append(found, from[i]()...)
			}
		}
	}
	return found
}
