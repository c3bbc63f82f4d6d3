package record

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"sync"
)

// expressions keeps compiled regular expressions. sprig's functions compile
// theirs at each call.
type expressions struct {
	mu   sync.Mutex
	kept map[string]*regexp.Regexp
}

var compiled = expressions{kept: map[string]*regexp.Regexp{}}

// get compiles an expression that is not too large.
func (e *expressions) get(text string) (*regexp.Regexp, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if re := e.kept[text]; re != nil {
		return re, nil
	}
	if err := CheckExpression(text); err != nil {
		return nil, err
	}
	re, err := regexp.Compile(text)
	if err != nil {
		return nil, fmt.Errorf("cannot read the regular expression: %w", err)
	}
	if len(e.kept) >= maxExpressions {
		clear(e.kept)
	}
	e.kept[text] = re
	return re, nil
}

// CheckExpression refuses a regular expression that takes much memory.
func CheckExpression(text string) error {
	if expressionSize(text) > maxExpression {
		return errExpression
	}
	return nil
}

// expressionSize is about how many states it takes to match the expression; what
// is no expression has its length.
func expressionSize(text string) int {
	if len(text) > maxExpression {
		return len(text)
	}
	tree, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return len(text)
	}
	return states(tree)
}

// states counts the states of a syntax tree, repetitions written out.
func states(re *syntax.Regexp) int {
	n := 1 + len(re.Rune)
	for _, sub := range re.Sub {
		n = min(n+states(sub), 2*maxWork)
	}
	if re.Op == syntax.OpRepeat {
		n = product(n, max(re.Min, re.Max, 1))
	}
	return n
}

func regexMatch(expression, text string) (bool, error) {
	re, err := compiled.get(expression)
	return err == nil && re.MatchString(text), err
}

func regexFind(expression, text string) (string, error) {
	re, err := compiled.get(expression)
	if err != nil {
		return "", err
	}
	return re.FindString(text), nil
}

func regexReplaceAll(expression, text, with string) (string, error) {
	re, err := compiled.get(expression)
	if err != nil {
		return "", err
	}
	return re.ReplaceAllString(text, with), nil
}

func regexSplit(expression, text string, most int) ([]string, error) {
	re, err := compiled.get(expression)
	if err != nil {
		return nil, err
	}
	return re.Split(text, most), nil
}
