package lint

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/posix"
)

var inParam = []kind{kindParam}

// expansionRules are about ${ }, $( ) and assignments.
var expansionRules = []rule{
	{name: "append", msg: "+= is no POSIX shell", hint: `write x="${x}…"`, at: []kind{kindCall, kindAssign}, find: appendAssign},
	{name: "array", refused: true, msg: "arrays are no POSIX shell", hint: "use several variables, or set --", at: []kind{kindCall, kindAssign, kindParam}, find: arrayIndex},
	{name: "slice", refused: true, msg: "${x:1:2} is no POSIX shell", hint: "use ${x#PATTERN} and ${x%PATTERN}", at: inParam, find: slice},
	{name: "replace", refused: true, msg: "${x/a/b} is no POSIX shell", hint: "use sed, or ${x%%PATTERN*} and ${x#*PATTERN}", at: inParam, find: replace},
	{name: "indirection", refused: true, msg: "${!x} is no POSIX shell", hint: `write eval "value=\${$name}"`, at: inParam, find: indirection},
	{name: "letter-case", refused: true, msg: "${x^^} and ${x,,} are no POSIX shell", hint: "use tr", at: inParam, find: expansionWith(syntax.UpperFirst, syntax.UpperAll, syntax.LowerFirst, syntax.LowerAll)},
	{name: "transformation", refused: true, msg: "${x@Q} and its like are no POSIX shell", hint: "do without it", at: inParam, find: expansionWith(syntax.OtherParamOps)},
	{name: "at-expansion", msg: "shells treat $@ and $* differently with an operator", hint: "loop over \"$@\", or take $# or ${1+…}", at: inParam, find: atExpansion},
	{name: "at-assignment", msg: "shells join the arguments by different characters here", hint: `write x="$*"`, at: []kind{kindAssign}, find: atAssignment},
	{name: "at-joined", msg: "where there are no arguments, this is one empty word in some shells and none in others", hint: `write "$@" alone`, at: []kind{kindDouble}, find: atJoined},
	{name: "expansion-quote", msg: "shells read a single quote in \"${…}\" differently", hint: "assign the text to a variable first", at: inParam, find: expansionQuote},
	{name: "tilde-in-default", msg: "yash expands this ~", hint: "write $HOME, or put it outside of quotes", at: inParam, find: tildeDefault},
}

func appendAssign(_ *linter, node syntax.Node) syntax.Pos {
	if assign, ok := node.(*syntax.Assign); ok {
		if assign.Append {
			return assign.Pos()
		}
		return nowhere
	}
	call := node.(*syntax.CallExpr)
	if len(call.Args) == 0 {
		return nowhere
	}
	if lit, ok := call.Args[0].Parts[0].(*syntax.Lit); ok {
		if name, _, found := strings.Cut(lit.Value, "+="); found && posix.IsName(name) {
			return lit.Pos()
		}
	}
	return nowhere
}

func arrayIndex(_ *linter, node syntax.Node) syntax.Pos {
	switch node := node.(type) {
	case *syntax.CallExpr:
		if len(node.Args) == 0 {
			return nowhere
		}
		if name, rest, found := strings.Cut(node.Args[0].Lit(), "["); found && posix.IsName(name) && strings.Contains(rest, "]=") {
			return node.Pos()
		}
	case *syntax.Assign:
		if node.Index != nil || node.Array != nil {
			return node.Pos()
		}
	case *syntax.ParamExp:
		if node.Index != nil {
			return node.Pos()
		}
	}
	return nowhere
}

func slice(_ *linter, node syntax.Node) syntax.Pos {
	if node.(*syntax.ParamExp).Slice != nil {
		return node.Pos()
	}
	return nowhere
}

func replace(_ *linter, node syntax.Node) syntax.Pos {
	if node.(*syntax.ParamExp).Repl != nil {
		return node.Pos()
	}
	return nowhere
}

func indirection(_ *linter, node syntax.Node) syntax.Pos {
	if exp := node.(*syntax.ParamExp); exp.Excl || exp.Names != 0 {
		return node.Pos()
	}
	return nowhere
}

func expansionWith(ops ...syntax.ParExpOperator) findFunc {
	return func(_ *linter, node syntax.Node) syntax.Pos {
		exp := node.(*syntax.ParamExp)
		for _, op := range ops {
			if exp.Exp != nil && exp.Exp.Op == op {
				return exp.Pos()
			}
		}
		return nowhere
	}
}

// isAll reports whether exp is of $@, or of either $@ or $*.
func isAll(exp *syntax.ParamExp, star bool) bool {
	return exp.Param != nil && (exp.Param.Value == "@" || star && exp.Param.Value == "*")
}

func atExpansion(_ *linter, node syntax.Node) syntax.Pos {
	exp := node.(*syntax.ParamExp)
	if !isAll(exp, true) {
		return nowhere
	}
	if exp.Length {
		return exp.Pos()
	}
	if exp.Exp != nil {
		switch exp.Exp.Op {
		case syntax.RemSmallPrefix, syntax.RemLargePrefix, syntax.RemSmallSuffix, syntax.RemLargeSuffix, syntax.AlternateUnset, syntax.AlternateUnsetOrNull:
			return exp.Pos()
		}
	}
	return nowhere
}

func atAssignment(_ *linter, node syntax.Node) syntax.Pos {
	assign := node.(*syntax.Assign)
	if assign.Value == nil {
		return nowhere
	}
	if exp := param(assign.Value); exp != nil && isAll(exp, false) && exp.Exp == nil {
		return exp.Pos()
	}
	return nowhere
}

// atJoined finds "$@" beside another expansion in the same quotes.
func atJoined(_ *linter, node syntax.Node) syntax.Pos {
	all, others := nowhere, 0
	for _, part := range node.(*syntax.DblQuoted).Parts {
		switch part := part.(type) {
		case *syntax.ParamExp:
			if isAll(part, false) && !part.Length && !all.IsValid() {
				all = part.Pos()
			} else {
				others++
			}
		case *syntax.CmdSubst:
			others++
		default:
			return nowhere // text: the word is never empty
		}
	}
	if all.IsValid() && others > 0 {
		return all
	}
	return nowhere
}

// defaultWord returns the word of ${x:-WORD} and its like, nil for others.
func defaultWord(exp *syntax.ParamExp) *syntax.Word {
	if exp.Exp == nil {
		return nil
	}
	switch exp.Exp.Op {
	case syntax.RemSmallPrefix, syntax.RemLargePrefix, syntax.RemSmallSuffix, syntax.RemLargeSuffix:
		return nil
	}
	return exp.Exp.Word
}

// quoted reports whether the node at hand stands in double quotes itself.
func (l *linter) quoted() bool {
	_, quoted := l.parent(0).(*syntax.DblQuoted)
	return quoted
}

func expansionQuote(l *linter, node syntax.Node) syntax.Pos {
	word := defaultWord(node.(*syntax.ParamExp))
	if word == nil || !l.quoted() {
		return nowhere
	}
	count, first := 0, nowhere
	for _, part := range word.Parts {
		if lit, ok := part.(*syntax.Lit); ok {
			if n := strings.Count(posix.UnquotedOnly(lit.Value), "'"); n > 0 {
				if count == 0 {
					first = lit.Pos()
				}
				count += n
			}
		}
	}
	if count%2 == 1 {
		return first
	}
	return nowhere
}

func tildeDefault(l *linter, node syntax.Node) syntax.Pos {
	word := defaultWord(node.(*syntax.ParamExp))
	if word == nil || !l.quoted() || len(word.Parts) == 0 {
		return nowhere
	}
	if lit, ok := word.Parts[0].(*syntax.Lit); ok && strings.HasPrefix(lit.Value, "~") {
		return lit.Pos()
	}
	return nowhere
}
