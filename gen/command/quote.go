package command

import "strings"

// Quote returns s as one POSIX word: as it is when nothing in it means anything
// to a shell, in any place of a command, else in single quotes. NUL, which no
// word can hold, is left to the caller.
func Quote(s string) string {
	if Bare(s) {
		return s
	}
	return string(AppendQuoted(make([]byte, 0, len(s)+2), s))
}

// AppendQuoted appends s in single quotes to b. A single quote is written
// outside of them, with a backslash.
func AppendQuoted(b []byte, s string) []byte {
	b = append(b, '\'')
	for {
		i := strings.IndexByte(s, '\'')
		if i < 0 {
			break
		}
		b = append(b, s[:i]...)
		b = append(b, `'\''`...)
		s = s[i+1:]
	}
	b = append(b, s...)
	return append(b, '\'')
}

// Bare reports whether s can stand unquoted as a word wherever a word can: it
// is made of plain bytes only, and is neither a reserved word nor the beginning
// of an assignment.
func Bare(s string) bool {
	if !PlainBytes(s) || s == "" || reserved[s] {
		return false
	}
	name, _, found := strings.Cut(s, "=")
	return !found || name != "" && !validName(name)
}

// PlainBytes reports whether no byte of s means anything to a shell.
func PlainBytes(s string) bool {
	for i := 0; i < len(s); i++ {
		if !plain[s[i]] {
			return false
		}
	}
	return true
}

// Plain reports whether c means nothing to a shell, quoted or not.
func Plain(c byte) bool { return plain[c] }

// plain marks the bytes that stand for themselves in a word.
var plain = func() (set [256]bool) {
	const bytes = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:@%+,=-"
	for i := range len(bytes) {
		set[bytes[i]] = true
	}
	return set
}()

// reserved are the words that begin or end a construct in one of the target
// shells, as far as they are made of plain bytes.
var reserved = map[string]bool{
	"if": true, "then": true, "else": true, "elif": true, "fi": true,
	"do": true, "done": true, "case": true, "esac": true, "in": true,
	"while": true, "until": true, "for": true,
	"function": true, "select": true, "time": true, "coproc": true, "namespace": true,
}

func validName(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_':
		case i > 0 && c >= '0' && c <= '9':
		default:
			return false
		}
	}
	return s != ""
}
