package lint

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/posix"
)

// quotingRules are about quotes, braces and tildes.
var quotingRules = []rule{
	{name: "dollar-quote", msg: "$'…' and $\"…\" are no POSIX shell", hint: "use printf for special characters", at: []kind{kindWord, kindForeign, kindDouble}, find: dollarQuote},
	{name: "brace-expansion", msg: "braces are expanded by some shells only", hint: "write the words out, or put the braces in quotes", at: []kind{kindCall, kindFor}, find: braces},
	{name: "tilde-directory", msg: "~+ and ~- are not in all shells", hint: "write $PWD or $OLDPWD", at: []kind{kindWord}, find: tildeDirectory},
	{name: "tilde-in-argument", msg: "bash and mksh expand this ~, others do not", hint: "write $HOME, or put the ~ in quotes", at: []kind{kindCall}, find: tildeArgument},
}

func dollarQuote(_ *linter, node syntax.Node) syntax.Pos {
	switch node := node.(type) {
	case *syntax.SglQuoted:
		if node.Dollar {
			return node.Pos()
		}
	case *syntax.DblQuoted:
		if node.Dollar {
			return node.Pos()
		}
	case *syntax.Word:
		for i := range len(node.Parts) - 1 {
			lit, ok := node.Parts[i].(*syntax.Lit)
			if !ok || !strings.HasSuffix(lit.Value, "$") || posix.EndsInBackslash(strings.TrimSuffix(lit.Value, "$")) {
				continue
			}
			switch next := node.Parts[i+1].(type) {
			case *syntax.SglQuoted, *syntax.DblQuoted:
				return next.Pos()
			}
		}
	}
	return nowhere
}

// braces finds words in which unquoted braces hold a comma or dots.
func braces(_ *linter, node syntax.Node) syntax.Pos {
	for _, word := range expanded(node) {
		if len(word.Parts) > 1 || strings.Contains(word.Lit(), "{") {
			if pos := bracesIn(word); pos.IsValid() {
				return pos
			}
		}
	}
	return nowhere
}

func bracesIn(word *syntax.Word) syntax.Pos {
	open, comma := nowhere, false
	for _, part := range word.Parts {
		lit, ok := part.(*syntax.Lit)
		if !ok {
			continue
		}
		for i := 0; i < len(lit.Value); i++ {
			switch c := lit.Value[i]; {
			case c == '\\':
				i++
			case c == '{':
				open, comma = shift(lit.Pos(), i), false
			case c == ',', c == '.' && strings.HasPrefix(lit.Value[i:], ".."):
				comma = true
			case c == '}':
				if open.IsValid() && comma {
					return open
				}
				open = nowhere
			}
		}
	}
	return nowhere
}

func tildeDirectory(_ *linter, node syntax.Node) syntax.Pos {
	lit, ok := node.(*syntax.Word).Parts[0].(*syntax.Lit)
	if ok && len(lit.Value) > 1 && lit.Value[0] == '~' && (lit.Value[1] == '+' || lit.Value[1] == '-') && (len(lit.Value) == 2 || lit.Value[2] == '/') {
		return lit.Pos()
	}
	return nowhere
}

// tildeArgument finds arguments such as NAME=~ of other commands than export.
func tildeArgument(_ *linter, node syntax.Node) syntax.Pos {
	call := node.(*syntax.CallExpr)
	if len(call.Args) < 2 {
		return nowhere
	}
	switch call.Args[0].Lit() {
	case "export", "readonly":
		return nowhere
	}
	for _, word := range call.Args[1:] {
		if lit, ok := word.Parts[0].(*syntax.Lit); ok {
			if at := strings.Index(lit.Value, "=~"); at > 0 && (at+2 == len(lit.Value) || lit.Value[at+2] == '/') {
				return shift(lit.Pos(), at+1)
			}
		}
	}
	return nowhere
}
