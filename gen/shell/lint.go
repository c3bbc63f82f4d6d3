package shell

import (
	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/lint"
	"palletgen/gen/posix"
)

// lint records what of the text not all shells read alike.
func (p *plan) lint(file *syntax.File, with *posix.Parsers) {
	p.findings(lint.Tree(p.text, file, with))
}

// refuse records what is wrong with a text that the parser refused: what the
// rules say of it, or else the parser's message.
func (p *plan) refuse(err error, prefix string) {
	found, explained := lint.Refused(p.text, err)
	p.findings(found)
	if !explained {
		msg, pos := posix.SyntaxError(err)
		p.trouble(pos, refusal{prefix + posix.NameMarkers(msg), ""})
	}
}

// findings records what was found; false where that is anything.
func (p *plan) findings(found []lint.Finding) bool {
	for _, f := range found {
		p.trouble(f.Pos, refusal{f.Msg, f.Hint})
	}
	return len(found) == 0
}
