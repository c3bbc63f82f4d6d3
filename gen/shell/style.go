package shell

import (
	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/posix"
)

// styleOf finds the style of a marked text. Values are quoted, so they cannot
// change it; one that is a command counts as one more argument, or as a command
// that is not named.
func styleOf(file *syntax.File) Style {
	style := Style{Straight: true, Calm: true}
	for _, stmt := range file.Stmts {
		style.Straight = style.Straight && straightFunction(stmt)
	}
	syntax.Walk(file, func(node syntax.Node) bool {
		switch node := node.(type) {
		case *syntax.Stmt:
			style.Calm = style.Calm && !node.Background
		case *syntax.Redirect:
			style.Calm = style.Calm && harmless(node)
		case *syntax.CallExpr:
			style.Calm = style.Calm && named(node)
		}
		return true
	})
	return style
}

func straightFunction(stmt *syntax.Stmt) bool {
	decl, ok := stmt.Cmd.(*syntax.FuncDecl)
	if !ok || !plainStmt(stmt) || !plainStmt(decl.Body) {
		return false
	}
	body, ok := decl.Body.Cmd.(*syntax.Block)
	if !ok {
		return false
	}
	for _, stmt := range body.Stmts {
		call, ok := stmt.Cmd.(*syntax.CallExpr)
		if !ok || !plainStmt(stmt) || len(call.Assigns) > 0 || !named(call) || substitutes(call) {
			return false
		}
	}
	return true
}

func plainStmt(stmt *syntax.Stmt) bool {
	return len(stmt.Redirs) == 0 && !stmt.Negated && !stmt.Background
}

// named reports whether the template says what the simple command calls.
func named(call *syntax.CallExpr) bool {
	if len(call.Args) == 0 {
		return true
	}
	_, known := posix.Static(call.Args[0])
	return known && len(markersIn(call.Args[0])) == 0
}

func substitutes(call *syntax.CallExpr) bool {
	found := false
	syntax.Walk(call, func(node syntax.Node) bool {
		if _, ok := node.(*syntax.CmdSubst); ok {
			found = true
		}
		return !found
	})
	return found
}

// harmless reports whether a redirection writes to no file.
func harmless(r *syntax.Redirect) bool {
	switch r.Op {
	case syntax.RdrIn, syntax.DplIn, syntax.DplOut, syntax.Hdoc, syntax.DashHdoc:
		return true
	}
	text, known := posix.Static(r.Word)
	return known && text == "/dev/null"
}
