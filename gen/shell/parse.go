package shell

import (
	"errors"
	"strings"
	"sync"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/posix"
)

// parsers lends parsers, which hold buffers worth keeping.
type parsers struct{ pool sync.Pool }

// parse parses text as POSIX shell and keeps the comments.
func (p *parsers) parse(text string) (*syntax.File, error) {
	with, _ := p.pool.Get().(*syntax.Parser)
	if with == nil {
		with = syntax.NewParser(syntax.Variant(syntax.LangPOSIX), syntax.KeepComments(true))
	}
	file, err := posix.Parse(with, text)
	p.pool.Put(with)
	return file, err
}

// syntaxError returns what the parser found and where.
func syntaxError(err error) (msg string, pos syntax.Pos) {
	var parse syntax.ParseError
	if errors.As(err, &parse) {
		return parse.Text, parse.Pos
	}
	var lang syntax.LangError
	if errors.As(err, &lang) {
		return "no POSIX shell: " + lang.Feature, lang.Pos
	}
	return err.Error(), syntax.Pos{}
}

// inert reports whether text can be parsed as it is. The parser refuses bytes
// that are no UTF-8 and drops carriage returns, shells do neither.
func inert(text string) bool {
	for i := 0; i < len(text); i++ {
		if text[i] >= 0x80 || text[i] == '\r' {
			return false
		}
	}
	return true
}

// carriageReturn stands for \r where text is parsed: a private code point.
const carriageReturn = '\uE00D'

// spell returns text in the spelling in which it can be parsed: each byte from
// 0x80 on as the code point of that number, a carriage return as a private one.
// Different texts have different spellings, and what means something to a shell
// is spelled as ever.
func spell(text string) string {
	if inert(text) {
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
