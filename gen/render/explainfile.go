package render

import (
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
		lines := copyLines(f.spec.Copy, from, f.crate, f.data)
		for i := range lines {
			lines[i].Because = f.made(b.group)
		}
		return lines
	}
	t := &traced{marked: f.marked, text: string(f.data), crate: f.crate}
	v := b.viewOf(f)
	t.from = v.read(f.spec.Template, f.marked.Values)
	t.why = v.because(f.spec.Template).after(f.made(b.group))
	if f.overridden() {
		t.why = always(f.made(b.group))
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

// flagExpr is what computes the file's flag; nil for nothing.
func flagExpr(spec *folder.File) *schema.Expr {
	if spec.Flag == nil {
		return nil
	}
	return spec.Flag.Expr()
}

// putOrigins are those of putWords.
func (f *hostFile) putOrigins(g *plan.Group) []origins {
	flag := flagExpr(f.spec)
	sum := func() []*plan.Origin {
		return []*plan.Origin{{Name: "the SHA-256 of root" + f.path, How: plan.WrittenAt, Pos: f.spec.Pos}}
	}
	list := []origins{f.origin(g, "path", f.spec.Path), f.origin(g, "owner", f.spec.Owner), f.origin(g, "group", f.spec.Group), f.origin(g, "mode", f.spec.Mode), sum}
	list = append(list, f.origin(g, "flag", flag), f.origin(g, "verify", f.spec.Verify))
	return list[:min(len(list), len(f.putWords()))]
}
