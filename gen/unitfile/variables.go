package unitfile

import (
	"strings"

	"palletgen/gen/command"
)

// maxCommand is how many bytes a command may have with the values of its
// variables: Linux starts none with more than 6 MiB of words.
const maxCommand = 6 << 20

// replaceAll puts the values of variables into an argv, as systemd 252 does: a
// word $NAME becomes the words of its value, ${NAME} in a word the value as it is,
// and $$ a dollar sign. It is false where that is more than maxCommand.
func replaceAll(argv []string, env map[string]string) (all []string, ok bool) {
	left := maxCommand
	for _, word := range argv {
		if left -= replacedSize(word, env); left < 0 {
			return nil, false
		}
		if name, ok := wholeWord(word); ok {
			all = append(all, words(env[name])...)
			continue
		}
		var b strings.Builder
		for _, part := range variableParts(word) {
			if part.name == "" {
				b.WriteString(part.text)
			} else {
				b.WriteString(env[part.name])
			}
		}
		all = append(all, b.String())
	}
	return all, true
}

// replacedSize is how long a word becomes at most, with the byte that ends it.
func replacedSize(word string, env map[string]string) int {
	size := len(word) + 1
	for _, name := range read([]string{word}) {
		size += len(env[name])
	}
	return size
}

// wholeWord returns the name where a word is $NAME, or what systemd takes for one.
func wholeWord(word string) (string, bool) {
	if !strings.HasPrefix(word, "$") || strings.HasPrefix(word, "$$") || strings.HasPrefix(word, "${") {
		return "", false
	}
	return word[1:], true
}

// A part of a word is a text, or a variable.
type part struct{ text, name string }

// variableParts splits a word at ${NAME}, and reads $$.
func variableParts(word string) []part {
	var all []part
	text := func(s string) {
		if s != "" {
			all = append(all, part{text: s})
		}
	}
	begin := 0 // of what is not in all yet
	for i := 0; i+1 < len(word); {
		if word[i] != '$' {
			i++
			continue
		}
		switch word[i+1] {
		case '$':
			text(word[begin : i+1])
			i += 2
			begin = i
		case '{':
			end := strings.IndexAny(word[i+2:], "}:")
			switch {
			case end < 0:
				i = len(word)
			case word[i+2+end] == ':': // systemd 252 leaves it as it is
				i += end + 3
			default:
				text(word[begin:i])
				if end > 0 { // no variable has an empty name
					all = append(all, part{name: word[i+2 : i+2+end]})
				}
				i += end + 3
				begin = i
			}
		default:
			i += 2
		}
	}
	if begin < len(word) {
		text(word[begin:])
	}
	return all
}

// words splits a value as systemd does where a word is $NAME: at blanks, with
// quotes, and a backslash before any character.
func words(value string) []string {
	var all []string
	var b strings.Builder
	quote, open := byte(0), false
	for i := 0; i < len(value); i++ {
		switch c := value[i]; {
		case c == '\\':
			open = true
			if i++; i < len(value) {
				b.WriteByte(value[i])
			}
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote, open = c, true
		case quote == 0 && strings.IndexByte(" \t\n\r", c) >= 0:
			if open {
				all = append(all, b.String())
				b.Reset()
				open = false
			}
		default:
			b.WriteByte(c)
			open = true
		}
	}
	if open {
		all = append(all, b.String())
	}
	return all
}

// atRuntime writes a word whose variables are known when the service starts, as
// a shell reads it.
func atRuntime(word string) string {
	if name, ok := wholeWord(word); ok && isName(name) {
		return "${" + name + "}"
	}
	var b strings.Builder
	for _, part := range variableParts(word) {
		if part.name == "" {
			b.WriteString(command.Quote(part.text))
		} else {
			b.WriteString(`"${` + part.name + `}"`)
		}
	}
	if b.Len() == 0 {
		return "''"
	}
	return b.String()
}

// read lists the variables that words read.
func read(argv []string) []string {
	var names []string
	for _, word := range argv {
		if name, ok := wholeWord(word); ok {
			names = append(names, name)
			continue
		}
		for _, part := range variableParts(word) {
			if part.name != "" {
				names = append(names, part.name)
			}
		}
	}
	return names
}

// isName reports whether s is the name of a variable.
func isName(s string) bool {
	for i, c := range []byte(s) {
		if c != '_' && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}
