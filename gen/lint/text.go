package lint

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/posix"
)

// textRules are about the text as a whole; those without a finder are found in bytes and check.
var textRules = []rule{
	{name: ruleASCII, msg: "a byte that is no ASCII stands in the script's text", hint: "write it in ASCII: yash reads no other bytes, not even in comments; settings can bring them"},
	{name: "carriage-return", msg: "a line ends in a carriage return, which shells take for a part of the last word", hint: "end lines in a newline alone"},
	{name: "nul", msg: "a NUL byte stands in the script's text", hint: "print it by printf '\\000'"},
	{name: ruleSyntax, msg: "this is no POSIX shell"},
	{name: ruleInterpreter, msg: "not every host has this shell", hint: "write #!/bin/sh", at: []kind{kindComment}, find: interpreter},
}

// Rules that are named elsewhere.
const (
	ruleASCII       = "non-ascii"
	ruleSyntax      = "syntax"
	ruleInterpreter = "interpreter"
)

// shells are those whose names in a #! line not every host knows.
const shells = " bash ksh ksh93 mksh zsh dash ash yash posh fish csh tcsh "

func interpreter(_ *linter, node syntax.Node) syntax.Pos {
	c := node.(*syntax.Comment)
	line, first := strings.CutPrefix(c.Text, "!")
	if c.Hash.Offset() != 0 || !first {
		return nowhere
	}
	words := strings.Fields(line)
	if len(words) > 1 && strings.HasSuffix(words[0], "/env") {
		words = words[1:]
	}
	if len(words) > 0 && strings.Contains(shells, " "+words[0][strings.LastIndexByte(words[0], '/')+1:]+" ") {
		return c.Pos()
	}
	return nowhere
}

// bytes looks for bytes that break rules, of each kind the first on a line, and
// returns the text with letters in place of those that the parser cannot read.
func (l *linter) bytes() string {
	if posix.Inert(l.text) && strings.IndexByte(l.text, 0) < 0 {
		return l.text
	}
	clean := []byte(l.text)
	line, start, last := uint(1), 0, map[string]uint{}
	for i := 0; i < len(clean); i++ {
		name := ""
		switch c := clean[i]; {
		case c == '\n':
			line, start = line+1, i+1
		case c == 0:
			name = "nul"
		case c == '\r' && (i+1 == len(clean) || clean[i+1] == '\n'):
			name = "carriage-return"
		case c >= 0x80:
			name = ruleASCII
		}
		if name == "" {
			continue
		}
		if name != "carriage-return" {
			clean[i] = 'x'
		}
		if last[name] != line {
			last[name] = line
			l.found = append(l.found, finding{syntax.NewPos(uint(i), line, uint(i-start+1)), ruleNamed(name)})
		}
	}
	return string(clean)
}
