package shell

import (
	"reflect"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/posix"
)

// A comparer compares the tree of spliced text with the tree of the marked
// text. It knows no node of the grammar: it walks both by reflection and compares
// every field, so that a field or node that the parser gains is compared too.
// Only the leaves that hold values, and what commands and code expand to, are
// looked up in the plan.
type comparer struct {
	parsers  *posix.Parsers
	plan     *plan
	values   []value  // by place
	spelled  []string // the values' texts as the parser sees them, by place
	comments []syntax.Comment
	want     streamWriter
	got      streamWriter
	fields   map[reflect.Type][]structField // saves asking reflect again
}

var (
	posType      = reflect.TypeFor[syntax.Pos]()
	wordType     = reflect.TypeFor[*syntax.Word]()
	litType      = reflect.TypeFor[*syntax.Lit]()
	commentsType = reflect.TypeFor[[]syntax.Comment]()
	wordsType    = reflect.TypeFor[[]*syntax.Word]()
	stmtsType    = reflect.TypeFor[[]*syntax.Stmt]()
)

// same reports whether got is want with the values in it. Both have the same
// static type.
func (c *comparer) same(want, got reflect.Value) bool {
	switch want.Kind() {
	case reflect.Pointer:
		return c.samePointer(want, got)
	case reflect.Interface:
		if want.IsNil() || got.IsNil() {
			return want.IsNil() == got.IsNil()
		}
		want, got = want.Elem(), got.Elem()
		return want.Type() == got.Type() && c.same(want, got)
	case reflect.Struct:
		return c.sameStruct(want, got)
	case reflect.Slice:
		return c.sameSlice(want, got)
	case reflect.String:
		return want.String() == got.String()
	case reflect.Bool:
		return want.Bool() == got.Bool()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return want.Int() == got.Int()
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return want.Uint() == got.Uint()
	}
	return false // a kind that the syntax tree does not have today
}

func (c *comparer) samePointer(want, got reflect.Value) bool {
	if want.IsNil() || got.IsNil() {
		return want.IsNil() == got.IsNil()
	}
	switch want.Type() {
	case wordType:
		ref := (*syntax.Word)(want.UnsafePointer())
		if held := c.plan.words[ref]; held != nil {
			return c.sameWord(held, (*syntax.Word)(got.UnsafePointer()))
		}
	case litType:
		ref, other := (*syntax.Lit)(want.UnsafePointer()), (*syntax.Lit)(got.UnsafePointer())
		if held := c.plan.names[ref]; held != nil {
			return other.Value == c.name(held)
		}
	}
	return c.same(want.Elem(), got.Elem())
}

func (c *comparer) sameStruct(want, got reflect.Value) bool {
	for _, field := range c.fieldsOf(want.Type()) {
		w, g := want.Field(field.index), got.Field(field.index)
		switch field.kind {
		case fieldPos:
			// Where something stands may differ, whether it is there may not.
			if pos(w).IsValid() != pos(g).IsValid() {
				return false
			}
		case fieldComments:
			// Which node a comment belongs to depends on columns. All comments
			// are compared in the order of the text instead.
			c.comments = append(c.comments, *(*[]syntax.Comment)(g.Addr().UnsafePointer())...)
		default:
			if !c.same(w, g) {
				return false
			}
		}
	}
	return true
}

func (c *comparer) sameSlice(want, got reflect.Value) bool {
	switch want.Type() {
	case wordsType:
		if c.plan.hasArgs {
			return c.sameWords(words(want), words(got))
		}
	case stmtsType:
		if c.plan.hasAlone {
			return c.sameStmts(stmts(want), stmts(got))
		}
	}
	if want.Len() != got.Len() {
		return false
	}
	for i := range want.Len() {
		if !c.same(want.Index(i), got.Index(i)) {
			return false
		}
	}
	return true
}

// sameNode compares two nodes.
func (c *comparer) sameNode(want, got syntax.Node) bool {
	w, g := reflect.ValueOf(want), reflect.ValueOf(got)
	return w.Type() == g.Type() && c.same(w, g)
}

type fieldKind uint8

const (
	fieldOther fieldKind = iota
	fieldPos
	fieldComments
)

type structField struct {
	index int
	kind  fieldKind
}

func (c *comparer) fieldsOf(t reflect.Type) []structField {
	if fields, ok := c.fields[t]; ok {
		return fields
	}
	fields := make([]structField, t.NumField())
	for i := range fields {
		fields[i].index = i
		switch t.Field(i).Type {
		case posType:
			fields[i].kind = fieldPos
		case commentsType:
			fields[i].kind = fieldComments
		}
	}
	c.fields[t] = fields
	return fields
}

// The accessors below read addressable values without copying them to the heap.

func pos(v reflect.Value) syntax.Pos       { return *(*syntax.Pos)(v.Addr().UnsafePointer()) }
func words(v reflect.Value) []*syntax.Word { return *(*[]*syntax.Word)(v.Addr().UnsafePointer()) }
func stmts(v reflect.Value) []*syntax.Stmt { return *(*[]*syntax.Stmt)(v.Addr().UnsafePointer()) }
