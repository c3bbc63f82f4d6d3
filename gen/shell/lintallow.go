package shell

import (
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/diag"
)

// allowMark begins a comment that allows rules, after "#" and blanks:
//
//	local x # palletgen: allow local: these hosts have no ksh93
//
// At the end of a line it is about that line, alone on a line about the next
// line that is no such comment; each with all lines of a command that begins there.
// Below a #! line it is about that.
const allowMark = "palletgen:"

// An allowance is one rule that one comment allows.
type allowance struct {
	pos     syntax.Pos
	rule    string
	refused refusal // what is wrong with the comment itself
	used    bool
}

// comment takes note of what a comment allows.
func (l *linter) comment(c *syntax.Comment) {
	text, marked := strings.CutPrefix(strings.TrimLeft(c.Text, " \t"), allowMark)
	if !marked {
		return
	}
	words, allows := strings.CutPrefix(strings.TrimLeft(text, " \t"), "allow ")
	words, _, _ = strings.Cut(words, ":")
	rules := strings.FieldsFunc(words, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })
	if !allows || len(rules) == 0 {
		l.allowances = append(l.allowances, allowance{pos: c.Hash,
			refused: refusal{"this comment to palletgen says nothing that is known", "write # palletgen: allow RULE"}})
		return
	}
	for _, rule := range rules {
		a := allowance{pos: c.Hash, rule: rule}
		if ruleNamed(rule) == nil {
			a.refused = refusal{"there is no rule " + rule + " to allow", diag.DidYouMean(rule, ruleNames())}
		}
		l.allowances = append(l.allowances, a)
	}
}

func ruleNames() []string {
	var names []string
	for i := range lintRules {
		names = append(names, lintRules[i].name)
	}
	slices.Sort(names)
	return names
}

// remaining returns the findings that no comment allows.
func (l *linter) remaining() []finding {
	if len(l.allowances) == 0 {
		return l.found
	}
	ends := l.ends()
	var left []finding
	for _, f := range l.found {
		if !l.allowed(f, ends) {
			left = append(left, f)
		}
	}
	return left
}

// ends returns the last line of the commands that begin on a line.
func (l *linter) ends() map[uint]uint {
	ends := map[uint]uint{}
	syntax.Walk(l.file, func(node syntax.Node) bool {
		if stmt, ok := node.(*syntax.Stmt); ok {
			if _, simple := stmt.Cmd.(*syntax.CallExpr); simple || stmt.Cmd == nil {
				first := stmt.Pos().Line()
				ends[first] = max(ends[first], endLine(stmt))
			}
		}
		return true
	})
	return ends
}

// isAlone reports whether nothing but blanks stands before pos on its line.
func (l *linter) isAlone(pos syntax.Pos) bool {
	before := l.text[:pos.Offset()]
	return strings.Trim(before[strings.LastIndexByte(before, '\n')+1:], " \t") == ""
}

// allowed reports whether a comment allows what was found, and notes its use.
func (l *linter) allowed(f finding, ends map[uint]uint) bool {
	ok := false
	for i := range l.allowances {
		a := &l.allowances[i]
		if a.rule != f.rule.name {
			continue
		}
		line := a.pos.Line()
		if line == 2 && f.pos.Line() == 1 && a.rule == ruleInterpreter { // nothing can stand above #!
			a.used, ok = true, true
			continue
		}
		if l.isAlone(a.pos) {
			for line++; l.commentedLine(line); line++ {
			}
		}
		if at := f.pos.Line(); at == line || line < at && at <= ends[line] {
			a.used, ok = true, true
		}
	}
	return ok
}

// commentedLine reports whether a comment to palletgen stands on the line.
func (l *linter) commentedLine(line uint) bool {
	return slices.ContainsFunc(l.allowances, func(a allowance) bool { return a.pos.Line() == line })
}

// A misfit is what is wrong with an allowance.
type misfit struct {
	pos syntax.Pos
	refusal
}

// badAllowances returns what is wrong with the allowances themselves, once the
// findings were compared with them.
func (l *linter) badAllowances() []misfit {
	var bad []misfit
	for _, a := range l.allowances {
		switch {
		case a.refused.msg != "":
			bad = append(bad, misfit{a.pos, a.refused})
		case !a.used:
			bad = append(bad, misfit{a.pos, refusal{"nothing here breaks the rule " + a.rule + ", which this comment allows", "remove the comment"}})
		}
	}
	return bad
}
