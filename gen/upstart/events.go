package upstart

import "strings"

// events reads the expression of "start on" and "stop on". Within parentheses
// it may take several lines, with comments at their ends. "and" and "or" bind
// alike, from left to right.
func (p *parser) events() *Event {
	before := len(p.errs)
	root := p.operands(0)
	if len(p.errs) > before {
		return nil
	}
	p.endLine()
	return root
}

func (p *parser) operands(depth int) *Event {
	left := p.operand(depth)
	count := 1
	for left != nil && p.moreEvents(depth) && p.text[p.at] != ')' {
		from := p.at
		op, wrong := p.token(eventEnd, false)
		if op != "and" && op != "or" {
			if wrong == "" {
				wrong = "\"and\" or \"or\" is missing here"
			}
			p.fail(from, "%s", wrong)
			return nil
		}
		if count++; count > maxOperands {
			p.fail(from, "more than %d events in one expression", maxOperands)
			return nil
		}
		right := p.operand(depth)
		if right == nil {
			return nil
		}
		left = &Event{Op: op, Left: left, Right: right}
	}
	if left != nil && depth == 0 && p.hasWord() {
		p.fail(p.at, "this parenthesis was never opened")
		return nil
	}
	return left
}

// moreEvents goes to the next token of the expression, over line ends where a
// parenthesis is open.
func (p *parser) moreEvents(depth int) bool {
	for p.skipBlanks(); depth > 0 && p.at < len(p.text) && !p.hasWord(); p.skipBlanks() {
		p.endLine()
	}
	return p.hasWord()
}

const (
	maxDepth    = 100    // parentheses within parentheses
	maxOperands = 10_000 // events between two of them: each makes the tree deeper
)

func (p *parser) operand(depth int) *Event {
	from := p.at
	if !p.moreEvents(depth) || p.text[p.at] == ')' {
		p.fail(from, "an event is missing here")
		return nil
	}
	if p.text[p.at] != '(' {
		return p.event(depth)
	}
	if depth == maxDepth {
		p.fail(from, "too many parentheses")
		return nil
	}
	from = p.at
	p.at++
	inner := p.operands(depth + 1)
	if inner == nil {
		return nil
	}
	if !p.moreEvents(depth+1) || p.text[p.at] != ')' {
		p.fail(from, "this parenthesis is never closed")
		return nil
	}
	p.at++
	return inner
}

// event reads a name and what follows it up to an operator or a parenthesis.
func (p *parser) event(depth int) *Event {
	e := &Event{}
	for p.moreEvents(depth) && strings.IndexByte("()", p.text[p.at]) < 0 {
		if len(e.Words) > 0 && p.atOperator() {
			break
		}
		if p.atOperator() {
			p.fail(p.at, "an event is missing before this operator")
			return nil
		}
		word, ok := p.word(eventEnd)
		if !ok {
			return nil
		}
		e.Words = append(e.Words, word)
	}
	return e
}

func (p *parser) atOperator() bool {
	from := p.at
	word, _ := p.token(eventEnd, false)
	p.at = from
	return word == "and" || word == "or"
}

// each calls f for every event of the expression, from left to right.
func (e *Event) each(f func(*Event)) {
	if e == nil {
		return
	}
	e.Left.each(f)
	e.Right.each(f)
	if e.Op == "" {
		f(e)
	}
}
