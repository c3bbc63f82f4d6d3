// Package shell is the template engine for POSIX shell. It takes what a
// template printed, with a marker in the place of every value (record.Marked),
// reads off the syntax tree where each value stands, quotes it for that place,
// puts it in, parses the result again, and compares both trees: apart from the
// values nothing may differ. So a value cannot break out of its place, and a
// template's author cannot forget to quote. It imports gen/command, gen/diag,
// gen/lazyregexp, gen/lint, gen/posix and gen/record.
package shell

import "palletgen/gen/diag"

// A Script is shell text with all values in it.
type Script struct {
	Text  string
	Lines []diag.Pos // Lines[i]: the template line that line i (from 0) of Text comes from
	Defs  []string   // functions that it defines, sorted
	Calls []Call     // commands and functions that it calls, sorted by name, each once; without builtins
	Style Style

	uses func() []Use
}

// Uses returns the calls of functions and programs, each with how many arguments
// it has.
func (s *Script) Uses() []Use {
	if s == nil || s.uses == nil {
		return nil
	}
	return s.uses()
}

// A Style is how much can be told of what a script does from its text alone.
type Style struct {
	// Straight: it is functions whose bodies are simple commands, one after the
	// other: no conditions, loops, redirections, assignments, substitutions.
	Straight bool
	// Calm: it redirects to no file but /dev/null, starts nothing in the
	// background, and names every command that it calls.
	Calm bool
}

// A Call is a command or function that is called by a name the template states.
// What runs through exec, env, chpst and other wrappers counts too; what a value
// of type command.Command runs does not, since it comes from settings.
type Call struct {
	Name string
	Pos  diag.Pos // of the first call
}

// Code is shell text from settings, such as a whole run file. It is parsed on
// its own, may stand only as a statement on a line of its own, and goes into the
// script as it is.
type Code string

// A Function is one function of a library file.
type Function struct {
	Name     string
	Text     string   // its comment block and its definition, with a final newline
	Doc      string   // the comment block without the leading "# "
	Calls    []Call   // as in Script; see Called for those of an outline
	Optional []string // commands named by "# may use:" lines, sorted
	// Resource: it has a line "# resource". It brings one thing into a state; it
	// can say beforehand what it will look at, and changes nothing under --check.
	Resource bool
	// ReadsOnly: it has a line "# reads only", and changes nothing on the host.
	ReadsOnly bool
	// Parts are those functions of a supervisor, without its name, that the
	// function calls: named by "# of the supervisor:" lines.
	Parts []string
	// Undo are functions that take back what the function has recorded, when the bundle is uninstalled: named by
	// "# undone by:" lines.
	Undo []string
	Pos  diag.Pos // of the definition

	uses  []Use                     // as in Script
	reads int                       // see readsArguments
	later func() (*Function, error) // of an outline: reads the function, or of it Calls alone
}
