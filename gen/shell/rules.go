package shell

import "strings"

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
	return r[name]
}

// newRulebook builds the table; as a variable it would depend on itself, since
// find and the shells come back to it.
func newRulebook() rulebook {
	table := rulebook{
		"eval":     reparsed("eval"),
		"alias":    reparsed("alias"),
		"ssh":      remote,
		"rsh":      remote,
		"pdsh":     remote,
		"trap":     func(a *analysis, from, to int) { a.code(skipDashes(a, from, to), to, "trap") },
		"su":       switchUser,
		"runuser":  switchUser,
		"at":       stdinCode,
		"batch":    stdinCode,
		"find":     find,
		"awk":      awk,
		"sed":      sed,
		"jq":       program("jq", "fL"),
		"printf":   printf,
		"echo":     each(echoCheck),
		".":        each(sourceCheck),
		"source":   each(sourceCheck),
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
	for _, sh := range []string{"sh", "bash", "dash", "ash", "ksh", "ksh93", "mksh", "zsh", "yash", "posh", "hush"} {
		table[sh] = shellItself(sh)
	}
	for _, awks := range []string{"gawk", "mawk", "nawk", "original-awk"} {
		table[awks] = awk
	}
	for _, interpreter := range []string{"perl", "python", "python3", "ruby", "node", "php", "lua", "tclsh"} {
		table[interpreter] = inline(interpreter)
	}
	return table
}

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

func stdinCode(a *analysis, _, _ int) { a.stdin = true }

func skipDashes(a *analysis, from, to int) int {
	if from < to && staticText(a.args[from]) == "--" {
		return from + 1
	}
	return from
}

// shellItself is a shell: sh -c CODE, sh FILE ARGS, or code on its input.
func shellItself(name string) ruleFunc {
	return func(a *analysis, from, to int) {
		code, input := false, false
		at := from
		for ; at < to; at++ {
			text, known := a.text(at)
			if text == "--" && known {
				at++
				break
			}
			if len(text) < 2 || text[0] != '-' && text[0] != '+' {
				break
			}
			if text[1] == '-' {
				continue
			}
			code = code || strings.Contains(text, "c")
			input = input || strings.Contains(text, "s")
			if strings.HasSuffix(text, "o") {
				at++
			}
		}
		a.stdin = !code && (input || at >= to)
		if at >= to {
			return
		}
		if code {
			a.code(at, to, name)
		} else {
			a.each(at, at+1, setCheck)
		}
		a.data(at+1, to)
	}
}

// switchUser is su or runuser: -c CODE anywhere, and what comes after the user
// goes to a shell.
func switchUser(a *analysis, from, to int) {
	a.stdin = true
	for i := from; i < to; i++ {
		text, known := a.text(i)
		switch {
		case strings.HasPrefix(text, "--command=") || strings.HasPrefix(text, "--session-command="):
			a.stdin = false
			a.forbid(i, i+1, "the value would be read as shell code by su", "write -c and the code as words of their own")
		case known && (text == "--command" || text == "--session-command"),
			strings.HasPrefix(text, "-") && !strings.HasPrefix(text, "--") && strings.Contains(text, "c"):
			a.stdin = false
			if !known { // -cVALUE
				a.forbid(i, i+1, "the value would be read as shell code by su", hintArguments("su"))
			} else if i+1 < to {
				a.code(i+1, to, "su")
				a.data(i+2, to)
				return
			}
		}
	}
}

// find runs the commands after -exec and its like.
func find(a *analysis, from, to int) {
	for i := from; i < to; i++ {
		switch text, _ := a.text(i); text {
		case "-exec", "-execdir", "-ok", "-okdir":
			end := i + 1
			for end < to {
				if last, known := a.text(end); known && (last == ";" || last == "+" && staticText(a.args[end-1]) == "{}") {
					break
				}
				end++
			}
			a.command(i+1, end)
			i = end
		}
	}
}

// awk reads its first operand as a program, and backslashes in -v.
func awk(a *analysis, from, to int) {
	file := false
	at := a.operand(from, to, "fFv", func(letter byte, arg int) {
		switch {
		case letter == 'f':
			file = true
		case arg >= 0 && arg < to:
			a.forbid(arg, arg+1, "awk would read backslashes in the value", "pass it in the environment, and read ENVIRON[\"NAME\"]")
		}
	})
	if !file && at < to {
		a.forbid(at, at+1, "the value would be read as awk code", "pass it in the environment, and read ENVIRON[\"NAME\"]")
		at++
	}
	a.each(at, to, awkFileCheck)
}

// sed reads its first operand, or -e, as a script.
func sed(a *analysis, from, to int) {
	const msg, hint = "the value would be read as sed code", "change the text in the template, or with awk and ENVIRON"
	script := false
	at := a.operand(from, to, "ef", func(letter byte, arg int) {
		if letter == 'e' || letter == 'f' {
			script = true
		}
		if letter == 'e' && arg < to {
			a.forbid(arg, arg+1, msg, hint)
		}
	})
	for i := from; i < min(at, to); i++ {
		if strings.HasPrefix(staticText(a.args[i]), "--expression") {
			script = true
			a.forbid(i, i+1, msg, hint)
		}
	}
	if !script && at < to {
		a.forbid(at, at+1, msg, hint)
	}
}

// program is a command whose first operand is code; the options in withFile name
// a file with code instead.
func program(name, withFile string) ruleFunc {
	return func(a *analysis, from, to int) {
		file := false
		at := a.operand(from, to, withFile, func(letter byte, _ int) { file = file || letter == withFile[0] })
		if !file && at < to {
			a.forbid(at, at+1, "the value would be read as "+name+" code", "pass it as an argument of its own")
		}
	}
}

// inline is an interpreter that reads code after an option such as -c or -e.
func inline(name string) ruleFunc {
	return func(a *analysis, from, to int) {
		a.stdin = true
		for i := from; i < to; i++ {
			text, known := a.text(i)
			if !strings.HasPrefix(text, "-") || text == "-" {
				a.stdin = false
				a.data(i+1, to)
				return
			}
			if strings.ContainsAny(text[1:], "ceErR") {
				a.stdin = false
				if !known {
					i--
				}
				if i+1 < to {
					a.forbid(i+1, i+2, "the value would be read as "+name+" code", "pass it as an argument after the code")
				}
				a.data(i+2, to)
				return
			}
		}
	}
}

// set takes options that begin with - and +, up to a literal --.
func set(a *analysis, from, to int) {
	for i := from; i < to; i++ {
		if text, known := a.text(i); known && text == "--" {
			return
		}
		if len(a.uses[i].checks) > 0 && a.uses[i].checks[0] != optionNameCheck {
			a.uses[i].checks = []*check{setCheck}
		}
	}
}

func kill(a *analysis, from, to int) {
	for i := from; i < to; i++ {
		if text, known := a.text(i); !known && text == "-" {
			a.uses[i].checks = []*check{signalCheck}
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
