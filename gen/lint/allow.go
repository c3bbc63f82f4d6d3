package lint

import (
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/diag"
	"palletgen/gen/posix"
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
	pos  syntax.Pos
	rule string
	msg  string // what is wrong with the comment itself, and what to do about it
	hint string
	used bool
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
			msg: "this comment to palletgen says nothing that is known", hint: "write # palletgen: allow RULE"})
		return
	}
	for _, rule := range rules {
		a := allowance{pos: c.Hash, rule: rule}
		if ruleNamed(rule) == nil {
			a.msg, a.hint = "there is no rule "+rule+" to allow", diag.DidYouMean(rule, ruleNames())
		}
		l.allowances = append(l.allowances, a)
	}
}

func ruleNames() []string {
	var names []string
	for i := range allRules {
		names = append(names, allRules[i].name)
	}
	slices.Sort(names)
	return names
}

// remaining returns the findings that no comment allows, and what is wrong with
// the comments.
func (l *linter) remaining() []Finding {
	left := l.notAllowed()
	for _, a := range l.allowances {
		switch {
		case a.msg != "":
			left = append(left, Finding{a.pos, a.msg, a.hint})
		case !a.used:
			left = append(left, Finding{a.pos, "nothing here breaks the rule " + a.rule + ", which this comment allows", "remove the comment"})
		}
	}
	return left
}

// notAllowed returns the findings that no comment allows, and notes of each
// allowance whether it was used.
func (l *linter) notAllowed() []Finding {
	var ends map[uint]uint
	if len(l.allowances) > 0 {
		ends = l.ends()
	}
	var left []Finding
	for _, f := range l.found {
		if !l.allowed(f, ends) {
			left = append(left, Finding{f.pos, f.rule.msg + " (" + f.rule.name + ")", f.rule.hint})
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
				ends[first] = max(ends[first], posix.EndLine(stmt))
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
