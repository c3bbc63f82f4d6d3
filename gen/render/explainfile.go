package render

import (
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/folder"
	"palletgen/gen/pack"
	"palletgen/gen/plan"
	"palletgen/gen/schema"
)

// view is what the templates of the file see.
func (f *hostFile) view(g *plan.Group) plan.View {
	return plan.View{Group: g, Crate: f.crate, Service: f.service}
}

// viewOf is f.view with the data of the templates.
func (b *builder) viewOf(f *hostFile) view {
	if f.service {
		return b.service(f.crate)
	}
	return b.settings(f.crate)
}

// hostLines tells of the lines of a file that lands on the host.
func (b *builder) hostLines(f *hostFile) []Line {
	if f.spec.Copy != nil {
		from := f.crate.Folder
		if f.service {
			from = f.crate.Service.Supervisor.Folder
		}
		return copyLines(f.spec.Copy, from, f.crate, f.data)
	}
	t := &traced{marked: f.marked, text: string(f.data), crate: f.crate}
	v := b.viewOf(f)
	t.from = v.read(f.spec.Template, f.marked.Values)
	if f.overridden() {
		t.whole = func() []*plan.Origin { return v.Origins([]string{"config", f.spec.Override}) }
	}
	return t.lines()
}

// overridden tells whether the file is text of the config map.
func (f *hostFile) overridden() bool {
	return f.service && f.spec.Override != "" && len(f.marked.Lines) > 0 && f.marked.Lines[0] == f.spec.Pos
}

// copyLines tells of a file that is a copy: its lines are those of the file in
// the folder of a crate or supervisor, and what names it there is told with them.
func copyLines(blob *folder.Blob, from *folder.Folder, c *plan.Crate, data []byte) []Line {
	src := &diag.Source{Name: c.Folder.String() + "/" + blob.Name, Text: string(data)}
	asked := []*plan.Origin{{Name: blob.Name, How: plan.WrittenAt, Pos: blob.Pos}}
	var lines []Line
	for i, text := range splitLines(string(data)) {
		lines = append(lines, Line{
			Text: text, Template: diag.Pos{Source: src, Line: i + 1}, Crate: c,
			Values: []LineValue{{To: len(text), Origins: asked}},
		})
	}
	return lines
}

func (b *builder) payloadLines(file pack.File) []Line {
	for _, c := range b.group.Crates {
		for _, blob := range c.Payload {
			if file.Path == "files/"+c.Name+"/"+blob.Name {
				return copyLines(blob, c.Folder, c, file.Data)
			}
		}
	}
	return nil
}

func crateOrigin(c *plan.Crate) origins {
	return func() []*plan.Origin { return []*plan.Origin{c.Origin()} }
}

// origin tells where what the file's description says under key comes from.
func (f *hostFile) origin(g *plan.Group, key string, e *schema.Expr) origins {
	return func() []*plan.Origin {
		if e == nil {
			return []*plan.Origin{{Name: "the usual " + key + " of a file", How: plan.WrittenAt, Pos: f.spec.Pos}}
		}
		return []*plan.Origin{f.view(g).Expr(key+" of the file", e)}
	}
}

// putOrigins are those of putWords.
func (f *hostFile) putOrigins(g *plan.Group) []origins {
	var flag *schema.Expr
	if f.spec.Flag != nil {
		flag = f.spec.Flag.Expr()
	}
	sum := func() []*plan.Origin {
		return []*plan.Origin{{Name: "the SHA-256 of root" + f.path, How: plan.WrittenAt, Pos: f.spec.Pos}}
	}
	list := []origins{f.origin(g, "path", f.spec.Path), f.origin(g, "owner", f.spec.Owner), f.origin(g, "group", f.spec.Group), f.origin(g, "mode", f.spec.Mode), sum}
	list = append(list, f.origin(g, "flag", flag), f.origin(g, "verify", f.spec.Verify))
	return list[:min(len(list), len(f.putWords()))]
}

// manifestLines tells of the lines of manifest.json, which has one for each
// element of its lists.
func (b *builder) manifestLines(text string, files []pack.File) []Line {
	var lines []Line
	section, n := "", 0
	for _, line := range splitLines(text) {
		made := Line{Text: line, Why: "a line of the manifest"}
		if rest, ok := strings.CutPrefix(line, `  "`); ok {
			section, _, _ = strings.Cut(rest, `"`)
			n = -1
		}
		if strings.HasPrefix(line, "    ") {
			n++
			b.element(&made, section, n, files)
		}
		if len(made.Values) == 0 {
			made.Values = b.own("", "")[0].Values
		}
		lines = append(lines, made)
	}
	return lines
}

// element tells of element n of a list of the manifest.
func (b *builder) element(line *Line, section string, n int, files []pack.File) {
	add := func(found []*plan.Origin) {
		line.Values = append(line.Values, LineValue{To: len(line.Text), Origins: found})
	}
	switch section {
	case "crates":
		c := b.group.Crates[n]
		line.Crate, line.Why = c, "the settings of the crate "+c.Name
		for _, name := range c.Crate.Settings.Names() {
			add(plan.View{Group: b.group, Crate: c}.Origins([]string{name}))
		}
	case "services":
		c := b.group.Services()[n]
		line.Crate, line.Why = c, "the service "+c.Service.Name
		for _, key := range []string{"service", "options"} {
			fields := c.Service.Fields
			if key == "options" {
				fields = c.Service.Options
			}
			for _, name := range sortedKeys(fields) {
				add(plan.View{Group: b.group, Crate: c, Service: true}.Origins([]string{key, name}))
			}
		}
	case "files":
		b.manifestFile(line, n, files, add)
	}
}

func (b *builder) manifestFile(line *Line, n int, files []pack.File, add func([]*plan.Origin)) {
	file := fileNumber(files, n)
	if h := b.byPath[hostPath(file)]; h != nil {
		line.Crate, line.Template = h.crate, h.spec.Pos
		for _, from := range h.putOrigins(b.group) {
			add(from())
		}
	}
}

// fileNumber is the path of file n of those that the manifest lists.
func fileNumber(files []pack.File, n int) string {
	for _, f := range files {
		if f.Path == "manifest.json" || f.Path == "SHA256SUMS" {
			continue
		}
		if n == 0 {
			return f.Path
		}
		n--
	}
	return ""
}
