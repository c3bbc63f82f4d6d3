package shell

import (
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/diag"
	"palletgen/gen/posix"
)

// Library splits a file of the shell library by function. At the top level only
// functions may stand, each with its comment block directly above it. Names of
// commands that are known at run time only are allowed there.
func (e *Engine) Library(src *diag.Source) ([]Function, error) {
	l := library{src: src, lines: strings.SplitAfter(src.Text, "\n")}
	p := &plan{text: src.Text}
	if !p.checkBytes() {
		return nil, l.report(p)
	}
	file, err := e.parsers.Parse(src.Text)
	if err != nil {
		p.refuse(err, "")
		return nil, l.report(p)
	}
	p.lint(file, &e.parsers)
	for _, stmt := range file.Stmts {
		l.function(e, p, stmt)
	}
	l.duplicates()
	l.errs.Take(l.report(p))
	if err := l.errs.Err(); err != nil {
		return nil, err
	}
	return l.functions, nil
}

// A library is a library file while it is split.
type library struct {
	src       *diag.Source
	lines     []string // with their newlines
	lastLine  int      // of the function before, from 1
	functions []Function
	errs      diag.List
}

func (l *library) at(pos syntax.Pos, msg, hint string) *diag.Error {
	return &diag.Error{Pos: diag.Pos{Source: l.src, Line: int(pos.Line()), Col: int(pos.Col())}, Msg: msg, Hint: hint}
}

// function adds the function that stmt has to be.
func (l *library) function(e *Engine, p *plan, stmt *syntax.Stmt) {
	decl, ok := stmt.Cmd.(*syntax.FuncDecl)
	first, last := int(stmt.Pos().Line()), int(posix.EndLine(stmt))
	switch {
	case !ok || stmt.Negated || stmt.Background || len(stmt.Redirs) > 0 || decl.RsrvWord || decl.Name == nil:
		l.errs.Add(l.at(stmt.Pos(), "only functions can stand at the top level of a library file", "move it into a function: name() { … }"))
		return
	case first <= l.lastLine || !strings.HasPrefix(l.lines[first-1], decl.Name.Value):
		l.errs.Add(l.at(stmt.Pos(), "a function has to begin a line", "begin a new line before it, without indentation"))
		return
	case !libraryName(decl.Name.Value):
		l.errs.Add(l.at(stmt.Pos(), "the function's name is made of other bytes than a-z, 0-9 and _", ""))
		return
	}
	top := first
	for top > l.lastLine+1 && strings.HasPrefix(l.lines[top-2], "#") {
		top--
	}
	l.lastLine = last
	f := finder{plan: p, engine: e, library: true}
	f.stmt(stmt)
	f.calls = f.calls.sorted()
	fn := Function{
		Name: decl.Name.Value,
		Text: strings.TrimSuffix(strings.Join(l.lines[top-1:last], ""), "\n") + "\n",
		Pos:  diag.Pos{Source: l.src, Line: first, Col: 1},
	}
	for _, name := range f.calls.names {
		fn.Calls = append(fn.Calls, Call{name, diag.Pos{Source: l.src, Line: f.calls.lines[name] + 1}})
	}
	for _, u := range f.calls.uses {
		fn.uses = append(fn.uses, Use{u.name, diag.Pos{Source: l.src, Line: int(u.pos.Line()), Col: int(u.pos.Col())}, u.args, u.more})
	}
	fn.reads = readsArguments(decl)
	fn.describe(strings.Join(l.lines[top-1:first-1], ""))
	l.functions = append(l.functions, fn)
}

// Lines of a comment block that say something to the generator.
const (
	mayUse    = "may use:"           // begins a line that names optional commands
	resource  = "resource"           // see Function.Resource
	readsOnly = "reads only"         // see Function.ReadsOnly
	parts     = "of the supervisor:" // see Function.Parts
	undone    = "undone by:"         // see Function.Undo
)

// describe reads the comment block of the function.
func (fn *Function) describe(block string) {
	var text strings.Builder
	for line := range strings.Lines(block) {
		line = strings.TrimPrefix(strings.TrimPrefix(strings.TrimRight(line, " \t\n"), "#"), " ")
		if names, ok := strings.CutPrefix(line, mayUse); ok {
			fn.Optional = append(fn.Optional, strings.Fields(names)...)
		}
		if names, ok := strings.CutPrefix(line, parts); ok {
			fn.Parts = append(fn.Parts, strings.Fields(names)...)
		}
		if names, ok := strings.CutPrefix(line, undone); ok {
			fn.Undo = append(fn.Undo, strings.Fields(names)...)
		}
		fn.Resource = fn.Resource || line == resource
		fn.ReadsOnly = fn.ReadsOnly || line == readsOnly
		text.WriteString(line)
		text.WriteByte('\n')
	}
	slices.Sort(fn.Optional)
	fn.Optional = slices.Compact(fn.Optional)
	fn.Doc = strings.TrimSpace(text.String())
}

func libraryName(name string) bool {
	return posix.IsName(name) && strings.ToLower(name) == name
}

// duplicates reports functions that are defined twice.
func (l *library) duplicates() {
	first := map[string]diag.Pos{}
	for _, f := range l.functions {
		if pos, seen := first[f.Name]; seen {
			l.errs.Add(diag.At(f.Pos, "%s is defined a second time", f.Name).WithHint("the first is at %s", pos))
			continue
		}
		first[f.Name] = f.Pos
	}
}

// report returns what was found out about the text, or nil.
func (l *library) report(p *plan) error {
	var errs diag.List
	for _, t := range p.troubles {
		errs.Add(&diag.Error{Pos: diag.Pos{Source: l.src, Line: t.line + 1, Col: t.col}, Msg: t.msg, Hint: t.hint})
	}
	return errs.Err()
}
