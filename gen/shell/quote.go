package shell

import (
	"errors"
	"strings"

	"palletgen/gen/command"
)

var errNUL = errors.New("cannot quote a NUL byte for a shell")

// Quote returns s as one shell word: as it is when no byte of it means anything
// to a shell, else in single quotes. NUL is an error.
func Quote(s string) (string, error) {
	if strings.IndexByte(s, 0) >= 0 {
		return "", errNUL
	}
	return command.Quote(s), nil
}

// appendDoubleQuoted appends s as it has to be written inside double quotes.
func appendDoubleQuoted(b []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\', '"', '$', '`':
			b = append(b, '\\')
		}
		b = append(b, s[i])
	}
	return b
}

// appendSingleQuoted appends s as it has to be written inside single quotes.
func appendSingleQuoted(b []byte, s string) []byte {
	for {
		i := strings.IndexByte(s, '\'')
		if i < 0 {
			return append(b, s...)
		}
		b = append(b, s[:i]...)
		b = append(b, `'\''`...)
		s = s[i+1:]
	}
}

// appendHeredoc appends s as it has to be written in the body of a
// here-document whose delimiter is not quoted.
func appendHeredoc(b []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\', '$', '`':
			b = append(b, '\\')
		}
		b = append(b, s[i])
	}
	return b
}
