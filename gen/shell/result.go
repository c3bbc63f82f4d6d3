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
	script := &Script{Text: s.out, Lines: s.lines(), Defs: known.funcs, Style: s.plan.style, uses: s.uses}
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
func (p *plan) report(m *record.Marked) diag.List {
	var errs diag.List
	for _, t := range p.troubles {
		if t.value >= 0 {
			errs.Add(&diag.Error{Pos: m.Values[t.value].Pos, Msg: t.msg, Hint: t.hint})
			continue
		}
		errs.Add(&diag.Error{Pos: p.column(linePos(m, t.line), t.line, t.col), Msg: t.msg, Hint: t.hint})
	}
	return errs
}

// refused are the numbers of the values that cannot stand in the text, whatever
// they are.
func (p *plan) refused() map[int]bool {
	values := map[int]bool{}
	for _, t := range p.troubles {
		if t.value >= 0 {
			values[t.value] = true
		}
	}
	return values
}

// column adds a column of the text to the position of its line, where the
// template's line has the same bytes there.
func (p *plan) column(pos diag.Pos, line, col int) diag.Pos {
	pos.Col = 0
	if pos.Source == nil || col == 0 {
		return pos
	}
	text, source := nthLine(p.text, line), nthLine(pos.Source.Text, pos.Line-1)
	if col-1 > len(text) {
		return pos
	}
	if at := lastMarker(text[:col-1]); at >= 0 {
		pos.Col = columnBehind(text[at:], source, col-at)
		return pos
	}
	shift := indentation(text) - indentation(source) // what is put into a function is indented there
	if shift < 0 || shift >= col {
		shift = 0
	}
	if strings.HasPrefix(source, text[shift:col-1]+wordAt(text, col-1)) {
		pos.Col = col - shift
	}
	return pos
}

// wordAt returns what stands at at in line, up to a blank or a marker.
func wordAt(line string, at int) string {
	word := line[at:]
	if blank := strings.IndexAny(word, " \t"); blank >= 0 {
		word = word[:blank]
	}
	if marker, _ := record.FindMarker(word); marker >= 0 {
		word = word[:marker]
	}
	return word
}

// columnBehind finds column col of text, which begins behind a marker, in source,
// behind an action; 0 where that is not clear.
func columnBehind(text, source string, col int) int {
	piece := text
	if next, _ := record.FindMarker(text); next >= col-1 {
		piece = text[:next]
	}
	found := 0
	for at := 0; ; {
		end := strings.Index(source[at:], "}}")
		if end < 0 {
			return found
		}
		at += end + len("}}")
		if strings.HasPrefix(source[at:], piece) {
			if found > 0 {
				return 0
			}
			found = at + col
		}
	}
}

// lastMarker returns where the last marker of text ends, or -1.
func lastMarker(text string) int {
	last := -1
	for {
		at, _ := record.FindMarker(text[max(last, 0):])
		if at < 0 {
			return last
		}
		last = max(last, 0) + at + markerLen
	}
}

func indentation(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

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
