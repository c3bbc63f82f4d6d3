package render

import (
	"slices"
	"strings"

	"palletgen/gen/manifest"
	"palletgen/gen/pack"
	"palletgen/gen/plan"
	"palletgen/gen/record"
)

// An Explained is a bundle whose every line is known to come from somewhere.
type Explained struct {
	*Bundle
	trace *trace
}

// Explain renders the group as Bundle does, and keeps where lines come from.
func (r *Renderer) Explain(g *plan.Group) (*Explained, error) {
	t := newTrace()
	t.group = g
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
type trace struct {
	group   *plan.Group
	files   map[string]func() []Line
	scripts []*phaseScript
	run     map[string]any            // the data of run's template
	known   map[string][]*plan.Origin // see fileOrigins
	callers map[string]*callers       // see callersOf
}

func newTrace() *trace {
	return &trace{files: map[string]func() []Line{}, known: map[string][]*plan.Origin{}, callers: map[string]*callers{}}
}

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
		case f.Path == manifest.Name:
			b.trace.files[f.Path] = func() []Line { return b.manifestLines(string(f.Data), files) }
		case f.Path == "SHA256SUMS":
			b.trace.files[f.Path] = func() []Line { return b.sumLines(splitLines(string(f.Data)), files) }
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
