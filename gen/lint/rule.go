package lint

import (
	"slices"

	"mvdan.cc/sh/v3/syntax"
)

// A Rule is one rule of portability that every script has to keep.
type Rule struct {
	Name   string
	Reason string
	Remedy string // "" where the reason says it
}

// Rules returns all rules by name.
func Rules() []Rule {
	var list []Rule
	for _, name := range ruleNames() {
		r := ruleNamed(name)
		list = append(list, Rule{name, r.msg, r.hint})
	}
	return list
}

// A rule finds what one of the target shells does not know or reads in
// another way than the others. Each is shown in real shells by the snippets in testdata.
type rule struct {
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
	kindForeign // what no POSIX parser makes; see foreign
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

// allRules are all rules, by topic. Some are about the text as a whole and are
// looked for by hand; they have neither on nor at.
var allRules = slices.Concat(textRules, syntaxRules, functionRules, substitutionRules, commandRules, optionRules, statusRules, trapRules, testRules, printRules,
	expansionRules, quotingRules, patternRules, arithmeticRules, redirectRules, variableRules, listingRules, utilityRules, programRules)

// rulesOn are the rules about single commands, by the command; rulesAt are the
// others, by the kind of the node.
var rulesOn, rulesAt = sortRules()

func sortRules() (on map[string][]*rule, at [kinds][]*rule) {
	on = map[string][]*rule{}
	for i := range allRules {
		rule := &allRules[i]
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
func ruleNamed(name string) *rule {
	for i := range allRules {
		if allRules[i].name == name {
			return &allRules[i]
		}
	}
	return nil
}
