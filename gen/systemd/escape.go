package systemd

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"palletgen/gen/command"
	"palletgen/gen/diag"
	"palletgen/gen/splice"
)

const hintFits = `test it with fits "systemd", and let a launcher script hold it`

// unsayable returns nil, or why no unit can hold s as an argument or a variable.
// systemd passes on any bytes as an argument, but its own bus does not carry
// those that are no UTF-8: then systemctl can no longer tell of the unit.
func unsayable(s string) *diag.Error {
	switch {
	case strings.IndexByte(s, 0) >= 0:
		return splice.Problem("no value can hold a NUL byte")
	case len(s) > maxWord:
		return splice.Problem("%d bytes are too many: Linux gives a process no argument and no variable of more than %d", len(s), maxWord)
	case !utf8.ValidString(s):
		return splice.Problem("a unit cannot hold a value that is no UTF-8").WithHint(hintFits)
	}
	for _, r := range s {
		if r&0xfffe == 0xfffe || r >= 0xfdd0 && r <= 0xfdef {
			return splice.Problem("a unit cannot hold the character U+%04X", r).WithHint(hintFits)
		}
	}
	return nil
}

// plain tells that every byte of s means itself, anywhere in a word.
func plain(s string) bool {
	for _, c := range []byte(s) {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("_./:@+,=-", c) >= 0 {
			continue
		}
		return false
	}
	return s != ""
}

// word writes s as a word of its own. env tells that systemd replaces variables
// there.
func word(s string, env bool) string {
	if plain(s) {
		return s
	}
	return `"` + inWord(s, '"', env) + `"`
}

// inWord writes s for a place in a word where quote is open, 0 for none. There an
// empty value writes a pair of quotes, so that the word cannot vanish.
func inWord(s string, quote byte, env bool) string {
	if s == "" && quote == 0 {
		return `""`
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	for i := range len(s) {
		c := s[i]
		switch {
		case c == '%', c == '$' && env:
			b.WriteByte(c)
			b.WriteByte(c)
		case c == '\\', c == '"' && quote != '\'', c == '\'' && quote != '"':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\t':
			b.WriteString(`\t`)
		case c < ' ', c == 0x7f, c == ' ' && quote == 0,
			(c == '#' || c == ';') && strings.Trim(s[:i], " ") == "": // at the beginning of a line it would be a comment
			fmt.Fprintf(&b, `\x%02x`, c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// commandLine writes a command. program: its first word is the program of the
// line, and glued tells that prefixes stand before it.
func commandLine(c command.Command, isProgram, glued, env bool) (string, *diag.Error) {
	words := make([]string, len(c.Args))
	for i, arg := range c.Args {
		if arg.Src != "" {
			return "", splice.Problem("the word %s reads differently in a unit than in a shell", arg.Src).WithHint(hintFits)
		}
		if err := unsayable(arg.Lit); err != nil {
			return "", err
		}
		words[i] = word(arg.Lit, env)
		if i > 0 || !isProgram {
			continue
		}
		if err := program(arg.Lit, !env); err != nil {
			return "", err
		}
		words[i] = word(arg.Lit, false)
		if glued {
			words[i] = inWord(arg.Lit, 0, false)
		}
	}
	return strings.Join(words, " "), nil
}

// nameRoom is what Fits leaves for the name of a key or variable.
const nameRoom = 1024

// Fits tells whether a unit can say v exactly: a text as a variable or as an
// argument, a command as a command line. Of lists and maps every value must fit.
// Where it does not, the value goes to the process by way of a launcher script.
func Fits(v any) bool {
	return splice.Fits(v, func(v any) bool {
		if c, ok := v.(command.Command); ok {
			line, err := commandLine(c, true, false, true)
			return err == nil && len(line) <= maxLine-nameRoom
		}
		text, ok := v.(string)
		return ok && unsayable(text) == nil && len(text) <= maxWord-nameRoom
	})
}
