package shell

import (
	"slices"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// A lintRule finds what the parser takes for POSIX shell although one of the
// target shells does not, or reads it differently.
type lintRule struct {
	name string
	msg  string
	hint string
	on   []string                          // the commands that it is about; nil: it is about other nodes too
	find func(node syntax.Node) syntax.Pos // of what breaks the rule; invalid: nothing
}

// lintRules is the table of all rules. What the parser itself refuses (arrays,
// <<<, &>, process substitutions, function names with - or .) is not in it.
var lintRules = []lintRule{
	{"double-bracket", "[[ is no POSIX shell", "use [ ], or case", []string{"[["}, itself},
	{"let", "let is no POSIX shell", "use x=$((…))", []string{"let"}, itself},
	{"declare", "declare and typeset are no POSIX shell", "leave them out", []string{"declare", "typeset"}, itself},
	{"local", "local is no POSIX shell", "prefix the variable with the function's name", []string{"local"}, itself},
	{"source", "source is no POSIX shell", "write . FILE", []string{"source"}, itself},
	{"function", "function is no POSIX shell", "write name() { … }", []string{"function"}, itself},
	{"time", "time is a keyword in some shells", "leave it out", []string{"time"}, itself},
	{"select", "select is no POSIX shell", "use a loop", []string{"select"}, itself},
	{"bash-builtin", "this builtin is no POSIX shell", "do without it", []string{"builtin", "shopt", "pushd", "popd", "mapfile", "readarray", "disown", "coproc", "print", "whence"}, itself},
	{"test-equal", "== in [ is no POSIX shell", "write =", []string{"[", "test"}, args("==", "=~")},
	{"test-and-or", "-a, -o and parentheses in [ are read differently by shells", "use several [ ] with && and ||", []string{"[", "test"}, testAndOr},
	{"test-file-order", "-nt, -ot and -ef are no POSIX shell", "use find -newer, or compare what ls -i prints", []string{"[", "test"}, args("-nt", "-ot", "-ef")},
	{"echo-option", "echo reads options in some shells only", `write printf '%s\n'`, []string{"echo"}, option("neE")},
	{"read-option", "read has only the option -r in POSIX shell", "read from a file or a pipe, without a time limit", []string{"read"}, option("tnNpasduei")},
	{"printf-option", "printf has no options in POSIX shell", "use x=$(printf …)", []string{"printf"}, option("v")},
	{"wait-option", "wait has no options in POSIX shell", "wait for a process by its number", []string{"wait"}, option("nfp")},
	{"exec-option", "exec has no options in POSIX shell", "leave it out", []string{"exec"}, option("acl")},
	{"pipefail", "pipefail is not in all shells", "test what each command of the pipe left behind", []string{"set"}, args("pipefail")},
	{"kill-dashes", "kill -- fails in dash and busybox", `write kill -TERM "-$pgid"`, []string{"kill"}, args("--")},
	{"signal-name", "names of signals have no SIG", "write TERM for SIGTERM", []string{"trap", "kill"}, signalName},
	{"trap-pseudo", "ERR, DEBUG and RETURN are traps of some shells only", "test each command with ||", []string{"trap"}, args("ERR", "DEBUG", "RETURN")},
	{"export-split", "dash splits what is expanded here into words", `put it in quotes: export NAME="$value"`, []string{"export", "readonly"}, exportSplit},
	{"dollar-quote", "$'…' and $\"…\" are no POSIX shell", "use printf for special characters", nil, dollarQuote},
	{"brace-expansion", "braces are expanded by some shells only", "write the words out, or put the braces in quotes", nil, braces},
	{"append", "+= is no POSIX shell", `write x="${x}…"`, nil, appendAssign},
	{"array", "an index is no POSIX shell", "use several variables", nil, arrayIndex},
	{"negated-set", "[^…] is read differently by shells", "write [!…]", nil, negatedSet},
	{"increment", "++ and -- are not in all shells", "write x=$((x + 1))", nil, increment},
	{"octal", "a number that begins with 0 is octal in some shells", "take the zeros away", nil, octal},
	{"big-number", "some shells calculate with 31 bits", "calculate it in the template", nil, bigNumber},
	{"descriptor", "descriptors from 10 on are not in all shells", "use 3 to 9", nil, descriptor},
	{"both-redirect", ">& with a file is no POSIX shell", "write >file 2>&1", nil, bothRedirect},
	{"parenthesis-in-pattern", "an unquoted ) in ${…} ends it in some shells", `put it in quotes: ${s##*")"}`, nil, patternParenthesis},
	{"shell-variable", "this variable is not in all shells", "do without it", nil, shellVariable},
}

// rulesOn are the rules about single commands, by the command; rulesOnNodes are
// all others. Most nodes are no command, so that few rules need to look at them.
var rulesOn, rulesOnNodes = sortRules()

func sortRules() (on map[string][]*lintRule, nodes []*lintRule) {
	on = map[string][]*lintRule{}
	for i := range lintRules {
		rule := &lintRules[i]
		for _, name := range rule.on {
			on[name] = append(on[name], rule)
		}
		if rule.on == nil {
			nodes = append(nodes, rule)
		}
	}
	return on, nodes
}

// lint records what breaks the rules.
func (p *plan) lint(file *syntax.File) {
	syntax.Walk(file, func(node syntax.Node) bool {
		switch node := node.(type) {
		case nil, *syntax.Stmt:
			return true
		case *syntax.CallExpr:
			if len(node.Args) > 0 {
				p.lintNode(node, rulesOn[node.Args[0].Lit()])
			}
		}
		p.lintNode(node, rulesOnNodes)
		return true
	})
}

func (p *plan) lintNode(node syntax.Node, rules []*lintRule) {
	for _, rule := range rules {
		if pos := rule.find(node); pos.IsValid() {
			p.trouble(pos, refusal{rule.msg + " (" + rule.name + ")", rule.hint})
		}
	}
}

var nowhere syntax.Pos

// callArgs returns the words of a simple command.
func callArgs(node syntax.Node) []*syntax.Word { return node.(*syntax.CallExpr).Args }

// itself finds the command, whatever its arguments are.
func itself(node syntax.Node) syntax.Pos { return node.Pos() }

// args finds commands with one of the given arguments.
func args(bad ...string) func(syntax.Node) syntax.Pos {
	return func(node syntax.Node) syntax.Pos {
		for _, word := range callArgs(node)[1:] {
			if slices.Contains(bad, word.Lit()) {
				return word.Pos()
			}
		}
		return nowhere
	}
}

// option finds commands with an option that has one of the given letters.
func option(letters string) func(syntax.Node) syntax.Pos {
	return func(node syntax.Node) syntax.Pos {
		for _, word := range callArgs(node)[1:] {
			lit := staticText(word)
			if len(lit) < 2 || lit[0] != '-' || lit == "--" {
				break
			}
			if strings.ContainsAny(lit[1:], letters) {
				return word.Pos()
			}
		}
		return nowhere
	}
}

func testAndOr(node syntax.Node) syntax.Pos {
	words := callArgs(node)
	for i := 1; i < len(words); i++ {
		switch words[i].Lit() {
		case `\(`, `\)`:
			return words[i].Pos()
		case "-a", "-o":
			if len(words) > 5 { // else an operand
				return words[i].Pos()
			}
		}
	}
	return nowhere
}

func signalName(node syntax.Node) syntax.Pos {
	words := callArgs(node)
	for i := 1; i < len(words); i++ {
		if lit := strings.TrimPrefix(words[i].Lit(), "-"); len(lit) > 3 && strings.HasPrefix(lit, "SIG") {
			return words[i].Pos()
		}
	}
	return nowhere
}

func exportSplit(node syntax.Node) syntax.Pos {
	words := callArgs(node)
	for i := 1; i < len(words); i++ {
		for _, part := range words[i].Parts {
			switch part.(type) {
			case *syntax.ParamExp, *syntax.CmdSubst:
				return part.Pos()
			}
		}
	}
	return nowhere
}

func dollarQuote(node syntax.Node) syntax.Pos {
	word, ok := node.(*syntax.Word)
	if !ok {
		return nowhere
	}
	for i := range len(word.Parts) - 1 {
		lit, ok := word.Parts[i].(*syntax.Lit)
		if !ok || !strings.HasSuffix(lit.Value, "$") || endsInBackslash(strings.TrimSuffix(lit.Value, "$")) {
			continue
		}
		switch next := word.Parts[i+1].(type) {
		case *syntax.SglQuoted, *syntax.DblQuoted:
			return next.Pos()
		}
	}
	return nowhere
}

func braces(node syntax.Node) syntax.Pos {
	call, ok := node.(*syntax.CallExpr)
	words := []*syntax.Word(nil)
	if ok {
		words = call.Args
	} else if loop, ok := node.(*syntax.WordIter); ok {
		words = loop.Items
	}
	for _, word := range words {
		for _, part := range word.Parts {
			lit, ok := part.(*syntax.Lit)
			if !ok {
				continue
			}
			_, rest, open := strings.Cut(unquotedOnly(lit.Value), "{")
			inner, _, closed := strings.Cut(rest, "}")
			if open && closed && (strings.Contains(inner, ",") || strings.Contains(inner, "..")) {
				return lit.Pos()
			}
		}
	}
	return nowhere
}

func appendAssign(node syntax.Node) syntax.Pos {
	call, ok := node.(*syntax.CallExpr)
	if !ok || len(call.Args) == 0 {
		return nowhere
	}
	if lit, ok := call.Args[0].Parts[0].(*syntax.Lit); ok {
		if name, _, found := strings.Cut(lit.Value, "+="); found && validName(name) {
			return lit.Pos()
		}
	}
	return nowhere
}

func arrayIndex(node syntax.Node) syntax.Pos {
	switch node := node.(type) {
	case *syntax.CallExpr:
		if len(node.Args) == 0 {
			return nowhere
		}
		if name, rest, found := strings.Cut(node.Args[0].Lit(), "["); found && validName(name) && strings.Contains(rest, "]=") {
			return node.Pos()
		}
	case *syntax.Assign:
		if node.Index != nil || node.Array != nil {
			return node.Pos()
		}
	case *syntax.ParamExp:
		if node.Index != nil || node.Slice != nil || node.Repl != nil || node.Excl || node.Names != 0 {
			return node.Pos()
		}
	}
	return nowhere
}

func negatedSet(node syntax.Node) syntax.Pos {
	if lit, ok := node.(*syntax.Lit); ok && strings.Contains(unquotedOnly(lit.Value), "[^") && !strings.Contains(lit.Value, " ") {
		return lit.Pos()
	}
	return nowhere
}

func increment(node syntax.Node) syntax.Pos {
	switch node := node.(type) {
	case *syntax.UnaryArithm:
		if node.Op == syntax.Inc || node.Op == syntax.Dec {
			return node.OpPos
		}
	case *syntax.BinaryArithm:
		if node.Op == syntax.Pow || node.Op == syntax.Comma {
			return node.OpPos
		}
	}
	return nowhere
}

// arithmeticNumbers returns the operands of an arithmetic expansion.
func arithmeticNumbers(node syntax.Node) []*syntax.Word {
	exp, ok := node.(*syntax.ArithmExp)
	if !ok {
		return nil
	}
	var found []*syntax.Word
	syntax.Walk(exp.X, func(node syntax.Node) bool {
		if word, ok := node.(*syntax.Word); ok {
			if digits(word.Lit()) {
				found = append(found, word)
			}
			return false
		}
		return true
	})
	return found
}

func octal(node syntax.Node) syntax.Pos {
	for _, word := range arithmeticNumbers(node) {
		if lit := word.Lit(); len(lit) > 1 && lit[0] == '0' {
			return word.Pos()
		}
	}
	return nowhere
}

func bigNumber(node syntax.Node) syntax.Pos {
	for _, word := range arithmeticNumbers(node) {
		if _, err := strconv.ParseInt(word.Lit(), 10, 32); err != nil {
			return word.Pos()
		}
	}
	return nowhere
}

func descriptor(node syntax.Node) syntax.Pos {
	if r, ok := node.(*syntax.Redirect); ok && r.N != nil && len(r.N.Value) > 1 {
		return r.Pos()
	}
	return nowhere
}

func bothRedirect(node syntax.Node) syntax.Pos {
	r, ok := node.(*syntax.Redirect)
	if !ok || r.Op != syntax.DplOut {
		return nowhere
	}
	if text, known := static(r.Word); known && text != "-" && !digits(text) {
		return r.Pos()
	}
	return nowhere
}

func patternParenthesis(node syntax.Node) syntax.Pos {
	exp, ok := node.(*syntax.ParamExp)
	if !ok || exp.Exp == nil || exp.Exp.Word == nil {
		return nowhere
	}
	switch exp.Exp.Op {
	case syntax.RemSmallPrefix, syntax.RemLargePrefix, syntax.RemSmallSuffix, syntax.RemLargeSuffix:
	default:
		return nowhere
	}
	for _, part := range exp.Exp.Word.Parts {
		if lit, ok := part.(*syntax.Lit); ok && strings.ContainsAny(lit.Value, "()") {
			return lit.Pos()
		}
	}
	return nowhere
}

func shellVariable(node syntax.Node) syntax.Pos {
	exp, ok := node.(*syntax.ParamExp)
	if !ok || exp.Param == nil {
		return nowhere
	}
	switch name := exp.Param.Value; {
	case strings.HasPrefix(name, "BASH"):
		return exp.Pos()
	case slices.Contains([]string{"RANDOM", "UID", "EUID", "HOSTNAME", "SECONDS", "OSTYPE", "MACHTYPE", "FUNCNAME", "PIPESTATUS", "REPLY"}, name):
		return exp.Pos()
	}
	return nowhere
}
