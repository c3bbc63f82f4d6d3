package lint

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/posix"
)

// functionRules are about definitions of functions.
var functionRules = []rule{
	{name: "function", refused: true, msg: "function is no POSIX shell", hint: "write name() { … }", on: []string{"function"}, at: []kind{kindFunction}, find: orCommand(functionWord)},
	{name: "function-name", refused: true, msg: "some shells refuse this name for a function, or run something of their own instead", hint: "name it by letters, digits and _, and otherwise than shells name theirs",
		at: []kind{kindFunction}, find: functionName},
	{name: "function-body", msg: "bash, yash and posh want braces round the body of a function", hint: "write name() { … }", at: []kind{kindFunction}, find: functionBody},
}

func functionWord(_ *linter, node syntax.Node) syntax.Pos {
	if node.(*syntax.FuncDecl).RsrvWord {
		return node.Pos()
	}
	return nowhere
}

// takenNames are of special builtins, of keywords, and of builtins and aliases
// that some shells prefer to a function.
const takenNames = " break continue eval exec exit export readonly return set shift times trap unset " +
	"local typeset declare integer float function select time coproc foreach end nocorrect namespace repeat " +
	"autoload functions hash history type source r "

func functionName(_ *linter, node syntax.Node) syntax.Pos {
	if name := node.(*syntax.FuncDecl).Name; name != nil && (!posix.IsName(name.Value) || strings.Contains(takenNames, " "+name.Value+" ")) {
		return name.Pos()
	}
	return nowhere
}

func functionBody(_ *linter, node syntax.Node) syntax.Pos {
	switch body := node.(*syntax.FuncDecl).Body; body.Cmd.(type) {
	case *syntax.Block, *syntax.Subshell:
		return nowhere
	default:
		return body.Pos()
	}
}
