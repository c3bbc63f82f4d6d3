package upstart

import (
	"fmt"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/posix"
)

// split takes the command line raw, as upstart's reader leaves it, apart into
// words. Only a simple command, with redirections if need be, can stand after
// exec; wrong is "" or what is the matter.
func (x *Exec) split(raw string) (wrong, hint string) {
	const prefix = "exec " // what upstart puts before it for /bin/sh
	const script = "write a script block for more than one simple command"
	src := prefix + widen(raw)
	file, err := posix.Parse(syntax.NewParser(syntax.Variant(syntax.LangPOSIX)), src)
	if err != nil {
		msg := err.Error()
		if perr, ok := err.(syntax.ParseError); ok {
			msg = perr.Text
		}
		return "this command is no shell: " + msg, ""
	}
	if len(file.Stmts) != 1 || len(file.Last) > 0 {
		return "only one simple command can stand after exec", script
	}
	stmt := file.Stmts[0]
	call, ok := stmt.Cmd.(*syntax.CallExpr)
	if !ok || stmt.Background || stmt.Negated || stmt.Semicolon.IsValid() || len(stmt.Comments) > 0 || len(call.Args) < 2 || call.Args[0].Lit() != "exec" {
		return "only one simple command can stand after exec", script
	}
	cut := func(n syntax.Node) string { return narrow(src[n.Pos().Offset():n.End().Offset()]) }
	for _, word := range call.Args[1:] {
		x.Words = append(x.Words, execWord(word, cut))
	}
	for _, redir := range stmt.Redirs {
		if redir.Hdoc != nil {
			return "a here-document cannot stand in a job file's exec", ""
		}
		x.Redirs = append(x.Redirs, &ExecWord{Text: cut(redir), Expand: true})
	}
	if first := x.Words[0]; !first.Expand && strings.HasPrefix(first.Text, "-") {
		return fmt.Sprintf("exec takes %q for an option", first.Text), "write the path of the program"
	}
	return "", ""
}

// The shell's parser refuses what is no UTF-8, while a job file may hold any
// bytes: it is given a character of its own for each byte beyond ASCII.
const private = 0xe000

func widen(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if c < 0x80 {
			b.WriteByte(c)
		} else {
			b.WriteRune(private + rune(c))
		}
	}
	return b.String()
}

func narrow(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r < 0x80 {
			b.WriteByte(byte(r))
		} else {
			b.WriteByte(byte(r - private))
		}
	}
	return b.String()
}

// execWord decodes a word of a command line.
func execWord(word *syntax.Word, cut func(syntax.Node) string) *ExecWord {
	var text strings.Builder
	for _, part := range word.Parts {
		if !decode(&text, part) {
			return &ExecWord{Text: cut(word), Expand: true}
		}
	}
	return &ExecWord{Text: narrow(text.String())}
}

// decode writes the bytes that a part of a word stands for; false when the
// shell would expand it.
func decode(to *strings.Builder, part syntax.WordPart) bool {
	switch part := part.(type) {
	case *syntax.Lit:
		return unescape(to, part.Value, "")
	case *syntax.SglQuoted:
		to.WriteString(part.Value)
		return !part.Dollar
	case *syntax.DblQuoted:
		for _, inner := range part.Parts {
			lit, ok := inner.(*syntax.Lit)
			if !ok || !unescape(to, lit.Value, "$`\"\\") {
				return false
			}
		}
		return !part.Dollar
	}
	return false
}

// unescape writes s without the backslashes that quote: before any character,
// or within double quotes before those of special only. false when s holds a
// pattern or a tilde.
func unescape(to *strings.Builder, s, special string) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s) && (special == "" || strings.IndexByte(special, s[i+1]) >= 0):
			i++
			to.WriteByte(s[i])
		case special == "" && strings.IndexByte("*?[~", c) >= 0:
			return false
		default:
			to.WriteByte(c)
		}
	}
	return true
}
