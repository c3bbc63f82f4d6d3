package render

import (
	"slices"
	"strings"

	"palletgen/gen/pack"
	"palletgen/gen/plan"
	"palletgen/gen/supervisor"
)

// manifestLines tells of the lines of manifest.json, which has one for each
// element of its lists.
func (b *builder) manifestLines(text string, files []pack.File) []Line {
	m := &manifestTracer{b: b, files: files}
	var lines []Line
	for _, text := range splitLines(text) {
		if rest, ok := strings.CutPrefix(text, `  "`); ok {
			m.section, _, _ = strings.Cut(rest, `"`)
			m.n = -1
		}
		line := Line{Text: text, Why: "a bracket of the manifest"}
		if strings.HasPrefix(text, "    ") {
			m.n++
			m.element(&line)
		} else {
			m.bracket(&line)
		}
		if line.About == nil {
			line.About = []*plan.Origin{b.group.Origin()}
		}
		lines = append(lines, line)
	}
	return lines
}

// A manifestTracer tells of the lines of a manifest, one after the other.
type manifestTracer struct {
	b       *builder
	files   []pack.File
	section string // the member of the manifest that the line is in
	n       int    // which element of it
}

// bracket tells of a line that is no element of a list.
func (m *manifestTracer) bracket(line *Line) {
	group := m.b.group
	switch m.section {
	case "palletgen":
		line.Why = "the version of palletgen, which is " + m.b.version
	case "bundle":
		line.Why = "the name of the group"
		for _, s := range spans(line.Text[2:], 1) {
			line.Values = append(line.Values, LineValue{From: s.from + 2, To: s.to + 2, Origins: []*plan.Origin{group.Origin()}})
		}
	case "crates":
		for _, c := range group.Crates {
			line.About = append(line.About, c.Origin())
		}
	case "services":
		for _, c := range group.Services() {
			line.About = append(line.About, m.b.serviceNames(c.Service.Name)...)
		}
	}
}

// element tells of an element of a list.
func (m *manifestTracer) element(line *Line) {
	switch m.section {
	case "crates":
		m.crate(line, m.b.group.Crates[m.n])
	case "services":
		m.service(line, m.b.group.Services()[m.n])
	case "phases":
		m.phase(line)
	case "commands":
		m.commands(line)
	case "files":
		m.file(line)
	}
}

// values adds a value for each span that something is known of.
func (m *manifestTracer) values(line *Line, depth int, of func(s span) []*plan.Origin) {
	for _, s := range spans(line.Text, depth) {
		if found := of(s); found != nil {
			line.Values = append(line.Values, LineValue{From: s.from, To: s.to, Origins: found})
		}
	}
}

func (m *manifestTracer) crate(line *Line, c *plan.Crate) {
	line.Crate, line.Why = c, "the settings of the crate "+c.Name
	line.About = []*plan.Origin{c.Origin(), {Name: "crate " + c.Name, How: plan.WrittenAt, Pos: c.At}}
	view := plan.View{Group: m.b.group, Crate: c}
	m.values(line, 2, func(s span) []*plan.Origin {
		switch s.path[0] {
		case "settings":
			return view.Origins(s.path[1:])
		case "instance":
			return view.Origins([]string{"instance_id"})
		}
		return []*plan.Origin{c.Origin()}
	})
}

func (m *manifestTracer) service(line *Line, c *plan.Crate) {
	line.Crate, line.Why = c, "the service "+c.Service.Name
	line.About = m.b.serviceNames(c.Service.Name)
	view := plan.View{Group: m.b.group, Crate: c, Service: true}
	m.values(line, 2, func(s span) []*plan.Origin {
		switch s.path[0] {
		case "options", "service":
			return view.Origins(s.path)
		case "supervisor":
			return c.Supervised(m.b.group)
		case "name":
			return m.b.serviceNames(c.Service.Name)
		}
		return []*plan.Origin{c.Origin()}
	})
}

// phase tells of a word that run takes: of the templates of its script, and of
// the service that it is for.
func (m *manifestTracer) phase(line *Line) {
	var script *phaseScript
	m.values(line, 1, func(s span) []*plan.Origin {
		switch s.path[0] {
		case "script":
			script = m.script("phases/" + s.text + ".sh")
			return m.b.fileOrigins("phases/"+s.text+".sh", m.files)
		case "service":
			return m.b.serviceNames(s.text)
		}
		return nil
	})
	line.Why = "a phase of the bundle"
	if script == nil {
		return
	}
	if line.About = m.b.docOrigins(script); line.About == nil {
		line.Why += ", which every bundle has"
		if slices.Contains(slices.Concat(supervisor.Actions, []string{ensureService, retire}), script.name) {
			line.Why = "a phase of the bundle, which every bundle with services has"
		}
		line.About = m.b.fileOrigins("phases/"+script.name+".sh", m.files)
	}
}

// script is that of a file; nil for files that are none.
func (m *manifestTracer) script(file string) *phaseScript {
	i := slices.IndexFunc(m.b.trace.scripts, func(s *phaseScript) bool { return "phases/"+s.name+".sh" == file })
	if i < 0 {
		return nil
	}
	return m.b.trace.scripts[i]
}

func (m *manifestTracer) commands(line *Line) {
	var callers *callers
	m.values(line, 3, func(s span) []*plan.Origin {
		if callers == nil {
			line.Why = "the commands that " + s.path[0] + " calls"
			line.About = m.b.fileOrigins(s.path[0], m.files)
			callers = m.b.callersOf(s.path[0])
		}
		if s.text == "" { // an empty list
			return nil
		}
		return callers.of(s.text)
	})
}

func (m *manifestTracer) file(line *Line) {
	file := fileNumber(m.files, m.n)
	from := m.b.fileOrigins(file, m.files)
	line.Why, line.About = "what the bundle says of "+file, from
	h := m.b.byPath[hostPath(file)]
	if h == nil {
		return
	}
	line.Crate, line.Template = h.crate, h.spec.Pos
	put := h.putOrigins(m.b.group)
	at := map[string]int{"path": 0, "owner": 1, "group": 2, "mode": 3, "flag": 5, "verify": 6}
	m.values(line, 2, func(s span) []*plan.Origin {
		last := s.path[len(s.path)-1]
		i, ok := at[last]
		switch {
		case last == "secrets":
			return m.b.secretOrigins(s.text)
		case ok && i < len(put) && (s.path[0] == "put" || i == 0 || i == 3):
			return put[i]()
		case last == "sha256":
			return from
		}
		return []*plan.Origin{{Name: "the " + last + " of the file", How: plan.WrittenAt, Pos: h.spec.Pos}}
	})
}
