package render

import (
	"fmt"
	"slices"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/plan"
	"palletgen/gen/record"
	"palletgen/gen/shell"
)

// own are lines that palletgen writes by itself, about something.
func own(why string, about []*plan.Origin, texts ...string) []Line {
	lines := make([]Line, len(texts))
	for i, text := range texts {
		lines[i] = Line{Text: text, Why: why, About: about}
	}
	return lines
}

// between is the empty line in front of a part of a script.
func between(about []*plan.Origin) []Line { return own("an empty line between parts", about, "") }

// traceParts keeps the parts of a phase script: its functions, and its end.
func (b *builder) traceParts(s *phaseScript, functions []*function, end *record.Marked, texts []string) {
	if b.trace == nil {
		return
	}
	for i, f := range functions {
		s.traced = append(s.traced, &traced{marked: f.marked, text: texts[i], from: f.from, crate: f.crate, own: f.frameLine, why: b.whyFunction(f)})
	}
	s.functions = functions
	tail := &traced{marked: end, text: texts[len(functions)], own: func(_ int, line *Line) { b.tailLine(s, line) }}
	for _, value := range end.Values {
		tail.from = append(tail.from, func() []*plan.Origin { return b.serviceNames(value.V) })
	}
	s.traced = append(s.traced, tail)
}

// whyFunction tells why the lines of a function are there.
func (b *builder) whyFunction(f *function) reasons {
	if f.service {
		return reasons(f.because).after([]Because{supervisedBy(f.crate, b.group)})
	}
	return f.because
}

// origins tell where what stands in the function comes from: one for each file.
func (f *function) origins() []*plan.Origin {
	list := originsOf("function "+f.name, f.marked.Lines)
	for _, o := range list {
		o.Pos.Col = 0
	}
	return list
}

// originsOf tells where the lines of something begin in each of their files.
func originsOf(name string, lines []diag.Pos) []*plan.Origin {
	var list []*plan.Origin
	seen := map[string]bool{}
	for _, pos := range lines {
		if pos.Source == nil || seen[pos.Source.Name] {
			continue
		}
		seen[pos.Source.Name] = true
		how := plan.BeginsAt
		if len(list) > 0 {
			how = plan.GoesOnAt
		}
		list = append(list, &plan.Origin{Name: name, How: how, Pos: pos})
	}
	return list
}

// frameLine tells of the lines that palletgen writes round what stands in a
// function: the comment, the name, and the bracket behind it.
func (f *function) frameLine(n int, line *Line) {
	switch n {
	case 0:
		line.Why = "the comment that says which files the function " + f.name + " is from"
	case 1:
		line.Why = "the name of the function " + f.name
	case len(f.marked.Lines) - 1:
		line.Why = "the end of the function " + f.name
	default:
		return
	}
	line.Template, line.About = diag.Pos{}, f.origins()
}

// tailLine tells of a line of the functions at the end of a phase script. All
// of them are written by palletgen; they are about the functions that are called.
func (b *builder) tailLine(s *phaseScript, line *Line) {
	line.Template = diag.Pos{}
	line.Why = "what the phase " + s.name + " calls"
	line.About = b.calledIn(s, line.Text)
	if line.About == nil { // a name, a comment, a bracket
		line.About = b.phaseAbout(s)
	}
}

// phaseAbout tells where the functions are written that a phase calls.
func (b *builder) phaseAbout(s *phaseScript) []*plan.Origin {
	found := b.calledIn(s, s.traced[len(s.functions)].text)
	if found == nil {
		found = []*plan.Origin{b.group.Origin()}
	}
	return found
}

// calledIn tells where the functions are written that a line names, and where
// the supervisor was chosen that it names.
func (b *builder) calledIn(s *phaseScript, text string) []*plan.Origin {
	var found []*plan.Origin
	words := strings.Fields(text)
	slices.Sort(words)
	words = slices.Compact(words)
	for _, word := range words {
		if f := functionOf(s.functions, word); f != nil {
			found = append(found, f.origins()...)
		} else if f := b.libraryFunction(s, word); f != nil {
			found = append(found, written(f))
		}
	}
	for _, c := range b.group.Services() {
		if slices.Contains(words, c.Service.Supervisor.Name) && slices.Contains(words, c.Service.Name) {
			found = append(found, c.Supervised(b.group)...)
		}
	}
	return found
}

func functionOf(functions []*function, name string) *function {
	i := slices.IndexFunc(functions, func(f *function) bool { return f.name == name })
	if i < 0 {
		return nil
	}
	return functions[i]
}

func (b *builder) libraryFunction(s *phaseScript, name string) *shell.Function {
	if f := s.reached[name]; f != nil {
		return f
	}
	return b.phases.carried[name]
}

func written(f *shell.Function) *plan.Origin {
	return &plan.Origin{Name: "function " + f.Name, How: plan.WrittenAt, Pos: f.Pos}
}

// traceScripts traces lib.sh and the phase scripts.
func (b *builder) traceScripts(scripts []*phaseScript, l *layout) {
	if b.trace == nil {
		return
	}
	b.trace.scripts = scripts
	functions := b.libraryOf(scripts)
	b.trace.files["lib.sh"] = func() []Line {
		head := []Line{b.heading("lib.sh", nil), b.madeBy("lib.sh")}
		return append(head, b.libraryLines(l.lib, functions)...)
	}
	for i, s := range scripts {
		b.trace.files["phases/"+s.name+".sh"] = func() []Line {
			lines := []Line{b.heading("phases/"+s.name+".sh", b.docOrigins(s)), b.madeBy("phases/" + s.name + ".sh")}
			lines = append(lines, b.libraryLines(l.scripts[i], functions)...)
			for n, part := range s.traced {
				about := b.partOrigins(s, n)
				lines = append(append(lines, between(about)...), part.lines()...)
			}
			return lines
		}
	}
}

// partOrigins tells where part n of a script comes from.
func (b *builder) partOrigins(s *phaseScript, n int) []*plan.Origin {
	if n < len(s.functions) {
		return s.functions[n].origins()
	}
	return b.phaseAbout(s)
}

// heading is the first line of a file, which names the group, and what doc is
// about.
func (b *builder) heading(file string, doc []*plan.Origin) Line {
	prefix := "# " + file + " of the bundle "
	line := Line{Why: "the heading of " + file, About: append([]*plan.Origin{b.group.Origin()}, doc...)}
	line.Values = []LineValue{{From: len(prefix), To: len(prefix) + len(b.group.Name), Origins: []*plan.Origin{b.group.Origin()}}}
	if doc != nil {
		from := len(prefix) + len(b.group.Name) + len(": ")
		line.Values = append(line.Values, LineValue{From: from, To: from + len(b.docOf(file)), Origins: doc})
	}
	return line
}

// madeBy is the second line of a file, which names palletgen's version.
func (b *builder) madeBy(file string) Line {
	return own("the heading of "+file+", with the version of palletgen, which is "+b.version, []*plan.Origin{b.group.Origin()}, "")[0]
}

// docOf is what the heading of a phase script says that the phase is for.
func (b *builder) docOf(file string) string {
	return b.phaseDoc(strings.TrimSuffix(strings.TrimPrefix(file, "phases/"), ".sh"))
}

// docOrigins tells where the description of a phase comes from that is a
// crate's own; nil for the others.
func (b *builder) docOrigins(s *phaseScript) []*plan.Origin {
	for _, c := range b.group.Crates {
		if c.PhaseDocs[s.name] != "" {
			return []*plan.Origin{{Name: fmt.Sprintf("phase %s of the crate %s", s.name, c.Name), How: plan.WrittenAt, Pos: c.PhaseAt[s.name]}}
		}
	}
	return nil
}
