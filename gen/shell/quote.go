package shell

import "strings"

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
