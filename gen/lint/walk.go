package lint

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/posix"
)

// A finding is where a text breaks a rule.
type finding struct {
	pos  syntax.Pos
	rule *rule
}

// A linter looks for what breaks the rules.
type linter struct {
	text       string
	file       *syntax.File
	parsers    *posix.Parsers // for code in words; nil: they are not looked into
	parents    []syntax.Node  // of the node at hand, the outermost first
	found      []finding
	allowances []allowance
	known      *facts // see facts
}

// look looks at all nodes of the file.
func (l *linter) look() {
	syntax.Walk(l.file, func(node syntax.Node) bool {
		if node == nil {
			l.parents = l.parents[:len(l.parents)-1]
			return true
		}
		k := kindOf(node)
		switch k {
		case kindCall:
			if call := node.(*syntax.CallExpr); len(call.Args) > 0 {
				name := call.Args[0].Lit()
				l.apply(rulesOn[name], node)
				if name == "trap" || name == "eval" || name == "sh" {
					l.code(call.Args)
				}
			}
		case kindComment:
			l.comment(node.(*syntax.Comment))
		}
		l.apply(rulesAt[k], node)
		l.parents = append(l.parents, node)
		return true
	})
}

func (l *linter) apply(rules []*rule, node syntax.Node) {
	for _, rule := range rules {
		pos := node.Pos()
		if rule.find != nil {
			pos = rule.find(l, node)
		}
		if pos.IsValid() {
			l.found = append(l.found, finding{pos, rule})
		}
	}
}

// parent returns what node at hand stands in, n levels up from 0; nil at the top.
func (l *linter) parent(n int) syntax.Node {
	if n >= len(l.parents) {
		return nil
	}
	return l.parents[len(l.parents)-1-n]
}

// inside returns the innermost node of type T around the node at hand, or nil.
func inside[T syntax.Node](l *linter) (found T) {
	for i := len(l.parents) - 1; i >= 0; i-- {
		if node, ok := l.parents[i].(T); ok {
			return node
		}
	}
	return found
}

// code looks at code that trap, eval or sh -c is given as one word.
func (l *linter) code(words []*syntax.Word) {
	rest := operands(words)
	if len(rest) == 0 || words[0].Lit() == "eval" && len(rest) > 1 || words[0].Lit() == "sh" && !isCodeOption(words[1].Lit()) {
		return
	}
	text, known := posix.Static(rest[0])
	if !known || text == "" || text == "-" || l.parsers == nil || !posix.Inert(text) {
		return
	}
	inner := linter{text: text, parsers: l.parsers}
	file, err := l.parsers.Parse(text)
	if err != nil {
		inner.foreign(err)
	} else {
		inner.file = file
		inner.look()
	}
	at := rest[0].Pos()
	quoted, single := rest[0].Parts[0].(*syntax.SglQuoted)
	for _, f := range inner.found {
		if single && len(rest[0].Parts) == 1 && quoted.Value == text && f.pos.Line() == 1 {
			f.pos = shift(at, int(f.pos.Offset())+1)
		} else {
			f.pos = at
		}
		l.found = append(l.found, f)
	}
}

// isCodeOption reports whether a word is -c, or ends in it: -ec.
func isCodeOption(word string) bool {
	return strings.HasPrefix(word, "-") && strings.HasSuffix(word, "c")
}

var nowhere syntax.Pos
