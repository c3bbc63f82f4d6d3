package render

import (
	"slices"
	"strings"

	"palletgen/gen/pack"
	"palletgen/gen/plan"
	"palletgen/gen/record"
	"palletgen/gen/shell"
)

// An Explained is a bundle whose every line is known to come from somewhere.
type Explained struct {
	*Bundle
	trace *trace
}

// Explain renders the group as Bundle does, and keeps where lines come from.
func (r *Renderer) Explain(g *plan.Group) (*Explained, error) {
	t := newTrace()
	bundle, err := r.bundle(g, t)
	if err != nil {
		return nil, err
	}
	return &Explained{bundle, t}, nil
}

// Lines tells of the lines of a file; nil when there is no such file.
func (e *Explained) Lines(path string) []Line {
	if lines := e.trace.files[path]; lines != nil {
		return lines()
	}
	return nil
}

// A trace is where the lines of a bundle's files come from, by their paths.
type trace struct{ files map[string]func() []Line }

func newTrace() *trace { return &trace{files: map[string]func() []Line{}} }

// track has the places of the values noted when they are put in, where lines
// are traced.
func (b *builder) track(marked *record.Marked) bool {
	if b.trace != nil {
		marked.Track = &[]record.Put{}
	}
	return b.trace != nil
}

func (b *builder) trackAll(functions []*function) {
	for _, f := range functions {
		if f.script == nil {
			b.track(f.marked)
		}
	}
}

// traceParts keeps the parts of a phase script: its functions, and its end.
func (b *builder) traceParts(s *phaseScript, functions []*function, end *record.Marked, texts []string) {
	if b.trace == nil {
		return
	}
	for i, f := range functions {
		s.traced = append(s.traced, &traced{marked: f.marked, text: texts[i], from: f.from, crate: f.crate})
	}
	tail := &traced{marked: end, text: texts[len(functions)], why: "what the phase " + s.name + " calls"}
	for _, value := range end.Values {
		tail.from = append(tail.from, func() []*plan.Origin { return b.serviceNames(value.V) })
	}
	s.traced = append(s.traced, tail)
}

// serviceNames tells where the names of services come from: of the one that
// is called so, or of all.
func (b *builder) serviceNames(name any) []*plan.Origin {
	var all, one []*plan.Origin
	for _, c := range b.group.Services() {
		found := plan.View{Group: b.group, Crate: c, Service: true}.Origins([]string{"service", "name"})
		if all = append(all, found...); c.Service.Name == name {
			one = append(one, found...)
		}
	}
	if one != nil {
		return one
	}
	return append(all, b.group.Origin())
}

// traceScripts traces lib.sh and the phase scripts.
func (b *builder) traceScripts(scripts []*phaseScript, l *layout) {
	if b.trace == nil {
		return
	}
	functions := b.libraryOf(scripts)
	heading := func(first, second string, text string) []Line {
		return append(b.own("the heading of the file", first, second), b.libraryLines(text, functions)...)
	}
	b.trace.files["lib.sh"] = func() []Line { return heading("", "", l.lib) }
	for i, s := range scripts {
		b.trace.files["phases/"+s.name+".sh"] = func() []Line {
			lines := heading("", "", l.scripts[i])
			for _, part := range s.traced {
				lines = append(append(lines, b.own("an empty line between parts", "")...), part.lines()...)
			}
			return lines
		}
	}
}

// own are lines that palletgen writes by itself for the group.
func (b *builder) own(why string, texts ...string) []Line {
	lines := make([]Line, len(texts))
	for i, text := range texts {
		lines[i] = Line{Text: text, Why: why, Values: []LineValue{{Origins: []*plan.Origin{b.group.Origin()}}}}
	}
	return lines
}

// libraryOf lists the functions that the scripts may hold.
func (b *builder) libraryOf(scripts []*phaseScript) []*shell.Function {
	var list []*shell.Function
	for _, f := range b.phases.lib {
		list = append(list, f)
	}
	for _, s := range scripts {
		for _, f := range s.reached {
			list = append(list, f)
		}
	}
	return list
}

// libraryLines tells of a text that is functions, one after the other, with
// empty lines between them.
func (b *builder) libraryLines(text string, functions []*shell.Function) []Line {
	var lines []Line
	for text != "" {
		if rest, ok := strings.CutPrefix(text, "\n"); ok {
			lines, text = append(lines, b.own("an empty line between parts", "")...), rest
			continue
		}
		i := slices.IndexFunc(functions, func(f *shell.Function) bool { return strings.HasPrefix(text, f.Text) })
		if i < 0 {
			return append(lines, b.own("a line of a library", splitLines(text)...)...)
		}
		for n, line := range splitLines(functions[i].Text) {
			pos := functions[i].Pos
			pos.Line, pos.Col = pos.Line-commentLines(functions[i].Text)+n, 0
			lines = append(lines, Line{Text: line, Template: pos})
		}
		text = text[len(functions[i].Text):]
	}
	return lines
}

// commentLines counts the lines of comments that a function's text begins with.
func commentLines(text string) int {
	n := 0
	for strings.HasPrefix(text, "#") {
		_, text, _ = strings.Cut(text, "\n")
		n++
	}
	return n
}

// traceRest traces the files that are made when all others are known, and those
// that land on the host.
func (b *builder) traceRest(files []pack.File) {
	if b.trace == nil {
		return
	}
	for _, f := range b.files {
		b.trace.files["root"+f.path] = func() []Line { return b.hostLines(f) }
	}
	for _, f := range files {
		switch {
		case f.Path == "manifest.json":
			b.trace.files[f.Path] = func() []Line { return b.manifestLines(string(f.Data), files) }
		case f.Path == "SHA256SUMS":
			b.trace.files[f.Path] = func() []Line { return b.own("the sum of a file of the bundle", splitLines(string(f.Data))...) }
		case strings.HasPrefix(f.Path, "files/"):
			b.trace.files[f.Path] = func() []Line { return b.payloadLines(f) }
		}
	}
	for path, lines := range b.trace.files {
		data := files[slices.IndexFunc(files, func(f pack.File) bool { return f.Path == path })].Data
		b.trace.files[path] = func() []Line { return withTexts(lines(), string(data)) }
	}
}

// withTexts gives the lines the texts that the file has.
func withTexts(lines []Line, text string) []Line {
	for i, line := range splitLines(text) {
		if i < len(lines) {
			lines[i].Text = line
		}
	}
	return lines
}
