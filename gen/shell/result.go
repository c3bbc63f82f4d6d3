package shell

import (
	"cmp"
	"slices"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/record"
)

// script makes the result.
func (s *splicer) script() *Script {
	known := &s.plan.calls
	script := &Script{Text: s.out, Lines: s.lines(), Defs: known.funcs, Style: s.plan.style}
	script.Calls = make([]Call, len(known.names))
	for i, name := range known.names {
		script.Calls[i] = Call{name, linePos(s.marked, known.lines[name])}
	}
	for i := range s.values {
		if code := s.values[i].code; code != nil {
			s.addCode(script, code, s.marked.Values[s.plan.places[i].value].Pos)
		}
	}
	return script
}

// addCode adds what code from settings defines and calls.
func (s *splicer) addCode(script *Script, code *parsedCode, pos diag.Pos) {
	f := finder{engine: s.engine}
	f.callsOf(code.file, 0)
	script.Defs = slices.Concat(script.Defs, f.calls.sorted().funcs)
	slices.Sort(script.Defs)
	script.Defs = slices.Compact(script.Defs)
	for name := range f.calls.lines {
		if !slices.ContainsFunc(script.Calls, func(c Call) bool { return c.Name == name }) {
			script.Calls = append(script.Calls, Call{name, pos})
		}
	}
	slices.SortFunc(script.Calls, func(a, b Call) int { return cmp.Compare(a.Name, b.Name) })
}

// lines returns where each line of the result comes from. The further lines of
// a value come from the line that the value stands on.
func (s *splicer) lines() []diag.Pos {
	from := s.marked.Lines
	extra := 0
	for i := range s.values {
		extra += s.values[i].newlines()
	}
	if extra == 0 {
		return slices.Clip(from)
	}
	lines := make([]diag.Pos, 0, len(from)+extra)
	at := 0
	for line := range from {
		lines = append(lines, from[line])
		for ; at < len(s.values) && s.plan.places[at].line == line; at++ {
			for range s.values[at].newlines() {
				lines = append(lines, from[line])
			}
		}
	}
	return lines
}

// newlines returns how many lines v adds where it is put in.
func (v *value) newlines() int {
	n := strings.Count(v.text, "\n")
	for _, arg := range v.cmd.Args {
		n += strings.Count(arg.Lit, "\n") + strings.Count(arg.Src, "\n")
	}
	if v.code != nil {
		n += strings.Count(v.code.text, "\n")
	}
	return n
}

// linePos returns where line (from 0) of a marked text comes from.
func linePos(m *record.Marked, line int) diag.Pos {
	if len(m.Lines) == 0 {
		return diag.Pos{}
	}
	return m.Lines[min(line, len(m.Lines)-1)]
}

// report returns the plan's troubles at the positions of m.
func (p *plan) report(m *record.Marked) error {
	var errs diag.List
	for _, t := range p.troubles {
		if t.value >= 0 {
			errs.Add(&diag.Error{Pos: m.Values[t.value].Pos, Msg: t.msg, Hint: t.hint})
			continue
		}
		errs.Add(&diag.Error{Pos: p.column(linePos(m, t.line), t.line, t.col), Msg: t.msg, Hint: t.hint})
	}
	return errs.Err()
}

// column adds a column of the text to the position of its line, when the
// template's line is the same up to there: no action stands before.
func (p *plan) column(pos diag.Pos, line, col int) diag.Pos {
	pos.Col = 0
	if pos.Source == nil || col == 0 {
		return pos
	}
	text, source := nthLine(p.text, line), nthLine(pos.Source.Text, pos.Line-1)
	if col-1 <= len(text) && strings.HasPrefix(source, text[:col-1]) {
		pos.Col = col
	}
	return pos
}

// nthLine returns line n (from 0) of text.
func nthLine(text string, n int) string {
	for ; n > 0; n-- {
		_, rest, more := strings.Cut(text, "\n")
		if !more {
			return ""
		}
		text = rest
	}
	line, _, _ := strings.Cut(text, "\n")
	return line
}
