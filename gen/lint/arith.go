package lint

import (
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/posix"
)

var inArith = []kind{kindArith}

// arithmeticRules are about $(( )).
var arithmeticRules = []rule{
	{name: "increment", msg: "++ and -- are not in all shells", hint: "write x=$((x + 1))", at: inArith, find: operator(func(op any) bool { return op == syntax.Inc || op == syntax.Dec })},
	{name: "power", msg: "** is no POSIX shell", hint: "multiply", at: inArith, find: operator(func(op any) bool { return op == syntax.Pow })},
	{name: "comma", msg: "the comma is not in all shells", hint: "use several $((…))", at: inArith, find: operator(func(op any) bool { return op == syntax.Comma })},
	{name: "octal", msg: "a number that begins with 0 is octal in some shells", hint: "take the zeros away", at: inArith, find: number(func(s string) bool { return posix.IsNumber(s) && len(s) > 1 && s[0] == '0' })},
	{name: "big-number", msg: "some shells calculate with 31 bits", hint: "calculate it in the template", at: inArith, find: bigNumber},
	{name: "arithmetic-base", msg: "BASE#DIGITS and 0b are no POSIX shell", hint: "write 0x…, or decimal digits", at: inArith, find: number(hasBase)},
	{name: "arithmetic-float", refused: true, msg: "most shells calculate with whole numbers alone", hint: "use awk", at: inArith, find: number(isFloat)},
	{name: "arithmetic-quote", msg: "some shells refuse quotes in $(( ))", hint: "leave them out", at: inArith, find: arithmeticQuote},
	{name: "arithmetic-sign", msg: "a - before $x and a - in its value become --, which most shells refuse", hint: "write - $x with a blank, or x without $", at: inArith, find: arithmeticSign},
	{name: "arithmetic-empty", msg: "$(( )) without an expression is refused by some shells", hint: "write 0", at: inArith, find: arithmeticEmpty},
	{name: "dollar-bracket", msg: "$[ ] is no POSIX shell", hint: "write $((…))", at: []kind{kindArith, kindWord, kindDouble}, find: dollarBracket},
}

// operator finds operators of arithmetic.
func operator(bad func(op any) bool) findFunc {
	return eachArithmetic(func(x syntax.Node) syntax.Pos {
		switch x := x.(type) {
		case *syntax.UnaryArithm:
			if bad(x.Op) {
				return x.OpPos
			}
		case *syntax.BinaryArithm:
			if bad(x.Op) {
				return x.OpPos
			}
		}
		return nowhere
	})
}

// number finds operands that are written in a way.
func number(bad func(string) bool) findFunc {
	return eachArithmetic(func(x syntax.Node) syntax.Pos {
		if word, ok := x.(*syntax.Word); ok && bad(word.Lit()) {
			return word.Pos()
		}
		return nowhere
	})
}

// eachArithmetic finds the first of the nodes in $(( )) that are bad; it does
// not look into other expansions there.
func eachArithmetic(bad func(syntax.Node) syntax.Pos) findFunc {
	return func(_ *linter, node syntax.Node) (found syntax.Pos) {
		exp := node.(*syntax.ArithmExp)
		if exp.X == nil {
			return nowhere
		}
		syntax.Walk(exp.X, func(x syntax.Node) bool {
			if x == nil || found.IsValid() {
				return false
			}
			found = bad(x)
			_, word := x.(*syntax.Word)
			return !word
		})
		return found
	}
}

func tooBig(s string) bool {
	if !posix.IsNumber(s) {
		return false
	}
	_, err := strconv.ParseInt(s, 10, 32)
	return err != nil
}

// bigNumber finds numbers above 31 bits, and shifts beyond them.
func bigNumber(l *linter, node syntax.Node) syntax.Pos {
	return eachArithmetic(func(x syntax.Node) syntax.Pos {
		switch x := x.(type) {
		case *syntax.Word:
			lit := x.Lit()
			if hex, ok := strings.CutPrefix(lit, "0x"); tooBig(lit) || ok && (len(hex) > 8 || len(hex) == 8 && hex[0] > '7') {
				return x.Pos()
			}
		case *syntax.BinaryArithm:
			if word, ok := x.Y.(*syntax.Word); ok && x.Op == syntax.Shl && posix.IsNumber(word.Lit()) {
				if n, _ := strconv.Atoi(word.Lit()); n > 30 {
					return word.Pos()
				}
			}
		}
		return nowhere
	})(l, node)
}

func hasBase(s string) bool {
	base, rest, ok := strings.Cut(s, "#")
	return ok && posix.IsNumber(base) && rest != "" || len(s) > 2 && s[0] == '0' && (s[1] == 'b' || s[1] == 'B') && posix.IsNumber(s[2:])
}

func isFloat(s string) bool {
	if s == "" || s[0] < '0' || s[0] > '9' || strings.HasPrefix(s, "0x") {
		return false
	}
	_, err := strconv.ParseFloat(s, 64)
	return err == nil && !posix.IsNumber(s)
}

func arithmeticQuote(l *linter, node syntax.Node) syntax.Pos {
	return eachArithmetic(func(x syntax.Node) syntax.Pos {
		if word, ok := x.(*syntax.Word); ok {
			for _, part := range word.Parts {
				switch part.(type) {
				case *syntax.SglQuoted, *syntax.DblQuoted:
					return part.Pos()
				}
			}
		}
		return nowhere
	})(l, node)
}

func arithmeticSign(l *linter, node syntax.Node) syntax.Pos {
	return eachArithmetic(func(x syntax.Node) syntax.Pos {
		var at syntax.Pos
		var operand syntax.ArithmExpr
		switch x := x.(type) {
		case *syntax.UnaryArithm:
			if x.Op == syntax.Minus {
				at, operand = x.OpPos, x.X
			}
		case *syntax.BinaryArithm:
			if x.Op == syntax.Sub {
				at, operand = x.OpPos, x.Y
			}
		}
		if word, ok := operand.(*syntax.Word); ok && word.Pos().Offset() == at.Offset()+1 {
			if exp := param(word); exp != nil && exp.Param != nil && !strings.Contains("#?$!", exp.Param.Value) {
				return at
			}
		}
		return nowhere
	})(l, node)
}

func arithmeticEmpty(_ *linter, node syntax.Node) syntax.Pos {
	if node.(*syntax.ArithmExp).X == nil {
		return node.Pos()
	}
	return nowhere
}

// dollarBracket finds $[, also where a POSIX parser reads it as text.
func dollarBracket(_ *linter, node syntax.Node) syntax.Pos {
	var parts []syntax.WordPart
	switch node := node.(type) {
	case *syntax.ArithmExp:
		if node.Bracket {
			return node.Pos()
		}
	case *syntax.Word:
		parts = node.Parts
	case *syntax.DblQuoted:
		parts = node.Parts
	}
	for i, part := range parts {
		lit, ok := part.(*syntax.Lit)
		if !ok {
			continue
		}
		if at := strings.Index(lit.Value, "$["); at >= 0 && !posix.EndsInBackslash(lit.Value[:at]) {
			return shift(lit.Pos(), at)
		}
		if next, ok := literalAfter(parts, i); ok && strings.HasSuffix(lit.Value, "$") && strings.HasPrefix(next, "[") {
			return lit.Pos()
		}
	}
	return nowhere
}

func literalAfter(parts []syntax.WordPart, i int) (string, bool) {
	if i+1 >= len(parts) {
		return "", false
	}
	lit, ok := parts[i+1].(*syntax.Lit)
	if !ok {
		return "", false
	}
	return lit.Value, true
}
