package record

import (
	"maps"
	"slices"
	"strings"
	"text/template/parse"

	"palletgen/gen/diag"
)

// A Shape says which fields a template's data has. A nil map says nothing: any
// field may be there.
type Shape map[string]Shape

// Check compares every field that the template reads with the shape of its
// data and returns an error for each that is not there. It sees what is read
// off the data itself; inside range, and of variables, it cannot.
func (t *Template) Check(shape Shape) diag.List {
	c := &shapeCheck{t: t, root: shape}
	c.tree(t.source, shape, 0)
	return c.errs
}

// Reads returns the fields that the template reads off its data, sorted, each
// as a path with dots: "user", "service.name".
func (t *Template) Reads() []string {
	seen := map[string]bool{}
	c := &shapeCheck{t: t, root: Shape{}, seen: seen}
	c.tree(t.source, Shape{}, 0)
	return slices.Sorted(maps.Keys(seen))
}

type shapeCheck struct {
	t    *Template
	src  *diag.Source
	root Shape           // what $ is in the current file
	seen map[string]bool // instead of errors: the paths read off the root
	errs diag.List
}

// maxDepth bounds partials that take in each other.
const maxDepth = 8

func (c *shapeCheck) tree(src *diag.Source, dot Shape, depth int) {
	tree := c.t.trees[src.Name]
	if tree == nil || depth > maxDepth {
		return
	}
	outer, outerRoot := c.src, c.root
	c.src, c.root = src, dot
	c.list(tree.Root, dot, depth)
	c.src, c.root = outer, outerRoot
}

func (c *shapeCheck) list(list *parse.ListNode, dot Shape, depth int) {
	if list == nil {
		return
	}
	for _, node := range list.Nodes {
		switch node := node.(type) {
		case *parse.ActionNode:
			c.pipe(node.Pipe, dot)
		case *parse.IfNode:
			c.pipe(node.Pipe, dot)
			c.list(node.List, dot, depth)
			c.list(node.ElseList, dot, depth)
		case *parse.WithNode:
			c.list(node.List, c.pipe(node.Pipe, dot), depth)
			c.list(node.ElseList, dot, depth)
		case *parse.RangeNode:
			c.pipe(node.Pipe, dot)
			c.list(node.List, nil, depth)
			c.list(node.ElseList, dot, depth)
		case *parse.TemplateNode:
			inner := c.pipe(node.Pipe, dot)
			if partial := c.source(node.Name); partial != nil {
				c.tree(partial, inner, depth+1)
			}
		}
	}
}

// source finds the file of a partial by its full name.
func (c *shapeCheck) source(name string) *diag.Source {
	for _, pos := range slices.Concat(c.t.starts, c.t.places) {
		if pos.Source.Name == name {
			return pos.Source
		}
	}
	return nil
}

// pipe checks a pipeline and returns the shape of its value, nil where that is
// not plain.
func (c *shapeCheck) pipe(pipe *parse.PipeNode, dot Shape) Shape {
	if pipe == nil {
		return nil
	}
	var value Shape
	for _, cmd := range pipe.Cmds {
		for _, arg := range cmd.Args {
			value = c.arg(arg, dot)
		}
	}
	if len(pipe.Cmds) != 1 || len(pipe.Cmds[0].Args) != 1 {
		return nil
	}
	return value
}

func (c *shapeCheck) arg(arg parse.Node, dot Shape) Shape {
	switch arg := arg.(type) {
	case *parse.DotNode:
		return dot
	case *parse.FieldNode:
		return c.path(dot, arg.Ident, arg.Position())
	case *parse.VariableNode:
		if arg.Ident[0] == "$" {
			return c.path(c.root, arg.Ident[1:], arg.Position())
		}
	case *parse.ChainNode:
		if inner := c.arg(arg.Node, dot); inner != nil {
			return c.path(inner, arg.Field, arg.Position())
		}
	case *parse.PipeNode:
		return c.pipe(arg, dot)
	}
	return nil
}

// path follows the fields of shape.
func (c *shapeCheck) path(shape Shape, fields []string, at parse.Pos) Shape {
	if c.seen != nil {
		if shape != nil && len(fields) > 0 {
			c.seen[strings.Join(fields, ".")] = true
		}
		return nil
	}
	for i, field := range fields {
		if shape == nil {
			return nil
		}
		inner, ok := shape[field]
		if !ok {
			c.errs.Add(diag.At(offset(c.src, fieldAt(c.src.Text, fields, i, int(at))), "nothing is named .%s here", field).
				WithHint("%s", diag.DidYouMean(field, slices.Sorted(maps.Keys(shape)))))
			return nil
		}
		shape = inner
	}
	return shape
}

// fieldAt returns the byte of text where fields[i] begins, with its dot. The
// parser gives at: the first field, or where there are several, the second one.
func fieldAt(text string, fields []string, i, at int) int {
	whole := "." + strings.Join(fields, ".")
	for _, start := range []int{at, at - len(fields[0]) - 1} {
		if start >= 0 && start < len(text) && strings.HasPrefix(text[start:], whole) {
			return start + len(whole) - len("."+strings.Join(fields[i:], "."))
		}
	}
	return at
}
