package shell_test

import (
	"strings"
	"testing"
	"text/template/parse"
)

// checkMarked walks the tree of a template in which all branches are to be marked,
// and reports those that are not.
func checkMarked(t *testing.T, name, text string) {
	t.Helper()
	tree := parse.New(name)
	tree.Mode = parse.SkipFuncCheck
	if _, err := tree.Parse(text, "", "", map[string]*parse.Tree{}); err != nil {
		t.Fatal(err)
	}
	var list func(*parse.ListNode)
	branch := func(l *parse.ListNode) {
		if l == nil {
			return
		}
		if !isMarked(l) && !isElseIf(l) {
			t.Errorf("%s: a branch is not marked: %.60q", name, l.String())
		}
		list(l)
	}
	list = func(l *parse.ListNode) {
		for _, node := range l.Nodes {
			switch node := node.(type) {
			case *parse.IfNode:
				branch(node.List)
				branch(node.ElseList)
			case *parse.RangeNode:
				branch(node.List)
				branch(node.ElseList)
			case *parse.WithNode:
				branch(node.List)
				branch(node.ElseList)
			}
		}
	}
	list(tree.Root)
}

// isMarked tells that a branch begins with a call of reach.
func isMarked(l *parse.ListNode) bool {
	return len(l.Nodes) > 0 && strings.HasPrefix(l.Nodes[0].String(), "{{$_ := reach ")
}

// isElseIf tells that a branch is nothing but the if, or with, of an else if.
func isElseIf(l *parse.ListNode) bool {
	if len(l.Nodes) != 1 {
		return false
	}
	kind := l.Nodes[0].Type()
	return kind == parse.NodeIf || kind == parse.NodeWith
}
