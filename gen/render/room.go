package render

import (
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/record"
)

// around returns files that cannot be put beside one at path: one that would be
// a folder of it, and one that it would be a folder of; nil for none.
func (b *builder) around(path string) []*hostFile {
	found := []*hostFile{b.folders[path]}
	for at := strings.LastIndexByte(path, '/'); at > 0; at = strings.LastIndexByte(path[:at], '/') {
		found = append(found, b.byPath[path[:at]])
	}
	return found
}

// keep adds the file to the bundle's.
func (b *builder) keep(f *hostFile) {
	b.files = append(b.files, f)
	b.byPath[f.path] = f
	b.spellings.add(spelling{"root" + f.path, f.spec.Pos, f})
	for at := strings.LastIndexByte(f.path, '/'); at > 0; at = strings.LastIndexByte(f.path[:at], '/') {
		b.folders[f.path[:at]] = f
	}
}

// What the files of one bundle may be at most, those for the host and the payload.
// Verification has wider bounds, for all of a bundle.
const (
	maxFiles = 40_000
	maxBytes = 400 << 20
)

// maxCost is what all templates of one bundle may cost: some runs to the limits of
// package record, which no honest crate is anywhere near.
const maxCost = 2 << 30

// maxErrors is how many errors of one bundle are looked for.
const maxErrors = 100

// spend counts what it took to run a template, of a crate at.
func (b *builder) spend(m *record.Marked, at diag.Pos) error {
	if b.cost += m.Cost; b.cost <= maxCost {
		return nil
	}
	b.full = true
	return diag.At(at, "the templates of group %s take too much work: more than %d steps and bytes", b.group.Name, maxCost).
		WithHint("loop less often, and have functions make less")
}

// hasRoom refuses a file of some bytes that is one too many.
func (b *builder) hasRoom(bytes int, at diag.Pos) bool {
	b.count++
	b.size += bytes
	switch {
	case b.count > maxFiles:
		b.errs.Add(diag.At(at, "group %s has more than %d files", b.group.Name, maxFiles).
			WithHint("carry them in an archive: payload: [NAME.tar.gz]"))
	case b.size > maxBytes:
		b.errs.Add(diag.At(at, "the files of group %s have more than %d MiB", b.group.Name, maxBytes>>20).
			WithHint("have the host fetch some of it: remote_file URL SHA256 …"))
	default:
		return true
	}
	b.full = true
	return false
}
