package schema

import (
	"cmp"
	"fmt"
	"net/url"
	slashpath "path"
	"slices"
	"strconv"
	"strings"

	"palletgen/gen/clojure"
	"palletgen/gen/command"
	"palletgen/gen/diag"
	"palletgen/gen/lazyregexp"
	"palletgen/gen/shell"
	"palletgen/gen/strictyaml"
)

// A Problem is what is wrong with a value, and its remedy.
type Problem struct{ Msg, Hint string }

// quote shows a value in a message: its beginning, when it is long.
func quote(text string) string {
	const most = 60
	if len(text) > most {
		return strconv.Quote(strings.ToValidUTF8(text[:most], "")) + "…"
	}
	return strconv.Quote(text)
}

func problem(hint, format string, args ...any) *Problem {
	return &Problem{Msg: fmt.Sprintf(format, args...), Hint: hint}
}

// kinds are the scalar types: each reads a text and returns its typed value.
var kinds = map[string]func(t *Type, text string) (any, *Problem){
	"string":  oneLine,
	"text":    anyText,
	"name":    matching(nameRE, "letters, digits and _ . - , not beginning with . or -"),
	"env":     matching(envRE, "letters, digits and _, not beginning with a digit"),
	"host":    matching(hostRE, "a host name or an address such as 127.0.0.1 or ::1"),
	"package": matching(packageRE, "the name of a package, or a|b for either"),
	"sha256":  matching(sha256RE, "64 hexadecimal digits, as sha256sum prints them"),
	"mode":    matching(modeRE, `octal digits such as "0644"`),
	"signal":  matching(signalRE, "a name without SIG such as TERM, HUP, USR1"),
	"enum":    enum,
	"path":    path,
	"url":     webURL,
	"integer": integer,
	"port":    port,
	"seconds": seconds,
	"bytes":   size,
	"limit":   limit,
	"boolean": boolean,
	"command": simpleCommand,
	"clojure": clojureCode,
	"shell":   shellCode,
}

var (
	nameRE = lazyregexp.New(`^[A-Za-z0-9_][A-Za-z0-9_.-]*$`)
	envRE  = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_]*$`)
	hostRE = lazyregexp.New(`^[A-Za-z0-9_]([A-Za-z0-9_.:%-]*[A-Za-z0-9_])?$|^:[0-9A-Fa-f.:]+(%[A-Za-z0-9_.-]+)?$|^::$`)
	// In a|b either will do. No name is an option, whatever the package manager.
	packageRE  = lazyregexp.New(`^[A-Za-z0-9][A-Za-z0-9+._:=~@/-]*([|][A-Za-z0-9][A-Za-z0-9+._:=~@/-]*)*$`)
	managersRE = lazyregexp.New(`^(?:apt|dnf|zypper|apk|pacman|xbps|pkg|opkg)$`)
	sha256RE   = lazyregexp.New(`^[0-9a-f]{64}$`)
	modeRE     = lazyregexp.New(`^[0-7]{3,4}$`)
	signalRE   = lazyregexp.New(`^(HUP|INT|QUIT|ABRT|KILL|USR1|USR2|ALRM|TERM|CONT|STOP|TSTP|TTIN|TTOU|WINCH|PIPE|CHLD|URG|IO)$`)
)

// MaxName is the longest name, in bytes: it becomes part of file names, and of
// user names no longer than most systems take.
const MaxName = 100

// CheckName tells what is wrong with a name, nil when nothing is.
func CheckName(name string) *Problem {
	_, p := kinds["name"](&Type{}, name)
	return p
}

func matching(re *lazyregexp.Regexp, want string) func(*Type, string) (any, *Problem) {
	return func(_ *Type, text string) (any, *Problem) {
		if len(text) > MaxName {
			return nil, problem("", "%s is longer than %d bytes", quote(text), MaxName)
		}
		if !re.MatchString(text) {
			return nil, problem(want, "%s is not allowed here", quote(text))
		}
		return text, nil
	}
}

func oneLine(_ *Type, text string) (any, *Problem) {
	if strings.ContainsAny(text, "\n\r") {
		return nil, problem("this setting holds one line", "a line break in %s", quote(text))
	}
	return anyText(nil, text)
}

func anyText(_ *Type, text string) (any, *Problem) {
	if strings.Contains(text, "\x00") {
		return nil, problem("remove it", "a NUL byte, which no command or file name can hold")
	}
	return text, nil
}

func enum(t *Type, text string) (any, *Problem) {
	if !slices.Contains(t.Values, text) {
		return nil, problem(diag.DidYouMean(text, t.Values), "%s is none of the possible values", quote(text))
	}
	return text, nil
}

func path(_ *Type, text string) (any, *Problem) {
	switch {
	case !strings.HasPrefix(text, "/"):
		return nil, problem("write it from the root: /…", "%s is not an absolute path", quote(text))
	case slices.Contains(strings.Split(text, "/"), ".."):
		return nil, problem("write the path without ..", "%s holds ..", quote(text))
	}
	return oneLine(nil, slashpath.Clean(text)) // no //, no /./, no / at the end
}

func webURL(_ *Type, text string) (any, *Problem) {
	if payload, ok := strings.CutPrefix(text, PayloadScheme); ok {
		if !IsPayload(payload) {
			return nil, problem(PayloadRule, "%s is no URL", quote(text))
		}
		return text, nil
	}
	u, err := url.Parse(text)
	if err != nil || !slices.Contains([]string{"http", "https", "ftp", "file"}, u.Scheme) || u.Host == "" && u.Scheme != "file" {
		return nil, problem("http://…, https://…, ftp://…, file:///… or bundle:CRATE/NAME; other addresses are of type string", "%s is no URL", quote(text))
	}
	if strings.ContainsAny(text, " \t\n\r\"'`\\<>") {
		return nil, problem("percent-encode it", "%s holds a character that no URL can hold", quote(text))
	}
	return text, nil
}

var integerRE = lazyregexp.New(`^(0|-?[1-9][0-9]*)$`)

func integer(_ *Type, text string) (any, *Problem) {
	if !integerRE.MatchString(text) {
		return nil, problem("digits alone, no leading zero", "%s is not a whole number", quote(text))
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return nil, problem("", "%s is too large", text)
	}
	return n, nil
}

// scalarInt reads a plain whole number off YAML.
func scalarInt(v strictyaml.Value) (int, *Problem) {
	if !v.IsScalar() || !v.Plain() {
		return 0, problem("digits alone", "%s where a number belongs", v.Describe())
	}
	n, p := integer(nil, v.Text())
	if p != nil {
		return 0, p
	}
	return n.(int), nil
}

func port(_ *Type, text string) (any, *Problem) {
	n, p := integer(nil, text)
	if p != nil {
		return nil, p
	}
	if n.(int) < 1 || n.(int) > 65535 {
		return nil, problem("ports go from 1 to 65535", "%s is not a port", text)
	}
	return n, nil
}

func boolean(_ *Type, text string) (any, *Problem) {
	switch text {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return nil, problem("write true or false", "%s is not a truth value", quote(text))
}

// units reads a whole number and a unit behind it.
func units(text string, factors map[string]int, want string) (any, *Problem) {
	digits := strings.TrimRight(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
	factor, ok := factors[text[len(digits):]]
	n, p := integer(nil, digits)
	if !ok || p != nil || n.(int) < 0 || n.(int) > 1<<62/factor {
		return nil, problem(want, "%s is not allowed here", quote(text))
	}
	return n.(int) * factor, nil
}

func seconds(_ *Type, text string) (any, *Problem) {
	return units(text, map[string]int{"": 1, "s": 1, "m": 60, "h": 3600}, "seconds: 10, 10s, 5m or 1h")
}

func size(_ *Type, text string) (any, *Problem) {
	return units(text, map[string]int{
		"": 1, "B": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30,
	}, "bytes: 1000000, 1MB, 64KiB, 2GiB")
}

func limit(_ *Type, text string) (any, *Problem) {
	if text == "unlimited" {
		return text, nil
	}
	n, p := size(nil, text)
	if p != nil {
		return nil, problem("a number such as 65536 or 64KiB, or unlimited", "%s is not a limit", quote(text))
	}
	return n, nil
}

func simpleCommand(_ *Type, text string) (any, *Problem) {
	cmd, err := command.Parse(text)
	if err != nil {
		return nil, &Problem{Msg: err.Msg, Hint: cmp.Or(err.Hint, noCommandHint)}
	}
	return checkProgram(cmd)
}

// checkProgram refuses a command whose first word is no name of a program to
// what runs it: chpst, env and others take it for an option, or for a variable.
func checkProgram(cmd command.Command) (any, *Problem) {
	if name := cmd.Args[0].Lit; strings.HasPrefix(name, "-") || strings.Contains(name, "=") {
		return nil, problem("the first word is the program, by name or path", "%s is not the name of a program", quote(name))
	}
	return cmd, nil
}

func clojureCode(_ *Type, text string) (any, *Problem) {
	if err := clojure.CheckCode(text); err != nil {
		return nil, problem("", "cannot read Clojure: %v", err)
	}
	return clojure.Code(text), nil
}

func shellCode(_ *Type, text string) (any, *Problem) { return shell.Code(text), nil }
