package render

import (
	"errors"
	"fmt"

	"palletgen/gen/onefile"
	"palletgen/gen/plan"
	"palletgen/gen/record"
)

// errOther is told of scripts that palletgen makes otherwise now.
var errOther = errors.New("it is not what this palletgen writes: it was changed, made by another version, or from other input")

// ExplainScript tells of the lines of a script in the format Script; phases are
// those that it runs by itself.
func (w *Wrapper) ExplainScript(e *Explained, script string, phases []string) ([]Line, error) {
	lines, err := w.explain(e, w.onefile, map[string]any{"bundle": e.Name, "version": w.r.version, "phases": toList(phases)})
	if err != nil {
		return nil, err
	}
	group := []*plan.Origin{e.trace.group.Origin()}
	lines = append(lines, own("an empty line in front of the files", group, "")...)
	for _, place := range onefile.Places(e.Bundle.Bundle) {
		if place.File == "" {
			lines = append(lines, own("the function that makes the files of the bundle", group, "")...)
			continue
		}
		of := e.Lines(place.File)
		if place.Line > len(of) {
			return nil, errOther
		}
		line := of[place.Line-1]
		line.Of = fmt.Sprintf("%s:%d", place.File, place.Line)
		lines = append(lines, line)
	}
	return scriptLines(lines, script)
}

// ExplainDownload is ExplainScript for user data that downloads the bundle from
// url, where the digest is that of its tar.
func (w *Wrapper) ExplainDownload(e *Explained, script, url, digest string, phases []string) ([]Line, error) {
	lines, err := w.explain(e, w.userdata, map[string]any{
		"bundle": e.Name, "version": w.r.version, "url": url, "digest": digest, "phases": toList(phases),
	})
	if err != nil {
		return nil, err
	}
	return scriptLines(lines, script)
}

// scriptLines gives the lines the texts that the script has. Where it is no line
// of a template, a value is told of for the whole line, since it is quoted there.
func scriptLines(lines []Line, script string) ([]Line, error) {
	texts := splitLines(script)
	if len(texts) != len(lines) {
		return nil, errOther
	}
	for i, text := range texts {
		line := &lines[i]
		if line.Of == "" && line.Text != text && line.Text != "" {
			return nil, errOther
		}
		if line.Text != text {
			values := line.Values
			line.Values = nil
			for _, v := range values {
				v.From, v.To = 0, len(text)
				line.Values = append(line.Values, v)
			}
		}
		line.Text = text
	}
	return lines, nil
}

// explain tells of the lines that a template makes outside the bundle.
func (w *Wrapper) explain(e *Explained, tmpl *record.Template, data map[string]any) ([]Line, error) {
	marked, err := tmpl.Execute(data)
	if err != nil {
		return nil, err
	}
	marked.Track = &[]record.Put{}
	script, err := w.r.engine.Splice(marked)
	if err != nil {
		return nil, err
	}
	of := func(path []string, _ any) []*plan.Origin { return outside(e.trace.group, path) }
	t := &traced{marked: marked, text: script.Text, from: readOrigins(tmpl, marked.Values, data, of)}
	t.why = becauseOf(tmpl, data, func(path []string, _ string) []*plan.Origin { return outside(e.trace.group, path) })
	return t.lines(), nil
}

// outside tells where a value of a script comes from that stands outside the bundle.
func outside(g *plan.Group, path []string) []*plan.Origin {
	name := map[string]string{
		"version": "the version of palletgen", "phases": "the phases of --phases, or of a first boot",
		"url": "the URL of --from", "sources": "the sources of --source", "digest": "the SHA-256 of the bundle's tar",
	}[path[0]]
	if name == "" {
		return []*plan.Origin{g.Origin()}
	}
	return []*plan.Origin{{Name: name, How: plan.MadeFor, Pos: g.Pos}}
}
