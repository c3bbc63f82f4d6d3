package posix

import (
	"errors"
	"sync"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/record"
)

// Parsers lends parsers, which hold buffers worth keeping. Any number of
// goroutines may use it; the zero value is ready.
type Parsers struct{ pool sync.Pool }

// Parse parses text as POSIX shell and keeps the comments.
func (p *Parsers) Parse(text string) (*syntax.File, error) {
	with, _ := p.pool.Get().(*syntax.Parser)
	if with == nil {
		with = syntax.NewParser(syntax.Variant(syntax.LangPOSIX), syntax.KeepComments(true))
	}
	file, err := Parse(with, text)
	p.pool.Put(with)
	return file, err
}

// SyntaxError returns what the parser found wrong and where; a position that is
// not valid where it does not say.
func SyntaxError(err error) (msg string, pos syntax.Pos) {
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

// NameMarkers puts {{ }} in the place of each marker in a message of the parser.
func NameMarkers(msg string) string {
	for {
		at, value := record.FindMarker(msg)
		if at < 0 {
			return msg
		}
		msg = msg[:at] + "{{ }}" + msg[at+len(record.Marker(value)):]
	}
}

// Inert reports whether text can be parsed as it is. The parser refuses bytes
// that are no UTF-8 and drops carriage returns, shells do neither.
func Inert(text string) bool {
	for i := 0; i < len(text); i++ {
		if text[i] >= 0x80 || text[i] == '\r' {
			return false
		}
	}
	return true
}

// EndLine returns the last line that stmt or a here-document of it reaches.
func EndLine(stmt *syntax.Stmt) uint {
	last := uint(0)
	syntax.Walk(stmt, func(node syntax.Node) bool {
		if node != nil {
			last = max(last, node.End().Line())
		}
		return true
	})
	return last
}
