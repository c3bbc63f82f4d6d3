package shell

import (
	"path"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/posix"
)

// redirects finds the values in the redirections of stmt.
func (f *finder) redirects(stmt *syntax.Stmt) {
	for _, r := range stmt.Redirs {
		switch r.Op {
		case syntax.Hdoc, syntax.DashHdoc:
			f.forbid(r.Word, refusal{"a value cannot be part of a here-document's delimiter", "write the delimiter in the template"})
			f.heredoc(r)
		case syntax.DplIn, syntax.DplOut:
			f.forbid(r.Word, refusal{"a value cannot be the descriptor of a redirection", "write the descriptor in the template"})
			f.word(r.Word, wordUse{})
		default:
			f.word(r.Word, wordUse{checks: []*check{fileCheck, socketCheck}})
		}
	}
}

// stdin refuses values in what a shell, or another interpreter, reads as code, and
// has those be of one line in what is read line by line.
func (f *finder) stdin(stmt *syntax.Stmt) {
	r := refusal{"the value would be read as code by another program", "write the code to a file with a template of its own, or pass the value as an argument"}
	if pipe, ok := stmt.Cmd.(*syntax.BinaryCmd); ok && pipe.Op == syntax.Pipe {
		switch code, lines := f.engine.rules.readsCode(pipe.Y); {
		case code:
			f.forbidInput(pipe.X, r)
		case lines:
			f.oneLine(pipe.X)
		}
	}
	if len(stmt.Redirs) == 0 {
		return
	}
	code, lines := f.engine.rules.readsCode(stmt)
	for _, redir := range stmt.Redirs {
		switch {
		case code:
			f.forbidCode(redir.Hdoc, r)
		case lines:
			f.oneLine(redir.Hdoc)
		case redir.Hdoc != nil && writesScript(stmt, redir.Hdoc):
			f.forbidCode(redir.Hdoc, refusal{"the value would be code of the script that is written here",
				"make the script a file of the crate, with a template of its own"})
		}
	}
}

// oneLine refuses values of several lines in node.
func (f *finder) oneLine(node any) {
	for _, value := range markersIn(node) {
		f.place(value).oneLine = true
	}
}

// writesScript reports whether the body of a here-document goes into a script.
func writesScript(stmt *syntax.Stmt, body *syntax.Word) bool {
	if lit, ok := body.Parts[0].(*syntax.Lit); ok && strings.HasPrefix(lit.Value, "#!") {
		return true
	}
	for _, r := range stmt.Redirs {
		if r.Op == syntax.RdrOut || r.Op == syntax.AppOut || r.Op == syntax.RdrClob {
			switch path.Ext(posix.StaticText(r.Word)) {
			case ".sh", ".bash", ".pl", ".py", ".rb":
				return true
			}
		}
	}
	return false
}

// heredoc finds the values in the body of a here-document.
func (f *finder) heredoc(r *syntax.Redirect) {
	if r.Hdoc == nil {
		return
	}
	if r.Op == syntax.DashHdoc {
		f.forbid(r.Hdoc, refusal{"a value cannot stand in a here-document begun by <<-, which takes away its tabs", "use << and no indentation"})
	}
	if f.substitutions > 0 {
		f.forbid(r.Hdoc, refusal{"a value cannot stand in a here-document inside of $( ): some shells look for quotes in it", "use printf instead of the here-document"})
	}
	f.word(r.Hdoc, wordUse{heredoc: true, raw: quotesAnything(r.Word), delimiter: posix.StaticText(r.Word)})
}

// quotesAnything reports whether any part of a delimiter is quoted, so that
// nothing is expanded in the here-document.
func quotesAnything(delimiter *syntax.Word) bool {
	for _, part := range delimiter.Parts {
		if lit, ok := part.(*syntax.Lit); !ok || strings.Contains(lit.Value, `\`) {
			return true
		}
	}
	return false
}
