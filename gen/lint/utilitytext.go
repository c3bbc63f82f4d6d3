package lint

import (
	"regexp"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/lazyregexp"
	"palletgen/gen/posix"
)

// programRules are about the texts that programs read: dates, formats, code.
var programRules = []rule{
	{name: "date-text", msg: "busybox reads no such date", hint: "calculate with seconds: $(($(date +%s) - 86400)), and date -d @SECONDS", on: []string{"date", "touch"}, find: dateText},
	{name: "date-format", msg: "busybox's date knows no parts of seconds", hint: "use whole seconds: date +%s", on: []string{"date"}, find: dateFormat},
	{name: "sed-case", msg: `busybox's sed knows no \U, \L, \u, \l and \E`, hint: "use tr, or awk's toupper", on: []string{"sed"}, find: program(sedScripts, `\\[ULEul]`, "s")},
	{name: "sed-address", msg: "busybox's sed knows no 0,/RE/, FIRST~STEP and /RE/I", hint: "use awk", on: []string{"sed"}, find: program(sedScripts, `^0,/|^[0-9]+~[0-9]+|^/[^/]*/I`, "")},
	{name: "awk-function", msg: "this function is gawk's alone", hint: "write it with gsub, substr and loops", on: []string{"awk"},
		find: program(firstOperand, `\b(gensub|asorti?|strtonum|strftime|mktime|systime|and|or|xor|compl|lshift|rshift|patsplit|isarray|typeof)\(`, "")},
	{name: "awk-interval", msg: "mawk takes {n} in a pattern for itself", hint: "write out what is repeated", on: []string{"awk"}, find: program(firstOperand, `/[^/ ]*[\]a-zA-Z0-9.)]\{[0-9]+(,[0-9]*)?\}[^/]*/`, "")},
	{name: "awk-edge", msg: `mawk knows no \<, \>, \y and \B in a pattern`, hint: "look for blanks, or compare fields", on: []string{"awk"}, find: program(firstOperand, `/[^/]*\\[<>yB]`, "")},
	{name: "awk-syntax", msg: "this is gawk's alone", hint: "write if … else, and next", on: []string{"awk"}, find: program(firstOperand, `\bswitch *\(|\bBEGINFILE\b|\bIGNORECASE\b|\bFPAT\b|\bFIELDWIDTHS\b|\bPROCINFO\b|@include`, "")},
}

// dateText finds dates in words: yesterday, 1 day ago.
func dateText(l *linter, node syntax.Node) syntax.Pos {
	words := callArgs(node)
	if l.facts().functions[words[0].Lit()] || l.hasOther() {
		return nowhere
	}
	for i, word := range words[1:] {
		text := posix.StaticText(word)
		switch {
		case posix.StaticText(words[i]) == "-d":
		case strings.HasPrefix(text, "-d") && len(text) > 2:
			text = text[2:]
		case strings.HasPrefix(text, "--date="):
			text = strings.TrimPrefix(text, "--date=")
		default:
			continue
		}
		if wordyDate.MatchString(text) {
			return word.Pos()
		}
	}
	return nowhere
}

var wordyDate = lazyregexp.New(`(?i)\b(yesterday|today|tomorrow|now|ago|next|last|days?|weeks?|months?|years?|hours?|minutes?|seconds?|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)`)

func dateFormat(l *linter, node syntax.Node) syntax.Pos {
	if l.facts().functions["date"] || l.hasOther() {
		return nowhere
	}
	for _, word := range callArgs(node)[1:] {
		if text := posix.StaticText(word); strings.HasPrefix(text, "+") && regexpN.MatchString(text) {
			return word.Pos()
		}
	}
	return nowhere
}

var regexpN = lazyregexp.New(`%[0-9]*N`)

// program finds code of a program that matches; of command s alone where kind says so.
func program(scripts func([]*syntax.Word) []*syntax.Word, pattern, kind string) findFunc {
	re := regexp.MustCompile(pattern)
	return func(l *linter, node syntax.Node) syntax.Pos {
		words := callArgs(node)
		if l.facts().functions[words[0].Lit()] || l.hasOther() {
			return nowhere
		}
		for _, word := range scripts(words) {
			if text := sourceText(word); re.MatchString(text) && (kind == "" || strings.HasPrefix(text, kind)) {
				return word.Pos()
			}
		}
		return nowhere
	}
}

// sourceText returns the literal text of a word, but for what is expanded in it.
func sourceText(word *syntax.Word) string {
	var b strings.Builder
	for _, part := range word.Parts {
		switch part := part.(type) {
		case *syntax.SglQuoted:
			b.WriteString(part.Value)
		case *syntax.Lit:
			b.WriteString(part.Value)
		case *syntax.DblQuoted:
			for _, inner := range part.Parts {
				if lit, ok := inner.(*syntax.Lit); ok {
					b.WriteString(lit.Value)
				}
			}
		}
	}
	return b.String()
}

// sedScripts are the words of sed that are code: what follows -e, else the first
// operand.
func sedScripts(words []*syntax.Word) []*syntax.Word {
	var scripts []*syntax.Word
	for i, word := range words[1:] {
		if posix.StaticText(words[i]) == "-e" {
			scripts = append(scripts, word)
		}
	}
	if scripts == nil {
		return firstOperand(words)
	}
	return scripts
}

// firstOperand is the program of awk and sed, behind options; those of awk take
// arguments.
func firstOperand(words []*syntax.Word) []*syntax.Word {
	for i := 1; i < len(words); i++ {
		switch text := posix.StaticText(words[i]); {
		case text == "-v" || text == "-F":
			i++
		case text == "-f":
			return nil
		case !strings.HasPrefix(text, "-") || text == "-":
			return words[i : i+1]
		}
	}
	return nil
}
