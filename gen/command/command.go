// Package command holds the type of the commands that settings name: an exact
// argument vector, written as a list, or one simple POSIX command, written as
// a string. No other text from settings may stand where a command stands. It
// imports gen/posix.
package command

import (
	"errors"
	"fmt"
	"strings"
)

// A Command is the words of one command. Its zero value is no command.
type Command struct {
	Args []Arg
}

// An Arg is one word. With Src empty, Lit holds the exact bytes. Otherwise Lit
// is empty and Src is the POSIX source of a word that holds expansions, such as
// "$JAVA_HOME"/bin/java; its literal parts are quoted where they need it.
type Arg struct {
	Lit string
	Src string
}

// Exact returns the command with exactly the words of argv. It refuses no words
// at all, an empty first word, and the NUL byte, which no argument can hold.
func Exact(argv []string) (Command, error) {
	switch {
	case len(argv) == 0:
		return Command{}, errors.New("a command needs at least one word")
	case argv[0] == "":
		return Command{}, errors.New("the first word of a command cannot be empty")
	}
	args := make([]Arg, len(argv))
	for i, word := range argv {
		if strings.IndexByte(word, 0) >= 0 {
			return Command{}, fmt.Errorf("word %d of the command holds a NUL byte", i+1)
		}
		args[i].Lit = word
	}
	return Command{Args: args}, nil
}

// IsZero reports whether c is no command.
func (c Command) IsZero() bool { return len(c.Args) == 0 }

// Argv returns the exact words of c; false when a word has expansions.
func (c Command) Argv() ([]string, bool) {
	argv := make([]string, len(c.Args))
	for i, arg := range c.Args {
		if arg.Src != "" {
			return nil, false
		}
		argv[i] = arg.Lit
	}
	return argv, true
}

// Shell returns c as POSIX source: its words, quoted where needed, with a blank
// between two. "" for no command.
func (c Command) Shell() string {
	var b strings.Builder
	for i, arg := range c.Args {
		if i > 0 {
			b.WriteByte(' ')
		}
		if arg.Src != "" {
			b.WriteString(arg.Src)
		} else {
			b.WriteString(Quote(arg.Lit))
		}
	}
	return b.String()
}

// String is Shell, for messages.
func (c Command) String() string { return c.Shell() }
