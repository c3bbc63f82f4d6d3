package render

import (
	"fmt"
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/manifest"
	"palletgen/gen/pack"
	"palletgen/gen/plan"
)

// fileNumber is the path of file n of those that the manifest lists.
func fileNumber(files []pack.File, n int) string {
	for _, f := range files {
		if f.Path == manifest.Name || f.Path == "SHA256SUMS" {
			continue
		}
		if n == 0 {
			return f.Path
		}
		n--
	}
	return ""
}

// sumLines tells of the lines of SHA256SUMS.
func (b *builder) sumLines(texts []string, files []pack.File) []Line {
	var lines []Line
	for _, text := range texts {
		_, file, _ := strings.Cut(text, "  ")
		lines = append(lines, own(fmt.Sprintf("the SHA-256 of %s", file), b.fileOrigins(file, files), text)...)
	}
	return lines
}

// fileOrigins tells of which files the lines of a file of the bundle come.
func (b *builder) fileOrigins(file string, files []pack.File) []*plan.Origin {
	if found := b.trace.known[file]; found != nil {
		return found
	}
	var places []diag.Pos
	if h := b.byPath[hostPath(file)]; h != nil {
		places = append(places, h.spec.Pos)
	}
	if lines := b.trace.files[file]; lines != nil && file != manifest.Name {
		for _, line := range lines() {
			places = append(places, line.Template)
		}
	}
	found := originsOf(file, places)
	if found == nil { // the manifest is of what the group holds
		for _, c := range b.group.Crates {
			found = append(found, c.Origin())
		}
	}
	if found == nil {
		found = []*plan.Origin{b.group.Origin()}
	}
	b.trace.known[file] = found
	return found
}
