// Package upstart holds our grammar of Upstart's job files, as init(5) of
// upstart 1.13 describes them and its parser reads them, and puts values into
// such files: each is escaped for the place it stands in, and the result is
// parsed again and compared with what was meant. It imports gen/command,
// gen/diag, gen/lazyregexp, gen/posix, gen/record, gen/shell and gen/splice.
package upstart

import (
	"palletgen/gen/diag"
	"palletgen/gen/splice"
)

// A Conf is the syntax tree of one job file.
type Conf struct {
	Stanzas  []*Stanza
	Comments []*Comment
}

// A Stanza is one setting of a job. Which of Words, On, Exec and Script is set
// depends on its name.
type Stanza struct {
	Pos    diag.Pos
	Name   string  // with the second keyword: "env", "kill timeout", "pre-start exec"
	Words  []*Word // the arguments
	On     *Event  // of "start on" and "stop on"
	Exec   *Exec   // of "exec" and "pre-start exec" …
	Script *Script // of "script" and "pre-start script" …
}

// A Word is one argument without its quotes.
type Word struct {
	Pos  diag.Pos
	Text string
	span splice.Span
}

// An Event is an expression of events: an operator with two operands, or the
// name of an event with what it is matched against.
type Event struct {
	Op          string // "and", "or"; "" for an event
	Left, Right *Event // the operands
	Words       []*Word
}

// An Exec is a command line. Upstart splits it at white space where it holds
// nothing that is special to a shell, and hands it to /bin/sh otherwise; the
// words are the same.
type Exec struct {
	Pos    diag.Pos
	Words  []*ExecWord
	Redirs []*ExecWord // redirections, in the order they stand
	span   splice.Span
}

// An ExecWord is one word of a command line.
type ExecWord struct {
	Pos    diag.Pos
	Text   string // the exact bytes; the source where the shell expands it
	Expand bool   // holds an expansion, or is a redirection
}

// A Script is a block of shell, as it stands in the file.
type Script struct {
	Text string
	span splice.Span
}

// A Comment is the rest of a line from # on, without the #.
type Comment struct {
	Text string
	span splice.Span
}

// Parse reads a job file. Every mistake that upstart would answer with "Unknown
// job" is an error with its place: unknown stanzas, missing and surplus
// arguments, arguments of the wrong kind. The error is a diag.List.
func Parse(src *diag.Source) (*Conf, error) {
	p := &parser{scanner: scanner{text: src.Text}, pos: splice.Positions(src)}
	conf := p.file()
	p.checkAll(conf)
	return conf, p.errs.Err()
}
