package render

import (
	"path"
	"slices"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/folder"
	"palletgen/gen/plan"
	"palletgen/gen/record"
	"palletgen/gen/supervisor"
)

// A body is the inside of a function while it is put together.
type body struct {
	renderer *Renderer
	errs     *diag.List
	text     strings.Builder
	lines    []diag.Pos
	values   []record.Value
	sources  []string
	broken   bool // something in it is no shell by itself
	group    *plan.Group
	tracing  bool
	from     []origins  // of the values, where tracing
	parts    []reasoned // then: why the lines are there
}

// fragment takes in what the template prints.
func (p *body) fragment(fragment *folder.Fragment, view view) {
	if fragment == nil {
		return
	}
	marked, err := fragment.Execute(view.data)
	if err != nil {
		if p.tracing {
			err = view.failed(err, fragment.Template)
		}
		p.errs.Take(err)
		return
	}
	var from []origins
	if p.tracing {
		from = view.read(fragment.Template, marked.Values)
	}
	if strings.TrimSpace(marked.Text) == "" || refuseSecrets(marked, from, p.errs) {
		return
	}
	p.sources = append(p.sources, fragment.Label)
	p.append(marked, from)
	if p.tracing {
		p.from = append(p.from, from...)
		p.parts = append(p.parts, reasoned{len(marked.Lines), view.because(fragment.Template)})
	}
}

// putWords are the arguments of the library's put: DEST OWNER GROUP MODE SHA256,
// then FLAG and VERIFY where there are any.
func (f *hostFile) putWords() []any {
	words := []any{f.path, f.owner, f.group, f.mode, f.sum()}
	if f.flag != "" || !f.verify.IsZero() {
		words = append(words, f.flag)
	}
	if !f.verify.IsZero() {
		words = append(words, f.verify)
	}
	return words
}

// puts takes in one line for each of the files that are meant.
func (p *body) puts(files []*hostFile, meant func(*hostFile) bool) {
	for _, f := range files {
		if !meant(f) {
			continue
		}
		pos := f.spec.Pos
		if name := f.description; !slices.Contains(p.sources, name) {
			p.sources = append(p.sources, name)
		}
		put := "put"
		if f.secrets != nil {
			put = "put_secret"
		}
		p.command(pos, put, f.putWords()...)
		if p.tracing {
			p.from = append(p.from, f.putOrigins(p.group)...)
			p.parts = append(p.parts, reasoned{1, always(f.made(p.group))})
		}
	}
}

// retire takes in the line that removes the files of the supervisor of a
// crate's service, and the folder of the service's name where one has such.
func (p *body) retire(c *plan.Crate, files []*hostFile) {
	words := []any{""}
	var paths []origins
	if p.tracing {
		paths = append(paths, crateOrigin(c))
	}
	for _, f := range files {
		if f.crate != c || !f.service {
			continue
		}
		words = append(words, f.path)
		if p.tracing {
			paths = append(paths, f.origin(p.group, "path", f.spec.Path))
		}
		if folder := path.Dir(f.path); path.Base(folder) == c.Service.Config[supervisor.ServiceName] {
			words[0] = folder
		}
		p.sources = []string{f.description}
	}
	if len(words) > 1 {
		p.command(c.Pos, "retire", words...)
		p.from = append(p.from, paths...)
	}
}

// command takes in a line that calls a function with values.
func (p *body) command(pos diag.Pos, name string, words ...any) {
	line := &record.Marked{Text: name, Lines: []diag.Pos{pos}}
	for _, v := range words {
		line.Text += " " + record.Marker(len(line.Values))
		line.Values = append(line.Values, record.Value{V: v, Pos: pos})
	}
	line.Text += "\n"
	p.append(line, nil)
}

// append adds marked, whose markers get the next free numbers; from tells where
// its values come from, while lines are traced.
func (p *body) append(marked *record.Marked, from []origins) {
	text, ok := p.renderer.indent.indent(marked.Text)
	if !ok { // it is no shell by itself: let the engine say why
		splice := func(m *record.Marked) error {
			_, err := p.renderer.engine.Splice(m)
			return err
		}
		err := splice(marked)
		if p.tracing && err != nil {
			err = whose(err, marked, from, splice)
		}
		p.errs.Take(err)
		p.broken = true
	}
	if !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	p.text.WriteString(renumber(text, len(p.values)))
	p.lines = append(p.lines, marked.Lines...)
	p.values = append(p.values, marked.Values...)
}

// renumber adds by to the number of each marker in text.
func renumber(text string, by int) string {
	if by == 0 {
		return text
	}
	return record.Fill(text, func(b *strings.Builder, index int) { b.WriteString(record.Marker(index + by)) })
}

// function makes the body a function; nil when nothing is in it, or nothing
// that could be one.
func (p *body) function(name string) *function {
	if len(p.lines) == 0 || p.broken {
		return nil
	}
	head := provenance(p.sources...) + name + "() {\n"
	lines := make([]diag.Pos, 2, len(p.lines)+3)
	lines[0], lines[1] = p.lines[0], p.lines[0]
	lines = append(append(lines, p.lines...), p.lines[len(p.lines)-1])
	return &function{
		name:   name,
		marked: &record.Marked{Text: head + p.text.String() + "}\n", Lines: lines, Values: p.values},
		from:   p.from, parts: p.parts,
	}
}
