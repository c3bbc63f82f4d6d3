// Package clojure holds our grammar of Clojure and EDN text, as their reader
// takes it, and puts values into such files: each is written as the datum that
// it is, and the result is read again and compared with what was meant. It
// imports gen/diag, gen/lazyregexp, gen/record and gen/splice.
package clojure

import (
	"palletgen/gen/diag"
	"palletgen/gen/splice"
)

// Code is a value that is Clojure text itself: any number of complete forms.
// CheckCode tells whether it is.
type Code string

// A Kind says what a node is.
type Kind string

// The kinds of nodes. Those of the second group have their parts in Kids.
const (
	Symbol  Kind = "symbol" // nil, true and false too
	Keyword Kind = "keyword"
	Number  Kind = "number"
	Char    Kind = "character"
	String  Kind = "string" // Text is what it stands for
	Regex   Kind = "regular expression"
	Comment Kind = "comment"

	List      Kind = "list"
	Vector    Kind = "vector"
	Map       Kind = "map" // Text is the prefix: "", or "#:ns", "#::ns", "#::"
	Set       Kind = "set"
	Fn        Kind = "function"         // #(…)
	Prefix    Kind = "prefix"           // Text is what stands before one form: ' ` ~ ~@ @ #'
	Meta      Kind = "metadata"         // ^ or #^: two forms
	Discard   Kind = "discarded form"   // #_
	Tagged    Kind = "tagged literal"   // #tag form: two forms
	Condition Kind = "reader condition" // #? or #?@ and a list
	File      Kind = "file"
)

// A Node is one form or comment.
type Node struct {
	Pos  diag.Pos
	Kind Kind
	Text string
	Kids []*Node
	from int // the offsets of its text
	to   int
}

// isForm tells that the reader hands the node on: no comment, nothing discarded.
func (n *Node) isForm() bool { return n.Kind != Comment && n.Kind != Discard }

// forms returns how many of the nodes the reader hands on.
func forms(nodes []*Node) int {
	n := 0
	for _, node := range nodes {
		if node.isForm() {
			n++
		}
	}
	return n
}

// Parse reads a text. Its forms are the kids of the node returned. The error is
// a diag.List with one element: what follows a mistake cannot be told.
func Parse(src *diag.Source) (*Node, error) {
	r := &reader{text: src.Text, pos: splice.Positions(src)}
	return r.file()
}

// CheckCode returns nil when s is a sequence of complete forms, and what is
// wrong with it otherwise, as a *diag.Error whose place is within s.
func CheckCode(s string) error {
	_, err := Parse(&diag.Source{Name: "code", Text: s})
	if list, ok := err.(diag.List); ok {
		return list[0]
	}
	return err
}
