package folder

import (
	"slices"

	"palletgen/gen/diag"
	"palletgen/gen/strictyaml"
)

// A Description is the file that says what a folder is.
type Description struct {
	File  string // its name in the folder
	Parts map[string]strictyaml.Value
	At    diag.Pos // its first line
	Whole bool     // nothing of it is left out for an error, so that all files of the folder are known

	broken strictyaml.Broken
}

// Describe parses the description of the folder, which may have the given
// keys; what names the kind of folder in messages. It is nil where nothing of it
// can be read. A key that is a slip away from one that is missing is taken for
// that one.
func (f *Folder) Describe(file, what string, keys []string, errs *diag.List) *Description {
	src, err := f.Read(file)
	if err != nil {
		errs.Add(diag.At(f.Pos(), "cannot read %s: %s", file, reason(err)).WithHint("it is a plain file that you may read, of %d bytes at most", maxText))
		return nil
	}
	doc, broken, err := strictyaml.ParseBroken(src)
	errs.Take(err)
	if doc.Node == nil {
		return nil
	}
	if !doc.IsMap() {
		errs.Add(diag.At(doc.Pos(), "%s where the description of %s belongs", doc.Describe(), what).
			WithHint("doc: what it is for"))
		return nil
	}
	since := len(*errs)
	d := &Description{File: file, Parts: map[string]strictyaml.Value{}, At: diag.Pos{Source: src, Line: 1}, Whole: err == nil, broken: broken}
	for _, e := range doc.Entries() {
		if slices.Contains(keys, e.Key) {
			d.Parts[e.Key] = e.Value
		}
	}
	for _, e := range doc.Entries() {
		if slices.Contains(keys, e.Key) {
			continue
		}
		errs.Add(diag.At(e.KeyAt, "unknown key %q of %s", e.Key, what).WithHint("%s", diag.DidYouMean(e.Key, keys)))
		meant := diag.Suggest(e.Key, keys)
		if _, taken := d.Parts[meant]; meant != "" && !taken {
			d.Parts[meant] = e.Value
		} else {
			d.Whole = false
		}
	}
	if _, ok := d.Parts["doc"]; !ok {
		errs.Add(diag.At(doc.Pos(), "%s has no doc", f.Name).WithHint("doc: what it is for"))
	}
	broken.Drop(errs, since)
	return d
}

// Known drops from errs, behind the first since, what is told of places of the
// description that could not be read.
func (d *Description) Known(errs *diag.List, since int) { d.broken.Drop(errs, since) }
