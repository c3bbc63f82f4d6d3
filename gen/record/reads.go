package record

import (
	"maps"
	"slices"
	"text/template/parse"

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

// A tracer walks the tree of a template as its execution does, down both sides
// of each condition.
type tracer struct {
	t     *Template
	src   *diag.Source
	reads map[diag.Pos][][][]string

	conditions [][]string // what the conditions read that the walk is in
	around     map[diag.Pos][][]string
}

// scope is what is visible at one place of a template.
type scope struct {
	dot  seen
	vars map[string]*seen
}

// block returns the scope of a block within s: what it declares ends with it,
// what it assigns does not.
func (s scope) block(dot seen) scope { return scope{dot, maps.Clone(s.vars)} }

func (tr *tracer) tree(src *diag.Source, dot seen, depth int) {
	tree := tr.t.trees[src.Name]
	if tree == nil || depth > maxDepth {
		return
	}
	outer := tr.src
	tr.src = src
	tr.list(tree.Root, scope{dot, map[string]*seen{"$": &dot}}, depth)
	tr.src = outer
}

func (tr *tracer) list(list *parse.ListNode, s scope, depth int) {
	if list == nil {
		return
	}
	for _, node := range list.Nodes {
		switch node := node.(type) {
		case *parse.ActionNode:
			value := tr.pipe(node.Pipe, s)
			if len(node.Pipe.Decl) == 0 {
				tr.note(offset(tr.src, int(node.Position())), value.all())
			}
		case *parse.IfNode:
			if isCount(node) {
				continue
			}
			inner := s.block(s.dot)
			leave := tr.condition(node, tr.pipe(node.Pipe, inner))
			tr.list(node.List, inner.block(s.dot), depth)
			tr.list(node.ElseList, inner.block(s.dot), depth)
			leave()
		case *parse.WithNode:
			inner := s.block(s.dot)
			value := tr.pipe(node.Pipe, inner)
			leave := tr.condition(node, value)
			tr.list(node.List, inner.block(value), depth)
			tr.list(node.ElseList, inner.block(s.dot), depth)
			leave()
		case *parse.RangeNode:
			inner := s.block(s.dot)
			value := tr.pipe(node.Pipe, inner)
			leave := tr.condition(node, value)
			for _, v := range node.Pipe.Decl {
				of := element(value)
				inner.vars[v.Ident[0]] = &of
			}
			tr.list(node.List, inner.block(element(value)), depth)
			tr.list(node.ElseList, s.block(s.dot), depth)
			leave()
		case *parse.TemplateNode:
			dot := tr.pipe(node.Pipe, s)
			for _, pos := range tr.t.sources() {
				if pos.Source.Name == node.Name {
					tr.tree(pos.Source, dot, depth+1)
				}
			}
		}
	}
}

// condition notes what a condition reads; leave ends what stands in it.
func (tr *tracer) condition(node parse.Node, value seen) (leave func()) {
	before := tr.conditions
	tr.note(offset(tr.src, int(node.Position())), value.all())
	tr.conditions = append(slices.Clip(before), value.all()...)
	return func() { tr.conditions = before }
}

// note adds an alternative of what the action at pos prints.
func (tr *tracer) note(pos diag.Pos, paths [][]string) {
	same := func(other [][]string) bool { return slices.EqualFunc(paths, other, slices.Equal[[]string]) }
	if !slices.ContainsFunc(tr.reads[pos], same) {
		tr.reads[pos] = append(tr.reads[pos], paths)
	}
	for _, path := range tr.conditions {
		if !slices.ContainsFunc(tr.around[pos], func(other []string) bool { return slices.Equal(path, other) }) {
			tr.around[pos] = append(tr.around[pos], path)
		}
	}
}

// element is what range makes of a value.
func element(value seen) seen {
	if value.made {
		return value
	}
	var of seen
	for _, path := range value.all() {
		of.paths = append(of.paths, append(slices.Clip(path), Each))
	}
	return of
}

// pipe returns what a pipeline is made of, and gives it to the variables that it
// sets.
func (tr *tracer) pipe(pipe *parse.PipeNode, s scope) seen {
	if pipe == nil {
		return seen{}
	}
	var value seen
	for i, cmd := range pipe.Cmds {
		made := tr.command(cmd, s)
		if i == 0 {
			value = made
			continue
		}
		value = seen{paths: append(value.all(), made.all()...), made: true}
	}
	for _, v := range pipe.Decl {
		name := v.Ident[0]
		if before := s.vars[name]; pipe.IsAssign && before != nil {
			*before = seen{paths: append(before.all(), value.all()...), made: before.made || value.made}
			continue
		}
		fresh := value
		s.vars[name] = &fresh
	}
	return value
}

// command returns what one command of a pipeline is made of.
func (tr *tracer) command(cmd *parse.CommandNode, s scope) seen {
	if len(cmd.Args) == 1 {
		return tr.arg(cmd.Args[0], s)
	}
	args := make([]seen, len(cmd.Args))
	for i, arg := range cmd.Args {
		args[i] = tr.arg(arg, s)
	}
	if name, ok := cmd.Args[0].(*parse.IdentifierNode); ok {
		switch {
		case name.Ident == "dict":
			made := seen{keys: map[string]seen{}}
			for i := 1; i+1 < len(args); i += 2 {
				made.keys[literal(cmd.Args[i])] = args[i+1]
			}
			return made
		case (name.Ident == "get" || name.Ident == "index") && len(args) == 3 && literal(cmd.Args[2]) != "":
			return args[1].field(literal(cmd.Args[2]))
		}
	}
	value := seen{made: true}
	for _, arg := range args {
		value.paths = append(value.paths, arg.all()...)
	}
	return value
}

// literal is the text that a template writes as an argument; "" for others.
func literal(arg parse.Node) string {
	if text, ok := arg.(*parse.StringNode); ok {
		return text.Text
	}
	return ""
}

func (tr *tracer) arg(arg parse.Node, s scope) seen {
	switch arg := arg.(type) {
	case *parse.DotNode:
		return s.dot
	case *parse.FieldNode:
		return s.dot.field(arg.Ident...)
	case *parse.VariableNode:
		if v := s.vars[arg.Ident[0]]; v != nil {
			return v.field(arg.Ident[1:]...)
		}
	case *parse.ChainNode:
		return tr.arg(arg.Node, s).field(arg.Field...)
	case *parse.PipeNode:
		return tr.pipe(arg, s)
	}
	return seen{}
}
