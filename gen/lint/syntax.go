package lint

import (
	"mvdan.cc/sh/v3/syntax"
)

// syntaxRules are about commands as such. Most of what they look for a POSIX
// parser refuses; then the tree is that of another, see foreign.
var syntaxRules = []rule{
	{name: "double-bracket", refused: true, msg: "[[ is no POSIX shell", hint: "use [ ], or case", on: []string{"[["}, at: []kind{kindForeign}, find: orCommand(is[*syntax.TestClause])},
	{name: "double-paren", refused: true, msg: "(( begins arithmetic in some shells, and two subshells in others", hint: "write [ $((…)) -ne 0 ], or ( ( with a blank",
		at: []kind{kindSubshell, kindForeign, kindSubst}, find: doubleParen},
	{name: "let", msg: "let is no POSIX shell", hint: "use x=$((…))", on: []string{"let"}, at: []kind{kindForeign}, find: orCommand(is[*syntax.LetClause])},
	{name: "declare", msg: "declare and its like are no POSIX shell", hint: "leave them out", on: []string{"declare", "typeset", "integer", "float", "nameref", "compound"}, at: []kind{kindForeign}, find: orCommand(declares("declare", "typeset", "nameref"))},
	{name: "local", msg: "local is no POSIX shell: ksh93 has none, yash and posh split its values", hint: "prefix the variable with the function's name", on: []string{"local"}, at: []kind{kindForeign}, find: orCommand(declares("local"))},
	{name: "time", refused: true, msg: "time is a keyword in some shells", hint: "leave it out", on: []string{"time"}, at: []kind{kindForeign}, find: orCommand(is[*syntax.TimeClause])},
	{name: "coproc", refused: true, msg: "coproc is no POSIX shell", hint: "use mkfifo", on: []string{"coproc"}, at: []kind{kindForeign}, find: orCommand(is[*syntax.CoprocClause])},
	{name: "select", refused: true, msg: "select is no POSIX shell", hint: "use a loop", on: []string{"select"}, at: []kind{kindFor}, find: orCommand(selects)},
	{name: "for-arithmetic", refused: true, msg: "for (( is no POSIX shell", hint: "use while and x=$((x + 1))", at: []kind{kindForeign}, find: is[*syntax.CStyleLoop]},
	{name: "for-braces", refused: true, msg: "for … { } is no POSIX shell", hint: "write for NAME in WORDS; do … done", at: []kind{kindFor}, find: forBraces},
	{name: "case-braces", refused: true, msg: "case … { } is no POSIX shell", hint: "write case WORD in … esac", at: []kind{kindCase}, find: caseBraces},
	{name: "case-fall", refused: true, msg: "only ;; ends a pattern's commands in POSIX shell", hint: "write ;; and repeat the commands, or call a function", at: []kind{kindItem}, find: caseFall},
	{name: "case-esac", msg: "zsh takes the pattern esac for the end", hint: "put it in quotes: (\"esac\")", at: []kind{kindItem}, find: caseEsac},
	{name: "negation", refused: true, msg: "! is read differently where no blank follows it, twice, and behind |", hint: "write ! COMMAND, at the beginning of a pipe", at: []kind{kindStmt, kindForeign}, find: negation},
	{name: "pipe-both", refused: true, msg: "|& is no POSIX shell", hint: "write 2>&1 |", at: []kind{kindBinary}, find: pipeBoth},
	{name: "process-substitution", refused: true, msg: "<( ) and >( ) are no POSIX shell", hint: "use a pipe, or a file", at: []kind{kindForeign}, find: is[*syntax.ProcSubst]},
	{name: "empty-body", msg: "some shells want a command here", hint: "write :"},
	{name: "heredoc-end", msg: "the here-document is not ended", hint: "write its delimiter on a line of its own"},
	{name: "and-semicolon", msg: "; cannot follow & in most shells", hint: "leave the ; out"},
}

// orCommand finds the command that a rule is on, or what find finds.
func orCommand(find findFunc) findFunc {
	return func(l *linter, node syntax.Node) syntax.Pos {
		if call, ok := node.(*syntax.CallExpr); ok {
			return call.Args[0].Pos()
		}
		return find(l, node)
	}
}

// is finds nodes of one type.
func is[T syntax.Node](_ *linter, node syntax.Node) syntax.Pos {
	if _, ok := node.(T); ok {
		return node.Pos()
	}
	return nowhere
}

func declares(names ...string) findFunc {
	return func(_ *linter, node syntax.Node) syntax.Pos {
		if decl, ok := node.(*syntax.DeclClause); ok {
			for _, name := range names {
				if decl.Variant.Value == name {
					return decl.Pos()
				}
			}
		}
		return nowhere
	}
}

func doubleParen(_ *linter, node syntax.Node) syntax.Pos {
	var stmts []*syntax.Stmt
	switch node := node.(type) {
	case *syntax.ArithmCmd:
		return node.Pos()
	case *syntax.Subshell:
		stmts = node.Stmts
	case *syntax.CmdSubst:
		stmts = node.Stmts
	}
	if len(stmts) == 0 {
		return nowhere
	}
	open := node.Pos().Offset() + 1
	if subst, ok := node.(*syntax.CmdSubst); ok {
		if subst.Backquotes {
			return nowhere
		}
		open++
	}
	if _, again := firstCommand(stmts[0]).(*syntax.Subshell); again && stmts[0].Pos().Offset() == open {
		return node.Pos()
	}
	return nowhere
}

// firstCommand returns the command that a statement begins with.
func firstCommand(stmt *syntax.Stmt) syntax.Command {
	for {
		binary, ok := stmt.Cmd.(*syntax.BinaryCmd)
		if !ok {
			return stmt.Cmd
		}
		stmt = binary.X
	}
}

func selects(_ *linter, node syntax.Node) syntax.Pos {
	if node.(*syntax.ForClause).Select {
		return node.Pos()
	}
	return nowhere
}

func forBraces(_ *linter, node syntax.Node) syntax.Pos {
	if node.(*syntax.ForClause).Braces {
		return node.Pos()
	}
	return nowhere
}

func caseBraces(_ *linter, node syntax.Node) syntax.Pos {
	if node.(*syntax.CaseClause).Braces {
		return node.Pos()
	}
	return nowhere
}

func caseFall(_ *linter, node syntax.Node) syntax.Pos {
	if item := node.(*syntax.CaseItem); item.OpPos.IsValid() && item.Op != syntax.Break {
		return item.OpPos
	}
	return nowhere
}

func caseEsac(_ *linter, node syntax.Node) syntax.Pos {
	for _, pattern := range node.(*syntax.CaseItem).Patterns {
		if pattern.Lit() == "esac" {
			return pattern.Pos()
		}
	}
	return nowhere
}

func negation(l *linter, node syntax.Node) syntax.Pos {
	if glob, ok := node.(*syntax.ExtGlob); ok && l.isCommandName(glob) {
		return glob.Pos()
	}
	stmt, ok := node.(*syntax.Stmt)
	if !ok || !stmt.Negated || stmt.Cmd == nil {
		return nowhere
	}
	if pipe, ok := l.parent(0).(*syntax.BinaryCmd); ok && pipe.Op == syntax.Pipe && pipe.Y == stmt {
		return stmt.Pos()
	}
	if stmt.Cmd.Pos().Offset() == stmt.Pos().Offset()+1 {
		return stmt.Pos()
	}
	return nowhere
}

func pipeBoth(_ *linter, node syntax.Node) syntax.Pos {
	if b := node.(*syntax.BinaryCmd); b.Op == syntax.PipeAll {
		return b.OpPos
	}
	return nowhere
}
