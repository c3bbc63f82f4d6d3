package render

import (
	"strings"

	"palletgen/gen/diag"
	"palletgen/gen/plan"
)

// checkPath refuses paths that no bundle can carry, and two files at one.
func (b *builder) checkPath(f *hostFile) bool {
	if f.path == "" || f.path == "/" || strings.ContainsFunc(f.path, func(r rune) bool { return r < ' ' || r == '\\' || r > 0x7e }) {
		b.refuse(diag.At(f.spec.Pos, "cannot put a file at %q", f.path).WithHint("a path of ASCII characters, without control characters and backslashes"), f)
		return false
	}
	if folder, msg := badPart("root" + f.path); msg != "" {
		if !b.refused[badFolder{folder, f.crate}] {
			b.refuse(diag.At(f.spec.Pos, "cannot put a file at %s: %s", f.path, msg).WithHint(hintName), f)
		}
		b.refused[badFolder{folder, f.crate}] = true
		return false
	}
	for _, before := range b.around(f.path) {
		if before != nil {
			b.refuse(diag.At(f.spec.Pos, "%s cannot be put beside %s, of %s: one is a folder of the other", f.path, before.path, before.spec.Pos).
				WithHint("give one of them another path"), f, before)
			return false
		}
	}
	if before := b.byPath[f.path]; before != nil {
		b.refuse(diag.At(f.spec.Pos, "two files of group %s are put at %s: this one and the one at %s", b.group.Name, f.path, before.spec.Pos).
			WithHint("give one of the crates another path"), f, before)
		return false
	}
	if other, found := b.spellings.other("root" + f.path); found {
		b.refuse(diag.At(f.spec.Pos, "%s cannot be put beside %s, of %s: only upper and lower case tell them apart", f.path, other.file.path, other.pos).
			WithHint(hintName), f, other.file)
		return false
	}
	return true
}

// A badFolder is a folder, or file, that no bundle can carry, and whose it is:
// one error is enough for all that lies in it.
type badFolder struct {
	path  string
	crate *plan.Crate
}
