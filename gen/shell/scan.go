package shell

import (
	"reflect"

	"mvdan.cc/sh/v3/syntax"

	"palletgen/gen/record"
)

var commentType = reflect.TypeFor[syntax.Comment]()

// scan visits every string and every comment below v by reflection, whatever
// node they belong to.
func scan(v reflect.Value, str func(string), comment func(syntax.Comment)) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			scan(v.Elem(), str, comment)
		}
	case reflect.Struct:
		switch v.Type() {
		case posType:
			return
		case commentType:
			comment(v.Interface().(syntax.Comment))
			return
		}
		for i := range v.NumField() {
			scan(v.Field(i), str, comment)
		}
	case reflect.Slice:
		for i := range v.Len() {
			scan(v.Index(i), str, comment)
		}
	case reflect.String:
		str(v.String())
	}
}

// commentsOf returns all comments of file in the order of the text.
func commentsOf(file *syntax.File) []syntax.Comment {
	var comments []syntax.Comment
	scan(reflect.ValueOf(file), func(string) {}, func(c syntax.Comment) {
		comments = append(comments, c)
	})
	sortComments(comments)
	return comments
}

// markersIn returns the numbers of the values whose markers stand below v: a
// node, a list of nodes, or nil. Comments are left out.
func markersIn(v any) []int {
	var found []int
	switch v := v.(type) {
	case nil:
		return nil
	case *syntax.Word: // most words are one literal
		if v == nil {
			return nil
		}
		if lit := v.Lit(); lit != "" {
			return appendMarkers(found, lit)
		}
	}
	scan(reflect.ValueOf(v), func(s string) { found = appendMarkers(found, s) }, func(syntax.Comment) {})
	return found
}

// appendMarkers appends the numbers of the values whose markers stand in s.
func appendMarkers(found []int, s string) []int {
	for {
		at, value := record.FindMarker(s)
		if at < 0 {
			return found
		}
		found = append(found, value)
		s = s[at+markerLen:]
	}
}
