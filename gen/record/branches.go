package record

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"text/template"
	"text/template/parse"

	"palletgen/gen/diag"
)

// A Branch is a turn that the execution of a template took: what it printed
// there is there because of it.
type Branch struct {
	Pos     diag.Pos // of the condition, as ReadsAt wants it; of a partial, of its name
	Text    string   // as it is written: "{{ if .tls }}"
	Kind    string   // "if", "with", "range" or "template"
	Else    bool     // what stands behind its else
	Element int      // of range: which element, from 1; 0 behind else
	Dot     any      // of range: the element

	parent, number int // number is unique to the list of nodes that it runs
}

// Branches runs the template once more with the data of an execution that went
// well, and returns for each line of what it prints the branches that what is
// on the line stands in, the outermost first. Plain executions pay nothing for it.
func (t *Template) Branches(data any) ([][]*Branch, error) {
	b := &brancher{}
	root := template.New(t.source.Name).Option("missingkey=error")
	w := &branchOutput{runner: &runner{t: t}, brancher: b}
	funcs := w.runner.functions()
	funcs[entering] = w.enter
	root.Funcs(funcs)
	for _, src := range t.files {
		tree := t.trees[src.Name].Copy()
		b.src = src
		b.list(tree.Root, whole)
		if _, err := root.AddParseTree(src.Name, tree); err != nil {
			return nil, fmt.Errorf("cannot add template %s: %w", src.Name, err)
		}
	}
	if err := root.Execute(w, data); err != nil {
		return nil, w.runner.execError(err)
	}
	return w.lines, nil
}

const (
	entering   = "enterBranch" // the function that begins each branch
	branchMark = 0x02          // what it, and the end of a branch, print
	whole      = -1            // the branch of what stands in none, in its file
)

// A brancher puts what tells of branches into the trees of a template's files.
type brancher struct {
	src   *diag.Source
	known []Branch // by their numbers
}

// list puts it into a list of nodes that stands in the branch parent.
func (b *brancher) list(list *parse.ListNode, parent int) {
	if list == nil {
		return
	}
	var nodes []parse.Node
	for _, node := range list.Nodes {
		switch n := node.(type) {
		case *parse.IfNode:
			if isCount(n) {
				nodes = append(nodes, node)
				continue
			}
			b.branch(&n.BranchNode, "if", parent)
		case *parse.WithNode:
			b.branch(&n.BranchNode, "with", parent)
		case *parse.RangeNode:
			b.branch(&n.BranchNode, "range", parent)
		case *parse.TemplateNode:
			number := b.add("template", n.Position(), parent, false)
			nodes = append(nodes, enterNode(number, n.Position()), node, leaveNode("template", number, n.Position()))
			continue
		default:
			nodes = append(nodes, node)
			continue
		}
		nodes = append(nodes, node, leaveNode("", parent, node.Position()))
	}
	list.Nodes = nodes
}

func (b *brancher) branch(n *parse.BranchNode, kind string, parent int) {
	for _, list := range []*parse.ListNode{n.List, n.ElseList} {
		if list == nil {
			continue
		}
		number := b.add(kind, n.Position(), parent, list == n.ElseList)
		b.list(list, number)
		list.Nodes = append([]parse.Node{enterNode(number, n.Position())}, list.Nodes...)
	}
}

// add makes a branch and returns its number.
func (b *brancher) add(kind string, pos parse.Pos, parent int, otherwise bool) int {
	at := int(pos)
	from, to := max(strings.LastIndex(b.src.Text[:at], "{{"), 0), strings.Index(b.src.Text[at:], "}}")
	text := b.src.Text[from:]
	if to >= 0 {
		text = b.src.Text[from : at+to+2]
	}
	text = strings.Join(strings.Fields(text), " ")
	text = strings.Replace(strings.Replace(text, "{{- ", "{{ ", 1), " -}}", " }}", 1)
	number := len(b.known)
	b.known = append(b.known, Branch{
		Pos: offset(b.src, at), Text: text, Kind: kind, Else: otherwise, parent: parent, number: number,
	})
	return number
}

// isCount tells whether the node is one of count.
func isCount(n *parse.IfNode) bool {
	name, ok := n.Pipe.Cmds[0].Args[0].(*parse.IdentifierNode)
	return ok && name.Ident == stepper
}

func enterNode(number int, pos parse.Pos) parse.Node {
	call := &parse.CommandNode{NodeType: parse.NodeCommand, Pos: pos, Args: []parse.Node{
		parse.NewIdentifier(entering).SetPos(pos),
		&parse.NumberNode{NodeType: parse.NodeNumber, Pos: pos, IsInt: true, Int64: int64(number), Text: "0"},
		&parse.DotNode{NodeType: parse.NodeDot, Pos: pos},
	}}
	return &parse.ActionNode{NodeType: parse.NodeAction, Pos: pos,
		Pipe: &parse.PipeNode{NodeType: parse.NodePipe, Pos: pos, Cmds: []*parse.CommandNode{call}}}
}

// leaveNode ends the branch number of a partial; of other kinds, what follows
// stands in the branch number again.
func leaveNode(kind string, number int, pos parse.Pos) parse.Node {
	return &parse.TextNode{NodeType: parse.NodeText, Pos: pos, Text: fmt.Appendf(nil, "%c%d %s", branchMark, number, kind)}
}

// A branchOutput is what Branches writes to.
type branchOutput struct {
	runner   *runner
	brancher *brancher
	open     []*openBranch
	count    map[int]int // of the elements of the ranges that stand in no branch
	lines    [][]*Branch
}

// An openBranch is a branch that the execution is in.
type openBranch struct {
	*Branch
	count map[int]int // how many elements its ranges had
}

// enter is called at the beginning of a branch.
func (w *branchOutput) enter(number int, dot any) string {
	known := w.brancher.known[number]
	w.backTo(known.parent)
	if known.Kind == "range" && !known.Else {
		counts := &w.count
		if n := len(w.open); n > 0 {
			counts = &w.open[n-1].count
		}
		if *counts == nil {
			*counts = map[int]int{}
		}
		(*counts)[number]++
		known.Element, known.Dot = (*counts)[number], dot
	}
	w.open = append(w.open, &openBranch{Branch: &known})
	return string(rune(branchMark))
}

// backTo leaves the branches that are within the branch parent; what break and
// continue cut short ends with that too.
func (w *branchOutput) backTo(parent int) {
	for n := len(w.open); n > 0; n-- {
		top := w.open[n-1]
		if top.number == parent || parent == whole && top.Kind == "template" {
			break
		}
		w.open = w.open[:n-1]
	}
}

func (w *branchOutput) Write(p []byte) (int, error) {
	if len(p) > 0 && p[0] == branchMark {
		if len(p) > 1 {
			number, kind, _ := strings.Cut(string(p[1:]), " ")
			n, _ := strconv.Atoi(number)
			w.left(n, kind)
		}
		return len(p), nil
	}
	line, begun, from := len(w.runner.lines), w.runner.begun, len(w.runner.text)
	if begun {
		line--
	}
	n, err := (*output)(w.runner).Write(p)
	for i, text := range strings.SplitAfter(string(w.runner.text[from:]), "\n") {
		for line+i >= len(w.lines) && text != "" {
			w.lines = append(w.lines, nil)
		}
		if strings.TrimSpace(text) != "" || text != "" && (i > 0 || !begun) {
			w.add(line + i)
		}
	}
	return n, err
}

// left is called where leaveNode stands.
func (w *branchOutput) left(number int, kind string) {
	if kind == "" {
		w.backTo(number)
		return
	}
	for n := len(w.open); n > 0; n-- {
		w.open = w.open[:n-1]
		if w.open[:n][n-1].number == number {
			return
		}
	}
}

// add says that something on a line stands in the branches that are open.
func (w *branchOutput) add(line int) {
	for _, o := range w.open {
		if !slices.Contains(w.lines[line], o.Branch) {
			w.lines[line] = append(w.lines[line], o.Branch)
		}
	}
}
