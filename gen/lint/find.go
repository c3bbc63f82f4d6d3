package lint

import (
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/posix"
)

// callArgs returns the words of a simple command.
func callArgs(node syntax.Node) []*syntax.Word { return node.(*syntax.CallExpr).Args }

// args finds commands with one of the given arguments.
func args(bad ...string) findFunc {
	return func(_ *linter, node syntax.Node) syntax.Pos {
		for _, word := range callArgs(node)[1:] {
			if slices.Contains(bad, word.Lit()) {
				return word.Pos()
			}
		}
		return nowhere
	}
}

// firstArg finds commands whose first argument is one of those given.
func firstArg(bad ...string) findFunc {
	return func(_ *linter, node syntax.Node) syntax.Pos {
		words := callArgs(node)
		if len(words) > 1 && slices.Contains(bad, words[1].Lit()) {
			return words[1].Pos()
		}
		return nowhere
	}
}

// optionBut finds commands with an option that has another letter than those
// given; of letters before ":" the rest of the word, or the next, is the argument.
func optionBut(letters string) findFunc {
	return eachOption(func(text string) bool {
		for i := range len(text) {
			at := strings.IndexByte(letters, text[i])
			if at < 0 || text[i] == ':' {
				return true
			}
			if strings.HasPrefix(letters[at+1:], ":") {
				return false
			}
		}
		return false
	})
}

// eachOption finds options whose letters are bad; a - is no option, nor is what
// stands behind --.
func eachOption(bad func(letters string) bool) findFunc {
	return func(_ *linter, node syntax.Node) syntax.Pos {
		for _, word := range callArgs(node)[1:] {
			lit := posix.StaticText(word)
			if len(lit) < 2 || lit[0] != '-' || lit == "--" {
				break
			}
			if bad(lit[1:]) {
				return word.Pos()
			}
		}
		return nowhere
	}
}

// operands returns the words of a command behind its options, of which none
// takes an argument of its own.
func operands(words []*syntax.Word) []*syntax.Word {
	for i, word := range words[1:] {
		switch lit := posix.StaticText(word); {
		case lit == "--":
			return words[i+2:]
		case len(lit) < 2 || lit[0] != '-':
			return words[i+1:]
		}
	}
	return nil
}

// param returns the expansion that a word is, in quotes or not, nil for others.
func param(word *syntax.Word) *syntax.ParamExp {
	if len(word.Parts) != 1 {
		return nil
	}
	part := word.Parts[0]
	if quoted, ok := part.(*syntax.DblQuoted); ok && len(quoted.Parts) == 1 {
		part = quoted.Parts[0]
	}
	exp, _ := part.(*syntax.ParamExp)
	return exp
}

// isStatus reports whether word is $?.
func isStatus(word *syntax.Word) bool {
	exp := param(word)
	return exp != nil && exp.Param != nil && exp.Param.Value == "?" && exp.Exp == nil
}

// shift returns the position n bytes behind pos, on the same line.
func shift(pos syntax.Pos, n int) syntax.Pos {
	return syntax.NewPos(pos.Offset()+uint(n), pos.Line(), pos.Col()+uint(n))
}

// simpleCommand returns the simple command of a statement and its name, "" where it is
// something else.
func simpleCommand(stmt *syntax.Stmt) (call *syntax.CallExpr, name string) {
	call, ok := stmt.Cmd.(*syntax.CallExpr)
	if !ok || len(call.Args) == 0 {
		return nil, ""
	}
	return call, call.Args[0].Lit()
}
