package shell

import (
	"slices"
	"strings"

	"palletgen/gen/posix"
)

// A check looks at a whole word with its values in it.
type check struct {
	bad     func(word string, whole bool) bool // whole: the word ends where the string ends
	means   meaning                            // instead of bad: each value by itself has to mean itself
	numbers bool                               // a Go integer may stand there in any case
	beside  bool                               // with numbers: also beside literal text, as in -Xmx512m
	// calculated: some shells calculate the word; it is checked of values that come by variables, too.
	calculated bool
	by         *route // how the value gets there; nil: by itself
	refusal
}

var (
	// optionCheck: a value at the beginning of an argument.
	optionCheck = &check{
		bad:     func(word string, _ bool) bool { return strings.HasPrefix(word, "-") },
		refusal: refusal{"the value would be read as an option: it begins with -", "write -- before it, or ./ where it is a file; a program with options that users choose is a setting of type command"},
	}
	// optionNumberCheck: the same after a literal option, where a negative number
	// is that option's argument.
	optionNumberCheck = &check{bad: optionCheck.bad, numbers: true, refusal: optionCheck.refusal}

	// setCheck: the same where + begins options too.
	setCheck = &check{
		bad:     func(word string, _ bool) bool { return strings.HasPrefix(word, "-") || strings.HasPrefix(word, "+") },
		refusal: refusal{"the value would be read as an option: it begins with - or +", "write -- before it, or ./ where it is a file"},
	}
	// optionNameCheck: a value right after the dash of an option.
	optionNameCheck = &check{
		bad:     func(string, bool) bool { return true },
		refusal: refusal{"the value would be the name of an option", "write the option in the template"},
	}
	signalCheck = &check{
		bad: func(word string, whole bool) bool {
			return !whole || len(word) < 2 || strings.Trim(word[1:], "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != ""
		},
		refusal: refusal{"the value is no signal", "a signal is a name without SIG, such as TERM, or a number"},
	}
	fileCheck = &check{
		bad:     func(word string, whole bool) bool { return whole && word == "" },
		refusal: refusal{"the name of the file is empty", ""},
	}
	// socketCheck: what bash and ksh93 open as a connection, where < or > stands.
	socketCheck = &check{
		bad: func(word string, _ bool) bool {
			return strings.HasPrefix(word, "/dev/tcp/") || strings.HasPrefix(word, "/dev/udp/")
		},
		refusal: refusal{"bash and ksh93 read the name of the file as an address, and connect to it", "refuse such values by the pattern of the setting"},
	}
	ownNumberCheck = &check{
		bad:     numberCheck.bad,
		refusal: refusal{"some shells calculate what this variable is given, and run code in it: only a whole number can stand there", "use a setting of type integer, or a variable of another name"},
	}
	ownCodeCheck = &check{
		bad:     func(word string, _ bool) bool { return strings.ContainsAny(word, "$`\\!") },
		refusal: refusal{"shells expand what this variable is given, and run code in it", "use a variable of another name"},
	}
	sourceCheck = &check{
		bad: func(word string, _ bool) bool {
			return !strings.Contains(word, "/") || word[0] == '-' || word[0] == '+'
		},
		refusal: refusal{"a file without / in its name is looked up in PATH", "write ./ before it"},
	}
	// folderCheck: cd knows -, and looks other names up in CDPATH.
	folderCheck = &check{
		bad: func(word string, whole bool) bool {
			first, _, _ := strings.Cut(word, "/")
			return (whole || word != "") && first != "." && first != ".." && !strings.HasPrefix(word, "/")
		},
		refusal: refusal{"cd reads - as the folder before, and looks a name up in CDPATH", "write ./ before it"},
	}
	signalNameCheck = &check{
		bad: func(word string, whole bool) bool {
			return !whole || word == "" || strings.Trim(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != ""
		},
		refusal: signalCheck.refusal,
	}
	// findCheck: what find takes for a part of its expression.
	findCheck = &check{
		bad: func(word string, whole bool) bool {
			return strings.HasPrefix(word, "-") || whole && word != "" && strings.Trim(word, "()!,") == ""
		},
		refusal: refusal{"find would read the value as a part of its expression", "write ./ before it"},
	}
	numberCheck = &check{
		bad:     func(word string, whole bool) bool { return !whole || !posix.IsNumber(strings.TrimPrefix(word, "-")) },
		refusal: refusal{"only a whole number can stand there: some shells calculate what they find", "use a setting of type integer"}, calculated: true,
	}
	naturalCheck = &check{
		bad:     func(word string, whole bool) bool { return !whole || !posix.IsNumber(word) },
		refusal: refusal{"only a whole number can stand there, not below 0", "use a setting of type integer"}, calculated: true,
	}
	limitCheck = &check{
		bad: func(word string, whole bool) bool {
			return !whole || !posix.IsNumber(word) && !slices.Contains([]string{"unlimited", "hard", "soft"}, word)
		},
		refusal: refusal{"a limit is a whole number, or unlimited", ""},
	}
	umaskCheck = &check{
		bad: func(word string, whole bool) bool {
			return !whole || word == "" || strings.Trim(word, "01234567") != ""
		},
		refusal: refusal{"an umask is an octal number", "write it as 0022"},
	}
	echoCheck = &check{
		bad: func(word string, _ bool) bool {
			return strings.HasPrefix(word, "-") || strings.Contains(word, `\`)
		},
		refusal: refusal{"echo would change the value: it begins with - or holds a backslash", `write printf '%s\n' instead of echo`},
	}
	envCheck = &check{
		bad: func(word string, _ bool) bool {
			return word == "" || strings.HasPrefix(word, "-") || strings.HasPrefix(word, "=")
		},
		refusal: refusal{"the name of an environment variable cannot be empty, or begin with -", ""},
	}
	awkFileCheck = &check{
		bad:     func(word string, _ bool) bool { return strings.Contains(word, "=") || strings.HasPrefix(word, "-") },
		refusal: refusal{"awk would read the value as an assignment or an option: it holds = or begins with -", "write ./ before it"},
	}
	nameCheck = &check{
		bad:     func(word string, whole bool) bool { return !whole || !posix.IsName(word) },
		refusal: refusal{"the value makes no name of a variable", "a name is made of letters, digits and _, and does not begin with a digit"},
	}
	ownNameCheck = &check{
		bad:     func(word string, whole bool) bool { return whole && shellOwned(word) },
		refusal: refusal{"the shell keeps the variable of that name for itself", "set it for one command only: env NAME=VALUE command"},
	}
	exportCheck = &check{
		bad: func(word string, _ bool) bool {
			name, _, _ := strings.Cut(word, "=")
			return !posix.IsName(name) || shellOwned(name)
		},
		refusal: refusal{"the value makes no name of a variable that a script may set", "set it for one command only: env NAME=VALUE command"},
	}

	ownNames = []*check{ownNameCheck}
)

// gluedChecks are for values right behind an option of the template. Which options
// take the rest of the word as it is, only the program knows; what begins with a
// digit is no more letters of the option: -n5, -T4m.
func gluedChecks(option string) []*check {
	return []*check{{
		bad: func(word string, _ bool) bool {
			value := strings.TrimPrefix(word, option)
			return value == "" || value[0] < '0' || value[0] > '9' || !plainBytes(value)
		},
		numbers: true, beside: true,
		refusal: refusal{"the value would be a part of the option before it, which not every program takes as it is", "make it a word of its own, as in -o VALUE, or write --option=VALUE"},
	}}
}

// ownValue returns the checks of what the variable is given, where shells do more
// with it than keep it.
func ownValue(name string) []*check {
	switch name {
	case "COLUMNS", "HISTSIZE", "LINENO", "LINES", "OPTIND", "RANDOM", "SECONDS", "SRANDOM", "TMOUT":
		return []*check{ownNumberCheck}
	case "BASH_ENV", "ENV", "PROMPT_COMMAND", "PS0", "PS1", "PS2", "PS3", "PS4":
		return []*check{ownCodeCheck}
	}
	return nil
}

// shellOwned reports whether a target shell uses the variable for itself, so
// that it cannot be set, does not keep its value, is calculated (mksh runs $( )
// in COLUMNS), or changes how the rest of the script is read or what its
// commands are.
func shellOwned(name string) bool {
	for _, prefix := range []string{"BASH", "COMP_", "COPROC", "EPOCH", "FUNC", "GLOB", "HIST", "KSH", "LD_", "POSH", "PROMPT_", "READLINE_", "YASH", "ZSH"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	switch name {
	case "_", "CDPATH", "COLUMNS", "DIRSTACK", "EGID", "ENV", "EUID", "EXECSHELL", "FPATH", "GID", "GROUPS", "IFS", "LINENO", "LINES", "MAPFILE",
		"OLDPWD", "OPTARG", "OPTERR", "OPTIND", "PATH", "PATHSEP", "PGRP", "PID", "PIPESTATUS", "POSIXLY_CORRECT", "PPID", "PS0", "PS1", "PS2",
		"PS3", "PS4", "PWD", "RANDOM", "SECONDS", "SHELLOPTS", "SHLVL", "SRANDOM", "TMOUT", "UID", "USERNAME", "USER_ID":
		return true
	}
	return false
}
