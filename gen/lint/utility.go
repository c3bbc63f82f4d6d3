package lint

import (
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/posix"
)

// utilityRules are about options of programs that not all hosts' programs have.
// Each is one that busybox lacks, which is all that a small host has.
var utilityRules = []rule{
	{name: "long-option", msg: "busybox knows no such option by a name", hint: "write its letter", find: longOption,
		on: []string{"base64", "cat", "cut", "flock", "fold", "grep", "gzip", "head", "id", "md5sum", "mkfifo", "paste", "rm", "setsid", "sha256sum", "sha512sum", "sort", "stat",
			"tail", "tee", "timeout", "tr", "truncate", "uniq", "wc", "xargs"}},
	{name: "grep-option", msg: "busybox's grep knows no Perl patterns", hint: "write grep -E, or awk", on: []string{"grep"}, find: utilityOption("P", "ABCDdefm")},
	{name: "sed-option", msg: "busybox's sed lacks this option", hint: "leave it out, or use awk", on: []string{"sed"}, find: utilityOption("suz", "efl", "--posix", "--separate", "--null-data", "--unbuffered")},
	{name: "sort-option", msg: "busybox's sort lacks this option", hint: "use awk, or another order", on: []string{"sort"}, find: utilityOption("Rh", "kotST")},
	{name: "find-test", msg: "busybox's find lacks this test or action", hint: "use -exec sh -c 'code with \"$1\"' sh {} \\;", on: []string{"find"}, find: findTest},
	{name: "xargs-option", msg: "busybox's xargs lacks this option", hint: "write xargs -0, or -n 1", on: []string{"xargs"}, find: utilityOption("dL", "adEeIiLlnPRsJ")},
	{name: "tar-option", msg: "busybox's tar lacks this option", hint: "leave it out, or write a pipe: | gzip -c", on: []string{"tar"}, find: utilityOption("I", "fCXT", "--format",
		"--group", "--mtime", "--owner", "--sort", "--transform", "--use-compress-program", "--wildcards", "--xform")},
	{name: "copy-option", msg: "busybox lacks this option", hint: "make the copy by a second cp, or the link by its path", on: []string{"cp", "mv"}, find: utilityOption("bS", "tS", "--backup", "--preserve", "--suffix")},
	{name: "link-option", msg: "busybox's ln lacks this option", hint: "write the path that the link is to have", on: []string{"ln"}, find: utilityOption("r", "tS", "--relative", "--backup")},
	{name: "remove-option", msg: "busybox's rm lacks this option", hint: "write rmdir for a folder", on: []string{"rm"}, find: utilityOption("d", "")},
	{name: "mktemp-option", msg: "busybox's mktemp knows no suffix", hint: "write mktemp -d, and name a file in the folder", on: []string{"mktemp"}, find: utilityOption("", "p", "--suffix")},
	{name: "path-option", msg: "busybox lacks this option", hint: "write readlink -f", on: []string{"readlink", "realpath"}, find: utilityOption("em", "", "--canonicalize",
		"--canonicalize-existing", "--canonicalize-missing", "--relative-to", "--relative-base", "--no-symlinks")},
	{name: "ps-option", msg: "busybox's ps has only the option -o, and shows all processes", hint: "use kill -0, or read /proc", on: []string{"ps"}, find: utilityOption("pCuUgGt", "o", "--ppid", "--pid", "--user")},
	{name: "cut-option", msg: "busybox's cut lacks this option", hint: "use awk", on: []string{"cut"}, find: utilityOption("", "bcdf", "--complement", "--output-delimiter")},
	{name: "seq-option", msg: "busybox's seq lacks this option", hint: "count in a loop, and use printf", on: []string{"seq"}, find: utilityOption("f", "s", "--format")},
	{name: "uniq-option", msg: "busybox's uniq lacks this option", hint: "use awk", on: []string{"uniq"}, find: utilityOption("D", "fsw", "--all-repeated")},
	{name: "list-option", msg: "busybox's ls lacks this option", hint: "use find, or a loop over the files", on: []string{"ls"}, find: utilityOption("BIN", "ITw", "--ignore", "--sort", "--time-style", "--zero")},
	{name: "mode-option", msg: "busybox lacks this option", hint: "write the owner or the mode itself", on: []string{"chmod", "chown", "chgrp"}, find: utilityOption("", "", "--reference", "--from")},
	{name: "env-option", msg: "busybox's env lacks this option", hint: "write cd in a subshell, and the words one by one", on: []string{"env"}, find: utilityOption("CS", "uCS", "--chdir", "--split-string")},
	{name: "disk-option", msg: "busybox lacks this option", hint: "take a column of df -P, or of du -k, with awk", on: []string{"df", "du"}, find: utilityOption("", "BtdX", "--output", "--total", "--apparent-size", "--max-depth")},
	{name: "date-option", msg: "busybox's date lacks this option", hint: "write the format: date +%Y-%m-%d", on: []string{"date"}, find: utilityOption("", "dsrfI", "--iso-8601", "--rfc-3339")},
	{name: "setsid-option", msg: "busybox's setsid lacks this option", hint: "start it in the background, and wait", on: []string{"setsid"}, find: utilityOption("w", "")},
	{name: "dirname-operands", msg: "dirname takes one path in POSIX shell", hint: "use ${path%/*}, or one call each", on: []string{"dirname"}, find: dirnameOperands},
}

// longKnown are the long options of which busybox knows some after all.
var longKnown = map[string][]string{
	"grep": {"--color", "--colour"}, "rm": {"--interactive"}, "xargs": {"--no-run-if-empty", "--null"}, "wc": {}, "stat": {},
	"sort": {}, "cut": {"--complement", "--output-delimiter"}, "uniq": {"--all-repeated"}, "sha256sum": {"--status"}, "md5sum": {"--status"}, "sha512sum": {"--status"},
	"setsid": {"--ctty"},
}

func longOption(l *linter, node syntax.Node) syntax.Pos {
	return utilityWord(l, node, func(name, text string) bool {
		option, _, _ := strings.Cut(text, "=")
		return strings.HasPrefix(text, "--") && len(text) > 2 && !slices.Contains(longKnown[name], option) && option != "--help" && option != "--version"
	})
}

// utilityOption finds the options of letters, and those by a name; behind letters
// in withArg comes an argument.
func utilityOption(letters, withArg string, long ...string) findFunc {
	return func(l *linter, node syntax.Node) syntax.Pos {
		return utilityWord(l, node, func(_, text string) bool {
			if strings.HasPrefix(text, "--") {
				option, _, _ := strings.Cut(text, "=")
				return slices.Contains(long, option)
			}
			for _, c := range text[1:] {
				if strings.ContainsRune(letters, c) {
					return true
				}
				if strings.ContainsRune(withArg, c) {
					break
				}
			}
			return false
		})
	}
}

// utilityWord finds an option that is bad, of a program that is no function here,
// and for which nothing else stands in: grep -P a f || awk ….
func utilityWord(l *linter, node syntax.Node, bad func(name, text string) bool) syntax.Pos {
	words := callArgs(node)
	name := words[0].Lit()
	if l.facts().functions[name] || l.hasOther() {
		return nowhere
	}
	for _, word := range words[1:] {
		text := posix.StaticText(word)
		if text == "--" || !strings.HasPrefix(text, "-") && slices.Contains(runsOthers, name) {
			break
		}
		if len(text) > 1 && text[0] == '-' && bad(name, text) {
			return word.Pos()
		}
	}
	return nowhere
}

// runsOthers are programs whose first operand begins another command, or stands
// right before one.
var runsOthers = []string{"env", "flock", "setsid", "timeout", "xargs"}

// hasOther reports whether the node at hand is one of two that are tried in turn.
func (l *linter) hasOther() bool {
	for i := range l.parents {
		switch parent := l.parent(i).(type) {
		case *syntax.BinaryCmd:
			if parent.Op == syntax.OrStmt {
				return true
			}
		case *syntax.Stmt, *syntax.CmdSubst, *syntax.Block, *syntax.Subshell, *syntax.Word, *syntax.DblQuoted, *syntax.Assign, *syntax.CallExpr:
		default:
			return false
		}
	}
	return false
}

// findTests are those that busybox has not.
var findTests = []string{"-printf", "-fprint", "-fprint0", "-fprintf", "-fls", "-ls", "-execdir", "-okdir", "-readable", "-writable", "-regextype", "-daystart", "-files0-from"}

func findTest(l *linter, node syntax.Node) syntax.Pos {
	words := callArgs(node)
	if l.facts().functions["find"] || l.hasOther() {
		return nowhere
	}
	for i, word := range words[1:] {
		text := posix.StaticText(word)
		switch {
		case text == "-exec" || text == "-execdir": // what follows are a command's words
			if text == "-execdir" {
				return word.Pos()
			}
			return nowhere
		case slices.Contains(findTests, text), strings.HasPrefix(text, "-newer") && len(text) == len("-newerXY"):
			return word.Pos()
		case i > 0 && posix.StaticText(words[i]) == "-type" && strings.Contains(text, ","):
			return word.Pos()
		}
	}
	return nowhere
}

func dirnameOperands(_ *linter, node syntax.Node) syntax.Pos {
	if rest := operands(callArgs(node)); len(rest) > 1 {
		return rest[1].Pos()
	}
	return nowhere
}
