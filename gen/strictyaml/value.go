package strictyaml

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"palletgen/gen/diag"
)

// A Value is one node of a document.
type Value struct {
	Source *diag.Source
	Node   *yaml.Node
}

// An Entry is one key of a map and its value.
type Entry struct {
	Key   string
	KeyAt diag.Pos
	Value Value
}

// Pos returns where the value begins.
func (v Value) Pos() diag.Pos {
	if v.Node == nil {
		return diag.Pos{Source: v.Source}
	}
	return diag.Pos{Source: v.Source, Line: v.Node.Line, Col: v.Node.Column}
}

// IsMap, IsList, IsScalar and IsNull tell the kind of the value. A null is
// written as nothing, ~ or null; it is no scalar.
func (v Value) IsMap() bool    { return v.Node != nil && v.Node.Kind == yaml.MappingNode }
func (v Value) IsList() bool   { return v.Node != nil && v.Node.Kind == yaml.SequenceNode }
func (v Value) IsScalar() bool { return v.Node != nil && v.Node.Kind == yaml.ScalarNode && !v.IsNull() }
func (v Value) IsNull() bool {
	return v.Node == nil || v.Node.Kind == yaml.ScalarNode && v.Node.Tag == "!!null"
}

// Text returns a scalar as it was written, without its quotes.
func (v Value) Text() string { return v.Node.Value }

// Plain reports whether a scalar stands without quotes.
func (v Value) Plain() bool { return v.Node.Style == 0 }

// Describe names the kind of the value in a message: "a map", "a list" …
func (v Value) Describe() string {
	switch {
	case v.IsNull():
		return "nothing"
	case v.IsMap():
		return "a map"
	case v.IsList():
		return "a list"
	case !v.Plain():
		return "a text"
	case v.Node.Tag == "!!int", v.Node.Tag == "!!float":
		return "a number"
	case v.Node.Tag == "!!bool":
		return "a truth value"
	}
	return "a text"
}

// Entries returns the keys of a map in their order.
func (v Value) Entries() []Entry {
	if !v.IsMap() {
		return nil
	}
	entries := make([]Entry, 0, len(v.Node.Content)/2)
	for i := 0; i+1 < len(v.Node.Content); i += 2 {
		key := Value{v.Source, v.Node.Content[i]}
		entries = append(entries, Entry{key.Node.Value, key.Pos(), Value{v.Source, v.Node.Content[i+1]}})
	}
	return entries
}

// Only returns a map of the nth key of a map alone.
func Only(v Value, n int) Value {
	only := *v.Node
	only.Content = only.Content[2*n : 2*n+2]
	only.Line, only.Column = only.Content[0].Line, only.Content[0].Column
	return Value{v.Source, &only}
}

// From returns a map without its first n keys.
func (v Value) From(n int) Value {
	rest := *v.Node
	rest.Content = rest.Content[2*n:]
	rest.Line, rest.Column = rest.Content[0].Line, rest.Content[0].Column
	return Value{v.Source, &rest}
}

// Items returns the elements of a list.
func (v Value) Items() []Value {
	if !v.IsList() {
		return nil
	}
	items := make([]Value, len(v.Node.Content))
	for i, node := range v.Node.Content {
		items[i] = Value{v.Source, node}
	}
	return items
}

// Literal returns text as a scalar that was written without quotes, in line 1
// and column col of src.
func Literal(src *diag.Source, text string, col int) Value {
	return Value{src, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text, Line: 1, Column: col}}
}

// Nest returns value below the keys of path: {a: {b: value}}. The keys stand in
// line 1 of value's source, from column col on, with a dot between them.
func Nest(path []string, col int, value Value) Value {
	for i := len(path) - 1; i >= 0; i-- {
		at := col + len(strings.Join(path[:i], "."))
		if i > 0 {
			at++
		}
		key := &yaml.Node{Kind: yaml.ScalarNode, Value: path[i], Line: 1, Column: at}
		node := &yaml.Node{Kind: yaml.MappingNode, Line: 1, Column: at, Content: []*yaml.Node{key, value.Node}}
		value = Value{value.Source, node}
	}
	return value
}
