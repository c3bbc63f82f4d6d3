package record

import (
	"slices"
	"text/template/parse"

	"palletgen/gen/diag"
)

// at returns the position of byte i of the source.
func (in *instrument) at(i int) diag.Pos {
	i = min(max(i, 0), len(in.src.Text))
	line, found := slices.BinarySearch(in.lines, i)
	if !found {
		line--
	}
	return diag.Pos{Source: in.src, Line: line + 1, Col: i - in.lines[line] + 1}
}

// lineStarts returns where each line of text begins.
func lineStarts(text string) []int {
	starts := []int{0}
	for i := range len(text) {
		if text[i] == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// repeated instruments a list that may be run many times, if counted, and puts
// in front of it what counts its actions.
func (in *instrument) repeated(list *parse.ListNode, counted bool) {
	if !counted {
		in.list(list)
		return
	}
	in.loops++
	in.list(list)
	in.loops--
	pos := list.Position()
	list.Nodes = append([]parse.Node{count(actions(list), pos)}, list.Nodes...)
}

// actions is how many nodes are run at most when list is run once, but for those
// in the bodies of range, which are counted there.
func actions(list *parse.ListNode) int {
	if list == nil {
		return 0
	}
	n := 1
	for _, node := range list.Nodes {
		switch node := node.(type) {
		case *parse.IfNode:
			n += words(node.Pipe) + actions(node.List) + actions(node.ElseList)
		case *parse.WithNode:
			n += words(node.Pipe) + actions(node.List) + actions(node.ElseList)
		case *parse.RangeNode:
			n += words(node.Pipe) + actions(node.ElseList)
		case *parse.ActionNode:
			n += words(node.Pipe)
		case *parse.TemplateNode:
			n += words(node.Pipe)
		}
		n++
	}
	return n
}

// words is how many calls and values are in a pipeline.
func words(pipe *parse.PipeNode) int {
	if pipe == nil {
		return 0
	}
	n := 0
	for _, cmd := range pipe.Cmds {
		for _, arg := range cmd.Args {
			n++
			if inner, ok := arg.(*parse.PipeNode); ok {
				n += words(inner)
			}
		}
	}
	return n
}

// count is a condition that is never true, and counts.
func count(actions int, pos parse.Pos) parse.Node {
	call := &parse.CommandNode{NodeType: parse.NodeCommand, Pos: pos, Args: []parse.Node{
		parse.NewIdentifier(stepper).SetPos(pos),
		&parse.NumberNode{NodeType: parse.NodeNumber, Pos: pos, IsInt: true, Int64: int64(actions), Text: "0"},
	}}
	return &parse.IfNode{BranchNode: parse.BranchNode{
		NodeType: parse.NodeIf, Pos: pos,
		Pipe: &parse.PipeNode{NodeType: parse.NodePipe, Pos: pos, Cmds: []*parse.CommandNode{call}},
		List: &parse.ListNode{NodeType: parse.NodeList, Pos: pos},
	}}
}

// readers are the functions of text/template that read the texts which they are
// given, and that the meter cannot wrap.
var readers = set("eq", "ne", "lt", "le", "gt", "ge", "index")

// printers are those of them that print what they cannot compare.
var printers = set("eq", "ne")

// countReads puts in front of each argument of readers what counts its bytes;
// outside of loops, only where two values might be printed.
func countReads(pipe *parse.PipeNode, looped bool) {
	for i, cmd := range pipe.Cmds {
		name, ok := cmd.Args[0].(*parse.IdentifierNode)
		if !ok || !readers[name.Ident] || !looped && !(printers[name.Ident] && unknown(cmd.Args[1:])+min(i, 1) > 1) {
			continue
		}
		for j, arg := range cmd.Args[1:] {
			if unknown([]parse.Node{arg}) > 0 {
				cmd.Args[j+1] = &parse.PipeNode{NodeType: parse.NodePipe, Pos: arg.Position(), Cmds: []*parse.CommandNode{reading(arg)}}
			}
		}
		if i > 0 { // the last argument is what comes before the |
			call := reading(nil)
			call.Args[0].(*parse.IdentifierNode).SetPos(cmd.Pos)
			pipe.Cmds = slices.Insert(pipe.Cmds, i, call)
			countReads(&parse.PipeNode{Cmds: pipe.Cmds[i+2:]}, looped)
			return
		}
	}
}

// unknown is how many of the arguments may be anything.
func unknown(args []parse.Node) int {
	n := 0
	for _, arg := range args {
		switch arg.(type) {
		case *parse.FieldNode, *parse.VariableNode, *parse.DotNode, *parse.ChainNode, *parse.PipeNode:
			n++
		}
	}
	return n
}

func reading(arg parse.Node) *parse.CommandNode {
	name := parse.NewIdentifier(reader)
	if arg == nil {
		return &parse.CommandNode{NodeType: parse.NodeCommand, Args: []parse.Node{name}}
	}
	return &parse.CommandNode{NodeType: parse.NodeCommand, Pos: arg.Position(), Args: []parse.Node{name.SetPos(arg.Position()), arg}}
}
