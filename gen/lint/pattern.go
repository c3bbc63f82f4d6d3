package lint

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/posix"
)

// patternRules are about patterns, of case, ${x#…} and of files.
var patternRules = []rule{
	{name: "negated-set", msg: "[^…] is read differently by shells", hint: "write [!…]", at: []kind{kindLit}, find: negatedSet},
	{name: "character-class", msg: "posh has no [:classes:]", hint: "write the range: [a-z], [0-9]", at: []kind{kindLit}, find: classes("[:")},
	{name: "collating-class", msg: "dash, posh and zsh have no [.x.] and [=x=]", hint: "write the character alone", at: []kind{kindLit}, find: classes("[.", "[=")},
	{name: "extended-pattern", refused: true, msg: "+( ), @( ) and !( ) are no POSIX shell", hint: "write several patterns: a | b)", at: []kind{kindForeign}, find: extendedPattern},
	{name: "parenthesis-in-pattern", msg: "an unquoted parenthesis in ${…} is read differently by shells", hint: `put it in quotes: ${s##*")"}`, at: inParam, find: patternWith("()")},
	{name: "bracket-in-pattern", msg: "a [ that is not closed is read differently by shells", hint: `write \[`, at: []kind{kindParam, kindItem}, find: openBracket},
	{name: "tilde-in-pattern", msg: "posh expands this ~", hint: `write \~`, at: inParam, find: patternTilde},
	{name: "quotes-in-pattern", msg: "posh takes * ? and [ behind quotes in \"${x%…}\" for text", hint: "use a backslash instead, or assign first, without quotes round it: y=${x%\";\"*}", at: inParam, find: patternQuotes},
	{name: "globstar", msg: "zsh looks into all folders below for **/", hint: "write */, or use find", at: []kind{kindCall, kindFor}, find: fileWords(func(s string) bool { return strings.Contains(s, "**/") })},
	{name: "dot-files", msg: ".* is . and .. too in some shells", hint: "write .[!.]* and ..?*", at: []kind{kindCall, kindFor}, find: fileWords(isDotFiles)},
}

// isPattern reports whether the literal at hand stands in a pattern.
func (l *linter) isPattern() bool {
	if _, word := l.parent(0).(*syntax.Word); !word {
		return false
	}
	switch parent := l.parent(1).(type) {
	case *syntax.CaseItem, *syntax.CallExpr, *syntax.WordIter:
		return true
	case *syntax.ParamExp:
		return patternWord(parent) != nil
	}
	return false
}

func extendedPattern(l *linter, node syntax.Node) syntax.Pos {
	if glob, ok := node.(*syntax.ExtGlob); ok && !l.isCommandName(glob) {
		return glob.Pos()
	}
	return nowhere
}

// isCommandName reports whether glob is !( ) in the place of a command.
func (l *linter) isCommandName(glob *syntax.ExtGlob) bool {
	call, ok := l.parent(1).(*syntax.CallExpr)
	return ok && glob.Op == syntax.GlobExcept && call.Args[0] == l.parent(0)
}

func negatedSet(l *linter, node syntax.Node) syntax.Pos {
	lit := node.(*syntax.Lit)
	at := strings.Index(lit.Value, "[^")
	if at >= 0 && !posix.EndsInBackslash(lit.Value[:at]) && strings.Contains(lit.Value[at:], "]") && l.isPattern() {
		return shift(lit.Pos(), at)
	}
	return nowhere
}

func classes(marks ...string) findFunc {
	return func(l *linter, node syntax.Node) syntax.Pos {
		lit := node.(*syntax.Lit)
		from := strings.IndexByte(lit.Value, '[')
		if from < 0 || !l.isPattern() {
			return nowhere
		}
		for _, mark := range marks {
			end := mark[1:] + "]"
			if at := strings.Index(lit.Value[from+1:], mark); at >= 0 && strings.Contains(lit.Value[from+1+at+2:], end) {
				return shift(lit.Pos(), from+1+at)
			}
		}
		return nowhere
	}
}

// patternWord returns the pattern of ${x#…} and its like, nil for others.
func patternWord(exp *syntax.ParamExp) *syntax.Word {
	if exp.Exp == nil {
		return nil
	}
	switch exp.Exp.Op {
	case syntax.RemSmallPrefix, syntax.RemLargePrefix, syntax.RemSmallSuffix, syntax.RemLargeSuffix:
		return exp.Exp.Word
	}
	return nil
}

// patternWith finds unquoted characters in patterns of ${x#…}.
func patternWith(chars string) findFunc {
	return func(_ *linter, node syntax.Node) syntax.Pos {
		word := patternWord(node.(*syntax.ParamExp))
		if word == nil {
			return nowhere
		}
		for _, part := range word.Parts {
			if lit, ok := part.(*syntax.Lit); ok && strings.ContainsAny(posix.UnquotedOnly(lit.Value), chars) {
				return lit.Pos()
			}
		}
		return nowhere
	}
}

func openBracket(_ *linter, node syntax.Node) syntax.Pos {
	var patterns []*syntax.Word
	switch node := node.(type) {
	case *syntax.ParamExp:
		patterns = []*syntax.Word{patternWord(node)}
	case *syntax.CaseItem:
		patterns = node.Patterns
	}
	for _, word := range patterns {
		if word == nil {
			continue
		}
		for i, part := range word.Parts {
			lit, ok := part.(*syntax.Lit)
			if !ok {
				continue
			}
			bare := posix.UnquotedOnly(lit.Value)
			if at := strings.LastIndexByte(bare, '['); at >= 0 && !strings.Contains(bare[at:], "]") && i == len(word.Parts)-1 {
				return lit.Pos()
			}
		}
	}
	return nowhere
}

func patternTilde(_ *linter, node syntax.Node) syntax.Pos {
	word := patternWord(node.(*syntax.ParamExp))
	if word == nil || len(word.Parts) == 0 {
		return nowhere
	}
	if lit, ok := word.Parts[0].(*syntax.Lit); ok && strings.HasPrefix(lit.Value, "~") {
		return lit.Pos()
	}
	return nowhere
}

// patternQuotes finds patterns in double quotes with a quoted part and a wildcard
// behind it.
func patternQuotes(l *linter, node syntax.Node) syntax.Pos {
	word := patternWord(node.(*syntax.ParamExp))
	if word == nil || !l.quoted() {
		return nowhere
	}
	quoted := nowhere
	for _, part := range word.Parts {
		switch part := part.(type) {
		case *syntax.SglQuoted, *syntax.DblQuoted:
			quoted = part.Pos()
		case *syntax.Lit:
			if quoted.IsValid() && strings.ContainsAny(posix.UnquotedOnly(part.Value), "*?[") {
				return quoted
			}
		}
	}
	return nowhere
}

// expanded returns the words of a command, or those that for goes through: there
// braces and patterns are expanded.
func expanded(node syntax.Node) []*syntax.Word {
	switch node := node.(type) {
	case *syntax.CallExpr:
		return node.Args
	case *syntax.ForClause:
		if loop, ok := node.Loop.(*syntax.WordIter); ok {
			return loop.Items
		}
	}
	return nil
}

// fileWords finds arguments whose unquoted text is bad, as patterns of files.
func fileWords(bad func(string) bool) findFunc {
	return func(_ *linter, node syntax.Node) syntax.Pos {
		for _, word := range expanded(node) {
			for i, part := range word.Parts {
				lit, ok := part.(*syntax.Lit)
				if !ok || !strings.Contains(lit.Value, "*") {
					continue
				}
				text := lit.Value
				if i > 0 {
					text = "x" + text // what stands before is part of the name
				}
				if bad(text) {
					return lit.Pos()
				}
			}
		}
		return nowhere
	}
}

func isDotFiles(s string) bool {
	return s == ".*" || strings.HasSuffix(s, "/.*") || strings.Contains(s, "/.*/") || strings.HasPrefix(s, ".*/")
}
