// Package posix reads shell that may be anybody's: it parses, and says what the
// words of a tree hold. The parser calls itself for what is nested, as do those
// who walk the tree, and Go ends a program whose stack is full: so what is nested
// too deeply is refused before it is parsed. It imports gen/record alone, for the
// markers that stand for values.
package posix

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

const (
	// maxStack is how much of the stack a text may make the parser take, in bytes
	// and at a guess that is never too low: as if everything that can begin a level
	// began one within the last. Go allows for 512 MiB.
	maxStack = 192 << 20
	// maxDepth is how deep the nodes of a tree may be within each other. That is for
	// those who walk it, and take more of the stack for a level than the parser.
	maxDepth = 2_000
	// maxLevels is how many levels can begin in a text whose tree is not looked at,
	// because it cannot be too deep: each level is two nodes at most.
	maxLevels = maxDepth / 4
)

// What the parser takes of the stack for a level, in bytes, as measured: see the
// test.
const (
	arithSize    = 7_000 // $((1+(1+(, $((a[a[
	parenSize    = 2_800 // $( $( $(, "$(a "$(a
	braceSize    = 3_600 // "${a:-"${a:-…
	wordSize     = 1_800 // if if if
	operatorSize = 500   // a && a && a, and in arithmetic 1 - - - 1
)

// Words that begin a level, in the end those that do so in other shells only.
var words = []string{"if", "while", "until", "for", "case", "then", "do", "else", "select", "time", "coproc"}

// operators are what stands before a parenthesis or a number in arithmetic.
const operators = "(+-*/%<>=!~^,?:&|"

// Parse parses a text; parser is one for POSIX shell. The error is a
// syntax.ParseError, or another one of the parser.
func Parse(parser *syntax.Parser, text string) (*syntax.File, error) {
	return parse(parser, text, strings.Contains(text, "(("))
}

// ParseOther is Parse for a parser of any other shell.
func ParseOther(parser *syntax.Parser, text string) (*syntax.File, error) {
	return parse(parser, text, true)
}

func parse(parser *syntax.Parser, text string, arithmetic bool) (*syntax.File, error) {
	if shallow(text) {
		return parser.Parse(strings.NewReader(text), "")
	}
	levels, at := measure(text, arithmetic)
	if at >= 0 {
		return nil, tooDeep(position(text, at))
	}
	file, err := parser.Parse(strings.NewReader(text), "")
	if err != nil || levels <= maxLevels {
		return file, err
	}
	if pos, deep := deepest(file); deep {
		return nil, tooDeep(pos)
	}
	return file, nil
}

// begins marks the bytes that begin what may begin a level: all operators, and
// the first letter of each of words.
var begins = func() (set [256]byte) {
	for _, s := range append([]string{operators, "{`["}, words...) {
		for i := range len(s) {
			if set[s[i]] = 1; s[0] >= 'a' && s[0] <= 'z' {
				break
			}
		}
	}
	return set
}()

// shallow reports whether a text cannot be deep, at a glance: most are.
func shallow(text string) bool {
	if len(text) <= maxLevels {
		return true
	}
	n := 0
	before := byte(' ')
	for i := range len(text) {
		c := text[i]
		if begins[c] != 0 && !(c >= 'a' && c <= 'z' && before >= 'a' && before <= 'z') {
			n++
		}
		before = c
	}
	return n <= maxLevels
}

func tooDeep(pos syntax.Pos) error {
	return syntax.ParseError{Pos: pos, Text: "more is nested within each other than palletgen can read"}
}

// measure returns at least how many levels begin in a text; and, unless that is
// -1, the place up to which they are too many. In arithmetic more can be nested.
func measure(text string, arithmetic bool) (levels, at int) {
	stack, before := 0, byte(0)
	for _, word := range words {
		if !arithmetic && strings.HasSuffix(word, "time") {
			break
		}
		n := strings.Count(text, word)
		levels, stack = levels+n, stack+n*wordSize
	}
	if stack > maxStack {
		return levels, 0
	}
	for i := range len(text) {
		size := 0
		switch c := text[i]; c {
		case ' ', '\t', '\n':
			continue
		case '(':
			if size = parenSize; strings.IndexByte(operators, before) >= 0 {
				size = arithSize
			}
		case '{', '`':
			size = braceSize
		case '&', '|':
			size = operatorSize
		case '[':
			if arithmetic {
				size = arithSize
			}
		default:
			if arithmetic && strings.IndexByte(operators, c) >= 0 {
				size = operatorSize
			}
		}
		before = text[i]
		if size > 0 {
			levels++
			if stack += size; stack > maxStack {
				return levels, i
			}
		}
	}
	return levels, -1
}

// position is that of byte at in text.
func position(text string, at int) syntax.Pos {
	before := text[:at]
	line, col := strings.Count(before, "\n")+1, at-strings.LastIndexByte(before, '\n')
	return syntax.NewPos(uint(at), uint(line), uint(col))
}

// deepest finds the first node that is too deep.
func deepest(file *syntax.File) (pos syntax.Pos, deep bool) {
	depth := 0
	syntax.Walk(file, func(node syntax.Node) bool {
		switch {
		case node == nil:
			depth--
			return true
		case deep:
			return false
		}
		if depth++; depth > maxDepth {
			pos, deep = node.Pos(), true
		}
		return true
	})
	return pos, deep
}
