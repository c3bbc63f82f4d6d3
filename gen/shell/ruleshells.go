package shell

import (
	"path"
	"strings"

	"palletgen/gen/posix"
)

// shellItself is a shell: sh -c CODE, sh FILE ARGS, or code on its input.
func shellItself(name string) ruleFunc {
	return func(a *analysis, from, to int) {
		code, input := false, false
		at := from
		for ; at < to; at++ {
			text, known := a.text(at)
			if known && (text == "--" || text == "-") {
				at++
				break
			}
			if len(text) < 2 || text[0] != '-' && text[0] != '+' {
				break
			}
			if strings.HasPrefix(text, "--") {
				input = input || text == "--rcfile" || text == "--init-file" // what follows is no script
				switch text {
				case "--init-command":
					a.code(at+1, to, name)
					at++
				case "--rcfile", "--init-file", "--emulate":
					at++
				}
				continue
			}
			code = code || strings.Contains(text, "c")
			input = input || strings.Contains(text, "s")
			if strings.HasSuffix(text, "C") && path.Base(name) == "fish" {
				a.code(at+1, to, name)
				at++
			}
			if strings.HasSuffix(text, "o") || strings.HasSuffix(text, "O") {
				at++
				a.forbid(at, min(at+1, to), "the value would be the name of an option", "write the option in the template")
			}
		}
		a.stdin = !code && (input || at >= to || namesInput(a, at))
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

// namesInput reports whether args[at] is a file that stands for an input that is
// open already.
func namesInput(a *analysis, at int) bool {
	text := posix.StaticText(a.args[at])
	return text == "-" || text == "/dev/stdin" || strings.HasPrefix(text, "/dev/fd/") || strings.HasPrefix(text, "/proc/self/fd/")
}

// source reads a file as code; which one a value may say.
func source(a *analysis, from, to int) {
	a.each(from, to, sourceCheck)
	a.stdin = from < to && namesInput(a, skipDashes(a, from, to-1))
}

// switchUser is su: -c CODE anywhere, and what comes after the user goes to a
// shell.
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
				return // what follows may be options of su again, as far as a literal --
			}
		}
	}
}

// runUser is runuser: with -u it runs a command itself, else it is as su.
func runUser(a *analysis, from, to int) {
	for i := from; i < to; i++ {
		text, known := a.text(i)
		switch {
		case known && (text == "-u" || text == "--user"):
			runUserCommand.analyse(a, from, to)
			return
		case strings.HasPrefix(text, "-u") || strings.HasPrefix(text, "--user="):
			runUserCommand.analyse(a, from, to)
			return
		case !strings.HasPrefix(text, "-") || text == "--":
			switchUser(a, from, to)
			return
		}
	}
	switchUser(a, from, to)
}

var runUserCommand = wrapper{withArg: "ugGw", longArg: []string{"--user", "--group", "--supp-group", "--whitelist-environment"}, code: "c"}

// codeWithC is a program that gives the argument of -c to a shell, wherever that
// stands: script, sg.
func codeWithC(name string) ruleFunc {
	return func(a *analysis, from, to int) {
		for i := from; i < to; i++ {
			text, known := a.text(i)
			switch {
			case strings.HasPrefix(text, "--command"), strings.HasPrefix(text, "-c") && !known:
				a.forbid(i, min(i+2, to), "the value would be read as shell code by "+name, hintArguments(name))
			case strings.HasPrefix(text, "-") && !strings.HasPrefix(text, "--") && strings.HasSuffix(text, "c"):
				a.code(i+1, to, name)
			}
		}
	}
}

// joined is a program that joins its operands to one command line, which a shell
// reads: watch, parallel.
func joined(name string) ruleFunc {
	return func(a *analysis, from, to int) {
		a.stdin = name == "parallel"
		a.forbid(from, to, "the value would be read as shell code by "+name, "do without "+name)
	}
}

// anywhere looks for a shell among the words of a command of which nothing, or
// not all, is known: what a wrapper runs may stand behind any option.
func (a *analysis) anywhere(from, to int) {
	for i := from; i < to; i++ {
		name, known := a.text(i)
		if !known || !a.uses[i].args || !isShell(name) {
			continue
		}
		inner := a.rules.analyse(a.args[i:to])
		for j, use := range inner.uses {
			if use.forbid.msg != "" && a.uses[i+j].forbid.msg == "" {
				a.uses[i+j] = use
			}
		}
	}
}

func isShell(name string) bool {
	name = name[strings.LastIndexByte(name, '/')+1:]
	for _, sh := range shellNames {
		if name == sh {
			return true
		}
	}
	return false
}
