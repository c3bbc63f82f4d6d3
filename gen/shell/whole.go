package shell

import (
	"palletgen/gen/diag"
	"palletgen/gen/posix"
)

// Check parses a whole script as it is delivered, values and all; strict says
// that it has no text from settings, so that our own rules hold for it too. The
// text may be anybody's. The error is a diag.List.
func (e *Engine) Check(src *diag.Source, strict bool) error {
	p := &plan{text: src.Text}
	l := library{src: src}
	if strict && !p.checkBytes() {
		return l.report(p)
	}
	file, err := e.parsers.Parse(spell(src.Text))
	if err != nil {
		msg, pos := posix.SyntaxError(err)
		return diag.List{l.at(pos, msg, "")}
	}
	if strict {
		p.lint(file, &e.parsers)
	}
	return l.report(p)
}
