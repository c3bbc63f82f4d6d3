// Package lint finds what shell scripts say that not all of the target shells
// read alike: rules over the syntax tree, each with a reason and a remedy, and
// comments that allow a rule at one place. It is for shell of any origin: whole
// scripts, templates, and what the engine has parsed already. It knows nothing
// of settings and values. It imports gen/diag, gen/lazyregexp, gen/posix and
// gen/record.
package lint

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/diag"
	"palletgen/gen/posix"
)

// A Finding is what a script should not say: where, why, and the remedy. Msg ends
// in the name of the rule in parentheses, where it is one that is broken.
type Finding struct {
	Pos       syntax.Pos // in the text that was looked at
	Msg, Hint string     // Hint is "" where Msg says it
}

// Script looks for what the shells of targets do not know or read differently in
// a script of any origin. The error is a diag.List; messages end in the name of
// the rule in parentheses.
func Script(src *diag.Source) error {
	return check(src, src.Text, func(offset int) int { return offset }, "")
}

// Template is Script for the template of a script. Of conditions it reads
// both sides, one after the other; where that makes no script, it says so.
func Template(src *diag.Source) error {
	text, origin := withoutActions(src.Text)
	return check(src, text, origin, "where the sides of a condition make a script only one at a time, check a group that uses the template")
}

// check checks text, each offset of which comes from an offset of src. hint is for
// what is no shell at all.
func check(src *diag.Source, text string, origin func(int) int, hint string) error {
	l := linter{text: text, parsers: new(posix.Parsers)}
	explained := true
	clean := l.bytes()
	file, err := l.parsers.Parse(clean)
	if err != nil {
		l.text = clean
		explained = l.foreign(err)
	} else {
		l.file = file
		l.look()
	}
	var errs diag.List
	add := func(found ...Finding) {
		for _, f := range found {
			errs.Add(&diag.Error{Pos: posAt(src, origin(int(f.Pos.Offset()))), Msg: f.Msg, Hint: f.Hint})
		}
	}
	if !explained {
		msg, pos := posix.SyntaxError(err)
		add(Finding{pos, posix.NameMarkers(msg) + " (" + ruleSyntax + ")", hint})
	}
	add(l.remaining()...)
	return errs.Err()
}

// posAt returns the place of an offset.
func posAt(src *diag.Source, offset int) diag.Pos {
	before := src.Text[:min(offset, len(src.Text))]
	return diag.Pos{Source: src, Line: strings.Count(before, "\n") + 1, Col: len(before) - strings.LastIndexByte(before, '\n')}
}

// Tree looks at a text that with has parsed to file.
func Tree(text string, file *syntax.File, with *posix.Parsers) []Finding {
	l := linter{text: text, file: file, parsers: with}
	l.look()
	return l.remaining()
}

// Bytes looks for bytes in a text that not all shells can read: yash can read none
// above 127, not even in a comment.
func Bytes(text string) []Finding {
	l := linter{text: text}
	l.bytes()
	return l.remaining()
}

// Refused looks at a text that a POSIX parser refused with err; explained says
// whether a finding tells why.
func Refused(text string, err error) (found []Finding, explained bool) {
	l := linter{text: text}
	explained = l.foreign(err)
	n := len(l.notAllowed())
	return l.remaining(), explained && n > 0
}
