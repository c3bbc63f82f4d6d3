// Package procfile reads Procfiles and their .env files as foreman and honcho
// do, and makes services of their processes. It imports gen/command, gen/diag,
// gen/importer, gen/lazyregexp, gen/posix and gen/schema.
package procfile

import (
	"strings"
	"unicode/utf8"

	"palletgen/gen/diag"
	"palletgen/gen/lazyregexp"
)

// A Process is one line of a Procfile.
type Process struct {
	Name, Command string
	Pos           diag.Pos // of the line
	Col           int      // where the command begins in the line, from 1
	Index         int      // of the process among all, from 0
}

// processRE is how foreman, honcho and node-foreman read a line.
var processRE = lazyregexp.New(`^([A-Za-z0-9_-]+):[ \t\r\f\v]*(.+)$`)

// eachLine calls f for each line without its end.
func eachLine(src *diag.Source, f func(at diag.Pos, line string)) {
	n := 0
	for line := range strings.Lines(src.Text) {
		n++
		line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		f(diag.Pos{Source: src, Line: n, Col: 1}, line)
	}
}

// indented moves a place to where the text of its line begins.
func indented(at diag.Pos, line string) diag.Pos {
	at.Col = 1 + len(line) - len(strings.TrimLeft(line, " \t"))
	return at
}

// Parse reads a Procfile. The list names the lines that are left out by those
// programs, mostly in silence.
func Parse(src *diag.Source) ([]Process, diag.List) {
	var all []Process
	var dropped diag.List
	eachLine(src, func(at diag.Pos, line string) {
		trimmed := strings.TrimSpace(line)
		match := processRE.FindStringSubmatchIndex(line)
		switch {
		case trimmed == "", trimmed[0] == '#':
		case !utf8.ValidString(line) || strings.ContainsRune(line, 0):
			dropped.Add(diag.At(at, "this line is no UTF-8 text"))
		case match == nil || strings.TrimSpace(line[match[4]:]) == "":
			dropped.Add(noProcess(indented(at, line), line))
		default:
			all = append(all, Process{
				Name: line[match[2]:match[3]], Command: line[match[4]:match[5]],
				Pos: at, Col: match[4] + 1, Index: len(all),
			})
		}
	})
	return all, dropped
}

// noProcess says what is wrong with a line that is no process.
func noProcess(at diag.Pos, line string) *diag.Error {
	e := diag.At(at, "this is no line NAME: COMMAND, and foreman and honcho leave it out in silence")
	name, command, found := strings.Cut(strings.TrimSpace(line), ":")
	switch {
	case found && strings.TrimSpace(command) == "":
		return e.WithHint("the command is missing")
	case found && processRE.MatchString(strings.TrimSpace(line)):
		return e.WithHint("begin the line with its name, without blanks before it")
	case found && !strings.ContainsAny(name, " \t"):
		return e.WithHint("a name has letters, digits, _ and -")
	}
	return e.WithHint("NAME: COMMAND, all in one line")
}
