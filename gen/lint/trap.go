package lint

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/posix"
)

// trapRules are about trap and the names of signals.
var trapRules = []rule{
	{name: "signal-name", msg: "names of signals have no SIG", hint: "write TERM for SIGTERM", on: []string{"trap", "kill"}, find: signalName},
	{name: "signal-case", msg: "names of signals in small letters are not known to all shells", hint: "write TERM for term", on: []string{"trap", "kill"}, find: signalCase},
	{name: "trap-pseudo", msg: "ERR, DEBUG and RETURN are traps of some shells only", hint: "test each command with ||", on: []string{"trap"}, find: args("ERR", "DEBUG", "RETURN", "ZERR")},
	{name: "trap-child", msg: "a trap of CHLD runs in some shells only", hint: "use wait", on: []string{"trap"}, find: args("CHLD", "CLD")},
	{name: "trap-kill", msg: "yash refuses traps of KILL and STOP, which never run", hint: "leave them out", on: []string{"trap"}, find: args("KILL", "STOP", "9")},
	{name: "trap-option", msg: "trap has no options in all shells", hint: "call trap alone for a list", on: []string{"trap"}, find: optionBut("")},
	{name: "trap-reset", msg: "trap with a signal alone is refused by some shells", hint: "write trap - SIGNAL", on: []string{"trap"}, find: trapReset},
	{name: "trap-exit", msg: "exit in a trap of EXIT loses the exit code of the script in ksh93, posh and zsh", hint: "leave exit out: the exit code is kept without it", on: []string{"trap"}, find: trapExit},
	{name: "exec-trap", msg: "mksh stays beside the other program to run the trap of EXIT", hint: "write trap - EXIT before it", on: []string{"exec"}, find: execTrap},
}

// signals returns the words of trap or kill that name signals.
func signals(node syntax.Node) []*syntax.Word {
	words := callArgs(node)
	if words[0].Lit() == "trap" {
		rest := operands(words)
		if len(rest) < 2 {
			return rest
		}
		return rest[1:]
	}
	if len(words) < 3 {
		return nil
	}
	if words[1].Lit() == "-s" {
		return words[2:3]
	}
	return words[1:2]
}

func signalName(_ *linter, node syntax.Node) syntax.Pos {
	for _, word := range signals(node) {
		if lit := strings.ToUpper(strings.TrimPrefix(posix.StaticText(word), "-")); len(lit) > 3 && strings.HasPrefix(lit, "SIG") {
			return word.Pos()
		}
	}
	return nowhere
}

func signalCase(_ *linter, node syntax.Node) syntax.Pos {
	trap := callArgs(node)[0].Lit() == "trap"
	for _, word := range signals(node) {
		lit := posix.StaticText(word)
		if !trap && callArgs(node)[1] == word {
			if lit = strings.TrimPrefix(lit, "-"); len(lit) < 2 {
				continue
			}
		}
		if strings.Trim(lit, "abcdefghijklmnopqrstuvwxyz12") == "" && strings.Trim(lit, "0123456789") != "" && !strings.HasPrefix(lit, "sig") {
			return word.Pos()
		}
	}
	return nowhere
}

func trapReset(_ *linter, node syntax.Node) syntax.Pos {
	if rest := operands(callArgs(node)); len(rest) == 1 {
		if text, known := posix.Static(rest[0]); known && !posix.IsNumber(text) {
			return rest[0].Pos()
		}
	}
	return nowhere
}

// trapExit finds code of an EXIT trap that calls exit without a number after
// another command.
func trapExit(_ *linter, node syntax.Node) syntax.Pos {
	action := exitTrap(callArgs(node))
	if action == nil {
		return nowhere
	}
	code, known := posix.Static(action)
	if !known {
		return nowhere
	}
	commands := strings.FieldsFunc(code, func(r rune) bool { return strings.ContainsRune(";\n&|", r) })
	for i, c := range commands {
		if i > 0 && strings.TrimSpace(c) == "exit" {
			return action.Pos()
		}
	}
	return nowhere
}

// exitTrap returns the action of trap ACTION … EXIT, nil for other calls.
func exitTrap(words []*syntax.Word) *syntax.Word {
	rest := operands(words)
	for i, word := range rest {
		if i > 0 && (word.Lit() == "EXIT" || word.Lit() == "0") {
			return rest[0]
		}
	}
	return nil
}

// execTrap finds programs that take the place of a shell in which a trap of EXIT
// was set above and not reset since.
func execTrap(l *linter, node syntax.Node) syntax.Pos {
	if len(callArgs(node)) < 2 || !l.hasTrap(node.Pos()) {
		return nowhere
	}
	for i := range len(l.parents) {
		switch parent := l.parent(i).(type) {
		case *syntax.Subshell, *syntax.CmdSubst:
			return nowhere
		case *syntax.Stmt:
			if parent.Background {
				return nowhere
			}
		case *syntax.BinaryCmd:
			if parent.Op == syntax.Pipe || parent.Op == syntax.PipeAll {
				return nowhere
			}
		}
	}
	return node.Pos()
}

// hasTrap reports whether the last trap of EXIT above pos sets one.
func (l *linter) hasTrap(pos syntax.Pos) bool {
	set := false
	for _, words := range l.facts().traps {
		if pos.After(words[0].Pos()) {
			text, known := posix.Static(exitTrap(words))
			set = !known || text != "" && text != "-"
		}
	}
	return set
}
