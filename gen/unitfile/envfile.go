package unitfile

import (
	"strings"

	"palletgen/gen/diag"
)

// An assignment is one line of a file of variables.
type assignment struct {
	name, value string
	pos         diag.Pos
}

// parseFile reads a file of variables as systemd does with EnvironmentFile=.
func parseFile(src *diag.Source) []assignment {
	p := &fileParser{src: src, line: 1}
	for i := 0; i < len(src.Text); i++ {
		p.take(src.Text[i])
		if src.Text[i] == '\n' {
			p.line++
		}
	}
	p.end()
	return p.all
}

type fileState int

const (
	beforeKey fileState = iota
	inKey
	beforeValue
	inValue
	escaped
	single
	double
	doubleEscaped
	comment
	commentEscaped
)

// A fileParser is the state machine of systemd's parse_env_file.
type fileParser struct {
	src        *diag.Source
	line, from int
	state      fileState
	key, value []byte
	blank      int // length of the value before the blanks at its end, -1 for none
	all        []assignment
}

func (p *fileParser) take(c byte) {
	newline, white := c == '\n' || c == '\r', c == ' ' || c == '\t'
	switch p.state {
	case beforeKey:
		switch {
		case c == '#' || c == ';':
			p.state = comment
		case !newline && !white:
			p.state, p.key, p.value, p.from, p.blank = inKey, []byte{c}, nil, p.line, -1
		}
	case inKey:
		switch {
		case newline:
			p.state = beforeKey
		case c == '=':
			p.state = beforeValue
		default:
			p.key = append(p.key, c)
		}
	case beforeValue:
		switch {
		case newline:
			p.push()
		case c == '\'':
			p.state = single
		case c == '"':
			p.state = double
		case c == '\\':
			p.state = escaped
		case !white:
			p.state = inValue
			p.value = append(p.value, c)
		}
	case inValue:
		p.inValue(c, newline, white)
	case escaped:
		p.state = inValue
		if !newline {
			p.value = append(p.value, c)
		}
	default:
		p.quoted(c, newline)
	}
}

func (p *fileParser) inValue(c byte, newline, white bool) {
	switch {
	case newline:
		p.push()
		return
	case c == '\\':
		p.state, p.blank = escaped, -1
		return
	case !white:
		p.blank = -1
	case p.blank < 0:
		p.blank = len(p.value)
	}
	p.value = append(p.value, c)
}

func (p *fileParser) quoted(c byte, newline bool) {
	switch {
	case p.state == single && c == '\'', p.state == double && c == '"':
		p.state = beforeValue
	case p.state == double && c == '\\':
		p.state = doubleEscaped
	case p.state == single, p.state == double:
		p.value = append(p.value, c)
	case p.state == doubleEscaped:
		p.state = double
		if strings.IndexByte("\"\\`$", c) < 0 && c != '\n' {
			p.value = append(p.value, '\\')
		}
		if c != '\n' {
			p.value = append(p.value, c)
		}
	case p.state == comment && c == '\\':
		p.state = commentEscaped
	case p.state == comment && newline:
		p.state = beforeKey
	case p.state == commentEscaped:
		p.state = comment
	}
}

// push keeps what was read.
func (p *fileParser) push() {
	if p.blank >= 0 {
		p.value = p.value[:p.blank]
	}
	p.all = append(p.all, assignment{strings.TrimRight(string(p.key), " \t"), string(p.value), diag.Pos{Source: p.src, Line: p.from, Col: 1}})
	p.state = beforeKey
}

func (p *fileParser) end() {
	switch p.state {
	case beforeValue, inValue, escaped, single, double, doubleEscaped:
		p.push()
	}
}
