package shell

import (
	"slices"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/record"
)

// A wordUse says what a word is used for.
type wordUse struct {
	checks    []*check // what the word has to be, with its values in it
	args      bool     // it is an argument: a command may become words there
	command   bool     // it names a command
	pattern   bool     // it is a pattern of case
	export    bool     // it is NAME=VALUE or NAME, as export and readonly take them
	assigns   bool     // it is NAME=VALUE, as env takes it
	heredoc   bool     // it is the body of a here-document
	raw       bool     // in which nothing is expanded
	delimiter string   // and that ends with this line
	forbid    refusal  // no value belongs into it
}

// word finds the values in a word.
func (f *finder) word(word *syntax.Word, use wordUse) {
	if word == nil {
		return
	}
	if use.forbid.msg != "" {
		f.forbidCode(word, use.forbid)
	}
	if slices.ContainsFunc(use.checks, func(c *check) bool { return c.calculated }) {
		f.numeric(word)
	}
	if len(markersIn(word)) == 0 {
		f.inside(word.Parts) // only to collect calls
		return
	}
	w := wordFinder{finder: f, use: use, word: word, held: &valueWord{checks: use.checks}}
	w.find()
	f.plan.words[word] = w.held
	if len(w.held.checks) > 0 && w.held.firstPlace() >= 0 {
		f.plan.checked = append(f.plan.checked, w.held)
	}
}

// inside visits the commands inside of parts.
func (f *finder) inside(parts []syntax.WordPart) {
	for _, part := range parts {
		switch part := part.(type) {
		case *syntax.DblQuoted:
			f.inside(part.Parts)
		case *syntax.Lit, *syntax.SglQuoted:
		default:
			f.expansion(part)
		}
	}
}

// expansion visits a part of a word that is expanded. Values can stand in the
// commands of $( ) and as numbers in $(( )).
func (f *finder) expansion(part syntax.WordPart) {
	switch part := part.(type) {
	case *syntax.CmdSubst:
		if part.Backquotes {
			f.forbid(part, refusal{"a value cannot stand inside backquotes", "write $( ) instead of the backquotes"})
		}
		f.ranges = append(f.ranges, part)
		f.substitutions++
		f.stmts(part.Stmts)
		f.substitutions--
	case *syntax.ArithmExp:
		f.arithmetic(part.X)
	case *syntax.ParamExp:
		f.parameter(part)
	default:
		f.forbid(part, refusal{"no value can stand in this expansion", ""})
	}
}

func (f *finder) parameter(exp *syntax.ParamExp) {
	if exp.Param != nil {
		for _, value := range appendMarkers(nil, exp.Param.Value) {
			if exp.Short {
				f.refuse(value, refusal{"the value would become part of the variable's name before it", "put the name into braces: ${name}"})
			} else {
				f.refuse(value, refusal{"a value cannot be part of the name in ${ }", ""})
			}
		}
	}
	f.forbid(exp, refusal{"a value cannot stand inside ${ }", "assign it to a variable first, and use that"})
	if exp.Exp != nil && exp.Exp.Word != nil {
		f.inside(exp.Exp.Word.Parts)
	}
}

// arithmetic finds the values in $(( )).
func (f *finder) arithmetic(x syntax.ArithmExpr) {
	switch x := x.(type) {
	case nil:
	case *syntax.BinaryArithm:
		f.arithmetic(x.X)
		f.arithmetic(x.Y)
	case *syntax.UnaryArithm:
		f.arithmetic(x.X)
	case *syntax.ParenArithm:
		f.arithmetic(x.X)
	case *syntax.Word:
		f.number(x)
	default:
		f.forbid(x, refusal{"no value can stand in this expression", ""})
	}
}

// number finds the value that is an operand of an arithmetic expression.
func (f *finder) number(word *syntax.Word) {
	lit := word.Lit()
	if at, value := record.FindMarker(lit); at == 0 && len(lit) == markerLen {
		f.settle(value, placeNumber)
		f.remember(word)
		return
	}
	if len(appendMarkers(nil, lit)) > 0 {
		f.forbid(word, refusal{"a value has to be a whole number in $(( )), not a part of one", "separate it with blanks"})
		return
	}
	f.calculated(word)
	f.inside(word.Parts)
	f.forbidUnplaced(word)
	f.remember(word)
}

// remember lets the comparison look into a word that holds values.
func (f *finder) remember(word *syntax.Word) {
	if len(markersIn(word)) == 0 {
		return
	}
	s := streamWriter{places: f.plan.byValue}
	s.word(word, streamWord)
	f.plan.words[word] = &valueWord{stream: s.out, nodes: s.nodes}
}

func (f *finder) forbidUnplaced(node any) {
	for _, value := range markersIn(node) {
		if f.place(value).kind == placeNone {
			f.refuse(value, refusal{"no value can stand in this expression", "write the number alone"})
		}
	}
}

// litShape appends the shape of a literal.
func (f *finder) litShape(shape []shapePart, lit string) []shapePart {
	for {
		at, value := record.FindMarker(lit)
		if at < 0 {
			break
		}
		if at > 0 {
			shape = append(shape, shapePart{lit: lit[:at], place: -1})
		}
		shape = append(shape, shapePart{place: f.plan.byValue[value]})
		lit = lit[at+markerLen:]
	}
	if lit != "" {
		shape = append(shape, shapePart{lit: lit, place: -1})
	}
	return shape
}
