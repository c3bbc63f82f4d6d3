package lint

import (
	"slices"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/posix"
)

// pipeVariable finds a pipe whose last command sets a variable that is used
// behind it, by a statement of the same list or the right side of && and ||.
func pipeVariable(l *linter, node syntax.Node) syntax.Pos {
	pipe, ok := node.(*syntax.Stmt).Cmd.(*syntax.BinaryCmd)
	if !ok || pipe.Op != syntax.Pipe {
		return nowhere
	}
	set := map[string]bool{}
	setBy(pipe.Y, set)
	if len(set) == 0 {
		return nowhere
	}
	for _, after := range l.after(node.(*syntax.Stmt)) {
		switch used := firstUse(after, set); {
		case used.IsValid():
			return pipe.Y.Pos()
		case len(set) == 0:
			return nowhere
		}
	}
	return nowhere
}

// after returns the statements that run after stmt in the lists around it, up to
// the function that it stands in.
func (l *linter) after(stmt *syntax.Stmt) []*syntax.Stmt {
	var list []*syntax.Stmt
	inner := stmt
	for i := 0; ; i++ {
		var siblings []*syntax.Stmt
		switch parent := l.parent(i).(type) {
		case *syntax.Stmt:
			inner = parent
			continue
		case *syntax.BinaryCmd:
			if parent.X == inner && parent.Op != syntax.Pipe {
				list = append(list, parent.Y)
			}
			continue
		case *syntax.File:
			siblings = parent.Stmts
		case *syntax.Block:
			siblings = parent.Stmts
		case *syntax.Subshell:
			siblings = parent.Stmts
		case *syntax.IfClause:
			siblings = parent.Then
		case *syntax.CmdSubst:
			siblings = parent.Stmts
		}
		if at := slices.Index(siblings, inner); at >= 0 {
			list = append(list, siblings[at+1:]...)
		}
		return list
	}
}

// setBy adds the variables that stmt sets, functions left out.
func setBy(stmt *syntax.Stmt, set map[string]bool) {
	syntax.Walk(stmt, func(node syntax.Node) bool {
		switch node := node.(type) {
		case *syntax.FuncDecl, *syntax.Subshell, *syntax.CmdSubst:
			return false
		case *syntax.CallExpr:
			if len(node.Args) == 0 {
				for _, assign := range node.Assigns {
					if assign.Name != nil {
						set[assign.Name.Value] = true
					}
				}
			} else if node.Args[0].Lit() == "read" {
				for _, word := range node.Args[1:] {
					if name := word.Lit(); posix.IsName(name) {
						set[name] = true
					}
				}
			}
		}
		return true
	})
}

// firstUse returns where stmt uses one of the variables before it sets it anew;
// those that it sets are taken out.
func firstUse(stmt *syntax.Stmt, set map[string]bool) (used syntax.Pos) {
	var anew []string
	syntax.Walk(stmt, func(node syntax.Node) bool {
		switch node := node.(type) {
		case *syntax.ParamExp:
			if node.Param != nil && set[node.Param.Value] && !slices.Contains(anew, node.Param.Value) && !used.IsValid() {
				used = node.Pos()
			}
		case *syntax.Assign:
			if node.Name != nil && node.Value == nil {
				anew = append(anew, node.Name.Value)
			}
		case *syntax.CallExpr:
			if len(node.Args) > 0 && node.Args[0].Lit() == "read" {
				for _, word := range node.Args[1:] {
					anew = append(anew, word.Lit())
				}
			}
		case *syntax.WordIter:
			anew = append(anew, node.Name.Value)
		}
		return true
	})
	if used.IsValid() {
		return used
	}
	again := map[string]bool{}
	setBy(stmt, again)
	for name := range again {
		delete(set, name)
	}
	for _, name := range anew {
		delete(set, name)
	}
	return nowhere
}
