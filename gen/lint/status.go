package lint

import (
	"strconv"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/posix"
)

// statusRules are about exit codes, and set -e.
var statusRules = []rule{
	{name: "exit-code", msg: "shells read this exit code differently, or refuse it", hint: "use 0 to 255", on: []string{"exit", "return"}, find: exitCode},
	{name: "signal-status", msg: "after a signal ksh93 has 256 and yash 384 where the others have 128", hint: "test whether it is more than 128", on: testNames, at: []kind{kindCase}, find: signalStatus},
	{name: "command-status", msg: "where command -v finds nothing, it ends with 127 in dash and busybox, with 1 in others", hint: "write if command -v …", on: testNames, find: commandStatus},
	{name: "set-e-substitution", msg: "in $( ) bash and busybox do not heed set -e", hint: "write || exit behind the command", at: []kind{kindSubst}, find: errexitSubstitution},
}

func exitCode(_ *linter, node syntax.Node) syntax.Pos {
	words := callArgs(node)
	if len(words) < 2 {
		return nowhere
	}
	text, known := posix.Static(words[1])
	if text == "--" {
		return nowhere
	}
	if n, err := strconv.Atoi(text); known && (err != nil || n < 0 || n > 255 || !posix.IsNumber(text)) {
		return words[1].Pos()
	}
	if len(words) > 2 {
		return words[2].Pos()
	}
	return nowhere
}

func signalStatus(_ *linter, node syntax.Node) syntax.Pos {
	if clause, ok := node.(*syntax.CaseClause); ok {
		return signalPattern(clause)
	}
	words := tested(node)
	if len(words) != 3 {
		return nowhere
	}
	switch words[1].Lit() {
	case "=", "!=", "-eq", "-ne":
	default:
		return nowhere
	}
	for i, other := range []int{2, 0} {
		if isStatus(words[2-other]) && ofSignal(words[other]) {
			return words[2*(1-i)].Pos()
		}
	}
	return nowhere
}

// ofSignal reports whether word is an exit code after a signal, in one shell.
func ofSignal(word *syntax.Word) bool {
	n, err := strconv.Atoi(posix.StaticText(word))
	return err == nil && n > 128 && n != 255
}

func signalPattern(clause *syntax.CaseClause) syntax.Pos {
	if !isStatus(clause.Word) {
		return nowhere
	}
	for _, item := range clause.Items {
		for _, pattern := range item.Patterns {
			if ofSignal(pattern) {
				return pattern.Pos()
			}
		}
	}
	return nowhere
}

// commandStatus finds [ $? = 1 ] right behind command -v.
func commandStatus(l *linter, node syntax.Node) syntax.Pos {
	words := tested(node)
	if len(words) != 3 || !isStatus(words[0]) || words[2].Lit() != "1" && words[2].Lit() != "127" {
		return nowhere
	}
	before := l.before()
	if before == nil {
		return nowhere
	}
	if call, name := simpleCommand(before); name == "command" && len(call.Args) > 1 && (call.Args[1].Lit() == "-v" || call.Args[1].Lit() == "-V") {
		return words[2].Pos()
	}
	return nowhere
}

// before returns the statement that ran before the one that the node at hand
// begins; nil where it has none.
func (l *linter) before() *syntax.Stmt {
	for i := range len(l.parents) {
		var list []*syntax.Stmt
		switch parent := l.parent(i).(type) {
		case *syntax.File:
			list = parent.Stmts
		case *syntax.Block:
			list = parent.Stmts
		case *syntax.Subshell:
			list = parent.Stmts
		case *syntax.IfClause:
			list = parent.Then
		}
		for at, stmt := range list {
			if at > 0 && i > 0 && stmt == l.parent(i-1) {
				return list[at-1]
			}
		}
		if list != nil {
			if _, condition := l.parent(i).(*syntax.IfClause); !condition {
				return nil
			}
		}
	}
	return nil
}

// errexitSubstitution finds $( ) with a command that may fail unseen before the
// last, where set -e is in force.
func errexitSubstitution(l *linter, node syntax.Node) syntax.Pos {
	subst := node.(*syntax.CmdSubst)
	if len(subst.Stmts) < 2 || !l.facts().errexit {
		return nowhere
	}
	for _, stmt := range subst.Stmts[:len(subst.Stmts)-1] {
		call, name := simpleCommand(stmt)
		switch {
		case name == "set" && setsErrexit(call.Args):
			return nowhere
		case call != nil && !stmt.Negated && !stmt.Background && !posix.IsBuiltin(name), name == "cd", name == "false", name == "read":
			return stmt.Pos()
		}
	}
	return nowhere
}
