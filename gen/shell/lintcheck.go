package shell

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/diag"
	"palletgen/gen/record"
)

// A Rule is one rule of portability that every script has to keep.
type Rule struct {
	Name   string
	Reason string
	Remedy string // "" where the reason says it
}

// Rules returns all rules by name.
func Rules() []Rule {
	var list []Rule
	for _, name := range ruleNames() {
		r := ruleNamed(name)
		list = append(list, Rule{name, r.msg, r.hint})
	}
	return list
}

// Lint looks for what the shells of targets do not know or read differently in
// a script of any origin. The error is a diag.List; messages end in the name of
// the rule in parentheses.
func Lint(src *diag.Source) error {
	return lint(src, src.Text, func(offset int) int { return offset }, "")
}

// LintTemplate is Lint for the template of a script. Of conditions it reads
// both sides, one after the other; where that makes no script, it says so.
func LintTemplate(src *diag.Source) error {
	text, origin := withoutActions(src.Text)
	return lint(src, text, origin, "where the sides of a condition make a script only one at a time, check a group that uses the template")
}

// lint checks text, each offset of which comes from an offset of src. hint is for
// what is no shell at all.
func lint(src *diag.Source, text string, origin func(int) int, hint string) error {
	l := linter{text: text, parsers: new(parsers)}
	explained := true
	clean := l.bytes()
	file, err := l.parsers.parse(clean)
	if err != nil {
		l.text = clean
		explained = l.lintForeign(err)
	} else {
		l.file = file
		l.look()
	}
	var errs diag.List
	add := func(pos syntax.Pos, r refusal) {
		errs.Add(&diag.Error{Pos: posAt(src, origin(int(pos.Offset()))), Msg: r.msg, Hint: r.hint})
	}
	if !explained {
		msg, pos := syntaxError(err)
		add(pos, refusal{nameMarkers(msg) + " (" + ruleSyntax + ")", hint})
	}
	for _, f := range l.remaining() {
		add(f.pos, f.rule.refusal())
	}
	for _, m := range l.badAllowances() {
		add(m.pos, m.refusal)
	}
	return errs.Err()
}

// posAt returns the place of an offset.
func posAt(src *diag.Source, offset int) diag.Pos {
	before := src.Text[:min(offset, len(src.Text))]
	return diag.Pos{Source: src, Line: strings.Count(before, "\n") + 1, Col: len(before) - strings.LastIndexByte(before, '\n')}
}

// bytes looks for bytes that break rules, of each kind the first on a line, and
// returns the text with letters in place of those that the parser cannot read.
func (l *linter) bytes() string {
	if inert(l.text) && strings.IndexByte(l.text, 0) < 0 {
		return l.text
	}
	clean := []byte(l.text)
	line, start, last := uint(1), 0, map[string]uint{}
	for i := 0; i < len(clean); i++ {
		name := ""
		switch c := clean[i]; {
		case c == '\n':
			line, start = line+1, i+1
		case c == 0:
			name = "nul"
		case c == '\r' && (i+1 == len(clean) || clean[i+1] == '\n'):
			name = "carriage-return"
		case c >= 0x80:
			name = ruleASCII
		}
		if name == "" {
			continue
		}
		if name != "carriage-return" {
			clean[i] = 'x'
		}
		if last[name] != line {
			last[name] = line
			l.found = append(l.found, finding{syntax.NewPos(uint(i), line, uint(i-start+1)), ruleNamed(name)})
		}
	}
	return string(clean)
}

// withoutActions puts a marker in the place of each action of a template that
// prints, and blanks in the place of others. origin says where an offset of the
// result comes from.
func withoutActions(text string) (result string, origin func(int) int) {
	var b strings.Builder
	var from, to []int // of each end of an action
	rest := 0
	for n := 0; ; n++ {
		at := strings.Index(text[rest:], "{{")
		if at < 0 {
			break
		}
		b.WriteString(text[rest : rest+at])
		action := text[rest+at:]
		end := actionEnd(action)
		if prints(action[2:end]) {
			b.WriteString(record.Marker(n))
		}
		b.WriteString(strings.Repeat("\n", strings.Count(action[:end], "\n")))
		rest += at + end
		from, to = append(from, b.Len()), append(to, rest)
	}
	b.WriteString(text[rest:])
	return b.String(), func(offset int) int {
		for i := len(from) - 1; i >= 0; i-- {
			if offset >= from[i] {
				return offset - from[i] + to[i]
			}
		}
		return offset
	}
}

// actionEnd returns the length of the action that text begins with.
func actionEnd(text string) int {
	quote := byte(0)
	if inner := strings.TrimLeft(text[2:], "- "); strings.HasPrefix(inner, "/*") {
		if at := strings.Index(text, "*/"); at >= 0 {
			text, quote = text[at:], 0
			if end := strings.Index(text, "}}"); end >= 0 {
				return at + end + 2
			}
		}
	}
	for i := 2; i < len(text); i++ {
		switch c := text[i]; {
		case quote != 0 && c == '\\' && quote != '`':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '`' || c == '\'':
			quote = c
		case strings.HasPrefix(text[i:], "}}"):
			return i + 2
		}
	}
	return len(text)
}

// prints reports whether an action is no part of a condition, loop or
// definition, no assignment and no comment.
func prints(action string) bool {
	action = strings.TrimLeft(action, "- \t\n")
	word, _, _ := strings.Cut(strings.TrimRight(action, "}- \t\n"), " ")
	switch word {
	case "if", "else", "end", "range", "with", "define", "block", "break", "continue", "":
		return false
	}
	return !strings.HasPrefix(action, "/*") && (!strings.HasPrefix(word, "$") || !strings.Contains(action, ":=") && !strings.Contains(action, " = "))
}
