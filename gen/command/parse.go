package command

import (
	"errors"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/posix"
)

// A ParseError says why a string is no simple command. Col counts from 1, in
// bytes of the string; 0 where the whole string is meant.
type ParseError struct {
	Col  int
	Msg  string
	Hint string // the remedy
}

// Error returns the message alone.
func (e *ParseError) Error() string { return e.Msg }

const (
	hintShell = `use a list: ["sh", "-c", "…"]`
	hintQuote = "put single quotes around it, or use a list, whose words are exact"
)

// Parse reads src as one simple POSIX command. Its words may hold literals,
// quotes, backslash escapes, and the expansions $VAR, ${VAR} and ${VAR:-word}.
// Everything else a shell knows is refused, with the remedy.
func Parse(src string) (Command, *ParseError) {
	if err := checkBytes(src); err != nil {
		return Command{}, err
	}
	parser := syntax.NewParser(syntax.Variant(syntax.LangPOSIX), syntax.KeepComments(true))
	file, err := posix.Parse(parser, src)
	if err != nil {
		return Command{}, syntaxError(err)
	}
	call, refused := simpleCommand(file)
	if refused != nil {
		return Command{}, refused
	}
	cmd := Command{Args: make([]Arg, len(call.Args))}
	for i, word := range call.Args {
		arg, refused := parseWord(word)
		if refused != nil {
			return Command{}, refused
		}
		cmd.Args[i] = arg
	}
	if first := cmd.Args[0]; first.Src == "" && first.Lit == "" {
		return Command{}, refuse(call.Args[0].Pos(), "the first word of a command cannot be empty", "")
	}
	return cmd, nil
}

// checkBytes refuses what the parser would drop silently.
func checkBytes(src string) *ParseError {
	if i := strings.IndexByte(src, 0); i >= 0 {
		return &ParseError{Col: i + 1, Msg: "a command cannot hold a NUL byte"}
	}
	if i := strings.IndexByte(src, '\r'); i >= 0 {
		return &ParseError{Col: i + 1, Msg: "a command written as a string cannot hold a carriage return",
			Hint: "use a list, whose words are exact"}
	}
	return nil
}

// simpleCommand returns the only command of file, or why it is not alone or not
// simple.
func simpleCommand(file *syntax.File) (*syntax.CallExpr, *ParseError) {
	if len(file.Stmts) == 0 && len(file.Last) == 0 {
		return nil, &ParseError{Msg: "a command needs at least one word"}
	}
	for _, stmt := range file.Stmts {
		file.Last = append(file.Last, stmt.Comments...)
	}
	if len(file.Last) > 0 {
		return nil, refuse(file.Last[0].Hash, "# begins a comment", hintQuote)
	}
	if len(file.Stmts) > 1 {
		return nil, refuse(file.Stmts[1].Pos(), "only one command can stand here", hintShell)
	}
	stmt := file.Stmts[0]
	switch {
	case stmt.Negated:
		return nil, refuse(stmt.Pos(), "! cannot stand before the command", hintShell)
	case stmt.Background:
		return nil, refuse(stmt.Semicolon, "the command cannot be sent to the background with &",
			"leave out the &: the supervisor keeps the process")
	case stmt.Semicolon.IsValid():
		return nil, refuse(stmt.Semicolon, "; cannot end the command", "leave it out")
	case len(stmt.Redirs) > 0:
		return nil, refuse(stmt.Redirs[0].Pos(), "the command cannot redirect its input or output", hintShell)
	}
	call, ok := stmt.Cmd.(*syntax.CallExpr)
	if !ok {
		return nil, refuse(stmt.Pos(), compoundMessage(stmt.Cmd), hintShell)
	}
	if len(call.Assigns) > 0 {
		return nil, refuse(call.Assigns[0].Pos(), "an assignment cannot stand before the command",
			`name the variable under environment, or use a list: ["env", "NAME=value", "…"]`)
	}
	return call, nil
}

func compoundMessage(cmd syntax.Command) string {
	if binary, ok := cmd.(*syntax.BinaryCmd); ok {
		return "only one command can stand here, without " + binary.Op.String()
	}
	return "only a simple command can stand here"
}

// syntaxError turns an error of the parser into ours.
func syntaxError(err error) *ParseError {
	var parse syntax.ParseError
	if errors.As(err, &parse) {
		return refuse(parse.Pos, "the command is no POSIX shell: "+parse.Text, hintShell)
	}
	var lang syntax.LangError
	if errors.As(err, &lang) {
		return refuse(lang.Pos, "the command is no POSIX shell: it uses "+lang.Feature, hintShell)
	}
	return &ParseError{Msg: "cannot read the command: " + err.Error()}
}

func refuse(pos syntax.Pos, msg, hint string) *ParseError {
	col := 0
	if pos.IsValid() {
		col = int(pos.Offset()) + 1
	}
	return &ParseError{Col: col, Msg: msg, Hint: hint}
}
