package shell

import (
	"strings"

	"palletgen/gen/posix"
)

// carriageReturn stands for \r where text is parsed: a private code point.
const carriageReturn = '\uE00D'

// spell returns text in the spelling in which it can be parsed: each byte from
// 0x80 on as the code point of that number, a carriage return as a private one.
// Different texts have different spellings, and what means something to a shell
// is spelled as ever.
func spell(text string) string {
	if posix.Inert(text) {
		return text
	}
	var b strings.Builder
	b.Grow(len(text) + len(text)/4)
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\r':
			b.WriteRune(carriageReturn)
		case c >= 0x80:
			b.WriteRune(rune(c))
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
