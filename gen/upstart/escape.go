package upstart

import (
	"fmt"
	"strings"

	"palletgen/gen/command"
	"palletgen/gen/splice"
)

// maxLen bounds what one value may take in a job file: Linux gives a process
// no argument and no variable of more than 128 KiB.
const maxLen = 100_000

// unsayable returns what hinders s from standing in a job file, or "".
func unsayable(s string) string {
	switch {
	case strings.IndexByte(s, '\n') >= 0:
		return "a job file cannot hold a value with a line end"
	case strings.IndexByte(s, 0) >= 0:
		return "no value can hold a NUL byte"
	case len(s) > maxLen:
		return fmt.Sprintf("a value of %d bytes is too long for a job file", len(s))
	}
	return ""
}

// plain tells that every byte of s means itself both to upstart and to a shell.
func plain(s string) bool {
	for _, c := range []byte(s) {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("_./:@%+,=-", c) >= 0 {
			continue
		}
		return false
	}
	return s != ""
}

// argument writes s for an argument of a stanza, at a place where quote is open
// (0: none). Upstart knows no escape for quotes: those of one kind are written
// between those of the other. An empty value writes nothing.
func argument(s string, quote byte) string {
	var b strings.Builder
	open := quote
	if quote == 0 && plain(s) {
		return s
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if open == 0 || c == open {
			if open != 0 {
				b.WriteByte(open)
			}
			open = '"'
			if c == '"' {
				open = '\''
			}
			b.WriteByte(open)
		}
		if c == '\\' {
			b.WriteByte('\\')
		}
		b.WriteByte(c)
	}
	return b.String() + closing(open, quote)
}

// closing returns what leads from one open quote back to another.
func closing(open, quote byte) string {
	switch {
	case open == quote:
		return ""
	case quote == 0:
		return string(open)
	}
	return string(open) + string(quote)
}

// shellWord writes s for the command line after exec, at a place where quote is
// open. The text goes through upstart's reader first, which takes a backslash
// for a quote even between single quotes, and then through the shell: so
// backslashes stand doubled between double quotes.
func shellWord(s string, quote byte) string {
	if quote == 0 && plain(s) {
		return s
	}
	if quote == 0 && s == "" {
		return "''"
	}
	var b strings.Builder
	open := quote
	for i := 0; i < len(s); i++ {
		c := s[i]
		want := byte('\'')
		if c == '\'' || c == '\\' {
			want = '"'
		}
		if open != want {
			if open != 0 {
				b.WriteByte(open)
			}
			open = want
			b.WriteByte(open)
		}
		if c == '\\' {
			b.WriteByte('\\')
		}
		b.WriteByte(c)
	}
	return b.String() + closing(open, quote)
}

// commandLine writes a command for the place after exec; problem is "" or why it
// cannot stand there.
func commandLine(c command.Command) (line, problem string) {
	words := make([]string, len(c.Args))
	for i, arg := range c.Args {
		word := arg.Src
		if word == "" {
			word, problem = shellWord(arg.Lit, 0), unsayable(arg.Lit)
		} else if strings.ContainsAny(word, "\\#\n\x00") {
			problem = fmt.Sprintf("the word %s reads differently in a job file than in a shell", word)
		}
		if i == 0 && problem == "" && strings.HasPrefix(arg.Lit+arg.Src, "-") {
			problem = fmt.Sprintf("exec takes %q for an option", word)
		}
		if problem != "" {
			return "", problem
		}
		words[i] = word
	}
	line = strings.Join(words, " ")
	if len(line) > maxLen {
		return "", fmt.Sprintf("a command of %d bytes is too long for a job file", len(line))
	}
	return line, ""
}

// Fits tells whether a job file can say v exactly: a text as the value of a
// variable or as one word, a command as the words after exec. Of lists and maps
// every value must fit. Where it does not, the value goes to the process by way
// of a launcher script.
func Fits(v any) bool {
	return splice.Fits(v, func(v any) bool {
		if c, ok := v.(command.Command); ok {
			_, problem := commandLine(c)
			return problem == ""
		}
		text, ok := v.(string)
		return ok && unsayable(text) == "" && len(argument(text, 0)) <= maxLen
	})
}
