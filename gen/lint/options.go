package lint

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/posix"
)

// optionRules are about the options of builtins.
var optionRules = []rule{
	{name: "read-option", msg: "read has only the option -r in POSIX shell", hint: "read from a file or a pipe, without a time limit", on: []string{"read"}, find: optionBut("r")},
	{name: "read-name", msg: "read wants a name in some shells", hint: "write read -r NAME", on: []string{"read"}, find: readName},
	{name: "wait-option", msg: "wait has no options in POSIX shell", hint: "wait for a process by its number", on: []string{"wait"}, find: optionBut("")},
	{name: "exec-option", msg: "exec has no options in POSIX shell", hint: "leave it out", on: []string{"exec"}, find: optionBut("")},
	{name: "pipefail", msg: "pipefail is not in all shells", hint: "test what each command of the pipe left behind", on: []string{"set"}, find: args("pipefail")},
	{name: "set-option", msg: "this option of set is not in all shells", hint: "use -a -C -e -f -n -u -v -x alone", on: []string{"set"}, find: setOption},
	{name: "set-dash", msg: "set - is an argument in yash", hint: "write set --", on: []string{"set"}, find: firstArg("-")},
	{name: "builtin-dashes", msg: "-- is no end of options for this builtin in all shells", hint: "leave it out", find: firstArg("--"),
		on: []string{"eval", "exec", "shift", "return", "exit", "break", "continue", "getopts"}},
	{name: "export-option", msg: "export and readonly have only the option -p in POSIX shell", hint: "leave it out, or unset the variable", on: []string{"export", "readonly"}, find: optionBut("p")},
	{name: "unset-option", msg: "unset has only the options -f and -v in POSIX shell", hint: "leave it out", on: []string{"unset"}, find: optionBut("fv")},
	{name: "umask-option", msg: "umask has only the option -S in POSIX shell", hint: "take what umask prints", on: []string{"umask"}, find: optionBut("S")},
	{name: "ulimit-option", msg: "this option of ulimit is not in all shells", hint: "use -c -d -f -n -s -t -v, or try several", on: []string{"ulimit"}, find: ulimitOption},
	{name: "cd-option", msg: "cd and pwd have only the options -L and -P in POSIX shell", hint: "leave it out", on: []string{"cd", "pwd"}, find: optionBut("LP")},
	{name: "command-option", msg: "command has only the options -p, -v and -V in POSIX shell", hint: "leave it out", on: []string{"command"}, find: optionBut("pvV")},
	{name: "command-names", msg: "dash takes one name after command -v, others several", hint: "ask for one after the other", on: []string{"command"}, find: commandNames},
	{name: "kill-dashes", msg: "kill -- fails in dash and busybox", hint: `write kill -TERM "-$pgid"`, on: []string{"kill"}, find: args("--")},
	{name: "kill-option", msg: "kill has only the options -s and -l in POSIX shell", hint: "write kill -s NAME, or kill -NAME", on: []string{"kill"}, find: firstArg("-n", "-L", "-q")},
	{name: "kill-list", msg: "kill -l knows only numbers of signals in all shells", hint: "write kill -l NUMBER", on: []string{"kill"}, find: killList},
}

// readName finds read without the name of a variable.
func readName(_ *linter, node syntax.Node) syntax.Pos {
	words := callArgs(node)
	for _, word := range words[1:] {
		if lit := posix.StaticText(word); !strings.HasPrefix(lit, "-") || strings.Trim(lit[1:], "rse-") != "" {
			return nowhere
		}
	}
	return words[0].Pos()
}

// ulimitOption leaves alone what another ulimit stands in for: ulimit -u 5 || ulimit -p 5.
func ulimitOption(l *linter, node syntax.Node) syntax.Pos {
	if either, ok := l.parent(1).(*syntax.BinaryCmd); ok && either.Op == syntax.OrStmt {
		return nowhere
	}
	return optionBut("SHcdfnstvla")(l, node)
}

// setNames are the options by name that all shells have.
const setNames = " allexport errexit noclobber noexec noglob nounset verbose xtrace pipefail "

func setOption(_ *linter, node syntax.Node) syntax.Pos {
	words := callArgs(node)
	for i := 1; i < len(words); i++ {
		lit, known := posix.Static(words[i])
		if len(lit) < 2 || lit[0] != '-' && lit[0] != '+' || lit == "--" {
			return nowhere
		}
		if known && strings.Trim(lit[1:], "aCefnuvxo") != "" {
			return words[i].Pos()
		}
		if strings.HasSuffix(lit, "o") && i+1 < len(words) {
			i++
			if name, known := posix.Static(words[i]); known && !strings.Contains(setNames, " "+name+" ") {
				return words[i].Pos()
			}
		}
	}
	return nowhere
}

func commandNames(_ *linter, node syntax.Node) syntax.Pos {
	words := callArgs(node)
	if len(words) > 3 && (words[1].Lit() == "-v" || words[1].Lit() == "-V") && words[2].Lit() != "--" {
		return words[3].Pos()
	}
	return nowhere
}

func killList(_ *linter, node syntax.Node) syntax.Pos {
	words := callArgs(node)
	if len(words) < 3 || words[1].Lit() != "-l" {
		return nowhere
	}
	if text, known := posix.Static(words[2]); known && (!posix.IsNumber(text) || len(text) > 2) {
		return words[2].Pos()
	}
	return nowhere
}
