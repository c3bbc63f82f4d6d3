package lint

import (
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/lazyregexp"
	"palletgen/gen/posix"
)

var anything = lazyregexp.New("")

// languages are those in which a text is read that is no POSIX shell, so
// that rules can name what it has of them.
var languages = []syntax.LangVariant{syntax.LangBash, syntax.LangMirBSDKorn, syntax.LangZsh}

// foreign looks at a text that a POSIX parser refused with err. It reports
// whether a rule says why.
func (l *linter) foreign(err error) (explained bool) {
	known := len(l.found)
	for _, lang := range languages {
		file, other := posix.ParseOther(syntax.NewParser(syntax.Variant(lang), syntax.KeepComments(true)), l.text)
		if other != nil {
			continue
		}
		l.file = file
		l.look()
		if len(l.found) > known {
			return slices.ContainsFunc(l.found[known:], func(f finding) bool { return f.rule.refused })
		}
	}
	l.file = &syntax.File{}
	msg, pos := posix.SyntaxError(err)
	for _, refused := range refusals {
		if strings.Contains(msg, refused.msg) && refused.behind.MatchString(l.text[:min(int(pos.Offset()), len(l.text))]) {
			l.found = append(l.found, finding{pos, ruleNamed(refused.rule)})
			return true
		}
	}
	return false
}

// refusals are messages of the parser about what it knows in no language, or
// knows by another rule's name, with what stands before the place.
var refusals = []struct {
	msg    string
	behind *lazyregexp.Regexp
	rule   string
}{
	{"unclosed here-document", anything, "heredoc-end"},
	{"a statement list", anything, "empty-body"},
	{"`;` can only immediately follow a statement", lazyregexp.New(`&\s*$`), "and-semicolon"},
	{"`$((` must be followed by an expression", anything, "arithmetic-empty"},
	{"not a valid arithmetic operator", lazyregexp.New(`\$\(\([^()]*$`), "double-paren"},
	{"without closing quote `'`", lazyregexp.New(`"\$\{\w+:?[-+=?][^}"]*$`), "expansion-quote"},
	{"cannot negate a command multiple times", anything, "negation"},
	{"`!` can only be used in full statements", anything, "negation"},
	{"cannot form a statement alone", anything, "negation"},
	{"invalid func name", anything, "function-name"},
	{"the \"function\" builtin", anything, "function"},
	{"c-style fors", anything, "for-arithmetic"},
	{"for loops with braces", anything, "for-braces"},
	{"`case i {`", anything, "case-braces"},
	{"extended globs", anything, "extended-pattern"},
	{"arrays", anything, "array"},
	{"search and replace", anything, "replace"},
	{"slicing", anything, "slice"},
	{"herestrings", anything, "here-string"},
	{"floating point arithmetic", anything, "arithmetic-float"},
	{"process substitutions", anything, "process-substitution"},
}
