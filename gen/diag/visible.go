package diag

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// visible is r, or what is shown in its place: what comes from an input file must
// not steer the terminal that shows it, nor look like another text. Of the
// characters that nobody sees tab alone stays.
func visible(r rune) rune {
	switch {
	case r == '\t', r >= ' ' && r < 0x7f:
		return r
	case r < ' ':
		return 0x2400 + r // the pictures of the control characters
	case r == 0x7f:
		return 0x2421
	case r < 0xa0, unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp):
		return utf8.RuneError
	}
	return r
}

// Printable returns s with every control character but tab, and every other that
// steers how text is shown, made visible, and bytes that are no UTF-8 replaced.
func Printable(s string) string {
	clean := true
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' && s[i] != '\t' || s[i] >= 0x7f {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	return strings.Map(visible, s)
}

// PrintableLines is Printable for a text of several lines.
func PrintableLines(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' {
			return r
		}
		return visible(r)
	}, s)
}

// Visible is w for texts of several lines that may be anybody's: what is written
// to it goes to w as PrintableLines. Each call has to write whole characters.
func Visible(w io.Writer) io.Writer { return visibleWriter{w} }

type visibleWriter struct{ w io.Writer }

func (v visibleWriter) Write(p []byte) (int, error) {
	if _, err := io.WriteString(v.w, PrintableLines(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// EscapeJSON returns JSON with what visible would replace written as \uXXXX,
// which means the same.
func EscapeJSON(text []byte) []byte {
	var b strings.Builder
	for _, r := range string(text) {
		switch {
		case r == '\n', visible(r) == r, r == utf8.RuneError:
			b.WriteRune(r)
		case r > 0xffff:
			high, low := 0xd800+(r-0x10000)>>10, 0xdc00+(r-0x10000)&0x3ff
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return []byte(b.String())
}

// columns is how many columns of a terminal r takes: two of the wide ones of East
// Asia and of emoji, none where it combines with another.
func columns(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me), r >= 0x1160 && r <= 0x11ff: // the latter: vowels within a Hangul syllable
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}
