package render

import (
	"strings"
	"sync"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/posix"
)

// An indenter indents shell text. It keeps what it did: groups of one crate
// have the same text but for their values.
type indenter struct{ done sync.Map } // text → indented text

const indentation = "    "

// indent puts four spaces before each line that begins outside of quotes and
// here-documents. ok is false for text that is no shell.
func (in *indenter) indent(text string) (indented string, ok bool) {
	if done, ok := in.done.Load(text); ok {
		return done.(string), true
	}
	inside, ok := insideTokens(text)
	if !ok {
		return text, false
	}
	var b strings.Builder
	for i, line := range strings.SplitAfter(text, "\n") {
		if !inside[i+1] && strings.TrimSpace(line) != "" {
			b.WriteString(indentation)
		}
		b.WriteString(line)
	}
	in.done.Store(text, b.String())
	return b.String(), true
}

// insideTokens returns the lines (from 1) of text that begin within a quoted
// text, a word or a here-document.
func insideTokens(text string) (map[int]bool, bool) {
	file, err := posix.Parse(syntax.NewParser(syntax.Variant(syntax.LangPOSIX)), text)
	if err != nil {
		return nil, false
	}
	inside := map[int]bool{}
	mark := func(from, to uint) {
		for line := from; line <= to; line++ {
			inside[int(line)] = true
		}
	}
	syntax.Walk(file, func(node syntax.Node) bool {
		switch node := node.(type) {
		case *syntax.Lit, *syntax.SglQuoted, *syntax.DblQuoted:
			mark(node.Pos().Line()+1, node.End().Line())
		case *syntax.Redirect:
			if node.Hdoc != nil {
				mark(node.Hdoc.Pos().Line(), node.Hdoc.End().Line())
			}
		}
		return true
	})
	return inside, true
}
