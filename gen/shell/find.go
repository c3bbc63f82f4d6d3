package shell

import (
	"path"
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
		f.stmt(cmd.Body)
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

// place returns the place of a value.
func (f *finder) place(value int) *place {
	return &f.plan.places[f.plan.byValue[value]]
}

// settle says where a value stands, unless it is refused already.
func (f *finder) settle(value int, kind placeKind) {
	if p := f.place(value); p.kind == placeNone {
		p.kind = kind
	}
}

// forbid refuses all values below node.
func (f *finder) forbid(node any, r refusal) {
	for _, value := range markersIn(node) {
		f.refuse(value, r)
	}
}

// refuse refuses one value. The first reason stays.
func (f *finder) refuse(value int, r refusal) {
	p := f.place(value)
	if p.kind == placeRefused {
		return
	}
	p.kind, p.refusal, p.args, p.alone = placeRefused, r, false, false
}

// unplaced refuses what the walk did not come across, and reports whether there
// was nothing of the kind.
func (f *finder) unplaced() bool {
	before := len(f.plan.troubles)
	for i := range f.plan.places {
		if p := &f.plan.places[i]; p.kind == placeNone {
			f.refuse(p.value, refusal{"no value can stand here", ""})
		}
	}
	return len(f.plan.troubles) == before
}

// comments finds the values in comments.
func (f *finder) comments() {
	for _, seg := range f.plan.segments {
		for _, c := range seg.comments {
			for _, value := range appendMarkers(nil, c.Text) {
				if p := f.place(value); p.kind != placeNone {
					continue
				} else if f.inSubstitution(c) {
					f.refuse(value, refusal{"a value cannot stand in a comment inside of $( )", "put the comment before the statement"})
				} else if c.Hash.Offset() == 0 && strings.HasPrefix(c.Text, "!") {
					f.refuse(value, refusal{"no value can stand in the #! line", "write the interpreter in the template"})
				} else {
					p.kind = placeComment
				}
			}
		}
	}
}

// inSubstitution reports whether a comment is inside of $( ) or backquotes,
// where some shells look for the end without minding comments.
func (f *finder) inSubstitution(c syntax.Comment) bool {
	for _, sub := range f.ranges {
		if c.Hash.After(sub.Left) && sub.Right.After(c.Hash) {
			return true
		}
	}
	return false
}

// redirects finds the values in the redirections of stmt.
func (f *finder) redirects(stmt *syntax.Stmt) {
	for _, r := range stmt.Redirs {
		switch r.Op {
		case syntax.Hdoc, syntax.DashHdoc:
			f.forbid(r.Word, refusal{"a value cannot be part of a here-document's delimiter", "write the delimiter in the template"})
			f.heredoc(r)
		case syntax.DplIn, syntax.DplOut:
			f.forbid(r.Word, refusal{"a value cannot be the descriptor of a redirection", "write the descriptor in the template"})
			f.word(r.Word, wordUse{})
		default:
			f.word(r.Word, wordUse{checks: []*check{fileCheck, socketCheck}})
		}
	}
}

// stdin refuses values in what a shell, or another interpreter, reads as code, and
// has those be of one line in what is read line by line.
func (f *finder) stdin(stmt *syntax.Stmt) {
	r := refusal{"the value would be read as code by another program", "write the code to a file with a template of its own, or pass the value as an argument"}
	if pipe, ok := stmt.Cmd.(*syntax.BinaryCmd); ok && pipe.Op == syntax.Pipe {
		switch code, lines := f.engine.rules.readsCode(pipe.Y); {
		case code:
			f.forbidInput(pipe.X, r)
		case lines:
			f.oneLine(pipe.X)
		}
	}
	if len(stmt.Redirs) == 0 {
		return
	}
	code, lines := f.engine.rules.readsCode(stmt)
	for _, redir := range stmt.Redirs {
		switch {
		case code:
			f.forbidCode(redir.Hdoc, r)
		case lines:
			f.oneLine(redir.Hdoc)
		case redir.Hdoc != nil && writesScript(stmt, redir.Hdoc):
			f.forbidCode(redir.Hdoc, refusal{"the value would be code of the script that is written here",
				"make the script a file of the crate, with a template of its own"})
		}
	}
}

// oneLine refuses values of several lines in node.
func (f *finder) oneLine(node any) {
	for _, value := range markersIn(node) {
		f.place(value).oneLine = true
	}
}

// writesScript reports whether the body of a here-document goes into a script.
func writesScript(stmt *syntax.Stmt, body *syntax.Word) bool {
	if lit, ok := body.Parts[0].(*syntax.Lit); ok && strings.HasPrefix(lit.Value, "#!") {
		return true
	}
	for _, r := range stmt.Redirs {
		if r.Op == syntax.RdrOut || r.Op == syntax.AppOut || r.Op == syntax.RdrClob {
			switch path.Ext(posix.StaticText(r.Word)) {
			case ".sh", ".bash", ".pl", ".py", ".rb":
				return true
			}
		}
	}
	return false
}

// heredoc finds the values in the body of a here-document.
func (f *finder) heredoc(r *syntax.Redirect) {
	if r.Hdoc == nil {
		return
	}
	if r.Op == syntax.DashHdoc {
		f.forbid(r.Hdoc, refusal{"a value cannot stand in a here-document begun by <<-, which takes away its tabs", "use << and no indentation"})
	}
	if f.substitutions > 0 {
		f.forbid(r.Hdoc, refusal{"a value cannot stand in a here-document inside of $( ): some shells look for quotes in it", "use printf instead of the here-document"})
	}
	f.word(r.Hdoc, wordUse{heredoc: true, raw: quotesAnything(r.Word), delimiter: posix.StaticText(r.Word)})
}

// quotesAnything reports whether any part of a delimiter is quoted, so that
// nothing is expanded in the here-document.
func quotesAnything(delimiter *syntax.Word) bool {
	for _, part := range delimiter.Parts {
		if lit, ok := part.(*syntax.Lit); !ok || strings.Contains(lit.Value, `\`) {
			return true
		}
	}
	return false
}
