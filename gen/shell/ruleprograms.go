package shell

import (
	"slices"
	"strings"

	"palletgen/gen/posix"
)

// addPrograms adds the interpreters, and programs with an option that is code.
func addPrograms(table rulebook) {
	for name, letters := range map[string]string{
		"perl": "eEM", "python": "c", "python3": "c", "ruby": "e", "node": "ep", "nodejs": "ep", "php": "rBRE", "lua": "e", "tclsh": "", "execlineb": "c",
		"expect": "c", "guile": "c", "Rscript": "e", "R": "e", "julia": "eE", "osascript": "e", "pwsh": "c", "groovy": "e", "scala": "e", "gjs": "c", "wish": "",
	} {
		table[name] = inline(name, letters)
	}
	for _, name := range []string{"at", "batch", "bc", "dc", "ed", "ex", "crontab", "m4", "nft", "sftp", "gdb"} {
		table[name] = func(a *analysis, _, _ int) { a.stdin = true }
	}
	for _, name := range []string{"psql", "mysql", "mariadb", "sqlite3"} {
		table[name] = database(name)
	}
	for _, name := range []string{"script", "sg"} {
		table[name] = codeWithC(name)
	}
	for _, name := range []string{"watch", "parallel"} {
		table[name] = joined(name)
	}
	table["tar"] = commandOptions("tar", "IF", "--to-command", "--checkpoint-action", "--use-compress-program", "--rsh-command", "--info-script", "--new-volume-script", "--transform", "--xform")
	table["rsync"] = commandOptions("rsync", "e", "--rsh", "--rsync-path")
}

// codeNames are the long options of interpreters whose value is code, or where it is.
var codeNames = []string{"--eval", "--print", "--run", "--execute", "--command", "--import", "--loader", "--experimental-loader", "--expr", "--expression"}

// inline is an interpreter that reads code after an option: one of letters, or
// --eval and the like.
func inline(name, letters string) ruleFunc {
	msg, hint := "the value would be read as "+name+" code", "pass it as an argument after the code"
	return func(a *analysis, from, to int) {
		a.stdin = true
		for i := from; i < to; i++ {
			text, known := a.text(i)
			if known && text == "--" {
				continue
			}
			if !strings.HasPrefix(text, "-") || known && text == "-" {
				a.stdin = namesInput(a, i)
				a.data(i+1, to)
				return
			}
			if name, _, joined := strings.Cut(text, "="); joined && !known && strings.HasPrefix(name, "--") && !slices.Contains(codeNames, name) {
				continue
			}
			if !known {
				a.forbid(i, i+1, msg, hint)
			}
			long := text == "--eval" || text == "--print" || text == "--run" || text == "--execute"
			if !long && (strings.HasPrefix(text, "--") || !strings.ContainsAny(text[1:], letters)) {
				continue
			}
			a.stdin = false
			if known && i+1 < to {
				a.forbid(i+1, i+2, msg, hint)
			}
			if name == "python" || name == "python3" || name == "guile" {
				a.data(i+2, to) // others look for more options behind the code
			}
			if name == "perl" || name == "ruby" {
				for j := i + 2; j < to; j++ {
					a.means(j, to, openedCheck)
				}
			}
			return
		}
	}
}

// database is the client of a database: SQL on its input and as arguments.
func database(name string) ruleFunc {
	msg, hint := "the value would be read as code by "+name, "let "+name+" quote it: psql -v name=VALUE, and :'name' in the code"
	return func(a *analysis, from, to int) {
		a.stdin = true
		for i := from; i < to; i++ {
			text, known := a.text(i)
			last := i == to-1 && name == "sqlite3" && !strings.HasPrefix(text, "-") && i > from
			switch {
			case strings.HasPrefix(text, "--command"), strings.HasPrefix(text, "--execute"), strings.HasPrefix(text, "--init-command"), strings.HasPrefix(text, "-cmd"):
				a.forbid(i, min(i+2, to), msg, hint)
			case strings.HasPrefix(text, "--"):
			case strings.HasPrefix(text, "-") && strings.ContainsAny(text, "ce"):
				if !known {
					a.forbid(i, i+1, msg, hint)
				}
				a.forbid(i+1, min(i+2, to), msg, hint)
			case last:
				a.forbid(i, to, msg, hint)
			}
		}
	}
}

// commandOptions is a program with options whose argument is a command line:
// those of one letter, and long ones.
func commandOptions(name, letters string, long ...string) ruleFunc {
	msg, hint := "the value would be read as a command line by "+name, "write the command in the template"
	return func(a *analysis, from, to int) {
		a.long(from, to, map[string]*check{"--exclude": globCheck, "--include": globCheck, "--filter": globCheck})
		for i := from; i < to; i++ {
			text, _ := a.text(i)
			option, _, _ := strings.Cut(text, "=")
			if slices.ContainsFunc(long, func(l string) bool { return len(option) > 3 && strings.HasPrefix(l, option) }) ||
				strings.HasPrefix(text, "-") && !strings.HasPrefix(text, "--") && strings.ContainsAny(text, letters) {
				a.forbid(i, min(i+2, to), msg, hint)
			}
		}
	}
}

// awk reads its first operand as a program, and backslashes in -v.
func awk(a *analysis, from, to int) {
	const msg, hint = "the value would be read as awk code", "pass it in the environment, and read ENVIRON[\"NAME\"]"
	file := false
	at := a.operand(from, to, "fFv", func(letter byte, arg int) {
		switch {
		case letter == 'f':
			file = true
			a.stdin = a.stdin || arg >= 0 && arg < to && namesInput(a, arg)
		case arg >= 0 && arg < to:
			a.forbid(arg, arg+1, "awk would read backslashes in the value", hint)
		}
	})
	for i := from; i < min(at, to); i++ {
		if strings.HasPrefix(posix.StaticText(a.args[i]), "--") { // gawk --source=CODE
			a.forbid(i, min(i+2, to), msg, hint)
		}
	}
	if !file && at < to {
		a.forbid(at, at+1, msg, hint)
		at++
	}
	for ; at < to; at++ {
		if a.uses[at].forbid.msg == "" {
			a.each(at, at+1, awkFileCheck)
		}
	}
}

// sed reads its first operand, or -e, as a script.
func sed(a *analysis, from, to int) {
	const msg, hint = "the value would be read as sed code", "change the text in the template, or with awk and ENVIRON"
	script := false
	at := a.operand(from, to, "efl", func(letter byte, arg int) {
		if letter == 'e' || letter == 'f' {
			script = true
		}
		if arg >= 0 && letter != 'f' && arg < to { // -l takes an argument in some systems only
			a.forbid(arg, arg+1, msg, hint)
		}
		a.stdin = a.stdin || letter == 'f' && arg >= 0 && arg < to && namesInput(a, arg)
	})
	for i := from; i < min(at, to); i++ {
		if strings.HasPrefix(posix.StaticText(a.args[i]), "--e") || strings.HasPrefix(posix.StaticText(a.args[i]), "--l") {
			script = script || strings.HasPrefix(posix.StaticText(a.args[i]), "--e")
			a.forbid(i, min(i+2, to), msg, hint)
		}
	}
	if !script && at < to {
		a.forbid(at, at+1, msg, hint)
	}
}

// jq reads its first operand as a program; --arg and the like take two words.
func jq(a *analysis, from, to int) {
	const msg, hint = "the value would be read as jq code", "pass it as an argument of its own: --arg name VALUE"
	for i := from; i < to; i++ {
		switch text, known := a.text(i); {
		case known && (text == "--arg" || text == "--rawfile" || text == "--slurpfile"):
			a.forbid(i+1, min(i+2, to), msg, hint)
			a.data(min(i+2, to), min(i+3, to))
			a.means(i+2, to, jqTextCheck)
			i += 2
		case known && text == "--argjson":
			a.forbid(i+1, min(i+3, to), msg, hint)
			i += 2
		case known && (text == "--indent" || text == "-L"):
			i++
		case known && (text == "-f" || text == "--from-file"):
			return
		case known && strings.HasPrefix(text, "-") && text != "-":
		default:
			a.forbid(i, i+1, msg, hint)
			return
		}
	}
}

// find runs the commands after -exec and its like; operands that look like its
// operators are taken for some.
func find(a *analysis, from, to int) {
	for i := from; i < to; i++ {
		switch text, _ := a.text(i); text {
		case "-exec", "-execdir", "-ok", "-okdir":
			end := i + 1
			for end < to {
				if last, known := a.text(end); known && (last == ";" || last == "+" && posix.StaticText(a.args[end-1]) == "{}") {
					break
				}
				end++
			}
			a.command(i+1, end)
			for j := i + 1; j < end; j++ {
				a.means(j, to, endCheck)
			}
			i = end
		case "--":
		case "-fprintf": // FILE FORMAT
			a.means(i+2, to, formatCheck)
			i += 2
		default:
			if c := findTests[text]; c != nil && i+1 < to {
				a.argument(i+1, to, c)
				i++
				continue
			}
			if i == from || !strings.HasPrefix(posix.StaticText(a.args[i-1]), "-") || posix.StaticText(a.args[i-1]) == "--" {
				a.each(i, i+1, findCheck)
			}
		}
	}
}
