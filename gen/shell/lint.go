package shell

import (
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// A lintRule finds what one of the target shells does not know or reads in
// another way than the others. Each is shown in real shells by testdata/lint.
type lintRule struct {
	name string
	msg  string
	hint string
	on   []string // the commands that it is about, or
	at   []kind   // the nodes
	find findFunc // nil: whatever is there breaks the rule
	// refused: a POSIX parser refuses what the rule is about, where it knows it.
	refused bool
}

// A findFunc returns where node breaks a rule; an invalid position: it does not.
type findFunc func(l *linter, node syntax.Node) syntax.Pos

// A kind is what rules are sorted by: most nodes are looked at by few rules.
type kind uint8

const (
	kindNone kind = iota
	kindCall
	kindWord
	kindLit
	kindDouble
	kindParam
	kindArith
	kindSubst
	kindRedirect
	kindSubshell
	kindStmt
	kindFunction
	kindCase
	kindItem
	kindFor
	kindAssign
	kindBinary
	kindComment
	kindForeign // what no POSIX parser makes; see lintForeign
	kinds
)

func kindOf(node syntax.Node) kind {
	switch node.(type) {
	case *syntax.CallExpr:
		return kindCall
	case *syntax.Word:
		return kindWord
	case *syntax.Lit:
		return kindLit
	case *syntax.DblQuoted:
		return kindDouble
	case *syntax.ParamExp:
		return kindParam
	case *syntax.ArithmExp:
		return kindArith
	case *syntax.CmdSubst:
		return kindSubst
	case *syntax.Redirect:
		return kindRedirect
	case *syntax.Subshell:
		return kindSubshell
	case *syntax.Stmt:
		return kindStmt
	case *syntax.FuncDecl:
		return kindFunction
	case *syntax.CaseClause:
		return kindCase
	case *syntax.CaseItem:
		return kindItem
	case *syntax.ForClause:
		return kindFor
	case *syntax.Assign:
		return kindAssign
	case *syntax.BinaryCmd:
		return kindBinary
	case *syntax.Comment:
		return kindComment
	case *syntax.TestClause, *syntax.ArithmCmd, *syntax.DeclClause, *syntax.LetClause, *syntax.TimeClause, *syntax.CoprocClause,
		*syntax.CStyleLoop, *syntax.ProcSubst, *syntax.ExtGlob, *syntax.ArrayExpr, *syntax.SglQuoted:
		return kindForeign
	}
	return kindNone
}

// lintRules are all rules, by topic. Some are about the text as a whole and are
// looked for by hand; they have neither on nor at.
var lintRules = slices.Concat(textRules, syntaxRules, functionRules, substitutionRules, commandRules, optionRules, statusRules, trapRules, testRules, printRules,
	expansionRules, quotingRules, patternRules, arithmeticRules, redirectRules, variableRules)

// rulesOn are the rules about single commands, by the command; rulesAt are the
// others, by the kind of the node.
var rulesOn, rulesAt = sortRules()

func sortRules() (on map[string][]*lintRule, at [kinds][]*lintRule) {
	on = map[string][]*lintRule{}
	for i := range lintRules {
		rule := &lintRules[i]
		for _, name := range rule.on {
			on[name] = append(on[name], rule)
		}
		for _, k := range rule.at {
			at[k] = append(at[k], rule)
		}
	}
	return on, at
}

// ruleNamed returns the rule of a name, nil where there is none.
func ruleNamed(name string) *lintRule {
	for i := range lintRules {
		if lintRules[i].name == name {
			return &lintRules[i]
		}
	}
	return nil
}

// A finding is where a text breaks a rule.
type finding struct {
	pos  syntax.Pos
	rule *lintRule
}

// A linter looks for what breaks the rules.
type linter struct {
	text       string
	file       *syntax.File
	parsers    *parsers      // for code in words; nil: they are not looked into
	parents    []syntax.Node // of the node at hand, the outermost first
	found      []finding
	allowances []allowance
	known      *facts // see facts
}

// look looks at all nodes of the file.
func (l *linter) look() {
	syntax.Walk(l.file, func(node syntax.Node) bool {
		if node == nil {
			l.parents = l.parents[:len(l.parents)-1]
			return true
		}
		k := kindOf(node)
		switch k {
		case kindCall:
			if call := node.(*syntax.CallExpr); len(call.Args) > 0 {
				name := call.Args[0].Lit()
				l.apply(rulesOn[name], node)
				if name == "trap" || name == "eval" || name == "sh" {
					l.code(call.Args)
				}
			}
		case kindComment:
			l.comment(node.(*syntax.Comment))
		}
		l.apply(rulesAt[k], node)
		l.parents = append(l.parents, node)
		return true
	})
}

func (l *linter) apply(rules []*lintRule, node syntax.Node) {
	for _, rule := range rules {
		pos := node.Pos()
		if rule.find != nil {
			pos = rule.find(l, node)
		}
		if pos.IsValid() {
			l.found = append(l.found, finding{pos, rule})
		}
	}
}

// parent returns what node at hand stands in, n levels up from 0; nil at the top.
func (l *linter) parent(n int) syntax.Node {
	if n >= len(l.parents) {
		return nil
	}
	return l.parents[len(l.parents)-1-n]
}

// inside returns the innermost node of type T around the node at hand, or nil.
func inside[T syntax.Node](l *linter) (found T) {
	for i := len(l.parents) - 1; i >= 0; i-- {
		if node, ok := l.parents[i].(T); ok {
			return node
		}
	}
	return found
}

// refusal says what is wrong and what to do about it.
func (r *lintRule) refusal() refusal {
	return refusal{r.msg + " (" + r.name + ")", r.hint}
}

// code looks at code that trap, eval or sh -c is given as one word.
func (l *linter) code(words []*syntax.Word) {
	rest := operands(words)
	if len(rest) == 0 || words[0].Lit() == "eval" && len(rest) > 1 || words[0].Lit() == "sh" && !isCodeOption(words[1].Lit()) {
		return
	}
	text, known := static(rest[0])
	if !known || text == "" || text == "-" || l.parsers == nil || !inert(text) {
		return
	}
	inner := linter{text: text, parsers: l.parsers}
	file, err := l.parsers.parse(text)
	if err != nil {
		inner.lintForeign(err)
	} else {
		inner.file = file
		inner.look()
	}
	at := rest[0].Pos()
	quoted, single := rest[0].Parts[0].(*syntax.SglQuoted)
	for _, f := range inner.found {
		if single && len(rest[0].Parts) == 1 && quoted.Value == text && f.pos.Line() == 1 {
			f.pos = shift(at, int(f.pos.Offset())+1)
		} else {
			f.pos = at
		}
		l.found = append(l.found, f)
	}
}

// isCodeOption reports whether a word is -c, or ends in it: -ec.
func isCodeOption(word string) bool {
	return strings.HasPrefix(word, "-") && strings.HasSuffix(word, "c")
}

// lint records what breaks the rules.
func (p *plan) lint(file *syntax.File, with *parsers) {
	l := linter{text: p.text, file: file, parsers: with}
	l.look()
	p.findings(&l, l.remaining())
}

// findings records what is left of the findings of l, and what is wrong with its
// allowances.
func (p *plan) findings(l *linter, left []finding) {
	for _, f := range left {
		p.trouble(f.pos, f.rule.refusal())
	}
	for _, m := range l.badAllowances() {
		p.trouble(m.pos, m.refusal)
	}
}

var nowhere syntax.Pos
