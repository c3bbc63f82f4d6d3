package render

import (
	"strings"

	"palletgen/gen/packer"
	"palletgen/gen/plan"
)

// ExplainPacker tells of the lines of a file for Packer that Packer's format made
// for a bundle whose tar has the digest, from the sources, with the phases.
func (w *Wrapper) ExplainPacker(catalog *plan.Catalog, e *Explained, file, digest string, sources, phases []string) ([]Line, error) {
	templates, err := packerTemplates(catalog)
	if err != nil {
		return nil, err
	}
	build := w.r.packerBuild(e.Name, sources)
	build.Folder = packerFolder(e.Name, digest)
	var scripts [3][]Line
	for i, script := range []*string{&build.Place, &build.Preview, &build.Run} {
		if scripts[i], err = w.explain(e, templates[i], packerData(build, digest, phases)); err != nil {
			return nil, err
		}
		var text strings.Builder
		for _, line := range scripts[i] {
			text.WriteString(line.Text + "\n")
		}
		*script = text.String()
	}
	text, err := build.HCL()
	if err != nil {
		return nil, err
	}
	if string(text) != file {
		return nil, errOther
	}
	return packerLines(splitLines(file), scripts, e.trace.group), nil
}

// packerLines tells of each line of the file: it is one of a script, or says what
// is to be done with it.
func packerLines(texts []string, scripts [3][]Line, group *plan.Group) []Line {
	var lines []Line
	for i, of := range packer.ScriptOf(texts) {
		if of < 0 {
			about := []*plan.Origin{group.Origin()}
			if strings.HasPrefix(texts[i], "  sources ") {
				about = append(about, outside(group, []string{"sources"})...)
			}
			lines = append(lines, own(packerWhy(texts[i]), about, texts[i])...)
			continue
		}
		line := scripts[of][0]
		scripts[of] = scripts[of][1:]
		if line.Text != texts[i] { // HCL writes some of it otherwise, so that no column is the same
			for n := range line.Values {
				line.Values[n].From, line.Values[n].To = 0, len(texts[i])
			}
			line.Text = texts[i]
		}
		lines = append(lines, line)
	}
	return lines
}

// packerWhy says what a line is that is none of a script.
func packerWhy(line string) string {
	switch {
	case strings.HasPrefix(line, "#"):
		return "the comment that says what the file is"
	case strings.TrimSpace(line) == "":
		return "an empty line between parts"
	}
	return "the block that tells Packer how to make the image"
}
