// Package systemd holds our grammar of systemd's unit files, as
// systemd.syntax(7), systemd.unit(5), systemd.service(5) and systemd.exec(5)
// describe them and the parser of systemd 252 reads them, and puts values into
// such files: each is escaped for the key it stands under, and the result is
// parsed again and compared with what was meant. It imports gen/command,
// gen/diag, gen/lazyregexp, gen/record, gen/shell and gen/splice.
package systemd

import (
	"palletgen/gen/diag"
	"palletgen/gen/splice"
)

// A Unit is the syntax tree of one unit file.
type Unit struct {
	Sections []*Section
}

// A Section is a [Section] with its settings.
type Section struct {
	Pos     diag.Pos
	Name    string
	Entries []*Entry
}

// An Entry is one Key=value. Which of Commands, Words and Text is set depends on
// the key; an empty value sets none.
type Entry struct {
	Pos      diag.Pos
	Key      string
	Commands []*Command // of ExecStart= and its like
	Words    []*Word    // of Environment=, and of lists and plain values
	Text     *Word      // of keys whose value is the rest of the line
}

// A Command is one command line.
type Command struct {
	Flags string  // the prefixes of the program: of - @ : + !
	Words []*Word // the program, without the prefixes, and its arguments
}

// A Word is what systemd takes for one word.
type Word struct {
	Pos   diag.Pos
	Parts []Part
}

// A Part of a word is its exact bytes, or what systemd replaces.
type Part struct {
	Text    string
	Special bool // a specifier such as %n, or a variable: ${NAME}, $NAME
}

// literal returns the bytes of a word; false where systemd replaces some.
func (w *Word) literal() (string, bool) {
	switch {
	case len(w.Parts) == 0:
		return "", true
	case len(w.Parts) == 1 && !w.Parts[0].Special: // there are no two literal parts in succession
		return w.Parts[0].Text, true
	}
	return "", false
}

// each calls f for every word of an entry.
func (e *Entry) each(f func(*Word)) {
	for _, c := range e.Commands {
		for _, w := range c.Words {
			f(w)
		}
	}
	for _, w := range e.Words {
		f(w)
	}
	if e.Text != nil {
		f(e.Text)
	}
}

// Parse reads a unit file. Everything that systemd would ignore with a warning,
// such as a misspelt key, is an error with its place. The error is a diag.List.
func Parse(src *diag.Source) (*Unit, error) {
	p := &parser{text: src.Text, pos: splice.Positions(src)}
	unit := p.file()
	p.errs.Take(check(unit))
	return unit, p.errs.Err()
}
