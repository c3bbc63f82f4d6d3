package shell

import (
	"strings"

	"palletgen/gen/diag"
)

// maxDepth bounds what begins a level of nesting in a script that Check reads:
// the parser calls itself for each, with up to 4 kB, and Go ends a program whose
// stack is full.
const maxDepth = 100_000

// Check parses a whole script as it is delivered, values and all; strict says
// that it has no text from settings, so that our own rules hold for it too. The
// text may be anybody's. The error is a diag.List.
func (e *Engine) Check(src *diag.Source, strict bool) error {
	p := &plan{text: src.Text}
	l := library{src: src}
	switch {
	case levels(src.Text) > maxDepth:
		return diag.List{diag.At(diag.Pos{Source: src}, "it has more parentheses and braces than palletgen can read")}
	case strict && !p.checkBytes():
		return l.report(p)
	}
	file, err := e.parsers.parse(spell(src.Text))
	if err != nil {
		msg, pos := syntaxError(err)
		return diag.List{l.at(pos, msg, "")}
	}
	if strict {
		p.lint(file, &e.parsers)
	}
	return l.report(p)
}

// levels is at least how deep anything in a script is nested.
func levels(text string) int {
	n := 0
	for i := range len(text) {
		if strings.IndexByte("({`?=!", text[i]) >= 0 {
			n++
		}
	}
	for _, word := range []string{"if", "while", "until", "for", "case", "then", "do", "else"} {
		n += strings.Count(text, word)
	}
	return n
}
