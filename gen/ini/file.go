// Package ini holds our grammar of supervisord's configuration files, as its
// documentation describes them and supervisor 4 reads them by way of Python's
// configparser, and puts values into such files. There are neither quotes nor
// escapes but that of %: what cannot be said is refused. It imports gen/diag,
// gen/lazyregexp, gen/record, gen/shell and gen/splice.
package ini

import (
	"palletgen/gen/diag"
	"palletgen/gen/splice"
)

// A File is the syntax tree of one file.
type File struct {
	Sections []*Section
}

// A Section is a [section] with its settings.
type Section struct {
	Pos     diag.Pos
	Name    string
	Entries []*Entry
}

// An Entry is one key=value.
type Entry struct {
	Pos   diag.Pos
	Key   string
	Value []Part
}

// A Part of a value is its exact bytes, or what supervisord replaces.
type Part struct {
	Text    string
	Special bool // such as %(program_name)s
}

// Parse reads a file. What Python would read in another way than it looks is an
// error with its place. The error is a diag.List.
func Parse(src *diag.Source) (*File, error) {
	p := &parser{text: src.Text, pos: splice.Positions(src)}
	file := p.read()
	p.errs.Take(checkKeys(file).Err())
	return file, p.errs.Err()
}
