package systemd

import (
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/splice"
)

// flags are what may stand before the program of a command, with a meaning of
// its own; that of | is newer than systemd 252.
const flags = "-@:+!|"

// commands reads what stands after ExecStart= and its like: command lines with a
// ; of its own between two.
func (p *parser) commands(at place, value string) ([]*Command, *diag.Error) {
	var all []*Command
	s := &scanner{text: value}
	for s.more() {
		if s.lone(";") {
			return nil, splice.Problem("a command is missing before this ;").WithHint(`the word ; is written \;`)
		}
		c, err := p.command(s, at)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

// command reads one command line and the ; after it.
func (p *parser) command(s *scanner, at place) (*Command, *diag.Error) {
	c := &Command{}
	at.first = true
	program, err := p.word(s, at) // systemd replaces no variables in it
	if err != nil {
		return nil, err
	}
	if err := c.takeFlags(program); err != nil {
		return nil, err
	}
	at.first, at.env = false, !strings.Contains(c.Flags, ":")
	for s.more() {
		var word *Word
		switch {
		case s.lone(";"):
			return c, nil
		case s.lone(`\;`):
			word = &Word{Parts: []Part{{Text: ";"}}}
		default:
			if word, err = p.word(s, at); err != nil {
				return nil, err
			}
		}
		c.Words = append(c.Words, word)
	}
	return c, nil
}

// takeFlags takes the prefixes off the program.
func (c *Command) takeFlags(program *Word) *diag.Error {
	c.Words = []*Word{program}
	if len(program.Parts) == 0 || program.Parts[0].Special {
		return nil
	}
	text := program.Parts[0].Text
	rest := strings.TrimLeft(text, flags)
	c.Flags = text[:len(text)-len(rest)]
	if c.Flags != "!!" && len(c.Flags) > 1 {
		for i := range c.Flags {
			if strings.Contains(c.Flags[:i], c.Flags[i:i+1]) && c.Flags[:i+1] != "!!" {
				return splice.Problem("the prefix %q stands there twice", c.Flags[i:i+1])
			}
		}
	}
	if program.Parts[0].Text = rest; rest == "" {
		program.Parts = program.Parts[1:]
	}
	return nil
}
