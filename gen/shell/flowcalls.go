package shell

import (
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/posix"
)

// The arguments of functions are variables of the flow, too: those of f are called
// f()1, f()2 …, all together f()@. Where a function has shift or set, nobody knows
// which argument $1 is: they are not followed, nor are those of the script itself.

// variable returns what the flow calls the variable that exp expands.
func (f *finder) variable(exp *syntax.ParamExp) string {
	switch name := exp.Param.Value; {
	case name == "*" || name == "@":
		return f.function + "()@"
	case posix.IsNumber(name):
		return f.function + "()" + name
	default:
		return name
	}
}

// shownVariable is the name of the flow as messages show it.
func shownVariable(name string) string {
	function, number, positional := strings.Cut(name, "()")
	if !positional {
		return "$" + name
	}
	return "$" + number + " of " + function
}

// body walks the body of a function.
func (f *finder) body(decl *syntax.FuncDecl) {
	around := f.function
	if f.function = "?"; decl.Name != nil && !shifts(decl) {
		f.function = decl.Name.Value
	}
	f.stmt(decl.Body)
	f.function = around
}

// shifts reports whether a function changes what its arguments are.
func shifts(decl *syntax.FuncDecl) bool {
	found := false
	syntax.Walk(decl.Body, func(node syntax.Node) bool {
		if call, ok := node.(*syntax.CallExpr); ok && len(call.Args) > 0 {
			name := call.Args[0].Lit()
			found = found || name == "shift" || name == "set"
		}
		return !found
	})
	return found
}

// positional notes what a call gives to the arguments of a function.
func (f *finder) positional(call *syntax.CallExpr) {
	if len(call.Args) < 2 {
		return
	}
	function, words := call.Args[0].Lit(), call.Args[1:]
	if !libraryName(function) || posix.IsBuiltin(function) {
		return
	}
	for i, word := range words {
		f.assignment(function+"()"+strconv.Itoa(i+1), word)
		f.assignment(function+"()@", word)
	}
}
