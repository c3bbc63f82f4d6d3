// Package plist holds our grammar of property lists in XML, as plist(5) and
// Apple's PropertyList-1.0.dtd describe them and launchd reads them, and puts
// values into such files. It imports gen/command, gen/diag, gen/record,
// gen/shell and gen/splice.
package plist

import (
	"palletgen/gen/diag"
	"palletgen/gen/splice"
)

// A Node is one element. Which of Text and Kids is set depends on its name.
type Node struct {
	span splice.Span
	Name string // "plist", "dict", "key", "string" …; "" for a marker that stands for elements
	Text string
	Kids []*Node
}

// The elements with text, and those with others.
var (
	texts      = map[string]bool{"key": true, "string": true, "integer": true, "real": true, "date": true, "data": true}
	containers = map[string]bool{"plist": true, "dict": true, "array": true}
	empties    = map[string]bool{"true": true, "false": true}
)

// Parse reads a property list; the node returned is <plist>. The error is a
// diag.List.
func Parse(src *diag.Source) (*Node, error) {
	p := &parser{text: src.Text, pos: splice.Positions(src)}
	return p.read()
}
