package lint

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// substitutionRules are about what stands in $( ).
var substitutionRules = []rule{
	{name: "substitution-case", msg: "in $( ) posh takes the ) of a pattern for the end", hint: "write (PATTERN)", at: []kind{kindItem}, find: substitutionCase},
	{name: "substitution-comment", msg: "in $( ) posh looks for quotes and parentheses in comments", hint: "put the comment before the statement", at: []kind{kindComment}, find: substitutionComment},
	{name: "substitution-heredoc", msg: "in $( ) posh looks for quotes and parentheses in here-documents", hint: "use printf, or write to a file", at: []kind{kindRedirect}, find: substitutionHeredoc},
}

func substitutionCase(l *linter, node syntax.Node) syntax.Pos {
	subst := inside[*syntax.CmdSubst](l)
	item := node.(*syntax.CaseItem)
	if subst == nil || subst.Backquotes || strings.HasSuffix(strings.TrimRight(l.text[:item.Pos().Offset()], " \t"), "(") {
		return nowhere
	}
	return item.Pos()
}

func substitutionComment(l *linter, node syntax.Node) syntax.Pos {
	subst := inside[*syntax.CmdSubst](l)
	if c := node.(*syntax.Comment); subst != nil && !subst.Backquotes && subst.Right.After(c.Hash) && strings.ContainsAny(c.Text, "'\"`()") {
		return c.Pos()
	}
	return nowhere
}

func substitutionHeredoc(l *linter, node syntax.Node) syntax.Pos {
	r := node.(*syntax.Redirect)
	subst := inside[*syntax.CmdSubst](l)
	if r.Hdoc == nil || subst == nil || subst.Backquotes {
		return nowhere
	}
	for _, part := range r.Hdoc.Parts {
		if lit, ok := part.(*syntax.Lit); ok && strings.ContainsAny(lit.Value, "'\"`()") {
			return r.Pos()
		}
	}
	return nowhere
}
