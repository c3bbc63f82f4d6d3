package lint

import (
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/posix"
)

// commandRules are about builtins that not all shells have, or not alike.
var commandRules = []rule{
	{name: "bash-builtin", msg: "this builtin is no POSIX shell", hint: "do without it", find: builtin,
		on: []string{"builtin", "shopt", "pushd", "popd", "dirs", "mapfile", "readarray", "disown", "print", "whence", "caller",
			"compgen", "complete", "setopt", "unsetopt", "emulate", "autoload", "zmodload"}},
	{name: "source", msg: "source is no POSIX shell", hint: "write . FILE", on: []string{"source"}, find: builtin},
	{name: "chdir", msg: "chdir is no POSIX shell", hint: "write cd", on: []string{"chdir"}, find: builtin},
	{name: "type", msg: "posh has no type, and others say different things", hint: "use command -v", on: []string{"type"}, find: builtin},
	{name: "hash", msg: "posh has no hash, and in mksh and ksh93 it finds what is not there", hint: "use command -v", on: []string{"hash"}, find: builtin},
	{name: "alias", msg: "scripts know no aliases in bash and posh", hint: "write a function", on: []string{"alias", "unalias"}, find: builtin},
	{name: "job-control", msg: "scripts have no jobs in most shells", hint: "use $! and wait", on: []string{"jobs", "fg", "bg", "kill", "wait"}, find: jobs},
	{name: "dot-path", msg: ". looks for a name without / in different places", hint: "write . ./FILE", on: []string{"."}, find: dotPath},
	{name: "dot-arguments", msg: "dash gives a file that is read by . no arguments", hint: "use variables", on: []string{"."}, find: dotArguments},
	{name: "cd-arguments", msg: "a second argument of cd is ignored, refused or replaced", hint: "write cd FOLDER", on: []string{"cd"}, find: cdArguments},
	{name: "unset-function", msg: "bash alone takes away a function here", hint: "write unset -f NAME, or unset -v NAME", on: []string{"unset"}, find: unsetFunction},
	{name: "break-outside", msg: "outside of a loop some shells end the script, or a loop of the caller", hint: "use return", on: []string{"break", "continue"}, find: breakOutside},
	{name: "export-split", msg: "yash and posh split into words what is expanded here", hint: `put it in quotes: export NAME="$value"`, on: []string{"export", "readonly"}, find: exportSplit},
	{name: "export-tilde", msg: "yash and posh expand no ~ here", hint: `write export NAME="$HOME"`, on: []string{"export", "readonly"}, find: exportTilde},
	{name: "special-assignment", msg: "bash takes the variable back after a special builtin, the others keep it", hint: "write the assignment on a line of its own",
		on: []string{":", ".", "eval", "exec", "export", "readonly", "set", "shift", "times", "trap"}, find: specialAssignment},
	{name: "function-assignment", msg: "ksh93 and zsh keep the variable after the function", hint: "write the assignment on a line of its own, or pass an argument",
		at: []kind{kindCall}, find: functionAssignment},
	{name: "special-failure", msg: "most shells end here when the redirection of a special builtin fails", hint: "write command before it, or { } round it with the redirection behind",
		at: []kind{kindStmt}, find: specialFailure},
	{name: "dot-failure", msg: "most shells end where the file is missing", hint: "test it before: [ -r FILE ]", on: []string{"."}, find: tried},
	{name: "shift-failure", msg: "most shells end where there are not so many arguments", hint: "test $# before", on: []string{"shift"}, find: tried},
	{name: "pipe-variable", msg: "ksh93 alone keeps a variable that the last command of a pipe sets", hint: "use it in the same braces: … | { read -r x; … }",
		at: []kind{kindStmt}, find: pipeVariable},
}

// builtin finds the command, unless a function of that name is defined here.
func builtin(l *linter, node syntax.Node) syntax.Pos {
	if word := callArgs(node)[0]; !l.facts().functions[word.Lit()] {
		return word.Pos()
	}
	return nowhere
}

// jobs finds the builtins about jobs, and numbers of jobs.
func jobs(l *linter, node syntax.Node) syntax.Pos {
	switch callArgs(node)[0].Lit() {
	case "jobs", "fg", "bg":
		return builtin(l, node)
	}
	for _, word := range callArgs(node)[1:] {
		if strings.HasPrefix(posix.StaticText(word), "%") {
			return word.Pos()
		}
	}
	return nowhere
}

func dotPath(_ *linter, node syntax.Node) syntax.Pos {
	words := callArgs(node)
	if len(words) < 2 {
		return nowhere
	}
	if text, known := posix.Static(words[1]); known && text != "" && !strings.Contains(text, "/") && text[0] != '-' {
		return words[1].Pos()
	}
	return nowhere
}

func dotArguments(_ *linter, node syntax.Node) syntax.Pos {
	if words := callArgs(node); len(words) > 2 && words[1].Lit() != "--" {
		return words[2].Pos()
	}
	return nowhere
}

func cdArguments(_ *linter, node syntax.Node) syntax.Pos {
	if words := operands(callArgs(node)); len(words) > 1 {
		return words[1].Pos()
	}
	return nowhere
}

func unsetFunction(l *linter, node syntax.Node) syntax.Pos {
	words := callArgs(node)
	for _, word := range words[1:] {
		if lit := word.Lit(); strings.HasPrefix(lit, "-") {
			break
		} else if l.facts().functions[lit] && !l.facts().assigned[lit] {
			return word.Pos()
		}
	}
	return nowhere
}

func breakOutside(l *linter, node syntax.Node) syntax.Pos {
	for i := range len(l.parents) {
		switch l.parent(i).(type) {
		case *syntax.ForClause, *syntax.WhileClause:
			return nowhere
		case *syntax.FuncDecl:
			return node.Pos()
		}
	}
	return node.Pos()
}

func exportSplit(_ *linter, node syntax.Node) syntax.Pos {
	for _, word := range callArgs(node)[1:] {
		assigns := false
		for _, part := range word.Parts {
			switch part := part.(type) {
			case *syntax.Lit:
				assigns = assigns || strings.Contains(part.Value, "=")
			case *syntax.ParamExp, *syntax.CmdSubst:
				if assigns {
					return part.Pos()
				}
			}
		}
	}
	return nowhere
}

func exportTilde(_ *linter, node syntax.Node) syntax.Pos {
	for _, word := range callArgs(node)[1:] {
		if lit, ok := word.Parts[0].(*syntax.Lit); ok && (strings.Contains(lit.Value, "=~") || strings.Contains(lit.Value, ":~")) {
			return word.Pos()
		}
	}
	return nowhere
}

func specialAssignment(_ *linter, node syntax.Node) syntax.Pos {
	call := node.(*syntax.CallExpr)
	if len(call.Assigns) == 0 || len(call.Args) > 1 && call.Args[0].Lit() == "exec" {
		return nowhere
	}
	return call.Assigns[0].Pos()
}

func functionAssignment(l *linter, node syntax.Node) syntax.Pos {
	call := node.(*syntax.CallExpr)
	if len(call.Assigns) > 0 && len(call.Args) > 0 && l.facts().functions[call.Args[0].Lit()] {
		return call.Assigns[0].Pos()
	}
	return nowhere
}

// specials are the special builtins that are called with redirections of their own.
var specials = []string{":", "exec", "eval", "set", "export", "readonly", "trap", "unset"}

func specialFailure(l *linter, node syntax.Node) syntax.Pos {
	stmt := node.(*syntax.Stmt)
	_, name := simpleCommand(stmt)
	if !slices.Contains(specials, name) || !l.isTried(stmt) {
		return nowhere
	}
	for _, r := range stmt.Redirs {
		switch r.Op {
		case syntax.Hdoc, syntax.DashHdoc, syntax.DplIn, syntax.DplOut:
		default:
			if text, known := posix.Static(r.Word); !known || text != "/dev/null" {
				return r.Pos()
			}
		}
	}
	return nowhere
}

// isTried reports whether the script goes on where stmt, whose parents are those
// of the node at hand, fails: it is the left side of ||, or a condition.
func (l *linter) isTried(stmt *syntax.Stmt) bool {
	for i := 0; ; i++ {
		switch parent := l.parent(i).(type) {
		case *syntax.BinaryCmd:
			return parent.Op == syntax.OrStmt && parent.X == stmt && !endsScript(parent.Y)
		case *syntax.IfClause:
			return len(parent.Cond) > 0 && parent.Cond[len(parent.Cond)-1] == stmt
		case *syntax.Block:
			if len(parent.Stmts) == 0 || parent.Stmts[len(parent.Stmts)-1] != stmt {
				return false
			}
		case *syntax.Stmt:
			stmt = parent
		default:
			return false
		}
	}
}

// endsScript reports whether stmt is exit, and so does what the shell does itself.
func endsScript(stmt *syntax.Stmt) bool {
	_, name := simpleCommand(stmt)
	return name == "exit"
}

// tried finds calls after whose failure the script goes on.
func tried(l *linter, node syntax.Node) syntax.Pos {
	if stmt, ok := l.parent(0).(*syntax.Stmt); ok {
		around := linter{parents: l.parents[:len(l.parents)-1]}
		if around.isTried(stmt) {
			return node.Pos()
		}
	}
	return nowhere
}
