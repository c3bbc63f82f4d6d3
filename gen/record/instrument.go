package record

import (
	"slices"
	"text/template/parse"

	"palletgen/gen/diag"
)

// Each piece of text is preceded by textStart and its number in four bytes of
// six bits, so that the output knows which template line it stems from.
const (
	textStart  = 0x01
	textHeader = 5
)

// instrument walks the tree of one template file, appends the recorder to each
// action that prints and numbers each piece of text.
type instrument struct {
	t     *Template
	src   *diag.Source
	known func(name string) bool // a function that templates may call
	lines []int                  // where each line of src begins
	calls []*partialCall
	loops int // how many range bodies, or partials, the node is in
	errs  diag.List
}

type partialCall struct {
	node *parse.TemplateNode
	pos  diag.Pos
}

func (in *instrument) list(list *parse.ListNode) {
	if list == nil {
		return
	}
	for _, node := range list.Nodes {
		in.node(node)
	}
}

func (in *instrument) node(node parse.Node) {
	switch node := node.(type) {
	case *parse.TextNode:
		in.text(node)
	case *parse.ActionNode:
		in.pipe(node.Pipe)
		if len(node.Pipe.Decl) == 0 && !printsNothing(node.Pipe) {
			in.action(node)
		}
	case *parse.IfNode:
		in.branch(&node.BranchNode)
	case *parse.RangeNode:
		in.pipe(node.Pipe)
		if in.loops > maxLoops {
			in.errs.Add(diag.At(in.at(int(node.Position())), "more than %d range are within each other", maxLoops).WithHint("loop over a list that a function makes"))
			return
		}
		in.repeated(node.List, true)
		in.list(node.ElseList)
	case *parse.WithNode:
		in.branch(&node.BranchNode)
	case *parse.TemplateNode:
		in.calls = append(in.calls, &partialCall{node: node, pos: in.at(int(node.Position()))})
		in.pipe(node.Pipe)
	}
}

// printsNothing reports whether the action is {{ "" }}, which authors write to
// end the trimming of white space.
func printsNothing(pipe *parse.PipeNode) bool {
	if len(pipe.Cmds) != 1 || len(pipe.Cmds[0].Args) != 1 {
		return false
	}
	text, ok := pipe.Cmds[0].Args[0].(*parse.StringNode)
	return ok && text.Text == ""
}

func (in *instrument) branch(b *parse.BranchNode) {
	in.pipe(b.Pipe)
	in.list(b.List)
	in.list(b.ElseList)
}

// text puts the number of the piece in front of it.
func (in *instrument) text(node *parse.TextNode) {
	n := len(in.t.starts)
	in.t.starts = append(in.t.starts, in.at(int(node.Position())))
	header := []byte{textStart, 0x40 | byte(n>>18&0x3f), 0x40 | byte(n>>12&0x3f), 0x40 | byte(n>>6&0x3f), 0x40 | byte(n&0x3f)}
	node.Text = slices.Concat(header, node.Text)
}

// action appends "| record NUMBER" to what the action prints.
func (in *instrument) action(node *parse.ActionNode) {
	number := len(in.t.places)
	in.t.places = append(in.t.places, in.at(int(node.Position())))
	pos := node.Position()
	call := &parse.CommandNode{NodeType: parse.NodeCommand, Pos: pos, Args: []parse.Node{
		parse.NewIdentifier(recorder).SetPos(pos),
		&parse.NumberNode{NodeType: parse.NodeNumber, Pos: pos, IsInt: true, Int64: int64(number), Text: "0"},
	}}
	node.Pipe.Cmds = append(node.Pipe.Cmds, call)
}

// pipe checks that every function called is one of ours.
func (in *instrument) pipe(pipe *parse.PipeNode) {
	if pipe == nil {
		return
	}
	for _, cmd := range pipe.Cmds {
		for _, arg := range cmd.Args {
			in.arg(arg)
		}
	}
	countReads(pipe, in.loops > 0)
}

func (in *instrument) arg(arg parse.Node) {
	switch arg := arg.(type) {
	case *parse.IdentifierNode:
		in.t.calls[arg.Ident] = true
		if !in.known(arg.Ident) {
			in.errs.Add(diag.At(in.at(int(arg.Position())), "unknown function %q", arg.Ident).
				WithHint("%s", functionHint(arg.Ident)))
		}
	case *parse.PipeNode:
		in.pipe(arg)
	case *parse.ChainNode:
		in.arg(arg.Node)
	}
}
