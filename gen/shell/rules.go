package shell

import (
	"strings"

	"palletgen/gen/posix"
)

// A ruleFunc says what the arguments args[from:to] of a command are used for,
// where that differs from arguments in general.
type ruleFunc func(a *analysis, from, to int)

// A rulebook holds the commands that read an argument in a way of their own.
type rulebook map[string]ruleFunc

// of returns the rules for a command, nil when it has none.
func (r rulebook) of(name string) ruleFunc {
	if wrapper, ok := wrappers[name]; ok {
		return wrapper.analyse
	}
	if rule := r[name]; rule != nil {
		return rule
	}
	return r[strings.TrimRight(name, "0123456789.")] // python3.11
}

// newRulebook builds the table; as a variable it would depend on itself, since
// find and the shells come back to it.
func newRulebook() rulebook {
	table := rulebook{
		"eval":     reparsed("eval"),
		"alias":    reparsed("alias"),
		"rsh":      remote,
		"pdsh":     remote,
		"trap":     func(a *analysis, from, to int) { a.code(skipDashes(a, from, to), to, "trap") },
		"su":       switchUser,
		"runuser":  runUser,
		"find":     find,
		"awk":      awk,
		"sed":      sed,
		"jq":       jq,
		"cd":       each(folderCheck),
		"printf":   printf,
		"echo":     each(echoCheck),
		".":        source,
		"source":   source,
		"test":     test,
		"[":        func(a *analysis, from, to int) { test(a, from, max(from, to-1)) },
		"expr":     each(numberCheck),
		"export":   export,
		"readonly": export,
		"unset":    names,
		"read":     names,
		"set":      set,
		"getopts":  getopts,
		"exit":     each(naturalCheck),
		"return":   each(naturalCheck),
		"shift":    each(naturalCheck),
		"break":    each(naturalCheck),
		"continue": each(naturalCheck),
		"wait":     each(naturalCheck),
		"ulimit":   each(limitCheck),
		"umask":    each(umaskCheck),
		"kill":     kill,
	}
	for _, sh := range shellNames {
		table[sh] = shellItself(sh)
	}
	for _, awks := range []string{"gawk", "mawk", "nawk", "original-awk"} {
		table[awks] = awk
	}
	addPrograms(table)
	addPatterns(table)
	addTools(table)
	return table
}

// shellNames are all that read code as sh does.
var shellNames = []string{"sh", "bash", "dash", "ash", "ksh", "ksh93", "mksh", "oksh", "zsh", "yash", "posh", "hush", "csh", "tcsh", "fish"}

// each applies one check to all arguments.
func each(c *check) ruleFunc {
	return func(a *analysis, from, to int) { a.each(from, to, c) }
}

// reparsed is a command that reads all its arguments as shell code.
func reparsed(name string) ruleFunc {
	return func(a *analysis, from, to int) {
		for i := from; i < to; i++ {
			a.code(i, to, name)
		}
	}
}

// remote is a command that has its arguments read by a shell on another host.
func remote(a *analysis, from, to int) {
	a.stdin = true
	a.forbid(from, to, "the value would be read as shell code on the other host", "copy a script there, and run that")
}

func skipDashes(a *analysis, from, to int) int {
	if from < to && posix.StaticText(a.args[from]) == "--" {
		return from + 1
	}
	return from
}

// set takes options that begin with - and +, up to a literal --.
func set(a *analysis, from, to int) {
	for i := from; i < to; i++ {
		if text, known := a.text(i); known && text == "--" {
			return
		}
		if text := ""; i > from {
			if text, _ = a.text(i - 1); text == "-o" || text == "+o" {
				a.uses[i].checks = []*check{optionNameCheck}
			}
		}
		if len(a.uses[i].checks) > 0 && a.uses[i].checks[0] != optionNameCheck {
			a.uses[i].checks = []*check{setCheck}
		}
	}
}

// kill takes a signal as an option, and processes: never -1, which is all of
// them, and no group.
func kill(a *analysis, from, to int) {
	for i := from; i < to; i++ {
		text, known := a.text(i)
		switch {
		case !known && text == "-":
			a.uses[i].checks = []*check{signalCheck}
		case known && text == "--":
			return
		case known && text == "-s":
			if i++; i < to {
				a.each(i, i+1, signalNameCheck)
			}
		default:
			a.each(i, i+1, optionCheck)
		}
	}
}

// export takes NAME=VALUE and NAME.
func export(a *analysis, from, to int) {
	for i := from; i < to; i++ {
		a.uses[i] = wordUse{export: true}
	}
}

// names is a command whose operands are names of variables.
func names(a *analysis, from, to int) {
	for i := a.operand(from, to, "", nil); i < to; i++ {
		a.uses[i] = wordUse{checks: []*check{nameCheck, ownNameCheck}}
	}
}

func getopts(a *analysis, from, to int) {
	a.forbid(from, min(from+1, to), "a value cannot be the list of options", "write the options in the template")
	a.each(min(from+1, to), min(from+2, to), nameCheck)
	a.data(min(from+2, to), to)
}
