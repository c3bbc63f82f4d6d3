package shell

import (
	"path"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/lazyregexp"
	"palletgen/gen/posix"
	"palletgen/gen/record"
)

// A calledCommand is a command that a simple command runs: itself, or one that
// it is a wrapper of.
type calledCommand struct {
	word    *syntax.Word
	name    string
	dynamic bool   // its name is only known at run time
	code    string // not a command, but code that the command reads: trap 'code' EXIT
}

// An analysis finds out what each word of a simple command is used for. Values
// are unknown to it, as is everything that is expanded.
type analysis struct {
	args   []*syntax.Word
	uses   []wordUse
	called []calledCommand
	stdin  bool // the command reads code from its standard input
	lines  bool // each line of its input says something of its own
	rules  rulebook
	depth  int // commands within each other
}

// maxDepth bounds how many commands may be within each other, as in env nice time x.
const maxDepth = 100

// analyse finds out about the simple command with the words args.
func (r rulebook) analyse(args []*syntax.Word) *analysis {
	a := &analysis{args: args, uses: make([]wordUse, len(args)), rules: r}
	a.command(0, len(args))
	return a
}

// command analyses the command whose words are args[from:to].
func (a *analysis) command(from, to int) {
	if from >= to {
		return
	}
	if a.depth++; a.depth > maxDepth {
		a.forbid(from, to, "too many commands run each other before this value", "have fewer of them in one line, such as env, nice and timeout")
		return
	}
	word := a.args[from]
	a.uses[from] = wordUse{command: true}
	name, known := posix.Static(word)
	if !known {
		// A value that is no command is refused there; what follows are the
		// arguments of an unknown command.
		if !isMarker(word) && !isAllArguments(word) && len(markersIn(word)) == 0 {
			a.called = append(a.called, calledCommand{word: word, dynamic: true})
		}
		a.options(from+1, to)
		a.named(from+1, to)
		return
	}
	a.called = append(a.called, calledCommand{word: word, name: name})
	a.options(from+1, to)
	a.lines = a.lines || slices.Contains(lineReaders, path.Base(name))
	rules := a.rules.of(path.Base(name))
	if rules != nil {
		rules(a, from+1, to)
	} else {
		a.named(from+1, to)
	}
	if _, wraps := wrappers[path.Base(name)]; wraps || rules == nil {
		a.anywhere(from+1, to)
	}
}

// isMarker reports whether word is a marker and nothing else.
func isMarker(word *syntax.Word) bool {
	lit := word.Lit()
	at, _ := record.FindMarker(lit)
	return at == 0 && len(lit) == markerLen
}

// isAllArguments reports whether word is "$@": a command with its arguments
// that somebody else wrote.
func isAllArguments(word *syntax.Word) bool {
	if len(word.Parts) != 1 {
		return false
	}
	quoted, ok := word.Parts[0].(*syntax.DblQuoted)
	if !ok || len(quoted.Parts) != 1 {
		return false
	}
	exp, ok := quoted.Parts[0].(*syntax.ParamExp)
	return ok && exp.Param != nil && exp.Param.Value == "@" && exp.Exp == nil
}

// options gives args[from:to] the use that arguments have in general: a value
// at the beginning of a word must not turn it into an option, unless a literal
// -- stands before.
func (a *analysis) options(from, to int) {
	optionBefore := false
	for i := from; i < to; i++ {
		text, known := posix.Static(a.args[i])
		if known && text == "--" {
			a.data(i+1, to)
			return
		}
		a.uses[i] = wordUse{args: true, checks: []*check{optionCheck}}
		switch {
		case !known && (text == "-" || text == "--"):
			a.uses[i].checks = []*check{optionNameCheck}
		case strings.HasPrefix(text, "--") && strings.Contains(text, "="):
			a.uses[i].checks = nil // the template says which option it is
		case !known && strings.HasPrefix(text, "-"):
			a.uses[i].checks = gluedChecks(text)
		case optionBefore:
			a.uses[i].checks = []*check{optionNumberCheck}
		}
		optionBefore = known && strings.HasPrefix(text, "-") && len(text) > 1
	}
}

// namedOption is an option that says its name before its value, as programs in Go
// have them: -config=x. -D defines something wherever it takes a value.
var namedOption = lazyregexp.New(`^-([A-Za-z][A-Za-z0-9._-]*=|D)`)

// named lets values stand in such options of a program of which nothing is known.
func (a *analysis) named(from, to int) {
	for i := from; i < to; i++ {
		text, known := a.text(i)
		if known && text == "--" {
			return
		}
		if !known && namedOption.MatchString(text) {
			a.uses[i].checks = nil
		}
	}
}

// data says that args[from:to] are taken as they are.
func (a *analysis) data(from, to int) {
	for i := from; i < to; i++ {
		a.uses[i] = wordUse{args: true}
	}
}

// each says that args[from:to] have to pass c.
func (a *analysis) each(from, to int, c *check) {
	for i := from; i < to; i++ {
		a.uses[i] = wordUse{checks: []*check{c}}
	}
}

// forbid says that no value belongs into args[from:to].
func (a *analysis) forbid(from, to int, msg, hint string) {
	for i := from; i < min(to, len(a.uses)); i++ {
		a.uses[i] = wordUse{forbid: refusal{msg, hint}}
	}
}

// code says that args[i] is shell code, of which the calls count.
func (a *analysis) code(i, to int, command string) {
	if i >= to {
		return
	}
	a.forbid(i, i+1, "the value would be read as shell code by "+command, hintArguments(command))
	if text, known := posix.Static(a.args[i]); known && text != "" && text != "-" {
		a.called = append(a.called, calledCommand{word: a.args[i], code: text})
	}
}

func hintArguments(command string) string {
	switch command {
	case "trap":
		return "assign the value to a variable, and use that in the code"
	case "eval", "alias", "ssh":
		return "do without " + command
	}
	return "pass the value as an argument: " + command + ` … 'code with "$1"' sh VALUE`
}

// text returns args[i] as far as it is known before the script runs.
func (a *analysis) text(i int) (string, bool) { return posix.Static(a.args[i]) }

// operand returns the index of the first of args[from:to] that is no option, for
// a command with options of one letter, of which those in withArg take an
// argument. each is called with every option: its letter and the index of its
// argument, or -1.
func (a *analysis) operand(from, to int, withArg string, each func(letter byte, arg int)) int {
	for i := from; i < to; i++ {
		text, known := a.text(i)
		switch {
		case text == "--" && known:
			return i + 1
		case len(text) < 2 || text[0] != '-':
			return i
		case text[1] == '-': // a long option, which holds its argument
			continue
		}
		for j := 1; j < len(text); j++ {
			takes := strings.IndexByte(withArg, text[j]) >= 0
			arg := -1
			if takes {
				arg = i
				if j+1 == len(text) && known {
					i++
					arg = i
				}
			}
			if each != nil {
				each(text[j], min(arg, to))
			}
			if takes {
				break
			}
		}
	}
	return to
}

// readsCode reports whether stmt, or a part of it, is an interpreter that reads
// code from its standard input, or else a program to which each line of that says
// something of its own.
func (r rulebook) readsCode(stmt *syntax.Stmt) (code, lines bool) {
	syntax.Walk(stmt, func(node syntax.Node) bool {
		if call, ok := node.(*syntax.CallExpr); ok && len(call.Args) > 0 {
			a := r.analyse(call.Args)
			code, lines = code || a.stdin, lines || a.lines
		}
		return !code
	})
	return code, lines
}
