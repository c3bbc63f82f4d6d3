package record

import (
	"maps"
	"slices"
	"text/template/parse"

	"palletgen/gen/diag"
)

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
