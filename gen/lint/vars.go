package lint

import (
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/posix"
)

// variableRules are about variables that shells set, or have a use for.
var variableRules = []rule{
	{name: "shell-variable", msg: "this variable is not in all shells", hint: "do without it", at: []kind{kindParam}, find: shellVariable},
	{name: "variable-taken", msg: "some shells refuse this assignment, or do not keep the value", hint: "use another name",
		on: []string{"read", "export", "readonly"}, at: []kind{kindAssign, kindFor}, find: variableTaken},
}

// shellVariables are set by some shells, and by others not.
const shellVariables = " RANDOM UID EUID GID EGID HOSTNAME SECONDS OSTYPE MACHTYPE HOSTTYPE FUNCNAME PIPESTATUS REPLY SHLVL LINENO " +
	"EPOCHSECONDS EPOCHREALTIME DIRSTACK GROUPS SHELLOPTS OPTERR KSH_VERSION ZSH_VERSION PGRP SRANDOM _ "

func shellVariable(l *linter, node syntax.Node) syntax.Pos {
	exp := node.(*syntax.ParamExp)
	if exp.Param == nil {
		return nowhere
	}
	name := exp.Param.Value
	if (strings.HasPrefix(name, "BASH") || strings.Contains(shellVariables, " "+name+" ")) && !l.facts().assigned[name] && !l.asksForIt(exp) {
		return exp.Pos()
	}
	return nowhere
}

// asksForIt reports whether an expansion is there for shells that lack the
// variable too: ${RANDOM:-5}, or a version that is compared with nothing.
func (l *linter) asksForIt(exp *syntax.ParamExp) bool {
	if exp.Exp != nil {
		switch exp.Exp.Op {
		case syntax.DefaultUnset, syntax.DefaultUnsetOrNull, syntax.AlternateUnset, syntax.AlternateUnsetOrNull:
			return true
		}
	}
	call := inside[*syntax.CallExpr](l)
	return call != nil && len(call.Args) > 0 && slices.Contains(testNames, call.Args[0].Lit()) && (exp.Param.Value == "BASH" || strings.HasSuffix(exp.Param.Value, "_VERSION"))
}

// takenVariables cannot be assigned, or do not keep the value.
const takenVariables = " UID EUID PPID GID EGID GROUPS FUNCNAME DIRSTACK LINENO RANDOM SECONDS HISTCMD BASHPID BASHOPTS SHELLOPTS SHLVL " +
	"EPOCHSECONDS EPOCHREALTIME PIPESTATUS USER_ID LINES COLUMNS SRANDOM "

func taken(name string) bool { return strings.Contains(takenVariables, " "+name+" ") }

func variableTaken(_ *linter, node syntax.Node) syntax.Pos {
	switch node := node.(type) {
	case *syntax.Assign:
		if node.Name != nil && taken(node.Name.Value) {
			return node.Pos()
		}
	case *syntax.ForClause:
		if words, ok := node.Loop.(*syntax.WordIter); ok && taken(words.Name.Value) {
			return words.Name.Pos()
		}
	case *syntax.CallExpr:
		for _, word := range node.Args[1:] {
			if name, _, _ := strings.Cut(posix.StaticText(word), "="); taken(name) {
				return word.Pos()
			}
		}
	}
	return nowhere
}
