package strictyaml

import (
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"palletgen/gen/diag"
)

const byteOrderMark = "\ufeff"

// checkBytes refuses what no YAML file may hold, with its position: the
// parser tells none.
func checkBytes(src *diag.Source) error {
	if strings.HasPrefix(src.Text, "\xff\xfe") || strings.HasPrefix(src.Text, "\xfe\xff") {
		return diag.At(diag.Pos{Source: src}, "the file is in UTF-16").WithHint("save it as UTF-8")
	}
	line, start := 1, 0
	wrong := func(i int, hint, format string, args ...any) error {
		return diag.At(diag.Pos{Source: src, Line: line, Col: i - start + 1}, format, args...).WithHint("%s", hint)
	}
	for i := 0; i < len(src.Text); i++ {
		switch c := src.Text[i]; {
		case c == '\n':
			line, start = line+1, i+1
		case c == '\r':
			if !strings.HasPrefix(src.Text[i:], "\r\n") {
				return wrong(i, "end lines with a line feed; within a text in double quotes it is \\r", "a carriage return that ends no line")
			}
		case c < ' ' && c != '\t' || c == 0x7f:
			return wrong(i, `remove it; within a text in double quotes it is \xHH`, "control character %#02x", c)
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRuneInString(src.Text[i:])
			switch {
			case r == utf8.RuneError && size == 1:
				return wrong(i, "save the file as UTF-8", "the byte %#02x is no UTF-8", c)
			case r == 0x85 || r == 0x2028 || r == 0x2029: // the parser takes them for the end of a line
				return wrong(i, `remove it; within a text in double quotes it is \uHHHH`, "the line separator %U", r)
			case r < 0xa0, r == 0xfffe, r == 0xffff, r == 0xfeff && i > 0:
				return wrong(i, `remove it; within a text in double quotes it is \xHH`, "control character %#02x", r)
			}
			i += size - 1
		}
	}
	return nil
}

// columns turns the parser's columns, which count characters, into those of
// diag.Pos, which count bytes.
type columns struct {
	text  string
	lines []int // where they begin; nil where all characters are one byte
}

func newColumns(src *diag.Source) *columns {
	c := &columns{text: src.Text}
	if !strings.ContainsFunc(src.Text, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return c
	}
	c.lines = []int{0}
	for i := range len(src.Text) {
		if src.Text[i] == '\n' {
			c.lines = append(c.lines, i+1)
		}
	}
	return c
}

// fix goes through a node and all in it.
func (c *columns) fix(node *yaml.Node) {
	if c.lines == nil {
		return
	}
	node.Column = c.bytes(node.Line, node.Column)
	for _, inner := range node.Content {
		c.fix(inner)
	}
}

// bytes is the column of a character, both from 1.
func (c *columns) bytes(line, column int) int {
	if line < 1 || line > len(c.lines) {
		return column
	}
	text := c.text[c.lines[line-1]:]
	at := 0
	if line == 1 && strings.HasPrefix(text, byteOrderMark) { // the parser leaves it out
		at = len(byteOrderMark)
	}
	for range column - 1 {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return at + 1
}
