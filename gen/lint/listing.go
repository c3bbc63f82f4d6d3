package lint

import (
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/lazyregexp"
	"palletgen/gen/posix"
)

// listingRules are about what builtins print, and what they do where names and
// values are odd.
var listingRules = []rule{
	{name: "listing", msg: "shells list this in different forms, or not at all", hint: "keep what you set in variables of your own", on: []string{"export", "readonly", "set", "trap"}, find: listing},
	{name: "umask-text", msg: "umask prints 022 in some shells, 0022 in others", hint: "set it, or compare what a file of its own gets", on: []string{"[", "test"}, at: []kind{kindCase}, find: umaskText},
	{name: "command-describe", msg: "command -V says different things", hint: "use command -v", on: []string{"command"}, find: firstArg("-V")},
	{name: "command-path", msg: "dash and busybox find a path here that nobody may run", hint: "write [ -x PATH ]", on: []string{"command"}, find: commandPath},
	{name: "export-order", msg: "ksh93 alone has the variable before this in the same command", hint: "write two commands", on: []string{"export", "readonly"}, find: exportOrder},
	{name: "readonly-changed", msg: "shells end, or go on, where a variable that is read-only is changed", hint: "do without readonly", on: []string{"unset", "readonly"}, at: []kind{kindAssign}, find: readonlyChanged},
	{name: "return-outside", msg: "bash returns from functions and files that are read alone", hint: "write exit", on: []string{"return"}, find: returnOutside},
	{name: "shift-negative", msg: "shells end, or go on, where shift is given a negative number", hint: "leave it out", on: []string{"shift"}, find: shiftNegative},
	{name: "cd-empty", msg: "cd stays where it is, but in ksh93, which fails", hint: "leave it out", on: []string{"cd"}, find: cdEmpty},
	{name: "cd-path", msg: "cd prints where it goes with CDPATH, but in ksh93", hint: "write cd FOLDER >/dev/null, and leave CDPATH alone", at: []kind{kindAssign}, find: cdPath},
	{name: "getopts-again", msg: "only dash and busybox begin again where a function calls getopts a second time", hint: "write OPTIND=1 before the loop", on: []string{"getopts"}, find: getoptsAgain},
	{name: "number-text", msg: "shells read this number differently, or not at all, in $(( ))", hint: "write a decimal number, without blanks and zeros before it", at: []kind{kindAssign}, find: numberText},
	{name: "substitution-nul", msg: "shells drop a NUL byte here, or end at it, or keep it", hint: "write what is printed to a file", on: []string{"printf"}, find: substitutionNUL},
	{name: "default-quotes", msg: "ksh93 splits what stands in quotes inside of quotes", hint: "leave out the inner quotes", at: []kind{kindDouble}, find: defaultQuotes},
}

func listing(l *linter, node syntax.Node) syntax.Pos {
	words := callArgs(node)
	if l.facts().functions[words[0].Lit()] {
		return nowhere
	}
	first := ""
	if len(words) > 1 {
		first = posix.StaticText(words[1])
	}
	switch name := words[0].Lit(); {
	case len(words) == 1 && name != "trap", len(words) == 1 && inside[*syntax.CmdSubst](l) != nil,
		len(words) == 2 && first == "-p" && (name == "export" || name == "readonly"), len(words) == 2 && name == "set" && first == "+o":
		return node.Pos()
	}
	return nowhere
}

// umaskText finds what umask prints compared with a text.
func umaskText(_ *linter, node syntax.Node) syntax.Pos {
	switch node := node.(type) {
	case *syntax.CaseClause:
		if callsUmask(node.Word) {
			return node.Word.Pos()
		}
	case *syntax.CallExpr:
		for i, word := range node.Args {
			other := i + 2
			if i > 2 {
				other = i - 2
			}
			if callsUmask(word) && other < len(node.Args) {
				if _, known := posix.Static(node.Args[other]); known {
					return word.Pos()
				}
			}
		}
	}
	return nowhere
}

func callsUmask(word *syntax.Word) bool {
	found := false
	syntax.Walk(word, func(node syntax.Node) bool {
		if call, ok := node.(*syntax.CallExpr); ok && len(call.Args) == 1 && call.Args[0].Lit() == "umask" {
			found = true
		}
		return !found
	})
	return found
}

func commandPath(_ *linter, node syntax.Node) syntax.Pos {
	words := callArgs(node)
	if len(words) == 3 && words[1].Lit() == "-v" && strings.Contains(posix.StaticText(words[2]), "/") {
		return words[2].Pos()
	}
	return nowhere
}

// exportOrder finds NAME=… "$NAME" in one command.
func exportOrder(_ *linter, node syntax.Node) syntax.Pos {
	var set []string
	for _, word := range callArgs(node)[1:] {
		found := nowhere
		syntax.Walk(word, func(node syntax.Node) bool {
			if exp, ok := node.(*syntax.ParamExp); ok && exp.Param != nil && slices.Contains(set, exp.Param.Value) {
				found = exp.Pos()
			}
			return true
		})
		if found.IsValid() {
			return found
		}
		if name, _, assigned := strings.Cut(posix.StaticText(word), "="); assigned {
			set = append(set, name)
		}
	}
	return nowhere
}

// readonlyChanged finds what changes a variable behind the readonly that names it.
func readonlyChanged(l *linter, node syntax.Node) syntax.Pos {
	names := l.facts().readonly
	if len(names) == 0 {
		return nowhere
	}
	before := func(name string) bool {
		at, ok := names[name]
		return ok && node.Pos().After(at)
	}
	switch node := node.(type) {
	case *syntax.Assign:
		if node.Name != nil && before(node.Name.Value) {
			return node.Pos()
		}
	case *syntax.CallExpr:
		for _, word := range node.Args[1:] {
			name, _, assigned := strings.Cut(posix.StaticText(word), "=")
			if before(name) && (assigned || node.Args[0].Lit() == "unset") {
				return word.Pos()
			}
		}
	}
	return nowhere
}

// returnOutside finds return in a script that is run, as its first line says.
func returnOutside(l *linter, node syntax.Node) syntax.Pos {
	if !strings.HasPrefix(l.text, "#!") || inside[*syntax.FuncDecl](l) != nil {
		return nowhere
	}
	return node.Pos()
}

func shiftNegative(_ *linter, node syntax.Node) syntax.Pos {
	if words := callArgs(node); len(words) == 2 && len(words[1].Lit()) > 1 && words[1].Lit()[0] == '-' && posix.IsNumber(words[1].Lit()[1:]) {
		return words[1].Pos()
	}
	return nowhere
}

func cdEmpty(_ *linter, node syntax.Node) syntax.Pos {
	words := callArgs(node)
	if len(words) == 2 {
		if text, known := posix.Static(words[1]); known && text == "" {
			return words[1].Pos()
		}
	}
	return nowhere
}

func cdPath(_ *linter, node syntax.Node) syntax.Pos {
	assign := node.(*syntax.Assign)
	if assign.Name != nil && assign.Name.Value == "CDPATH" && assign.Value != nil && len(assign.Value.Parts) > 0 {
		if text, known := posix.Static(assign.Value); !known || text != "" {
			return assign.Pos()
		}
	}
	return nowhere
}

func getoptsAgain(l *linter, node syntax.Node) syntax.Pos {
	if inside[*syntax.FuncDecl](l) != nil && !l.facts().assigned["OPTIND"] {
		return node.Pos()
	}
	return nowhere
}

// numberText finds values that a variable is given which $(( )) reads.
func numberText(l *linter, node syntax.Node) syntax.Pos {
	assign := node.(*syntax.Assign)
	if assign.Name == nil || assign.Value == nil || !l.facts().calculated[assign.Name.Value] {
		return nowhere
	}
	if text, known := posix.Static(assign.Value); known && oddValue.MatchString(text) {
		return assign.Value.Pos()
	}
	return nowhere
}

var oddValue = lazyregexp.New(`^(0+[1-9][0-9]*|[0-9]+[-+*/][0-9]+| +[0-9]+ *|[0-9]+ +)$`)

// substitutionNUL finds printf of a NUL byte whose output $( ) reads.
func substitutionNUL(l *linter, node syntax.Node) syntax.Pos {
	words := callArgs(node)
	if len(words) < 2 || inside[*syntax.CmdSubst](l) == nil {
		return nowhere
	}
	for i := range l.parents {
		if pipe, ok := l.parent(i).(*syntax.BinaryCmd); ok && (pipe.Op == syntax.Pipe || pipe.Op == syntax.PipeAll) {
			return nowhere
		}
	}
	if stmt, ok := l.parent(0).(*syntax.Stmt); ok && len(stmt.Redirs) == 0 && nulEscape.MatchString(sourceText(words[1])) {
		return words[1].Pos()
	}
	return nowhere
}

var nulEscape = lazyregexp.New(`(^|[^\\])\\0{1,3}([^0-7]|$)`)

// defaultQuotes finds "${x-"a b"}".
func defaultQuotes(_ *linter, node syntax.Node) syntax.Pos {
	for _, part := range node.(*syntax.DblQuoted).Parts {
		exp, ok := part.(*syntax.ParamExp)
		if !ok || exp.Exp == nil || exp.Exp.Word == nil {
			continue
		}
		switch exp.Exp.Op {
		case syntax.DefaultUnset, syntax.DefaultUnsetOrNull, syntax.AlternateUnset, syntax.AlternateUnsetOrNull:
			for _, inner := range exp.Exp.Word.Parts {
				quoted, ok := inner.(*syntax.DblQuoted)
				if !ok {
					continue
				}
				for _, part := range quoted.Parts { // a plain word stays whole
					if lit, ok := part.(*syntax.Lit); !ok || strings.ContainsAny(lit.Value, " \t\n") {
						return quoted.Pos()
					}
				}
			}
		}
	}
	return nowhere
}
