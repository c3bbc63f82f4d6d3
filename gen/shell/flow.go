package shell

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/posix"
)

// A flow follows values through variables, as far as that can be seen in one
// text: x=VALUE, and then eval "$x", or $((x + 1)), is as if the value stood
// there itself. It does not look at what is executed when.
type flow struct {
	assigned map[string][]*valueWord // variable → what a template gives it that holds values
	copies   map[string][]string     // variable → others whose values it is given
	uses     []variableUse
}

// A variableUse is where a variable is expanded that a value could not stand.
type variableUse struct {
	name   string
	line   int // from 0
	number bool
	forbid refusal // where no number is wanted
}

// assignment notes that the variable is given a word.
func (f *finder) assignment(name string, word *syntax.Word) {
	if word == nil {
		return
	}
	if f.flow.assigned == nil {
		f.flow.assigned, f.flow.copies = map[string][]*valueWord{}, map[string][]string{}
	}
	if held := f.plan.words[word]; held != nil && held.firstPlace() >= 0 {
		f.flow.assigned[name] = append(f.flow.assigned[name], held)
	}
	for _, exp := range expansions(nil, word.Parts) {
		f.flow.copies[name] = append(f.flow.copies[name], f.variable(exp))
	}
}

// expansions appends the variables that parts expand, but not those in $( ).
func expansions(found []*syntax.ParamExp, parts []syntax.WordPart) []*syntax.ParamExp {
	for _, part := range parts {
		switch part := part.(type) {
		case *syntax.DblQuoted:
			found = expansions(found, part.Parts)
		case *syntax.ParamExp:
			if part.Param != nil && !part.Length {
				found = append(found, part)
			}
		}
	}
	return found
}

// forbidCode refuses the values in node, and notes the variables.
func (f *finder) forbidCode(node any, r refusal) {
	f.forbid(node, r)
	word, ok := node.(*syntax.Word)
	if !ok || word == nil {
		return
	}
	for _, exp := range expansions(nil, word.Parts) {
		f.flow.uses = append(f.flow.uses, variableUse{name: f.variable(exp), line: int(exp.Pos().Line()) - 1, forbid: r})
	}
}

// numeric notes the variables in a word that has to be a number.
func (f *finder) numeric(word *syntax.Word) {
	for _, exp := range expansions(nil, word.Parts) {
		f.flow.uses = append(f.flow.uses, variableUse{name: f.variable(exp), line: int(exp.Pos().Line()) - 1, number: true})
	}
}

// follow refuses values that come where they could not stand by way of variables,
// and has those checked that come where numbers are wanted. The first line that
// does so is enough for each, so that every variable is followed once.
func (f *finder) follow() {
	forbidden, counted := map[string]bool{}, map[string]bool{}
	for _, use := range f.flow.uses {
		if use.number {
			for _, held := range f.flow.reaching(use.name, counted) {
				f.plan.checked = append(f.plan.checked, &valueWord{shape: assignedShape(held.shape), checks: []*check{use.numberCheck()}})
			}
			continue
		}
		r := use.forbid
		r.msg += ", by way of " + routeMark
		for _, held := range f.flow.reaching(use.name, forbidden) {
			for _, part := range held.shape {
				if part.place >= 0 {
					f.refuseBy(&f.plan.places[part.place], r, use.route())
				}
			}
		}
	}
}

// numberCheck wants a number of what comes to be calculated with.
func (use variableUse) numberCheck() *check {
	nothingOrNumber := func(word string, whole bool) bool { return (word != "" || !whole) && numberCheck.bad(word, whole) } // nothing is no code
	return &check{bad: nothingOrNumber, by: use.route(), refusal: refusal{
		"the script calculates with " + routeMark + ", which has the value, and some shells run code in it: only a whole number can stand there",
		"use a setting of type integer, or make a number of it in the template: {{ int … }}",
	}}
}

// reaching returns the words that the variable may have got its values from, but
// for those of the variables in seen, to which it adds.
func (fl *flow) reaching(name string, seen map[string]bool) []*valueWord {
	var words []*valueWord
	for left := []string{name}; len(left) > 0; {
		name := left[len(left)-1]
		left = left[:len(left)-1]
		if seen[name] {
			continue
		}
		seen[name] = true
		words = append(words, fl.assigned[name]...)
		left = append(left, fl.copies[name]...)
	}
	return words
}

// assignedShape takes NAME= off the shape of a word that export is given.
func assignedShape(shape []shapePart) []shapePart {
	if len(shape) > 1 && shape[0].place < 0 && !shape[0].dynamic && len(shape[0].lit) > 1 && shape[0].lit[len(shape[0].lit)-1] == '=' {
		return shape[1:]
	}
	return shape
}

// exports notes what a word of export gives its variable, and checks that.
func (f *finder) exports(word *syntax.Word) {
	lit, ok := word.Parts[0].(*syntax.Lit)
	if !ok {
		return
	}
	name, _, assigned := strings.Cut(lit.Value, "=")
	if !assigned {
		return
	}
	f.assignment(name, word)
	if held := f.plan.words[word]; held != nil && held.firstPlace() >= 0 && ownValue(name) != nil {
		f.plan.checked = append(f.plan.checked, &valueWord{shape: assignedShape(held.shape), checks: ownValue(name)})
	}
}

// forbidInput refuses the values, and variables, in the words of commands whose
// output is read as code.
func (f *finder) forbidInput(node syntax.Node, r refusal) {
	syntax.Walk(node, func(node syntax.Node) bool {
		if word, ok := node.(*syntax.Word); ok {
			f.forbidCode(word, r)
		}
		return true
	})
	f.forbid(node, r)
}

// calculated notes the variable that is an operand of $(( )): x, or $x.
func (f *finder) calculated(word *syntax.Word) {
	if lit := word.Lit(); posix.IsName(lit) {
		f.flow.uses = append(f.flow.uses, variableUse{name: lit, line: int(word.Pos().Line()) - 1, number: true})
		return
	}
	f.numeric(word)
}
