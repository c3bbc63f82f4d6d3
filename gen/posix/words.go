package posix

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/record"
)

// StaticText returns the bytes of a word without expansions and values; of
// others what comes before the first of them.
func StaticText(word *syntax.Word) string {
	s, _ := Static(word)
	return s
}

// Static returns the bytes of a word; false when a part of it is only known at
// run time, or is a value.
func Static(word *syntax.Word) (string, bool) {
	var b strings.Builder
	for _, part := range word.Parts {
		if !staticPart(&b, part) {
			return b.String(), false
		}
	}
	return b.String(), true
}

func staticPart(b *strings.Builder, part syntax.WordPart) bool {
	switch part := part.(type) {
	case *syntax.Lit:
		return staticLiteral(b, part.Value, Unescape)
	case *syntax.SglQuoted:
		return staticLiteral(b, part.Value, func(s string) string { return s })
	case *syntax.DblQuoted:
		for _, inner := range part.Parts {
			lit, ok := inner.(*syntax.Lit)
			if !ok || !staticLiteral(b, lit.Value, UnescapeDouble) {
				return false
			}
		}
		return true
	}
	return false
}

func staticLiteral(b *strings.Builder, lit string, read func(string) string) bool {
	at, _ := record.FindMarker(lit)
	if at >= 0 {
		b.WriteString(read(lit[:at]))
		return false
	}
	b.WriteString(read(lit))
	return true
}

// UnquotedOnly returns a literal without its escaped bytes.
func UnquotedOnly(lit string) string {
	if !strings.Contains(lit, `\`) {
		return lit
	}
	var b strings.Builder
	for i := 0; i < len(lit); i++ {
		if lit[i] == '\\' {
			i++
			continue
		}
		b.WriteByte(lit[i])
	}
	return b.String()
}

// Unescape takes the backslashes of an unquoted literal away.
func Unescape(lit string) string {
	if !strings.Contains(lit, `\`) {
		return lit
	}
	var b strings.Builder
	for i := 0; i < len(lit); i++ {
		if lit[i] == '\\' && i+1 < len(lit) {
			i++
		}
		b.WriteByte(lit[i])
	}
	return b.String()
}

// UnescapeDouble takes the backslashes of a literal in double quotes away.
func UnescapeDouble(lit string) string {
	if !strings.Contains(lit, `\`) {
		return lit
	}
	var b strings.Builder
	for i := 0; i < len(lit); i++ {
		if lit[i] == '\\' && i+1 < len(lit) {
			switch lit[i+1] {
			case '\n':
				i++
				continue
			case '\\', '"', '$', '`':
				i++
			}
		}
		b.WriteByte(lit[i])
	}
	return b.String()
}

// EndsInBackslash reports whether an odd number of backslashes ends s.
func EndsInBackslash(s string) bool {
	n := len(s)
	for n > 0 && s[n-1] == '\\' {
		n--
	}
	return (len(s)-n)%2 == 1
}

// IsNumber reports whether s is digits alone.
func IsNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// IsName reports whether s can name a variable.
func IsName(s string) bool {
	for i := 0; i < len(s); i++ {
		if !IsNameByte(s[i]) {
			return false
		}
	}
	return s != "" && (s[0] < '0' || s[0] > '9')
}

// IsNameByte reports whether c can stand in the name of a variable.
func IsNameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
}
