package lint

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/posix"
)

var testNames = []string{"[", "test"}

// testRules are about test and [.
var testRules = []rule{
	{name: "test-equal", msg: "== and =~ in [ are no POSIX shell", hint: "write =, or case", on: testNames, find: args("==", "=~")},
	{name: "test-and-or", msg: "-a and -o in [ are read differently by shells, depending on the words around", hint: "use several [ ] with && and ||", on: testNames, find: testAndOr},
	{name: "test-parentheses", msg: "posh has no parentheses in [", hint: "use several [ ] with && and ||", on: testNames, find: testParentheses},
	{name: "test-file-order", msg: "-nt, -ot and -ef are no POSIX shell", hint: "use find -newer, or compare what ls -i prints", on: testNames, find: args("-nt", "-ot", "-ef")},
	{name: "test-text-order", msg: "< and > in [ are no POSIX shell", hint: "use expr, or sort", on: testNames, find: testTextOrder},
	{name: "test-operator", msg: "this operator of [ is not in all shells", hint: "use what POSIX shell has: -b -c -d -e -f -g -h -L -n -p -r -S -s -t -u -w -x -z", on: testNames, find: testOperator},
	{name: "test-number", msg: "shells read this number differently", hint: "write it in decimal digits, of 31 bits at most", on: testNames, find: testNumber},
	{name: "test-terminal", msg: "ksh93 looks at descriptor 1 here, others at the text", hint: "write -t 1", on: testNames, find: testTerminal},
	{name: "test-words", msg: "ksh93 takes more words than one after an operator", hint: "put the words in quotes", on: testNames, find: testWords},
}

// tested returns the operands of test or [, without the ].
func tested(node syntax.Node) []*syntax.Word {
	words := callArgs(node)
	if words[0].Lit() == "[" && words[len(words)-1].Lit() == "]" {
		return words[1 : len(words)-1]
	}
	return words[1:]
}

func testAndOr(_ *linter, node syntax.Node) syntax.Pos {
	words := tested(node)
	for i, word := range words {
		if lit := word.Lit(); (lit == "-a" || lit == "-o") && i > 0 && i+1 < len(words) {
			if len(words) == 3 && (words[1].Lit() == "=" || words[1].Lit() == "!=") {
				continue
			}
			return word.Pos()
		}
	}
	return nowhere
}

func testParentheses(_ *linter, node syntax.Node) syntax.Pos {
	words := tested(node)
	if len(words) == 3 && words[1].Lit() != "" && strings.Contains(" = != ", " "+words[1].Lit()+" ") {
		return nowhere
	}
	for _, word := range words {
		if text, known := posix.Static(word); known && (text == "(" || text == ")") && len(words) > 2 {
			if _, bare := word.Parts[0].(*syntax.Lit); bare {
				return word.Pos()
			}
		}
	}
	return nowhere
}

func testTextOrder(_ *linter, node syntax.Node) syntax.Pos {
	words := tested(node)
	for i, word := range words {
		if i == 0 || i+1 == len(words) { // an operand
			continue
		}
		if before := words[i-1].Lit(); before == "=" || before == "!=" || posix.IsUnaryTest(before) {
			continue // an operand too
		}
		if text := posix.StaticText(word); text == "<" || text == ">" {
			return word.Pos()
		}
	}
	return nowhere
}

func testOperator(_ *linter, node syntax.Node) syntax.Pos {
	words := tested(node)
	if len(words) == 3 && words[0].Lit() == "!" {
		words = words[1:]
	}
	if len(words) != 2 {
		return nowhere
	}
	if lit := words[0].Lit(); len(lit) == 2 && lit[0] == '-' && !posix.IsUnaryTest(lit) || lit == "-k" {
		return words[0].Pos()
	}
	return nowhere
}

func testNumber(_ *linter, node syntax.Node) syntax.Pos {
	words := tested(node)
	for i, word := range words {
		if !posix.IsNumericTest(word.Lit()) || i == 0 {
			continue
		}
		for _, j := range []int{i - 1, i + 1} {
			if j < len(words) && oddNumber(words[j]) {
				return words[j].Pos()
			}
		}
	}
	return nowhere
}

// oddNumber reports whether word is static, and no plain number of 31 bits.
func oddNumber(word *syntax.Word) bool {
	text, known := posix.Static(word)
	if !known {
		return false
	}
	text = strings.TrimPrefix(text, "-")
	return !posix.IsNumber(text) || len(text) > 1 && text[0] == '0' || tooBig(text)
}

func testTerminal(_ *linter, node syntax.Node) syntax.Pos {
	if words := tested(node); len(words) == 1 && words[0].Lit() == "-t" {
		return words[0].Pos()
	}
	return nowhere
}

func testWords(_ *linter, node syntax.Node) syntax.Pos {
	words := tested(node)
	if len(words) == 3 && posix.IsUnaryTest(words[0].Lit()) {
		if op := words[1].Lit(); op != "" && op != "=" && op != "!=" && !strings.HasPrefix(op, "-") && op != "==" && op != "=~" {
			return words[2].Pos()
		}
	}
	if len(words) == 2 && posix.IsUnaryTest(words[0].Lit()) && strings.Contains("nz", words[0].Lit()[1:]) {
		if _, bare := words[1].Parts[0].(*syntax.ParamExp); bare && len(words[1].Parts) == 1 && !isStatus(words[1]) {
			return words[1].Pos()
		}
	}
	return nowhere
}
