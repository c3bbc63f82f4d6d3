package shell

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/posix"
)

// A finder walks the tree of a marked text and finds out where each value
// stands. What it does not know, it refuses.
type finder struct {
	plan    *plan
	engine  *Engine
	calls   calls
	library bool // names of commands may be known at run time only

	substitutions int                // how many $( ) are around
	ranges        []*syntax.CmdSubst // all there are
	flow          flow
	function      string // that is around; "": none
}

func (f *finder) stmts(list []*syntax.Stmt) {
	for _, stmt := range list {
		f.stmt(stmt)
	}
}

func (f *finder) stmt(stmt *syntax.Stmt) {
	f.redirects(stmt)
	f.stdin(stmt)
	switch cmd := stmt.Cmd.(type) {
	case nil:
	case *syntax.CallExpr:
		f.call(stmt, cmd)
	case *syntax.Block:
		f.stmts(cmd.Stmts)
	case *syntax.Subshell:
		f.stmts(cmd.Stmts)
	case *syntax.IfClause:
		for ; cmd != nil; cmd = cmd.Else {
			f.stmts(cmd.Cond)
			f.stmts(cmd.Then)
		}
	case *syntax.WhileClause:
		f.stmts(cmd.Cond)
		f.stmts(cmd.Do)
	case *syntax.ForClause:
		f.loop(cmd)
	case *syntax.CaseClause:
		f.caseClause(cmd)
	case *syntax.BinaryCmd:
		f.stmt(cmd.X)
		f.stmt(cmd.Y)
	case *syntax.FuncDecl:
		if cmd.Name != nil {
			f.forbid(cmd.Name, refusal{"a value cannot be part of a function's name", "name the function in the template"})
			f.calls.define(cmd.Name.Value)
		}
		f.body(cmd)
	default:
		f.forbid(cmd, refusal{"no value can stand in this construct", "use POSIX shell"})
	}
}

func (f *finder) loop(loop *syntax.ForClause) {
	words, ok := loop.Loop.(*syntax.WordIter)
	if !ok {
		f.forbid(loop, refusal{"no value can stand in this loop", "use for NAME in WORDS"})
		return
	}
	f.name(words.Name, ownNames)
	for _, item := range words.Items {
		f.word(item, wordUse{})
		f.assignment(words.Name.Value, item)
	}
	f.stmts(loop.Do)
}

func (f *finder) caseClause(clause *syntax.CaseClause) {
	f.word(clause.Word, wordUse{})
	for _, item := range clause.Items {
		for _, pattern := range item.Patterns {
			f.word(pattern, wordUse{pattern: true})
		}
		f.stmts(item.Stmts)
	}
}

// call finds the values of a simple command.
func (f *finder) call(stmt *syntax.Stmt, call *syntax.CallExpr) {
	for _, assign := range call.Assigns {
		f.assign(assign)
	}
	a := f.engine.rules.analyse(call.Args)
	for i, word := range call.Args {
		f.word(word, a.uses[i])
		if a.uses[i].export {
			f.exports(word)
		}
	}
	for _, c := range a.called {
		f.called(c)
	}
	f.used(call)
	f.positional(call)
	f.alone(stmt, call)
}

// called notes what a command runs, or why that cannot be told.
func (f *finder) called(c calledCommand) {
	switch {
	case c.code != "":
		f.codeString(c)
	case c.dynamic && f.library:
	case c.dynamic:
		f.plan.trouble(c.word.Pos(), refusal{"the name of the command is only known at run time",
			"name the command, or move the call into a library function"})
	default:
		f.calls.add(c.name, int(c.word.Pos().Line())-1)
	}
}

// codeString notes the calls in code that a command is given as a word.
func (f *finder) codeString(c calledCommand) {
	file, err := f.engine.parsers.Parse(c.code)
	if err != nil {
		msg, _ := posix.SyntaxError(err)
		f.plan.trouble(c.word.Pos(), refusal{"the code in this word is no valid shell: " + msg, ""})
		return
	}
	f.callsOf(file, int(c.word.Pos().Line())-1)
}

// callsOf notes what file calls by name, as if it stood on one line.
func (f *finder) callsOf(file *syntax.File, line int) {
	syntax.Walk(file, func(node syntax.Node) bool {
		switch node := node.(type) {
		case *syntax.FuncDecl:
			if node.Name != nil {
				f.calls.define(node.Name.Value)
			}
		case *syntax.CallExpr:
			for _, c := range f.engine.rules.analyse(node.Args).called {
				if c.name != "" {
					f.calls.add(c.name, line)
				}
			}
		}
		return true
	})
}

// alone records a statement that code may stand for: it is a marker and nothing
// else, on a line of its own.
func (f *finder) alone(stmt *syntax.Stmt, call *syntax.CallExpr) {
	if len(call.Args) != 1 || len(call.Assigns) > 0 || len(stmt.Redirs) > 0 ||
		stmt.Negated || stmt.Background || stmt.Semicolon.IsValid() {
		return
	}
	held := f.plan.words[call.Args[0]]
	if held == nil || len(held.shape) != 1 || held.shape[0].place < 0 {
		return
	}
	at := held.shape[0].place
	p := &f.plan.places[at]
	before, after := f.plan.text[:p.offset], f.plan.text[p.offset+markerLen:]
	before = before[strings.LastIndexByte(before, '\n')+1:]
	after, _, _ = strings.Cut(after, "\n")
	if p.kind == placeCommand && strings.Trim(before, " \t") == "" && strings.Trim(after, " \t") == "" {
		p.alone = true
		f.plan.alone[stmt] = at
	}
}

func (f *finder) assign(assign *syntax.Assign) {
	if assign.Index != nil || assign.Array != nil || assign.Name == nil {
		f.forbid(assign, refusal{"no value can stand in an array", "use POSIX shell, which has none"})
		return
	}
	f.name(assign.Name, ownNames)
	if assign.Value != nil {
		f.word(assign.Value, wordUse{checks: ownValue(assign.Name.Value)})
		f.assignment(assign.Name.Value, assign.Value)
	}
}

// name finds the values in the name of a variable.
func (f *finder) name(name *syntax.Lit, checks []*check) {
	found := appendMarkers(nil, name.Value)
	if len(found) == 0 {
		return
	}
	held := &valueWord{checks: append([]*check{nameCheck}, checks...)}
	held.shape = f.litShape(nil, name.Value)
	for _, value := range found {
		f.settle(value, placeName)
	}
	f.plan.names[name] = held
	f.plan.checked = append(f.plan.checked, held)
}
