package lint

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/posix"
)

// printRules are about echo and printf.
var printRules = []rule{
	{name: "echo-option", msg: "echo reads options in some shells only", hint: `write printf '%s\n'`, on: []string{"echo"}, find: echoOption},
	{name: "echo-backslash", msg: "echo reads backslashes in some shells only", hint: `write printf '%s\n'`, on: []string{"echo"}, find: echoBackslash},
	{name: "echo-value", msg: "echo changes values that begin with - or hold backslashes, in some shells", hint: `write printf '%s\n' "$value"`, on: []string{"echo"}, find: echoValue},
	{name: "printf-option", msg: "printf has no options in POSIX shell", hint: "use x=$(printf …)", on: []string{"printf"}, find: firstArg("-v")},
	{name: "printf-dash", msg: "a format that begins with - is an option for some shells", hint: "write printf -- FORMAT", on: []string{"printf"}, find: printfDash},
	{name: "printf-escape", msg: "this escape of printf is not in all shells", hint: `use \\ \a \b \f \n \r \t \v and \NNN, \0NNN for %b`, on: []string{"printf"}, find: printfEscape},
	{name: "printf-conversion", msg: "this conversion of printf is not in all shells", hint: "use %b %c %d %e %f %g %i %o %s %u %x %X %%, with flags, digits and a precision", on: []string{"printf"}, find: printfConversion},
	{name: "printf-number", msg: "printf reads this number differently, or refuses it", hint: "write it in decimal digits", on: []string{"printf"}, find: printfNumber},
}

func echoOption(_ *linter, node syntax.Node) syntax.Pos {
	words := callArgs(node)
	if len(words) < 2 {
		return nowhere
	}
	text, known := posix.Static(words[1])
	if known && text == "-" || len(text) > 1 && text[0] == '-' && strings.Trim(text[1:], "neE") == "" {
		return words[1].Pos()
	}
	return nowhere
}

func echoBackslash(_ *linter, node syntax.Node) syntax.Pos {
	for _, word := range callArgs(node)[1:] {
		if strings.Contains(posix.StaticText(word), `\`) {
			return word.Pos()
		}
	}
	return nowhere
}

// echoValue finds a first argument that is nothing but expansions, numbers left
// out: then echo is there to pass on what they hold.
func echoValue(_ *linter, node syntax.Node) syntax.Pos {
	words := callArgs(node)
	if len(words) < 2 {
		return nowhere
	}
	parts := words[1].Parts
	if quoted, ok := parts[0].(*syntax.DblQuoted); ok && len(parts) == 1 {
		parts = quoted.Parts
	}
	for _, part := range parts {
		switch part := part.(type) {
		case *syntax.CmdSubst:
		case *syntax.ParamExp:
			if part.Param != nil && strings.Contains("?#$!", part.Param.Value) || part.Length {
				return nowhere
			}
		default:
			return nowhere
		}
	}
	if len(parts) == 0 {
		return nowhere
	}
	return parts[0].Pos()
}

// printfFormat returns the word of the format and what it prints as; nil where
// it is not known.
func printfFormat(node syntax.Node) (word *syntax.Word, format string, rest []*syntax.Word) {
	words := callArgs(node)[1:]
	if len(words) > 0 && words[0].Lit() == "--" {
		words = words[1:]
	}
	if len(words) == 0 {
		return nil, "", nil
	}
	format, known := posix.Static(words[0])
	if !known {
		return nil, "", nil
	}
	return words[0], format, words[1:]
}

func printfDash(_ *linter, node syntax.Node) syntax.Pos {
	words := callArgs(node)
	if len(words) < 2 {
		return nowhere
	}
	if text := posix.StaticText(words[1]); len(text) > 1 && text[0] == '-' && text != "--" && text != "-v" {
		return words[1].Pos()
	}
	return nowhere
}

func printfEscape(_ *linter, node syntax.Node) syntax.Pos {
	word, format, rest := printfFormat(node)
	if word == nil {
		return nowhere
	}
	if badEscape(format, "\\abfnrtv01234567") {
		return word.Pos()
	}
	letters, simple := posix.Conversions(format)
	if !simple || len(letters) == 0 {
		return nowhere
	}
	for i, arg := range rest {
		if text, known := posix.Static(arg); known && letters[i%len(letters)] == 'b' && badEscape(text, "\\abfnrtvc0") {
			return arg.Pos()
		} else if !known && splits(arg) {
			break
		}
	}
	return nowhere
}

// badEscape reports whether a backslash in text stands before another byte than
// those that are good.
func badEscape(text, good string) bool {
	for i := 0; i+1 < len(text); i++ {
		if text[i] == '\\' {
			i++
			if strings.IndexByte(good, text[i]) < 0 {
				return true
			}
		}
	}
	return false
}

func printfConversion(_ *linter, node syntax.Node) syntax.Pos {
	word, format, _ := printfFormat(node)
	for i := 0; i < len(format); i++ {
		switch format[i] {
		case '\\':
			i++
		case '%':
			if i++; i < len(format) && format[i] == '%' {
				continue
			}
			from := i
			for i < len(format) && strings.IndexByte("#-+ 0123456789.", format[i]) >= 0 {
				i++
			}
			if i >= len(format) || strings.IndexByte("diouxXcseEfgGb", format[i]) < 0 || format[i] == 'b' && i > from {
				return word.Pos()
			}
		}
	}
	return nowhere
}

func printfNumber(_ *linter, node syntax.Node) syntax.Pos {
	_, format, rest := printfFormat(node)
	letters, simple := posix.Conversions(format)
	if !simple || len(letters) == 0 {
		return nowhere
	}
	for i, arg := range rest {
		text, known := posix.Static(arg)
		if !known && splits(arg) {
			break
		}
		if known && strings.IndexByte("diouxX", letters[i%len(letters)]) >= 0 && !printfReads(text) {
			return arg.Pos()
		}
	}
	return nowhere
}

// printfReads reports whether the printf of every shell reads text as the same
// whole number.
func printfReads(text string) bool {
	if len(text) == 2 && (text[0] == '\'' || text[0] == '"') {
		return true
	}
	text = strings.TrimPrefix(strings.TrimPrefix(text, "-"), "+")
	if hex, ok := strings.CutPrefix(text, "0x"); ok {
		return strings.Trim(hex, "0123456789abcdefABCDEF") == ""
	}
	return posix.IsNumber(text) && (len(text) == 1 || text[0] != '0') && len(text) < 19
}

// splits reports whether word may become more or fewer words than one.
func splits(word *syntax.Word) bool {
	for _, part := range word.Parts {
		switch part := part.(type) {
		case *syntax.ParamExp, *syntax.CmdSubst:
			return true
		case *syntax.DblQuoted:
			for _, inner := range part.Parts {
				if exp, ok := inner.(*syntax.ParamExp); ok && exp.Param != nil && exp.Param.Value == "@" {
					return true
				}
			}
		}
	}
	return false
}
